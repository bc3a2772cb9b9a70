"""The buttons on opportunities and orders that log a contact."""

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

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
