from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_contract_number_unique = fields.Boolean(
        string="One order for each contract number"
    )
    crm_discount_limited = fields.Boolean(string="Large discounts need approval")
    crm_discount_limit = fields.Float(
        string="A salesperson may grant", digits="Discount"
    )
    crm_discount_limit_leader = fields.Float(
        string="The leader of the team may grant", digits="Discount"
    )
    crm_quotation_follow_up_days = fields.Integer(string="Follow up quotations after")
    crm_late_stock_mail = fields.Boolean(string="Tell customers of late deliveries")

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            "crm_contract_number_unique",
            "crm_discount_limited",
            "crm_discount_limit",
            "crm_discount_limit_leader",
            "crm_quotation_follow_up_days",
            "crm_late_stock_mail",
        )
