from odoo import fields, models
from odoo.exceptions import UserError


class CrmFeedbackCompensationDecision(models.TransientModel):
    """A compensation above the limit of who proposes it: approved or not, and why."""

    _name = "crm.feedback.compensation.decision"
    _description = "Decision on a compensation"

    compensation_id = fields.Many2one(
        "crm.feedback.compensation", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="compensation_id.currency_id")
    kind = fields.Selection(related="compensation_id.kind")
    product_names = fields.Char(related="compensation_id.product_names")
    amount = fields.Monetary(related="compensation_id.amount")
    total = fields.Monetary(
        string="Whole case", related="compensation_id.feedback_id.compensation_amount"
    )
    note = fields.Text(related="compensation_id.note")
    reason = fields.Char()

    def action_approve(self):
        return self._decide(True)

    def action_refuse(self):
        return self._decide(False)

    def _decide(self, approved):
        self.ensure_one()
        compensation = self.compensation_id
        compensation._check_may_decide()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give a reason: it is kept with the case."))
        compensation._decide(approved, self.reason)
        return {"type": "ir.actions.act_window_close"}
