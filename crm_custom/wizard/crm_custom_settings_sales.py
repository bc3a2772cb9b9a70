from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_contract_number_unique = fields.Boolean(
        string="One order for each contract number"
    )

    @api.model
    def _get_company_fields(self):
        return (*super()._get_company_fields(), "crm_contract_number_unique")
