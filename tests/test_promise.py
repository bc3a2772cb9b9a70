"""Promises to pay, from the call to what became of them."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import load_migration
from .promise_common import PromiseCase


@freeze_time("2026-03-01")
class TestPromise(PromiseCase):
    # ------------------------------------------------------------------
    # Taking down
    # ------------------------------------------------------------------

    def test_from_the_list_of_open_items(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        items = self._items([("move_id", "=", invoice.id)], user=self.user_sales_own)
        form = self._fill_in(items[0].action_promise(), self.user_sales_own)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.amount, 50)
        form.contact_id = self.payer
        form.date_promised = date(2026, 3, 10)
        promise = form.save()
        self.assertEqual(promise.item_ids.move_line_id, self._instalments(invoice)[0])
        self.assertEqual(promise.user_id, self.user_sales_own)
        self.assertEqual((promise.state, promise.date_made), ("open", date(2026, 3, 1)))
        self.assertEqual(
            self._promised(user=self.user_sales_own),
            {(invoice.name, "2026-01-20"): ("2026-03-10", 50)},
        )
        self.assertIn("Promised to pay", self.customer.message_ids[0].body)

    def test_from_an_invoice_by_who_invoices(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        action = invoice.with_user(self.user_invoicing).action_crm_promise()
        form = self._fill_in(action, self.user_invoicing)
        self.assertEqual(form.amount, 100)
        form.amount = 70
        form.date_promised = date(2026, 3, 10)
        form.save()
        # the oldest first
        self.assertEqual(
            self._promised(),
            {
                (invoice.name, "2026-01-20"): ("2026-03-10", 50),
                (invoice.name, "2026-02-19"): ("2026-03-10", 20),
            },
        )

    def test_from_a_customer_and_a_logged_call(self):
        env = self.env(user=self.user_sales_own)
        call = env["crm.interaction"].create({"partner_id": self.payer.id})
        form = self._fill_in(call.action_crm_promise(), self.user_sales_own)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.contact_id, self.payer)
        form.amount = 30
        form.date_promised = date(2026, 3, 10)
        promise = form.save()
        self.assertEqual(promise.interaction_id, call)
        self.assertEqual(promise.channel_id, call.channel_id)
        action = self.customer.with_env(env).action_crm_promise()
        self.assertEqual(
            self._fill_in(action, self.user_sales_own).partner_id, self.customer
        )

    def test_a_person_stands_for_his_company(self):
        with Form(self.env["crm.promise"].with_user(self.user_sales_own)) as form:
            form.partner_id = self.payer
            self.assertEqual(form.partner_id, self.customer)
            self.assertEqual(form.contact_id, self.payer)
            form.amount = 5
            form.date_promised = date(2026, 3, 10)
        promise = self._promise("2026-03-10", partner_id=self._contact().id, amount=5)
        self.assertTrue(promise.partner_id.is_company)
        stranger = self._create_contact(self._create_customer(name="Stranger"))
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            promise.contact_id = stranger

    def _contact(self):
        return self._create_contact(self._create_customer(name="Company"))

    def test_what_is_refused(self):
        line = self._instalments(self._invoice("2026-01-10"))
        refund = self._invoice("2026-01-10", move_type="out_refund")
        other = self._invoice("2026-01-10", customer=self._create_customer(name="O"))
        for error, values in (
            (UserError, (self._instalments(refund),)),
            (UserError, (line, self._instalments(other))),
        ):
            with self.assertRaises(error):
                self._promise("2026-03-10", *values)
        with self.assertRaisesRegex(ValidationError, "no more can be promised"):
            self._promise("2026-03-10", line, amount=100.01)
        for day, amount in (("2026-02-28", 5), ("2026-03-10", -5)):
            with (
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self._promise(day, amount=amount)

    def test_an_item_is_promised_once(self):
        line = self._instalments(self._invoice("2026-01-10"))
        promise = self._promise("2026-03-10", line)
        for values in ({}, {"amount": 5}):
            with (
                self.assertRaises(UniqueViolation),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self._promise("2026-03-10", line, **values)
        self._promise("2026-03-10", amount=5)
        with (
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self._promise("2026-03-12", amount=7)
        form = self._fill_in(
            promise.with_user(self.user_invoicing).action_renew(), self.user_invoicing
        )
        form.date_promised = date(2026, 3, 20)
        renewed = form.save()
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(renewed.replaces_id, promise)
        self.assertEqual(renewed.item_ids.move_line_id, line)
        renewed.with_user(self.user_invoicing).action_cancel()
        self.assertEqual(renewed.state, "cancelled")

    def test_the_rest_does_not_change(self):
        promise = self._promise("2026-03-10", amount=5, state="kept", share_kept=1)
        hostile = (
            self.env["crm.promise"]
            .with_user(self.user_sales_own)
            .with_context(default_state="kept", default_amount_kept=9)
            .create(
                {
                    "partner_id": self.customer.id,
                    "amount": 5,
                    "currency_id": self.env.ref("base.CHF").id,
                    "date_promised": "2026-03-10",
                    "date_made": "2020-01-01",
                    "user_id": self.user_sales_all.id,
                }
            )
        )
        for one in (promise, hostile):
            self.assertEqual((one.state, one.amount_kept), ("open", 0))
            self.assertEqual(one.date_made, date(2026, 3, 1))
        self.assertEqual(hostile.user_id, self.user_sales_own)
        promise.write({"note": "Called twice", "contact_id": self.payer.id})
        for name, value in (
            ("amount", 1),
            ("date_promised", "2026-12-31"),
            ("state", "kept"),
            ("item_ids", []),
        ):
            with self.assertRaises(AccessError):
                promise.write({name: value})
        with self.assertRaises(AccessError):
            promise.unlink()

    # ------------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------------

    def test_kept_partly_broken(self):
        for paid, day, expected in (
            (100, "2026-03-10", ("kept", 100, 1)),
            (99.99, "2026-03-10", ("partly", 99.99, 1)),
            (40, "2026-03-05", ("partly", 40, 0.4)),
            (100, "2026-03-11", ("broken", 0, 0)),
            (0, None, ("broken", 0, 0)),
        ):
            invoice = self._invoice("2026-01-10")
            promise = self._promise("2026-03-10", self._instalments(invoice))
            if paid:
                self._match(invoice, self._payment(day, paid))
            self.assertEqual(self._settled(promise), expected, (paid, day))
            self.assertEqual(promise.date_settled, date(2026, 3, 11))
            self.assertIn("Promise to pay", self.customer.message_ids[0].body)

    def test_kept_it_is_at_once_and_over_the_day_after_where_the_company_is(self):
        invoice = self._invoice("2026-01-10")
        early = self._promise("2026-03-10", self._instalments(invoice))
        self._match(invoice, self._payment("2026-03-02", 100))
        self.assertEqual(self._settled(early, "2026-03-03"), ("kept", 100, 1))
        late = self._promise(
            "2026-03-10", self._instalments(self._invoice("2026-01-10"))
        )
        self.env.company.partner_id.tz = "America/Los_Angeles"
        self.assertEqual(self._settled(late, "2026-03-11 06:30:00")[0], "open")
        self.assertEqual(self._settled(late, "2026-03-11 07:30:00")[0], "broken")

    def test_what_was_paid_before_keeps_nothing(self):
        invoice = self._invoice("2026-01-10")
        self._match(invoice, self._payment("2026-03-01", 30))
        promise = self._promise("2026-03-10", self._instalments(invoice))
        self.assertEqual(promise.amount, 70)
        self.assertEqual(self._settled(promise), ("broken", 0, 0))

    def test_paid_before_and_matched_after_it_is_kept(self):
        """He had paid already; the bank's file came a day later."""
        invoice = self._invoice("2026-01-10")
        promise = self._promise("2026-03-10", self._instalments(invoice))
        self._match(invoice, self._payment("2026-02-27", 100))
        self.assertEqual(self._settled(promise), ("kept", 100, 1))

    def test_a_credit_note_is_no_payment_and_leaves_less_to_pay(self):
        invoice = self._invoice("2026-01-10")
        promise = self._promise("2026-03-10", self._instalments(invoice))
        credit = self._invoice("2026-03-02", 30, move_type="out_refund")
        self._match(invoice, credit)
        self._match(invoice, self._payment("2026-03-05", 70))
        self.assertEqual(self._settled(promise), ("kept", 70, 1))
        invoice = self._invoice("2026-01-10")
        promise = self._promise("2026-03-10", self._instalments(invoice))
        self._match(invoice, self._invoice("2026-03-02", 100, move_type="out_refund"))
        self.assertEqual(self._settled(promise), ("cancelled", 0, 0))

    def test_what_was_cancelled_needs_no_payment(self):
        one, other = self._invoice("2026-01-10"), self._invoice("2026-01-11")
        promise = self._promise(
            "2026-03-10", self._instalments(one), self._instalments(other)
        )
        of_one = self._promise(
            "2026-03-10", self._instalments(third := self._invoice("2026-01-12"))
        )
        for invoice in one + third:
            invoice.button_draft()
        # in draft he owes nothing of it, and it may be posted again
        self.assertEqual(
            self._promised(), {(other.name, "2026-01-11"): ("2026-03-10", 100)}
        )
        self.assertEqual(self._settled(promise)[0], "open")
        for invoice in one + third:
            invoice.button_cancel()
        self._match(other, self._payment("2026-03-05", 100))
        self.assertEqual(self._settled(promise), ("kept", 100, 1))
        self.assertEqual(self._settled(of_one), ("cancelled", 0, 0))

    def test_what_had_been_paid_of_a_cancelled_invoice_counts_no_more(self):
        one, other = self._invoice("2026-01-10"), self._invoice("2026-01-11")
        self._match(one, self._payment("2026-02-20", 50))
        promise = self._promise(
            "2026-03-10", self._instalments(one), self._instalments(other)
        )
        self.assertEqual(promise.amount, 150)
        one.button_draft()
        one.button_cancel()
        self._match(other, self._payment("2026-03-05", 100))
        self.assertEqual(self._settled(promise), ("kept", 100, 1))

    def test_migration_of_what_was_settled_before(self):
        one, other = self._invoice("2026-01-10"), self._invoice("2026-01-11")
        self._match(one, self._payment("2026-02-20", 50))
        self._match(other, self._invoice("2026-02-20", 20, move_type="out_refund"))
        items = self._promise(
            "2026-03-10", self._instalments(one), self._instalments(other)
        ).item_ids.sorted("date_maturity")
        before = [(50, 0), (0, 20)]
        columns = ["received_before", "otherwise_before"]
        self.assertEqual([tuple(item[c] for c in columns) for item in items], before)
        items.sudo().write(dict.fromkeys(columns, 0))
        self.env.flush_all()
        load_migration("19.0.1.3.0", "post-promise-items").migrate(
            self.env.cr, "19.0.1.2.0"
        )
        self.env.invalidate_all()
        self.assertEqual([tuple(item[c] for c in columns) for item in items], before)

    def test_what_was_in_draft_is_judged_when_it_is_posted_again(self):
        invoice = self._invoice("2026-01-10")
        promise = self._promise("2026-03-10", self._instalments(invoice))
        invoice.button_draft()
        self.assertEqual(self._settled(promise, "2026-03-20")[0], "open")
        invoice.action_post()
        self.assertEqual(self._settled(promise, "2026-03-21"), ("broken", 0, 0))

    def test_of_an_amount_any_receipt_of_the_customer_counts(self):
        self._payment("2026-03-01", 500)
        promise = self._promise("2026-03-10", amount=80)
        other = self._create_customer(name="Other")
        self._payment("2026-03-05", 500, customer=other)
        self._payment("2026-03-11", 500)
        self._invoice("2026-03-05", 500, move_type="out_refund")
        self._payment("2026-03-06", 50, customer=self.payer)
        self.assertEqual(self._settled(promise), ("partly", 50, 0.62))
        second = self._promise("2026-03-20", amount=80)
        with freeze_time("2026-03-12"):
            self._payment("2026-03-12", 80)
            # paid back: he has not kept it
            self._payment("2026-03-13", 30, payment_type="outbound")
        self.assertEqual(self._settled(second, "2026-03-21"), ("partly", 50, 0.62))

    def test_in_another_currency(self):
        foreign = self.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        invoice = self._invoice("2026-01-10", 100, currency_id=foreign.id)
        (line,) = self._instalments(invoice)
        promise = self._promise("2026-03-10", line, amount=60)
        self.assertEqual(promise.currency_id, foreign)
        item = self._items([("move_id", "=", invoice.id)])
        self.assertEqual((item.amount_promised, item.amount_residual), (30, 50))
        self._match(invoice, self._payment("2026-03-05", 60, currency_id=foreign.id))
        self.assertEqual(self._settled(promise), ("kept", 60, 1))
        # paid in the currency of the company
        invoice = self._invoice("2026-01-10", 100, currency_id=foreign.id)
        promise = self._promise("2026-03-10", self._instalments(invoice))
        self._match(invoice, self._payment("2026-03-05", 25))
        self.assertEqual(self._settled(promise), ("partly", 50, 0.5))
        amount = self._promise("2026-03-10", amount=60, currency_id=foreign.id)
        self._payment("2026-03-05", 40, currency_id=foreign.id)
        self.assertEqual(self._settled(amount)[0], "partly")
