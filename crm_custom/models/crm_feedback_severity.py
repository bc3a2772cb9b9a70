from odoo import fields, models

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]


class CrmFeedbackSeverity(models.Model):
    """How much is at stake, and who takes care of cases that matter so much."""

    _name = "crm.feedback.severity"
    _description = "Feedback severity"
    _inherit = ["crm.feedback.choice"]

    priority = fields.Selection(
        PRIORITIES,
        required=True,
        default="1",
        help="The stars that a case of this severity has.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handler",
        company_dependent=True,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
        help="Who gets a new case of this severity that nobody was chosen for, in this"
        " company. Empty: it waits in its team until somebody takes it.",
    )
