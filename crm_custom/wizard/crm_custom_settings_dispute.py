from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_dispute_days = fields.Integer(string="Days of a dispute")

    @api.model
    def _get_company_fields(self):
        return (*super()._get_company_fields(), "crm_dispute_days")
