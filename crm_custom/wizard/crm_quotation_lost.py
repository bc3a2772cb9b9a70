from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class CrmQuotationLost(models.TransientModel):
    """Why quotations were lost: they are cancelled, and the reason stays on them."""

    _name = "crm.quotation.lost"
    _description = "Mark quotations as lost"

    order_ids = fields.Many2many("sale.order", string="Quotations", required=True)
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", string="Lost reason", required=True
    )
    note = fields.Text()

    def action_mark_lost(self):
        """All or, when one is no quotation any more, none."""
        self.ensure_one()
        orders = self.order_ids
        if not orders:
            raise UserError(self.env._("Choose the quotations that were lost."))
        orders.check_access("write")
        orders._check_is_quotation()
        if self.note:
            note = Markup("<p>%s</p>") % self.note
            orders._track_set_log_message(note)
        orders.lost_reason_id = self.lost_reason_id
        orders.action_cancel()
        return {"type": "ir.actions.act_window_close"}
