from odoo import fields, models


class CrmFeedbackType(models.Model):
    _name = "crm.feedback.type"
    _description = "Feedback type"
    _inherit = ["crm.feedback.tree"]

    parent_id = fields.Many2one(
        "crm.feedback.type",
        string="Belongs to",
        index="btree_not_null",
        ondelete="restrict",
    )
    is_complaint = fields.Boolean(
        string="Counts as complaint",
        help="The customer is unhappy: such cases are what the filter of complaints"
        " finds.",
    )
    severity_id = fields.Many2one(
        "crm.feedback.severity",
        string="Usual severity",
        index="btree_not_null",
        ondelete="restrict",
        help="What a new case of this type has, until somebody knows better.",
    )
