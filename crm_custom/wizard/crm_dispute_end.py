from odoo import fields, models

from ..models.crm_dispute import OUTCOMES


class CrmDisputeEnd(models.TransientModel):
    """How disputes ended, by the word of whoever ends them."""

    _name = "crm.dispute.end"
    _description = "End disputes"

    dispute_ids = fields.Many2many("crm.dispute", string="Disputes", required=True)
    # the two others are found by the job
    outcome = fields.Selection(OUTCOMES[:3], string="How it ended", required=True)
    note = fields.Text(help="Goes into the history of the invoice.")

    def action_end(self):
        self.ensure_one()
        self.dispute_ids.check_access("write")
        self.dispute_ids._end(self.outcome, self.note)
        return {"type": "ir.actions.act_window_close"}
