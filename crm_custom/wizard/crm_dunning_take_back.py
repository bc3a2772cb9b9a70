from odoo import fields, models


class CrmDunningTakeBack(models.TransientModel):
    """Why letters that were made are taken back."""

    _name = "crm.dunning.take.back"
    _description = "Take back letters"

    letter_ids = fields.Many2many(
        "crm.dunning.letter", string="Reminders", required=True
    )
    note = fields.Text(
        string="Reason",
        required=True,
        help="Goes into the history of the reminder and of its invoices.",
    )

    def action_take_back(self):
        self.ensure_one()
        self.letter_ids.run_id.check_access("write")
        self.letter_ids._take_back(self.note)
        return {"type": "ir.actions.act_window_close"}
