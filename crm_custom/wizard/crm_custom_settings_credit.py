from odoo import api, fields, models

from ..report.crm_credit_exposure import RULES, THRESHOLDS


class CrmCustomSettings(models.TransientModel):
    _name = "crm.custom.settings"
    _inherit = ["crm.custom.settings", "crm.credit.terms"]

    credit_limit_action = fields.Selection(required=True, default="none")
    credit_overdue_action = fields.Selection(required=True, default="none")
    credit_overdue_amount_action = fields.Selection(required=True, default="none")
    credit_promise_action = fields.Selection(required=True, default="none")
    credit_blacklist_action = fields.Selection(required=True, default="none")
    credit_disputed_counts = fields.Boolean(string="Disputed amounts count")
    account_use_credit_limit = fields.Boolean(string="Credit limits")

    @api.model
    def _get_company_fields(self):
        return (
            *super()._get_company_fields(),
            *RULES.values(),
            *THRESHOLDS.values(),
            "credit_disputed_counts",
            "account_use_credit_limit",
        )
