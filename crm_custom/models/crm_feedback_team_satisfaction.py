from odoo import fields, models


class CrmFeedbackTeam(models.Model):
    """Whether a team asks its customers, and what an unhappy answer does."""

    _name = "crm.feedback.team"
    _inherit = ["crm.feedback.team", "rating.parent.mixin"]

    ask_satisfaction = fields.Boolean(
        string="Ask whether the customer is satisfied",
        default=True,
        help="When a case is solved, the customer gets an e-mail with three faces to"
        " choose from.",
    )
    unhappy_action = fields.Selection(
        [("reopen", "Open the case again"), ("tell", "Tell the leader of the team")],
        string="An unhappy answer",
        required=True,
        default="reopen",
    )

    def action_view_satisfaction(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_satisfaction_action"
        )
        action["domain"] = [
            ("date_rating_asked", "!=", False),
            ("team_id", "=", self.id),
        ]
        return action
