from odoo import api, fields, models


class CrmDispute(models.Model):
    _inherit = "crm.dispute"

    feedback_id = fields.Many2one(
        "crm.feedback",
        string="Case",
        compute="_compute_feedback_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        help="The case that says why, and that ends the dispute when it is solved or"
        " closed.",
    )

    @api.model
    def _selection_origin(self):
        return [
            *super()._selection_origin(),
            ("crm.feedback", self.env._("Feedback case")),
        ]

    @api.depends("origin")
    def _compute_feedback_id(self):
        for dispute in self:
            origin = dispute.origin
            is_case = origin and origin._name == "crm.feedback"
            dispute.feedback_id = origin if is_case else False
