from odoo import fields, models


class CrmFeedbackCause(models.Model):
    """Why it happened: what the house can change, so that it happens no more."""

    _name = "crm.feedback.cause"
    _description = "Cause of a feedback case"
    _inherit = ["crm.feedback.tree"]

    parent_id = fields.Many2one(
        "crm.feedback.cause",
        string="Belongs to",
        index="btree_not_null",
        ondelete="restrict",
    )
