from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

QUOTATION = ("draft", "sent")


class SaleOrder(models.Model):
    """The promised date against what stock can do.

    For a quotation: from when on stock, and what is on its way, can spare all its goods
    beside what others were promised. For an order: Odoo's forecast of its moves. What
    is made or bought for the order, or not kept in stock, takes its lead time. Days are
    those of the company, which makes the promise.
    """

    _inherit = "sale.order"

    date_stock = fields.Datetime(
        string="Stock can deliver",
        compute="_compute_date_stock",
        groups="base.group_user",
        help="The first day on which all goods of the order can leave: from stock and"
        " from what is on its way, without taking what others were promised.",
    )
    stock_promise = fields.Selection(
        [
            ("ok", "Can be met"),
            ("late", "Too early for stock"),
            ("unknown", "Not enough on the way"),
        ],
        string="Promise and stock",
        compute="_compute_date_stock",
        groups="base.group_user",
        help="Whether stock can meet the delivery date of the order.",
    )
    stock_missing = fields.Char(
        string="Not enough of",
        compute="_compute_date_stock",
        groups="base.group_user",
        help="Goods of which there is not enough, neither in stock nor on the way.",
    )

    @api.depends(
        "commitment_date",
        "company_id",
        "order_line.customer_lead",
        "order_line.is_mto",
        "order_line.move_ids.forecast_availability",
        "order_line.move_ids.forecast_expected_date",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "order_line.warehouse_id",
        "state",
    )
    @api.depends_context("lang")
    def _compute_date_stock(self):
        quotations = self.filtered(lambda order: order.state in QUOTATION)
        found = quotations._get_quotation_stock_dates()
        found |= self.filtered(lambda order: order.state == "sale")._get_forecasts()
        for order in self:
            date, missing = found.get(order, (False, self.env["product.product"]))
            order.date_stock = False if missing else date
            order.stock_missing = ", ".join(missing.mapped("display_name"))
            if missing:
                order.stock_promise = "unknown"
            elif not date:
                order.stock_promise = False
            else:
                order.stock_promise = (
                    "late" if order._is_promised_before(date) else "ok"
                )

    def action_promise_stock_date(self):
        """Promise the customer the first day that stock can meet."""
        for order in self:
            if order.date_stock:
                order.commitment_date = order.date_stock

    def _is_promised_before(self, moment, promised=None):
        """Whether the promise is of an earlier day.

        :param promised: of a single move; else the delivery date of the order
        """
        promised = promised or self.commitment_date
        day_of = self.company_id._crm_day
        return bool(promised) and day_of(promised) < day_of(moment)

    def _after_security_lead(self, moment):
        return moment + timedelta(days=self.company_id.security_lead)

    # ------------------------------------------------------------------
    # Quotations
    # ------------------------------------------------------------------

    def _get_stock_lines(self):
        return self.order_line.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and not line.display_type
                and not line._is_delivery()
                and line.product_uom_qty > 0
            )
        )

    def _get_quotation_stock_dates(self):
        """{quotation: (datetime or None, products of which there is not enough)} of
        those that have goods.
        """
        found = {}
        for order in self:
            lines = order._get_stock_lines()
            if not lines:
                continue
            moments = [line._expected_date() for line in lines]
            missing = self.env["product.product"]
            from_stock = lines.filtered(
                lambda line: line.product_id.is_storable and not line.is_mto
            )
            for warehouse, of_warehouse in from_stock.grouped("warehouse_id").items():
                for product_id, moment in order._get_stock_dates_of(
                    warehouse, of_warehouse
                ).items():
                    if moment:
                        moments.append(order._after_security_lead(moment))
                    else:
                        missing += missing.browse(product_id)
            found[order] = (max(moments), missing)
        return found

    def _get_stock_dates_of(self, warehouse, lines):
        quantities = defaultdict(float)
        for line in lines:
            product = line.product_id
            quantities[product._origin.id] += line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id
            )
        return lines.product_id._get_stock_dates(warehouse, quantities)

    # ------------------------------------------------------------------
    # Orders
    # ------------------------------------------------------------------

    def _get_waiting_moves(self):
        """What is still to go to the customers of these orders."""
        # sudo: the moves of the order, whoever may see transfers
        return self.sudo().order_line.move_ids.filtered(
            lambda move: (
                move.state
                in ("waiting", "confirmed", "partially_available", "assigned")
                and move.location_dest_id._is_outgoing()
            )
        )

    def _get_forecasts(self):
        """{order: (datetime, products of which there is not enough)} of the orders that
        have something to deliver.
        """
        moves = self._get_waiting_moves()
        found = {}
        for order, of_order in moves.grouped(
            lambda move: move.sale_line_id.order_id
        ).items():
            moments, missing = [fields.Datetime.now()], self.env["product.product"]
            for move in of_order:
                if move._is_stock_missing():
                    missing |= move.product_id.sudo(False)
                elif move.forecast_expected_date:
                    moments.append(
                        order._after_security_lead(move.forecast_expected_date)
                    )
            found[order.sudo(False)] = (max(moments), missing)
        return found

    def _get_late_by_stock(self):
        """{order: (promised, datetime or None, products)} of the orders that stock
        cannot meet on the promised day.

        ``promised`` is the earliest promise that is broken, ``products`` are those that
        come too late. What is in stock already is late for other reasons. One forecast
        for all the orders.
        """
        found = {}
        for order, moves in (
            self._get_waiting_moves()
            .grouped(lambda move: move.sale_line_id.order_id)
            .items()
        ):
            late, moments = moves.browse(), []
            for move in moves:
                missing = move._is_stock_missing()
                expected = move.forecast_expected_date
                if not missing and not expected:
                    continue
                promised = move._get_promised_date()
                moment = order._after_security_lead(expected) if expected else None
                if missing or order._is_promised_before(moment, promised):
                    late += move
                    moments.append(None if missing else moment)
            if late:
                found[order] = (
                    min(move._get_promised_date() for move in late),
                    None if None in moments else max(moments),
                    late.product_id,
                )
        return found


class StockMove(models.Model):
    _inherit = "stock.move"

    def _is_stock_missing(self):
        """Whether neither stock nor what is on its way covers the move."""
        self.ensure_one()
        return (
            self.state != "assigned"
            and self.product_id.uom_id.compare(
                self.forecast_availability, self.product_qty
            )
            < 0
        )

    def _get_promised_date(self):
        self.ensure_one()
        order = self.sale_line_id.order_id
        return (
            self.date_deadline
            or order.commitment_date
            or self.sale_line_id._expected_date()
        )
