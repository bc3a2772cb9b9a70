from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..report.crm_ageing import LIMIT_FIELDS
from ..report.pdf_engine import MAX_PROCESSES, PROCESSES_PARAMETER, get_processes


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
    crm_large_share = fields.Integer(string="Large share (%)")

    crm_pdf_processes = fields.Integer(string="PDFs made at once")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "crm_pdf_processes" in fields:
            values["crm_pdf_processes"] = get_processes(self.env)
        return values

    @api.constrains("crm_pdf_processes")
    def _check_crm_pdf_processes(self):
        if any(not 1 <= one.crm_pdf_processes <= MAX_PROCESSES for one in self):
            raise ValidationError(
                self.env._("Between 1 and %s PDFs are made at once.", MAX_PROCESSES)
            )

    def execute(self):
        result = super().execute()
        # sudo: a number of this addon's own; the user was checked
        self.env["ir.config_parameter"].sudo().set_param(
            PROCESSES_PARAMETER, str(self.crm_pdf_processes)
        )
        return result

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            *LIMIT_FIELDS,
            "crm_ageing_credits",
            "crm_ageing_pause_entries",
            "crm_large_share",
        )
