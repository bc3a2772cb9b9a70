from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_nps_months = fields.Integer(string="Ask each customer once in")
    crm_nps_daily = fields.Integer(string="Customers a day, at most")

    @api.model
    def _get_company_fields(self):
        return (*super()._get_company_fields(), "crm_nps_months", "crm_nps_daily")
