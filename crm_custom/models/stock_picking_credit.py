from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .sale_order_gate import Known


class StockPicking(models.Model):
    """Deliveries of orders wait like the orders; returns never do.

    The button records what was decided and tells it; what comes by another way is
    refused.
    """

    _inherit = "stock.picking"

    credit_check_text = fields.Char(
        string="Why it waits",
        compute="_compute_credit_check_text",
        groups="base.group_user",
        help="Why this delivery waits for the credit controller.",
    )

    credit_state = fields.Selection(
        [("held", "On credit hold")],
        string="Credit hold",
        compute="_compute_credit_state",
        search="_search_credit_state",
        groups="base.group_user",
        help="Goods of an order that is on credit hold are about to leave with this.",
    )

    @api.depends(
        "move_ids.location_dest_id",
        "move_ids.location_id",
        "move_ids.sale_line_id.order_id.credit_state",
        "move_ids.state",
        "sale_id.credit_state",
    )
    def _compute_credit_state(self):
        """What is remembered of the orders, for lists: one query."""
        held = self.search(
            self._get_held_domain() & Domain("id", "in", self._origin.ids)
        )
        for delivery in self:
            delivery.credit_state = delivery._origin in held and "held"

    def _search_credit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.FALSE
        if "held" in value:
            domain |= self._get_held_domain()
        if False in value:
            domain |= ~self._get_held_domain()
        return domain

    @api.model
    def _get_held_domain(self):
        """Which leave for an order on hold, as `_get_leaving_orders` says of some.

        From the few orders that wait to their moves, each by an index.
        """
        # sudo: that they wait; who delivers may not read orders
        pickings_sudo = self.sudo()
        moves_sudo = self.env["stock.move"].sudo()
        leaving = moves_sudo._get_leaving_domain()
        held = Domain("credit_state", "=", "held")
        of_lines = moves_sudo._search(
            leaving & Domain("sale_line_id.order_id", "any", held)
        )
        of_transfers = pickings_sudo._search(
            Domain("sale_id", "any", held)
            & Domain("move_ids", "any", leaving & Domain("sale_line_id", "=", False))
        )
        return Domain("move_ids", "in", of_lines) | Domain("id", "in", of_transfers)

    @api.depends(
        "move_ids.location_dest_id",
        "move_ids.picked",
        "move_ids.quantity",
        "move_ids.sale_line_id",
        "sale_id",
        "state",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_check_text(self):
        self.credit_check_text = False
        # sudo: who delivers is told why it waits, and may not read orders
        orders = self.sudo()._get_leaving_orders()
        checks = orders._check_credit(together=False)
        known = orders._get_known_debtors()
        releasers = orders._get_releasers_texts() if checks else {}
        for delivery in self if checks else self.browse():
            texts = [
                order._get_check_text(checks[order], order._get_debtor() in known)
                + " "
                + releasers[order.company_id]
                for order in delivery.sudo()._get_leaving_orders()
                if order in checks and checks[order].is_hold
            ]
            delivery.credit_check_text = " ".join(texts)

    def _get_leaving_orders(self):
        """The orders for which goods are about to leave with these."""
        return self.env["sale.order"].union(
            *(move._get_leaving_order() for move in self.move_ids)
        )

    def button_validate(self):
        # sudo: whether it is for an order; the stock may not read that
        deliveries = self.filtered(lambda p: p.sudo()._get_leaving_orders())
        # before the gate tells or remembers anything
        deliveries.check_access("write")
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
        return held.sudo()._get_leaving_orders()._tell_hold("sale")

    def _action_done(self):
        # sudo: as above
        orders_sudo = self.sudo()._get_leaving_orders()
        held = self._hold_by_credit()
        if held:
            held_sudo = held.sudo()._get_leaving_orders()
            raise UserError(held_sudo._get_hold_message("sale"))
        passed = self.with_context(crm_credit_delivered=Known(orders_sudo.ids))
        return super(StockPicking, passed)._action_done()

    def _hold_by_credit(self):
        """Those of these deliveries that wait; what was decided is recorded."""
        # sudo: who delivers may not read orders
        pickings = {
            order: delivery
            for delivery in self.sudo()
            for order in delivery._get_leaving_orders()
        }
        orders = self.env["sale.order"].sudo().union(*pickings)
        held = orders - orders._pass_credit_gate("delivery", pickings)
        return self.filtered(lambda p: p.sudo()._get_leaving_orders() & held)
