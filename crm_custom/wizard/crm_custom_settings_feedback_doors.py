from odoo import api, fields, models


class CrmCustomSettings(models.TransientModel):
    _inherit = "crm.custom.settings"

    crm_feedback_reopen_days = fields.Integer(string="Reopen within")
    crm_feedback_public = fields.Boolean(string="Public feedback page")
    crm_feedback_public_limit = fields.Integer(string="Messages of one address an hour")
    crm_feedback_public_url = fields.Char(
        string="Address of the page", compute="_compute_crm_feedback_public_url"
    )

    @api.depends("company_id")
    def _compute_crm_feedback_public_url(self):
        for settings in self:
            base = settings.company_id.get_base_url()
            settings.crm_feedback_public_url = (
                f"{base}/feedback/{settings.company_id.id}"
            )

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            "crm_feedback_reopen_days",
            "crm_feedback_public",
            "crm_feedback_public_limit",
        )
