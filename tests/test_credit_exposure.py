from freezegun import freeze_time

from odoo.fields import Command

from .credit_common import CreditCase

TODAY = "2026-03-01 10:00:00"


@freeze_time(TODAY)
class TestCreditExposure(CreditCase):
    """What a customer owes and will owe, by hand."""

    def test_from_order_to_cash(self):
        """Nothing counts twice on the way, and nothing is lost."""
        order = self._order(
            (self.goods, 10, {"tax_ids": [Command.set(self.tax_21.ids)]})
        )
        self.assertExposure(0, 1210)
        self._deliver(order, 4)
        self.assertExposure(0, 1210)
        invoice = self._invoice_order(order, post=False)
        self.assertExposure(0, 1210)
        invoice.action_post()
        self.assertExposure(484, 726)
        self._pay(invoice, 400)
        self.assertExposure(84, 726)
        self._deliver(order, 6)
        self._invoice_order(order)
        self.assertExposure(810, 0)

    def test_down_payment(self):
        """Its invoice is a receivable, and is taken off what is to come."""
        order = self._order((self.service, 1, {"price_unit": 1000}))
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        )
        wizard.create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        self.assertExposure(0, 1000)
        order.invoice_ids.action_post()
        self.assertExposure(300, 700)
        self._pay(order.invoice_ids)
        self.assertExposure(0, 700)
        final = self._invoice_order(order, post=False)
        self.assertExposure(0, 700)
        final.action_post()
        self.assertExposure(700, 0)

    def test_what_will_not_come(self):
        """The rest of a delivery that was cancelled is not ordered any more."""
        order = self._order((self.goods, 10), (self.prepaid, 2))
        self._deliver(order, 6, 0, backorder=False)
        self.assertExposure(0, 600 + 100)
        self._return(order.picking_ids[0], 2)
        self.assertExposure(0, 400 + 100)
        more = self._order((self.goods, 3))
        self.assertExposure(0, 800)
        more._action_cancel()
        self.assertExposure(0, 500)

    def test_cancelled_when_goods_have_left(self):
        """The customer has them, whatever became of the order."""
        order = self._order(
            (self.goods, 10, {"tax_ids": [Command.set(self.tax_21.ids)]})
        )
        self._deliver(order, 4)
        order._action_cancel()
        self.assertExposure(0, 484)
        order.action_draft()
        self.assertExposure(0, 484)
        # of the whole order the rest is what confirming adds
        self.assertEqual(order._get_credit_amount(), 726)
        self._limit(1210)
        order.with_user(self.user_sales_own).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertExposure(0, 1210)
        order._action_cancel()
        self._return(order.picking_ids.filtered(lambda p: p.state == "done"), 4)
        self.assertExposure(0, 0)

    def test_negative_quantities(self):
        order = self._order(
            (self.service, 2, {"price_unit": 100}),
            (self.service, -1, {"price_unit": 50}),
        )
        self.assertExposure(0, 150)
        invoice = self._invoice_order(order, post=False)
        self.assertExposure(0, 150)
        invoice.action_post()
        self.assertExposure(150, 0)

    def test_what_is_called_a_down_payment_and_sells_something(self):
        order = self._order((self.service, 1, {"price_unit": 900}))
        order.order_line.is_downpayment = True
        self.assertExposure(0, 900)

    def test_paid_and_not_matched_yet(self):
        """Who has paid is not held until somebody has matched it."""
        company = self.env.company
        company.write(
            {
                "credit_overdue_action": "hold",
                "credit_overdue_days": 5,
                "credit_overdue_amount_action": "warn",
                "credit_overdue_amount": 100,
            }
        )
        self._owe(500)
        rules = {"overdue": "hold", "amount": "warn"}
        self.assertEqual(self._credit_of().said(), rules)
        self._pay_on_account(400)
        self.assertEqual(self._credit_of().said(), {"overdue": "hold"})
        self._pay_on_account(100)
        self.assertEqual(self._credit_of().said(), {})
        self.assertEqual(self._credit_of().overdue, 500)

    def test_delivered_beyond_the_order(self):
        order = self._order(
            (self.goods, 2, {"tax_ids": [Command.set(self.tax_21.ids)]})
        )
        self._deliver(order, 3)
        self.assertExposure(0, 363)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 0,
                    "qty_delivered": 1,
                    "tax_ids": [Command.set(self.tax_21.ids)],
                }
            )
        ]
        self.assertExposure(0, 363 + 121)

    def test_taxes_of_what_was_not_ordered(self):
        """As Odoo works them out for the same line ordered."""
        Tax = self.env["account.tax"]
        fixed = Tax.create({"name": "3 each", "amount_type": "fixed", "amount": 3})
        division = Tax.create(
            {"name": "20 of 100", "amount_type": "division", "amount": 20}
        )
        group = Tax.create(
            {
                "name": "Both",
                "amount_type": "group",
                "children_tax_ids": [Command.set((fixed | self.tax_21).ids)],
            }
        )
        work = self._product("Work", type="service")
        for taxes, total in ((fixed, 206), (division, 250), (group, 248)):
            vals = {"price_unit": 100, "tax_ids": [Command.set(taxes.ids)]}
            ordered = self._order((work, 2, vals))
            self.assertExposure(0, total)
            ordered._action_cancel()
            delivered = self._order((work, 0, {**vals, "qty_delivered": 2}))
            self.assertExposure(0, total)
            delivered.order_line.qty_delivered = 0

    def test_discounts_and_other_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(
            (self.prepaid, 1, {"product_uom_id": dozen.id, "price_unit": 600}),
            (self.service, 1, {"price_unit": -100}),
            (self.service, 1, {"price_unit": 200, "discount": 25}),
        )
        self.assertExposure(0, 650)
        invoice = self._invoice_order(order, post=False)
        line = invoice.invoice_line_ids[0]
        line.write({"product_uom_id": self.prepaid.uom_id.id, "quantity": 6})
        line.price_unit = 50
        invoice.action_post()
        self.assertExposure(300 - 100 + 150, 300)

    def test_credits_and_disputes(self):
        invoice = self._owe(500)
        self._owe(100)
        self._pay_on_account(150)
        self.assertExposure(450, 0)
        line = invoice.line_ids.filtered(lambda i: i.display_type == "payment_term")
        reason = self.env["crm.dispute.reason"].search([], limit=1)
        self.env["crm.dispute"].create(
            {"move_line_id": line.id, "amount": 200, "reason_id": reason.id}
        )
        self.assertExposure(450, 0)
        self.assertEqual(self._credit_of().overdue, 600)
        self.env.company.credit_disputed_counts = False
        self.assertExposure(250, 0)
        self.assertEqual(self._credit_of().overdue, 400)

    def test_currencies_and_companies(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": euro.id}
        )
        with freeze_time("2026-01-05"):
            self._order((self.service, 1, {"price_unit": 100}), pricelist_id=prices.id)
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2026-02-01", "rate": 0.8}
        )
        # at the order's own rate
        self.assertExposure(0, 200)
        other = self.setup_other_company()["company"]
        self.assertEqual(self._credit_of(company=other).exposure, 0)

    def test_who_pays(self):
        """People of the customer are the customer; who pays the invoice owes it."""
        self._order((self.service, 1), partner_id=self.contact.id)
        self.assertExposure(0, 1)
        payer = self._create_customer(name="Payer")
        self._order((self.service, 1, {"price_unit": 70}), partner_invoice_id=payer.id)
        self.assertExposure(0, 1)
        self.assertExposure(0, 70, payer)
