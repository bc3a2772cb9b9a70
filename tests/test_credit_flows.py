"""Exposure against the ledger and the orders, whatever happens in between."""

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo.fields import Command

from .credit_common import CreditCase

STEPS = (
    "order",
    "deliver",
    "end_delivery",
    "deliver_more",
    "return",
    "invoice",
    "invoice_part",
    "post",
    "advance",
    "pay",
    "pay_invoice",
    "credit",
    "credit_part",
    "allocate",
    "cancel",
)


@freeze_time("2026-03-01 10:00:00")
class TestCreditFlows(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.8)]
        )
        cls.euros = cls.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": cls.euro.id}
        )
        cls.tax_included = cls.env["account.tax"].create(
            {"name": "7 % in it", "amount": 7, "price_include_override": "tax_included"}
        )
        cls.tax_each = cls.env["account.tax"].create(
            {"name": "0.3 each", "amount_type": "fixed", "amount": 0.3}
        )
        cls.bank = cls.company_data["default_journal_bank"]

    @settings(
        max_examples=10,
        # a flow takes seconds: it is told as it was found
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(
        st.lists(
            st.tuples(st.sampled_from(STEPS), st.integers(1, 7)),
            min_size=6,
            max_size=12,
        )
    )
    @example(
        [
            ("advance", 1),
            ("deliver", 2),
            ("post", 7),
            ("invoice", 1),
            ("post", 7),
            ("credit", 1),
            ("credit", 1),
            ("invoice", 1),
            ("post", 7),
            ("pay", 7),
        ]
    )
    @example(
        [
            # an order in euros, a part of it delivered, a part of that invoiced
            ("order", 4),
            ("deliver", 1),
            ("deliver", 2),
            ("invoice_part", 1),
            ("invoice", 2),
            ("post", 7),
            # a credit note that is larger than what it is matched with
            ("credit_part", 5),
            ("allocate", 1),
            ("pay_invoice", 3),
            ("end_delivery", 1),
            ("cancel", 2),
            ("pay", 4),
            ("allocate", 2),
        ]
    )
    @example(
        [
            ("deliver_more", 1),
            ("return", 1),
            ("return", 2),
            ("invoice", 1),
            ("post", 7),
            ("deliver", 2),
            ("order", 2),
            ("deliver", 2),
            ("cancel", 1),
            ("return", 1),
        ]
    )
    def test_flows(self, steps):
        with self.env.cr.savepoint() as savepoint:
            self.orders = self.env["sale.order"]
            for step, size in [("order", 3), *steps]:
                order = self.orders[size % len(self.orders)] if self.orders else None
                getattr(self, f"_do_{step}")(order, size)
                self._check()
            savepoint.rollback()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # What may happen, by Odoo's own buttons
    # ------------------------------------------------------------

    def _do_order(self, _order, size):
        """Every other one in euros, at the rate of its day."""
        vals = {"pricelist_id": self.euros.id} if size % 2 == 0 else {}
        with freeze_time(f"2026-0{1 + size % 3}-05 10:00:00"):
            self.orders |= self._order(
                (self.goods, size, {"price_unit": 33.33, "discount": size}),
                (
                    self.service,
                    1,
                    {
                        "price_unit": 10.01 * size,
                        "tax_ids": [Command.set(self.tax_21.ids)],
                    },
                ),
                (self.prepaid, 3, {"tax_ids": [Command.set(self.tax_each.ids)]}),
                (
                    self.service,
                    -2,
                    {
                        "price_unit": 1.11 * size,
                        "tax_ids": [Command.set(self.tax_included.ids)],
                    },
                ),
                **vals,
            )

    def _do_deliver(self, order, size):
        if order.state == "sale" and order.delivery_status != "full":
            self._deliver(order, min(size, 2), size % 3)

    def _do_end_delivery(self, order, _size):
        """The rest will not come."""
        if order.state == "sale" and order.delivery_status != "full":
            self._deliver(order, 1, 1, backorder=False)

    def _do_deliver_more(self, order, size):
        """More than was ordered."""
        if order.state == "sale" and order.delivery_status != "full":
            self._deliver(order, 6 + size, 4)

    def _do_return(self, order, size):
        """One of what went last, to be refunded or to be sent again."""
        sent = order.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        )
        if sent:
            self._return(sent[-1], 1, refund=size % 2 == 0)

    def _do_invoice(self, order, size):
        if order.invoice_status == "to invoice":
            self._invoice_order(order, date=f"2026-0{1 + size % 2}-10", post=False)

    def _do_invoice_part(self, order, size):
        if order.invoice_status == "to invoice":
            self._invoice_order(order, date=f"2026-0{1 + size % 2}-10", post=False)
            drafts = order.invoice_ids.filtered(lambda m: m.state == "draft")
            for line in drafts.invoice_line_ids.filtered("product_id"):
                line.quantity = line.quantity / 2

    def _do_post(self, _order, size):
        drafts = self.orders.invoice_ids.filtered(lambda m: m.state == "draft")
        drafts[:size].filtered(lambda m: m.amount_total >= 0).action_post()

    def _do_advance(self, order, size):
        if order.state == "sale":
            self.env["sale.advance.payment.inv"].with_context(
                active_model="sale.order", active_ids=order.ids
            ).create(
                {"advance_payment_method": "percentage", "amount": size}
            ).create_invoices()

    def _do_pay(self, _order, size):
        """Somewhat, for nothing in particular."""
        currency = self.euro if size % 2 else self.env.company.currency_id
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": size,
                "currency_id": currency.id,
                "journal_id": self.bank.id,
            }
        ).action_post()

    def _do_pay_invoice(self, _order, size):
        for invoice in self._get_open_invoices()[:1]:
            part = invoice.currency_id.round(invoice.amount_residual / size)
            if part:
                self._pay(invoice, part)

    def _do_credit(self, _order, _size):
        """What is credited in full is to be invoiced again."""
        invoices = self._get_invoices().filtered(lambda m: not m.reversal_move_ids)
        if invoices:
            self._credit(invoices[0], date=invoices[0].date)

    def _do_credit_part(self, _order, size):
        """Of one line, at another price, and matched with nothing yet."""
        for invoice in self._get_invoices().filtered("amount_total")[:1]:
            self._credit(invoice, amount=size * 1.37)

    def _do_allocate(self, _order, size):
        """Credits and a debt that have not the same amount, maybe nor currency."""
        items = self._get_items().filtered(lambda line: not line.reconciled)
        credits = items.filtered(lambda line: line.balance < 0)[:size]
        debts = items.filtered(lambda line: line.balance > 0)[:1]
        if credits and debts:
            (credits | debts).reconcile()

    def _do_cancel(self, order, _size):
        if order.state == "sale" and not order.invoice_ids.filtered(
            lambda m: m.state == "posted"
        ):
            order._action_cancel()

    # ------------------------------------------------------------
    # The second method
    # ------------------------------------------------------------

    def _get_invoices(self):
        return self.orders.invoice_ids.filtered(
            lambda m: (m.state, m.move_type) == ("posted", "out_invoice")
        )

    def _get_open_invoices(self):
        return self._get_invoices().filtered("amount_residual")

    def _get_items(self):
        return self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )

    def _check(self):
        credit = self._credit_of()
        ledger = sum(self._get_items().mapped("balance"))
        self.assertAlmostEqual(credit.receivable, ledger, 2)
        to_invoice = sum(
            self._get_to_invoice(line) / order.currency_rate
            for order in self.orders
            for line in order.order_line
        )
        self.assertAlmostEqual(credit.uninvoiced, to_invoice, delta=0.0101)

    def _get_to_invoice(self, line):
        """In the currency of the order, from its documents one by one."""
        posted = line.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        signs = {item: -1 if item.move_type == "out_refund" else 1 for item in posted}
        if line.is_downpayment:
            return -sum(signs[item] * item.price_total for item in posted)
        utmost = min if line.product_uom_qty < 0 else max
        sold = utmost(line.product_uom_qty, line.qty_delivered)
        moves = line.move_ids
        if line.state == "cancel" or (
            line.product_id.invoice_policy == "delivery"
            and moves
            and all(move.state in ("done", "cancel") for move in moves)
        ):
            sold = line.qty_delivered
        invoiced = sum(signs[item] * item.quantity for item in posted)
        return line.price_total / line.product_uom_qty * utmost(sold - invoiced, 0)
