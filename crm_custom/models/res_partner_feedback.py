from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_feedback_doors import FEEDBACK_GROUPS


class ResPartner(models.Model):
    """The cases of a customer, and of a contact."""

    _inherit = "res.partner"

    feedback_count = fields.Integer(
        string="Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUPS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        counts = {}
        for customer, contact, count in self.env["crm.feedback"]._read_group(
            Domain("partner_id", "in", self.ids) | Domain("contact_id", "in", self.ids),
            ["partner_id", "contact_id"],
            ["__count"],
        ):
            for partner in {customer, contact}:
                counts[partner.id] = counts.get(partner.id, 0) + count
        for partner in self:
            partner.feedback_count = counts.get(partner._origin.id, 0)

    def write(self, vals):
        result = super().write(vals)
        if not {"parent_id", "is_company"}.isdisjoint(vals):
            self._hand_over_feedback()
        return result

    def action_view_feedback(self):
        """The cases of this customer or contact; a new one where there is none."""
        self.ensure_one()
        is_customer = self.commercial_partner_id == self
        return self.env["crm.feedback"]._get_action(
            [("partner_id" if is_customer else "contact_id", "=", self.id)],
            {"default_partner_id": self.id},
        )

    def _hand_over_feedback(self):
        """Who comes to belong to a company brings his cases with him."""
        moved = self.filtered(lambda partner: partner.commercial_partner_id != partner)
        if not moved:
            return
        # sudo: all his cases move, whoever sees to them
        cases_sudo = (
            self.env["crm.feedback"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", moved.ids)])
        )
        for (person, contact), cases in cases_sudo.grouped(
            lambda case: (case.partner_id, case.contact_id)
        ).items():
            cases._hand_over(person.commercial_partner_id, contact or person)

    @api.model
    def _crm_named_on_documents_sql(self):
        """Who may read a case may read whose it is."""
        named = super()._crm_named_on_documents_sql()
        env = self.sudo(False).with_context(active_test=False).env
        if env["crm.feedback"].has_access("read"):
            cases = env["crm.feedback"]
            query = cases._search(Domain.TRUE)
            columns = SQL(", ").join(
                cases._field_to_sql(query.table, name, query)
                for name in ("partner_id", "contact_id")
            )
            named.append(query.subselect(SQL("unnest(ARRAY[%s])", columns)))
        return named
