"""The buttons on opportunities and orders that log a contact."""

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        # the planned contacts of the one become those of the other
        before = self.partner_id
        result = super().write(vals)
        if self._has_activities():
            (before | self.partner_id)._refresh_contact_schedule()
        return result

    def _has_activities(self):
        """One look-up spares hundreds when many fresh leads get their customers."""
        # sudo: planned is planned, whoever may read it
        activities_sudo = self.env["mail.activity"].sudo()
        return activities_sudo.with_context(active_test=False).search_count(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], limit=1
        )

    def action_log_interaction(self):
        self.ensure_one()
        return self.env["res.partner"]._get_log_interaction_action(
            default_partner_id=self.partner_id.id, default_lead_id=self.id
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_log_interaction(self):
        self.ensure_one()
        return self.env["res.partner"]._get_log_interaction_action(
            default_partner_id=self.partner_id.id,
            default_order_id=self.id,
            default_lead_id=self.opportunity_id.id,
        )
