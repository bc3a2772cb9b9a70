from collections import defaultdict

from odoo import fields, models

from .sale_order_gate import QUOTATION


class SaleOrder(models.Model):
    """What an order adds to what its customer owes and will owe."""

    _inherit = "sale.order"

    def _get_credit_amount(self):
        """What this order adds to the exposure, in the currency of the company.

        With what its transfers are about to bring beyond it; less what was paid online
        for it, which the ledger does not know yet.
        """
        self.ensure_one()
        # sudo: transactions are for accountants, transfers for the stock
        order_sudo = self.sudo()
        amount = order_sudo._get_amount_beyond()
        amount -= order_sudo.transaction_ids._get_amount_to_be_booked()
        # the exposure goes by the state of the lines, which follows a moment later
        if any(line.state != "sale" for line in self.order_line):
            amount += self.amount_total - self._get_delivered_before()
        rate = self.currency_rate
        if self.state in QUOTATION:
            # it will be of the day on which it is confirmed
            rate = self.env["res.currency"]._get_conversion_rate(
                self.company_id.currency_id,
                self.currency_id,
                self.company_id,
                fields.Datetime.now().date(),
            )
        return self.company_id.currency_id.round(amount / (rate or 1.0))

    def _get_delivered_before(self):
        """What was delivered before the order was reset: the exposure has that."""
        return sum(
            line.price_total
            * min(line.qty_delivered - line.qty_invoiced, line.product_uom_qty)
            / line.product_uom_qty
            for line in self.order_line
            if line.qty_delivered > line.qty_invoiced and line.product_uom_qty > 0
        )

    def _get_amount_beyond(self):
        """What transfers are about to bring beyond what is ordered: with tax, in the
        currency of this order.

        The exposure has that when it is delivered, and then it is too late to ask.
        """
        self.ensure_one()
        of_transfers = self.picking_ids.move_ids
        moves = self.order_line.move_ids | of_transfers
        # those of all orders that are asked, not of one after the other
        moves = moves.with_prefetch(of_transfers._prefetch_ids)
        by_line = defaultdict(list)
        amount = 0.0
        for move in moves:
            if move._get_leaving_order() != self:
                continue
            # without a line of its own, Odoo counts it for the first of its product
            line = (
                move.sale_line_id
                or self.order_line.filtered(
                    lambda line, move=move: line.product_id == move.product_id
                )[:1]
            )
            if line:
                by_line[line].append(move)
            else:
                amount += self._get_price_of_new(move)
        for line, leaving in by_line.items():
            amount += line._get_amount_beyond(leaving)
        return amount

    def _get_price_of_new(self, move):
        """What a product costs that is not on this order, as Odoo will put it there."""
        line = self.env["sale.order.line"].new(
            {
                "order_id": self.new(origin=self).id,
                "product_id": move.product_id.id,
                "product_uom_id": move.product_id.uom_id.id,
                "product_uom_qty": 0.0,
            }
        )
        return line._get_price_of(move._get_quantity_picked())


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_amount_beyond(self, moves):
        """What these moves, which are about to leave, bring beyond what the exposure
        has of this line.

        :param list moves: records that are read together with those of other orders
        """
        self.ensure_one()
        delivered = self.qty_delivered + self._get_quantity_leaving(moves)
        counted = max(self.qty_delivered, self.product_uom_qty)
        if (
            self.product_id.invoice_policy == "delivery"
            and self.move_ids
            and not self.move_ids.filtered(lambda m: m._is_leaving())
        ):
            # the rest was cancelled
            counted = self.qty_delivered
        if self.product_uom_id.compare(delivered, counted) <= 0:
            return 0.0
        beyond = delivered - max(counted, self.qty_invoiced_posted)
        return self._get_price_of(max(beyond, 0.0))

    def _get_quantity_leaving(self, moves):
        """In the unit of this line; of a kit, as many as its scarcest part makes."""
        picked, planned = defaultdict(float), defaultdict(float)
        for move in moves:
            # what goes out in place of what came back counts where that was taken off
            if not move.origin_returned_move_id or move.to_refund:
                picked[move.product_id] += move._get_quantity_picked()
                planned[move.product_id] += move.product_qty
        if picked.keys() <= {self.product_id}:
            return self.product_id.uom_id._compute_quantity(
                picked[self.product_id],
                self.product_uom_id,
                rounding_method="HALF-UP",
            )
        still = max(self.product_uom_qty - self.qty_delivered, 0.0)
        return still * min(
            quantity / (planned[product] or 1.0) for product, quantity in picked.items()
        )

    def _get_price_of(self, quantity):
        """What a quantity of this line costs with tax, in the currency of its order."""
        self.ensure_one()
        if self.product_uom_qty:
            return self.price_total * quantity / self.product_uom_qty
        if self.product_id.invoice_policy == "order":
            # nothing was ordered of it, so nothing will be invoiced
            return 0.0
        return self.tax_ids.compute_all(
            self.price_unit * (1 - self.discount / 100),
            currency=self.order_id.currency_id,
            quantity=quantity,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
        )["total_included"]
