from odoo import api, fields, models

from ..models.crm_sales_target import PERIODS, get_period
from ..report.crm_sales_target_sheet import Page


class CrmSalesResultSheet(models.TransientModel):
    """Print the results of people and teams for a period, with or without targets."""

    _name = "crm.sales.result.sheet"
    _description = "Print result sheets"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period_type = fields.Selection(
        PERIODS, string="Length", required=True, default="month"
    )
    date = fields.Date(
        string="In the period of",
        required=True,
        default=fields.Date.context_today,
        help="Any day of the month or quarter.",
    )
    period = fields.Char(compute="_compute_period")
    user_ids = fields.Many2many(
        "res.users",
        string="Salespeople",
        compute="_compute_whose",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_user_ids)]",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales teams",
        compute="_compute_whose",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_team_ids)]",
        help="The sheet of a team lists what each member reached, too.",
    )
    allowed_user_ids = fields.Many2many(
        "res.users", string="Salespeople to choose from", compute="_compute_allowed"
    )
    allowed_team_ids = fields.Many2many(
        "crm.team", string="Teams to choose from", compute="_compute_allowed"
    )

    @api.depends("date", "period_type")
    @api.depends_context("lang")
    def _compute_period(self):
        get_name = self.env["crm.sales.target"]._get_period_name
        for sheet in self:
            first, _last = get_period(sheet.date, sheet.period_type)
            sheet.period = get_name(first, sheet.period_type)

    @api.depends("company_id")
    def _compute_whose(self):
        """A salesperson wants his own, a manager those of the teams."""
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        for sheet in self:
            sheet.user_ids = not is_manager and self.env.user
            sheet.team_ids = sheet.allowed_team_ids

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_allowed(self):
        """Whose results the reader may know: as whose targets he may read."""
        user = self.env.user
        is_manager = user.has_group("sales_team.group_sale_manager")
        for sheet in self:
            company = sheet.company_id
            teams = self.env["crm.team"].search(
                [
                    ("company_id", "in", [company.id, False]),
                    *([] if is_manager else [("user_id", "=", user.id)]),
                ]
            )
            sheet.allowed_team_ids = teams
            sheet.allowed_user_ids = user | teams.member_ids
            if is_manager:
                sheet.allowed_user_ids = self.env["res.users"].search(
                    [("share", "=", False), ("company_ids", "in", company.ids)]
                )

    def _get_pages(self):
        first, last = get_period(self.date, self.period_type)
        nobody, no_team = self.env["res.users"], self.env["crm.team"]
        whose = [
            *((nobody, team) for team in self.team_ids),
            *((user, no_team) for user in self.user_ids),
        ]
        return [
            Page(self.company_id, user, team, self.period_type, first, last)
            for user, team in whose
        ]

    def action_print(self):
        self.ensure_one()
        report = self.env.ref("crm_custom.action_report_crm_sales_result_sheet")
        return report.report_action(self, config=False)
