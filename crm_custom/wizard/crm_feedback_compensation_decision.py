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
    # without sudo: of a compensation that the user may read
    kind = fields.Selection(related="compensation_id.kind", related_sudo=False)
    product_names = fields.Char(
        related="compensation_id.product_names", related_sudo=False
    )
    amount = fields.Monetary(related="compensation_id.amount", related_sudo=False)
    case_amount = fields.Monetary(
        related="compensation_id.case_amount", related_sudo=False
    )
    note = fields.Text(related="compensation_id.note", related_sudo=False)
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
