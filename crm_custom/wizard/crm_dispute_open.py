from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmDisputeOpen(models.TransientModel):
    """What of which instalments the customer refuses to pay, and why."""

    _name = "crm.dispute.open"
    _description = "Dispute open items"

    line_ids = fields.One2many("crm.dispute.open.line", "wizard_id")
    # required by the form: when the wizard opens, nobody has chosen one
    reason_id = fields.Many2one("crm.dispute.reason")
    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_date_until(),
        help="The last day. On the next one the dispute ends by itself, and the amount"
        " is chased again.",
    )
    note = fields.Text()

    @api.model
    def _default_date_until(self):
        company = self.env.company
        return company._crm_today() + timedelta(days=company.crm_dispute_days)

    def action_open(self):
        self.ensure_one()
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Say how much of which instalment is disputed."))
        self.env["crm.dispute"].create(
            [
                {
                    "move_line_id": line.move_line_id.id,
                    "amount": line.amount,
                    "reason_id": self.reason_id.id,
                    "date_until": self.date_until,
                    "note": self.note,
                }
                for line in lines
            ]
        )
        return {"type": "ir.actions.act_window_close"}


class CrmDisputeOpenLine(models.TransientModel):
    """An instalment that can be disputed. What it says is checked again on opening."""

    _name = "crm.dispute.open.line"
    _description = "Instalment to dispute"

    wizard_id = fields.Many2one(
        "crm.dispute.open",
        required=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Instalment", required=True, ondelete="cascade"
    )
    number = fields.Char(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_left = fields.Monetary(
        string="Open, not disputed yet", readonly=True, aggregator=None
    )
    amount = fields.Monetary(
        string="Disputed amount",
        aggregator=None,
        help="0: this instalment is not disputed.",
    )
