from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_return_cost = fields.Monetary(string="Cost of a return")
    crm_compensation_limited = fields.Boolean(
        string="Large compensations need approval"
    )
    crm_compensation_limit = fields.Monetary(string="An agent may grant")
    crm_compensation_limit_manager = fields.Monetary(string="A manager may grant")

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            "crm_return_cost",
            "crm_compensation_limited",
            "crm_compensation_limit",
            "crm_compensation_limit_manager",
        )
