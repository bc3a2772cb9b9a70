from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """The contacts made with a customer, and how one is logged from him."""

    _inherit = "res.partner"

    interaction_count = fields.Integer(
        string="Contacts made",
        compute="_compute_interaction_count",
        groups="sales_team.group_sale_salesman,account.group_account_invoice",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_interaction_count(self):
        """What the log of the customer, or of the contact, opens with: one query."""
        people = Domain("contact_id", "in", self.ids)
        customers = Domain("partner_id", "in", self.ids)
        counts = {}
        for customer, contact, count in self.env["crm.interaction"]._read_group(
            people | customers, ["partner_id", "contact_id"], ["__count"]
        ):
            for partner in {customer, contact}:
                counts[partner.id] = counts.get(partner.id, 0) + count
        for partner in self:
            partner.interaction_count = counts.get(partner._origin.id, 0)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("is_crm_customer")._refresh_contact_schedule()
        return partners

    def write(self, vals):
        moves = not {"parent_id", "is_company"}.isdisjoint(vals)
        # sudo: whose people they were, whoever may read him
        left_sudo = self.sudo().commercial_partner_id if moves else self.browse()
        result = super().write(vals)
        if moves:
            self._hand_over_interactions()
            # planned with their people who have gone elsewhere
            left_sudo._refresh_contact_schedule()
        if not {
            "contact_cadence_days",
            "customer_type_id",
            "is_company",
            "is_crm_customer",
            "no_regular_contact",
            "parent_id",
        }.isdisjoint(vals):
            self._refresh_contact_schedule()
        return result

    def unlink(self):
        # sudo: the dates follow, whoever may see the customer
        customers_sudo = self.sudo().commercial_partner_id - self
        result = super().unlink()
        customers_sudo.exists()._refresh_contact_schedule()
        return result

    def _hand_over_interactions(self):
        """Who comes to belong to a company brings his history with him."""
        moved = self.filtered(lambda partner: partner.commercial_partner_id != partner)
        if not moved:
            return
        # sudo: the whole history moves, whoever wrote it
        interactions_sudo = (
            self.env["crm.interaction"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", moved.ids)])
        )
        for (person, contact), entries in interactions_sudo.grouped(
            lambda entry: (entry.partner_id, entry.contact_id)
        ).items():
            entries.write(
                {
                    "partner_id": person.commercial_partner_id.id,
                    "contact_id": (contact or person).id,
                }
            )
        # sudo: nobody writes the table by hand
        self.env["crm.contact.schedule"].sudo().search(
            [("partner_id", "in", moved.ids)]
        ).unlink()

    def _refresh_contact_schedule(self):
        # sudo: the dates follow, whoever may see the customer
        self.env["crm.contact.schedule"]._refresh(self.sudo().commercial_partner_id.ids)

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    def _filter_contacts_to_log(self):
        """Those of these people whom one contacts as customers.

        Left out are our own people and companies, and who only supplies us.
        """
        # sudo: who somebody is, whoever may read him
        people_sudo = self.sudo()
        ours = self.env["res.company"].sudo().search(Domain.TRUE).partner_id
        return people_sudo.filtered(
            lambda person: (
                person.partner_share
                and person.commercial_partner_id not in ours
                and (
                    person.commercial_partner_id.is_crm_customer
                    or not person.commercial_partner_id.supplier_rank
                    or person.commercial_partner_id.customer_rank
                )
            )
        ).sudo(False)

    def action_view_interactions(self):
        """The history of this customer, or of this contact."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_interaction_action_partner"
        )
        is_customer = self.commercial_partner_id == self
        action["domain"] = [
            ("partner_id" if is_customer else "contact_id", "=", self.id)
        ]
        action["context"] = {
            "default_partner_id": self.id,
            "crm_print_view": "crm_custom.crm_interaction_view_list_print",
        }
        return action

    def action_log_interaction(self):
        """Log a contact with this partner, or the same one with each of several."""
        if len(self) == 1:
            return self._get_log_interaction_action(default_partner_id=self.id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_interaction_log_action"
        )
        action["context"] = {"default_partner_ids": self.ids}
        return action

    @api.model
    def _get_log_interaction_action(self, **defaults):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_interaction_action_log"
        )
        action["context"] = defaults
        return action
