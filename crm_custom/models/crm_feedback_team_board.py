from odoo import api, fields, models
from odoo.fields import Domain

from ..report.crm_feedback_board import COUNTS


class CrmFeedbackTeam(models.Model):
    """The same counts of a team, on its card."""

    _inherit = "crm.feedback.team"

    due_today_count = fields.Integer(string="Due today", compute="_compute_counts")
    late_count = fields.Integer(string="Late", compute="_compute_counts")
    escalated_count = fields.Integer(string="Escalated", compute="_compute_counts")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_counts(self):
        """Of the cases that are not solved, as on the board: one query."""
        names = [f"{name}_count" for name in COUNTS]
        found = {}
        board = self.env["crm.feedback.board"]
        if board.has_access("read"):
            for team, *counts in board._read_group(
                [("team_id", "in", self.ids)],
                ["team_id"],
                [f"{name}:sum" for name in names],
            ):
                found[team.id] = dict(zip(names, counts, strict=True))
        for team in self:
            for name in names:
                team[name] = found.get(team.id, {}).get(name, 0)

    def action_view_feedback(self):
        """The cases of this team: by stage, or those that a count of its card names."""
        if not self.env.context.get("crm_board_count"):
            return super().action_view_feedback()
        self.ensure_one()
        action = self.env["crm.feedback.board"]._get_action(
            Domain("team_id", "=", self.id)
        )
        action["context"]["default_team_id"] = self.id
        return action
