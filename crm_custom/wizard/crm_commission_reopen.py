from odoo import fields, models


class CrmCommissionReopen(models.TransientModel):
    """Open closed months again, with a reason."""

    _name = "crm.commission.reopen"
    _description = "Open commission statements again"

    statement_ids = fields.Many2many(
        "crm.commission.statement",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text(
        required=True, help="It is noted in the history of each statement."
    )

    def action_reopen(self):
        self.statement_ids.reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
