from odoo import api, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Deliveries of orders wait like the orders; returns never do.

    The button records what was decided and tells it; what comes by another way is
    refused.
    """

    _inherit = "stock.picking"

    credit_check_text = fields.Char(
        string="Credit hold",
        compute="_compute_credit_check_text",
        help="Why this delivery waits for the credit controller.",
    )

    @api.depends("picking_type_code", "sale_id", "state")
    @api.depends_context("uid", "lang")
    def _compute_credit_check_text(self):
        self.credit_check_text = False
        deliveries = self.filtered(
            lambda p: p.state not in ("done", "cancel") and p._is_credit_checked()
        )
        # sudo: who delivers is told why it waits, and may not read orders
        orders = deliveries.sudo()._get_credit_orders()
        checks = orders._check_credit(together=False)
        known = orders._get_known_debtors()
        releasers = orders._get_releasers_texts() if checks else {}
        for delivery in deliveries:
            texts = [
                order._get_check_text(checks[order], order._get_debtor() in known)
                + " "
                + releasers[order.company_id]
                for order in delivery.sudo()._get_credit_orders()
                if order in checks and checks[order].is_hold
            ]
            delivery.credit_check_text = " ".join(texts)

    def _is_credit_checked(self):
        """Whether goods leave the house for an order, and not as a return."""
        self.ensure_one()
        # sudo: whether a line of an order stands behind it; the stock may not read that
        return self.picking_type_code == "outgoing" and any(
            move.sale_line_id and not move.origin_returned_move_id
            for move in self.sudo().move_ids
        )

    def _get_credit_orders(self):
        return self.move_ids.sale_line_id.order_id

    def button_validate(self):
        deliveries = self.filtered(
            lambda p: p.state not in ("done", "cancel") and p._is_credit_checked()
        )
        held = deliveries._hold_by_credit()
        if not held:
            return super().button_validate()
        result = True
        if self - held:
            result = super(StockPicking, self - held).button_validate()
        if result is not True:
            # a wizard of the others comes first; those that wait say so themselves
            return result
        # sudo: as above, who delivers is told why it waits
        return held.sudo()._get_credit_orders()._tell_hold("sale")

    def _action_done(self):
        held = self.filtered(lambda p: p._is_credit_checked())._hold_by_credit()
        if held:
            # sudo: as above
            orders_sudo = held.sudo()._get_credit_orders()
            raise UserError(orders_sudo._get_hold_message("sale"))
        return super()._action_done()

    def _hold_by_credit(self):
        """Those of these deliveries that wait; what was decided is recorded."""
        # sudo: who delivers may not read orders
        pickings = {
            order: delivery
            for delivery in self.sudo()
            for order in delivery._get_credit_orders()
        }
        orders = self.env["sale.order"].sudo().union(*pickings)
        held = orders - orders._pass_credit_gate("delivery", pickings)
        return self.filtered(lambda p: p.sudo()._get_credit_orders() & held)
