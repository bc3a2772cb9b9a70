from freezegun import freeze_time

from odoo.fields import Command

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesRecordMoney(SalesCase):
    """What was invoiced, collected, is open: to the cent, worked out by hand."""

    def test_return_and_credit_note_of_the_order(self):
        order = self._order((self.goods, 10, {"tax_ids": self.tax_21.ids}))
        picking = self._deliver(order)
        invoice = self._invoice_order(order)
        self._pay(invoice)
        self._return(picking, 3)
        self.assertRecord(
            self._of(order),
            stage="to_invoice",
            qty_delivered=7,
            qty_returned=3,
            qty_to_deliver=0,
            qty_to_invoice=-3,
        )
        note = self._invoice_order(order, "2026-02-15")
        self.assertEqual(note.move_type, "out_refund")
        self.assertRecord(
            self._of(order),
            stage="to_collect",
            amount_invoiced=847,
            amount_credited=363,
            untaxed_invoiced=700,
            amount_open=-363,
            amount_overdue=0,
            amount_collected=1210,
        )
        self._pay(note, date="2026-02-20")
        self.assertRecord(
            self._of(order),
            stage="settled",
            amount_open=0,
            amount_collected=847,
            amount_settled_otherwise=0,
        )

    def test_credit_note_against_the_invoice(self):
        """What a credit note settles was not collected."""
        order = self._order((self.prepaid, 10))
        invoice = self._invoice_order(order)
        note = self._credit(invoice, 120)
        (invoice + note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self._pay(invoice, 80, "2026-02-10")
        self.assertRecord(
            self._of(order),
            amount_invoiced=380,
            amount_credited=120,
            amount_collected=80,
            amount_settled_otherwise=0,
            amount_open=300,
            amount_overdue=300,
        )

    def test_written_off_is_not_collected(self):
        order = self._order((self.prepaid, 2))
        invoice = self._invoice_order(order)
        receivable = self.company_data["default_account_receivable"]
        expense = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-02-01",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "credit": 100,
                        },
                    ),
                    (0, 0, {"account_id": expense.id, "debit": 100}),
                ],
            }
        )
        entry.action_post()
        (invoice + entry).line_ids.filtered(
            lambda line: line.account_id == receivable
        ).reconcile()
        self.assertRecord(
            self._of(order),
            amount_invoiced=100,
            amount_collected=0,
            amount_settled_otherwise=100,
            amount_open=0,
            date_last_payment=False,
        )

    def test_discount_for_paying_early(self):
        """What the payment writes off is collected; entries for it are of no line."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "2 % within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        work = self._product(
            "Work", type="service", invoice_policy="order", list_price=35
        )
        taxed = {"tax_ids": [Command.set(self.tax_21.ids)]}
        for mode, total, paid in (
            ("included", 181.5, 177.87),
            ("excluded", 181.5, 178.5),
            # the tax of the invoice is that of the amount with discount
            ("mixed", 180.87, 177.87),
        ):
            terms.early_pay_discount_computation = mode
            order = self._order(
                (work, 2, taxed), (work, 1, {"price_unit": 80, **taxed})
            )
            invoice = order._create_invoices()
            invoice.write(
                {"invoice_date": "2026-01-10", "invoice_payment_term_id": terms.id}
            )
            invoice.action_post()
            self.assertEqual(invoice.amount_total, total, mode)
            records = self._of(order)
            self.assertAlmostEqual(sum(records.mapped("amount_open")), total, 2, mode)
            payment = self._pay(invoice, date="2026-01-15")
            self.assertAlmostEqual(payment.amount, paid, 2, mode)
            records = self._of(order)
            for name, amount in {
                "amount_invoiced": total,
                "untaxed_invoiced": 150,
                "amount_collected": total,
                "amount_open": 0,
                "amount_settled_otherwise": 0,
            }.items():
                self.assertAlmostEqual(
                    sum(records.mapped(name)), amount, 2, f"{name} {mode}"
                )
            self.assertEqual(set(records.mapped("stage")), {"settled"}, mode)

    def test_partial_payment_is_spread_in_proportion(self):
        """1000 / 3 of three equal lines, and a cent for the largest."""
        order = self._order(
            (self.prepaid, 1, {"price_unit": 33.33}),
            (self.prepaid, 1, {"price_unit": 33.34}),
            (self.prepaid, 1, {"price_unit": 33.33}),
        )
        invoice = self._invoice_order(order)
        self._pay(invoice, 50)
        records = self._of(order)
        self.assertEqual(records.mapped("amount_open"), [16.67, 16.66, 16.67])
        self.assertEqual(records.mapped("amount_collected"), [16.66, 16.68, 16.66])
        self.assertEqual(sum(records.mapped("amount_open")), 50)

    def test_several_invoices_of_a_line_and_lines_without_an_order(self):
        order = self._order((self.goods, 10))
        self._deliver(order, 4)
        first = self._invoice_order(order)
        self._deliver(order)
        second = self._invoice_order(order, "2026-02-01", post=False)
        second.invoice_line_ids = [
            (0, 0, {"name": "Freight", "price_unit": 150, "tax_ids": []})
        ]
        second.action_post()
        self._pay(first)
        self._pay(second, 250)
        # 250 of 750 is paid: a third of the line's 600
        self.assertRecord(
            self._of(order),
            amount_invoiced=1000,
            amount_collected=600,
            amount_open=400,
            amount_overdue=400,
        )

    def test_instalments(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (10, 90)
                ],
            }
        )
        order = self._order((self.prepaid, 2))
        self._invoice_order(order, "2026-01-10", invoice_payment_term_id=terms.id)
        self.assertRecord(
            self._of(order), amount_open=100, amount_overdue=50, stage="overdue"
        )

    def test_down_payment(self):
        order = self._order((self.prepaid, 20))
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard._create_invoices(order)
        advance = order.invoice_ids
        advance.invoice_date = advance.invoice_date_due = "2026-01-10"
        advance.action_post()
        self._pay(advance)
        records = self._of(order)
        line, down = records.filtered("product_id"), records.filtered("is_downpayment")
        self.assertEqual(line + down, records)
        self.assertRecord(down, amount_invoiced=300, amount_collected=300)
        self.assertRecord(line, amount_invoiced=0, amount_collected=0)
        self._deliver(order)
        final = self._invoice_order(order, "2026-02-01")
        self.assertEqual(final.amount_total, 700)
        self._pay(final, 350)
        records = self._of(order)
        line, down = records.filtered("product_id"), records.filtered("is_downpayment")
        # half of 700 is paid: half of the line, less half of what was paid before
        self.assertRecord(line, amount_invoiced=1000, amount_collected=500)
        self.assertRecord(down, amount_invoiced=0, amount_collected=150)
        self.assertEqual(sum(records.mapped("amount_open")), 350)
        self._pay(final)
        self.assertEqual(self._of(order).mapped("stage"), ["settled", "settled"])
        self.assertEqual(sum(self._of(order).mapped("amount_collected")), 1000)

    def test_negative_line_and_tax_rounded_over_the_document(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        taxed = {"tax_ids": self.tax_21.ids}
        order = self._order(
            (self.prepaid, 1, {"price_unit": 10.02, **taxed}),
            (self.prepaid, 1, {"price_unit": 10.02, **taxed}),
            (self.crm_product, 1, {"price_unit": -5.01, **taxed}),
        )
        invoice = self._invoice_order(order)
        self._pay(invoice, 10)
        records = self._of(order)
        self.assertEqual(
            round(sum(records.mapped("amount_invoiced")), 2), invoice.amount_total
        )
        self.assertEqual(
            round(sum(records.mapped("amount_open")), 2), invoice.amount_residual
        )
        self.assertEqual(round(sum(records.mapped("amount_collected")), 2), 10)
        self.assertLess(records[2].amount_open, 0)

    def test_another_currency_at_the_documents_rates(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2026-02-01", 4.0)]
        )
        order = self._order(
            (self.prepaid, 1, {"price_unit": 100.01}),
            (self.prepaid, 1, {"price_unit": 33.33}),
            pricelist_id=self.env["product.pricelist"]
            .create({"name": "Euros", "currency_id": euro.id})
            .id,
            date_order="2026-01-05",
        )
        records = self._of(order)
        self.assertEqual(records.mapped("price_subtotal_currency"), [100.01, 33.33])
        self.assertEqual(records.mapped("price_subtotal"), [50.01, 16.67])
        invoice = self._invoice_order(order, "2026-01-10")
        self.assertEqual(invoice.amount_total_signed, 66.68)
        # at 4 to 1: worth half as much as it settles
        self._pay(invoice, 66.67, "2026-02-10", currency_id=euro.id)
        records = self._of(order)
        self.assertEqual(sum(records.mapped("amount_invoiced")), 66.68)
        self.assertEqual(
            round(sum(records.mapped("amount_open")), 2),
            invoice.amount_residual_signed,
        )
        self.assertEqual(round(sum(records.mapped("amount_collected")), 2), 33.34)
        self._pay(invoice, date="2026-02-11", currency_id=euro.id)
        records = self._of(order)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(round(sum(records.mapped("amount_collected")), 2), 66.68)
        self.assertEqual(sum(records.mapped("amount_settled_otherwise")), 0)

    def test_down_payment_and_credit_at_the_rates_of_their_days(self):
        """300 of 1000 in advance at 2 to 1, the rest and a credit of 100 at 4 to 1."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2025-01-01", 2.0), ("2026-02-01", 4.0)]
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": euro.id}
        )
        order = self._order(
            (self.prepaid, 20, {"price_unit": 50}),
            pricelist_id=prices.id,
            date_order="2026-01-05",
        )
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        wizard._create_invoices(order)
        advance = order.invoice_ids
        advance.invoice_date = advance.invoice_date_due = "2026-01-10"
        advance.action_post()
        self._pay(advance, date="2026-02-10", currency_id=euro.id)
        final = self._invoice_order(order, "2026-02-10")
        note = self._credit(final, 100, "2026-02-15")
        self.assertEqual(
            (advance + final + note).mapped("amount_total_signed"), [150, 175, -25]
        )
        records = self._of(order)
        line, down = records.filtered("product_id"), records.filtered("is_downpayment")
        # Odoo settles the credit with the invoice it is of: 150 of 175 are open, and
        # 25 are spread over 1000 and -300
        self.assertRecord(
            line,
            amount_invoiced=225,
            amount_credited=25,
            amount_open=214.29,
            amount_settled_otherwise=10.71,
            amount_collected=0,
        )
        self.assertRecord(
            down,
            amount_invoiced=75,
            amount_open=-64.29,
            amount_settled_otherwise=-10.71,
            amount_collected=150,
        )
        self._pay(final, date="2026-02-20", currency_id=euro.id)
        records = self._of(order)
        self.assertEqual(sum(records.mapped("amount_invoiced")), 150 + 175 - 25)
        self.assertEqual(sum(records.mapped("amount_collected")), 150 + 175 - 25)
        self.assertEqual(sum(records.mapped("amount_settled_otherwise")), 0)

    def test_an_invoice_that_is_taken_back(self):
        """Reset to draft, cancelled, and made anew: the record follows."""
        order = self._order((self.prepaid, 2))
        invoice = self._invoice_order(order)
        self._pay(invoice)
        invoice.button_draft()
        self.assertRecord(
            self._of(order),
            amount_invoiced=0,
            amount_collected=0,
            amount_open=0,
        )
        invoice.button_cancel()
        self._deliver(order)
        self.assertRecord(self._of(order), stage="to_invoice", qty_to_invoice=2)
        self._invoice_order(order, "2026-02-20")
        self.assertRecord(self._of(order), stage="overdue", amount_open=100)
