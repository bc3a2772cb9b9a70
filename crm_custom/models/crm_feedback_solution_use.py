from odoo import api, fields, models


class CrmFeedbackSolutionUse(models.Model):
    """A solution that was tried in a case, and whether it helped."""

    _name = "crm.feedback.solution.use"
    _description = "Use of a solution"
    _inherit = ["crm.feedback.part"]
    _order = "id desc"
    _rec_name = "solution_id"

    solution_id = fields.Many2one(
        "crm.feedback.solution", required=True, index=True, ondelete="restrict"
    )
    outcome = fields.Selection(
        [("solved", "Solved it"), ("not_solved", "Did not help")],
        string="Did it help?",
        help="Empty: nobody knows yet.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Tried by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string="Tried on", required=True, readonly=True, default=fields.Datetime.now
    )

    _solution_once = models.Constraint(
        "UNIQUE(feedback_id, solution_id)",
        "This solution stands in this case already: change whether it helped.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who tried it, and when, is nobody's to write."""
        for vals in vals_list:
            vals.update(user_id=self.env.uid, date=fields.Datetime.now())
        return super().create(vals_list)

    def write(self, vals):
        kept = {"user_id", "date"}
        return super().write({k: v for k, v in vals.items() if k not in kept})
