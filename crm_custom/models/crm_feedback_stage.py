from odoo import fields, models


class CrmFeedbackStage(models.Model):
    """A step on a case's way, of some teams or of all."""

    _name = "crm.feedback.stage"
    _description = "Feedback stage"
    _inherit = ["crm.feedback.choice"]

    team_ids = fields.Many2many(
        "crm.feedback.team",
        "crm_feedback_stage_team_rel",
        "stage_id",
        "team_id",
        string="Teams",
        help="Empty: a stage of all teams.",
    )
    fold = fields.Boolean(
        string="Folded", help="The column is folded when the cases are shown by stage."
    )
    is_solved = fields.Boolean(
        string="Solved",
        help="What the customer asked for is done. A closed stage that is not solved"
        " is for what was refused, or is no case at all.",
    )
    is_closed = fields.Boolean(
        string="Closed", help="Nothing is left to do: the case is no work any more."
    )
    description = fields.Text(
        translate=True, help="What must be true of a case that stands here."
    )

    def _filter_of_team(self, team):
        """Those of these stages that a case of the team may stand in."""
        return self.filtered(lambda stage: not stage.team_ids or team in stage.team_ids)
