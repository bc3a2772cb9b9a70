from odoo import fields, models


class CrmFeedbackPause(models.Model):
    """A time in which a case's clock stands still: it is not our turn."""

    _name = "crm.feedback.pause"
    _description = "Pause of a feedback case"
    _order = "feedback_id, date_start, id"
    _rec_name = "reason"

    feedback_id = fields.Many2one(
        "crm.feedback", string="Case", required=True, index=True, ondelete="cascade"
    )
    reason = fields.Selection(
        [("waiting", "Waiting for the customer"), ("over", "Solved or closed")],
        required=True,
    )
    date_start = fields.Datetime(string="From", required=True)
    date_end = fields.Datetime(string="Until")

    _end_after_start = models.Constraint(
        "CHECK(date_end >= date_start)", "A pause cannot end before it begins."
    )
    _open_once = models.UniqueIndex(
        "(feedback_id) WHERE date_end IS NULL", "A case has one pause at a time."
    )
