from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CrmDiscountDecision(models.TransientModel):
    """The discount of a quotation: asked for by a salesperson, or decided on."""

    _name = "crm.discount.decision"
    _description = "Discount above the limit"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    discount_hold = fields.Selection(related="order_id.discount_hold")
    lines = fields.Char(related="order_id.discount_hold_text")
    limit = fields.Float(
        string="You may grant (%)", digits="Discount", compute="_compute_limit"
    )
    reason = fields.Char()

    @api.depends("order_id")
    def _compute_limit(self):
        for decision in self:
            decision.limit = decision.order_id._get_discount_limit()

    def action_ask(self):
        """Ask those who may grant it."""
        self.ensure_one()
        self.order_id.check_access("write")
        self.order_id._ask_for_discount(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_approve(self):
        discounts = self._get_discounts_to_decide()
        self.order_id._approve_discounts(discounts, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        discounts = self._get_discounts_to_decide()
        self.order_id._record_discount_decision(discounts, self.reason, approved=False)
        return {"type": "ir.actions.act_window_close"}

    def _get_discounts_to_decide(self):
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        discounts = order._get_excessive_discounts()
        if not discounts:
            raise UserError(
                self.env._("The discount of %s needs no approval any more.", order.name)
            )
        if not order._may_grant(discounts):
            raise AccessError(order._get_hold_message("sale"))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give a reason: it is kept on the order."))
        return discounts
