from odoo import api, models
from odoo.exceptions import AccessError, UserError


class ReportCrmSalesResultSheet(models.AbstractModel):
    """The result sheet of people and teams, whether they have targets or not."""

    _name = "report.crm_custom.report_crm_sales_result_sheet"
    _inherit = "report.crm_custom.report_crm_sales_target_sheet"
    _description = "Result sheet without targets"

    @api.model
    def _get_report_values(self, docids, data=None):
        self._check_internal()
        wizard = self.env["crm.sales.result.sheet"].browse(docids).exists()
        wizard.check_access("read")
        if not (wizard.user_ids or wizard.team_ids):
            raise UserError(self.env._("Choose whose results to print."))
        # what a form allows, a client need not keep to
        if (
            wizard.user_ids - wizard.allowed_user_ids
            or wizard.team_ids - wizard.allowed_team_ids
            or wizard.company_id not in self.env.companies
        ):
            raise AccessError(
                self.env._(
                    "You may print your own results, and those of the teams that you"
                    " lead and of their members."
                )
            )
        return {
            "doc_ids": wizard.ids,
            "doc_model": wizard._name,
            **self._get_values(wizard._get_pages()),
        }
