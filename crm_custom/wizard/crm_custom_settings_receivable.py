from odoo import api, fields, models

from ..report.crm_ageing import LIMIT_FIELDS


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_ageing_days_1 = fields.Integer(string="First period")
    crm_ageing_days_2 = fields.Integer(string="Second period")
    crm_ageing_days_3 = fields.Integer(string="Third period")
    crm_ageing_days_4 = fields.Integer(string="Fourth period")
    crm_ageing_credits = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["crm_ageing_credits"]
            ._description_selection(self.env)
        ),
        string="Unallocated credits",
        required=True,
        default="own",
    )
    crm_ageing_pause_entries = fields.Boolean(string="Journal entries can be paused")

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            *LIMIT_FIELDS,
            "crm_ageing_credits",
            "crm_ageing_pause_entries",
        )
