from odoo import api, models
from odoo.exceptions import UserError


class CrmFeedback(models.Model):
    """How cases come about and change: in sets, with what is known put in."""

    _inherit = "crm.feedback"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_numbers_given(vals_list)
        vals_list = self._prepare_cases([dict(vals) for vals in vals_list])
        # owners are told and subscribed in sets, below
        self_creating = self.with_context(crm_feedback_creating=True)
        cases = super(CrmFeedback, self_creating).create(vals_list)
        cases = cases.with_env(self.env)
        cases._check_links_access()
        cases._stamp_stage_dates()
        cases._subscribe_owners()
        return cases

    def write(self, vals):
        if "name" in vals and any(case.name != vals["name"] for case in self):
            raise UserError(self.env._("The number of a case stays what it is."))
        self._check_days_moved(vals)
        result = super().write(vals)
        if not {"stage_id", "team_id"}.isdisjoint(vals):
            self._stamp_stage_dates()
        if not self._get_link_fields().isdisjoint(vals):
            self._check_links_access()
        if "partner_id" in vals:
            self.line_ids._link_to_sold()
        return result

    def _hand_over(self, customer, contact):
        """Make these cases those of the company that their person belongs to now.

        What was sold to him is not asked again: it was, when the case was written.
        """
        super().write({"partner_id": customer.id, "contact_id": contact.id})

    @api.model
    def _prepare_cases(self, vals_list):
        """Put company, team, customer, owner and number into these values, in sets."""
        context = self.env.context
        for vals in vals_list:
            for name in ("partner_id", "contact_id", "team_id", "company_id"):
                if context.get(f"default_{name}"):
                    vals.setdefault(name, context[f"default_{name}"])
        self._with_commercial_entities(vals_list)
        self._add_customers_of_contacts(vals_list)
        teams = self.env["crm.feedback.team"]
        # sudo: the company of a team, whoever may read it
        teams_sudo = teams.sudo()
        for vals in vals_list:
            if not vals.get("company_id"):
                company = teams_sudo.browse(vals.get("team_id") or ()).company_id
                vals["company_id"] = (company or self.env.company).id
        companies = self.env["res.company"].browse(
            {vals["company_id"] for vals in vals_list}
        )
        defaults = {}
        if any("team_id" not in vals for vals in vals_list):
            defaults = teams._get_default_teams(companies)
        for vals in vals_list:
            company = companies.browse(vals["company_id"])
            vals.setdefault("team_id", defaults.get(company, teams).id)
            if not vals.get("user_id"):
                vals["user_id"] = self._get_handler(vals, company).id
        self._add_numbers(vals_list)
        return vals_list

    @api.model
    def _add_customers_of_contacts(self, vals_list):
        lone = [
            vals
            for vals in vals_list
            if vals.get("contact_id") and not vals.get("partner_id")
        ]
        # sudo: which company a person belongs to; the guard asks whether he may be
        # named at all
        contacts_sudo = self.env["res.partner"].sudo()
        contacts_sudo = contacts_sudo.browse({vals["contact_id"] for vals in lone})
        for vals in lone:
            contact_sudo = contacts_sudo.browse(vals["contact_id"])
            vals["partner_id"] = contact_sudo.commercial_partner_id.id

    @api.model
    def _get_handler(self, vals, company):
        """Who takes care of cases of this severity in the company, if anybody."""
        severity = self.env["crm.feedback.severity"].browse(
            vals.get("severity_id") or self.env.context.get("default_severity_id")
        )
        if not severity:
            type_id = vals.get("type_id") or self.env.context.get("default_type_id")
            severity = self.env["crm.feedback.type"].browse(type_id).severity_id
        # sudo: whoever opens a case may not see who handles it
        handler_sudo = severity.sudo().with_company(company).user_id
        return handler_sudo.filtered("active").sudo(False)

    @api.model
    def _get_document_fields(self):
        return ("order_id", "picking_id", "invoice_id")

    @api.model
    def _get_link_fields(self):
        """What a case may name: only what its author may read."""
        return {*self._get_document_fields(), "linked_ids", "linked_from_ids"}

    def _check_links_access(self):
        if self.env.su:
            return
        for name in self._get_link_fields():
            # sudo: the ids; whether they may be read is what is asked
            linked = self.sudo()[name].sudo(False)
            if linked:
                linked.check_access("read")
