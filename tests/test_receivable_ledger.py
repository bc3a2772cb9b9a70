"""Open items on any day against the ledger, on random books."""

import random
from collections import defaultdict
from contextlib import closing
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields

from .receivable_common import ReceivableCase

TODAY = date(2026, 6, 30)
#: each other books; any number will do
SEEDS = (1, 3)


class TestReceivableLedger(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        for number in range(1, 10):
            cls.env["res.currency.rate"].create(
                {
                    "name": date(2025, 10, 1) + timedelta(days=30 * number),
                    "currency_id": cls.foreign.id,
                    "company_id": cls.env.company.id,
                    "rate": 2.0 + 0.17 * number,
                }
            )
        cls.customers = cls.customer
        for number in range(4):
            cls.customers += cls._create_customer(name=f"Customer {number}")
        cls.income = cls.company_data["default_account_revenue"]

    # ------------------------------------------------------------------
    # Random books
    # ------------------------------------------------------------------

    def _day(self, first, last):
        return first + timedelta(days=self.random.randint(0, (last - first).days))

    def _money(self):
        return round(self.random.uniform(1, 900), 2)

    def _write_books(self, first, last, count):
        """Random documents dated in a period, matched on random days of it."""
        choice = self.random.choice
        for _number in range(count):
            day, customer = self._day(first, last), choice(self.customers)
            currency = choice([self.env.company.currency_id, self.foreign])
            kind = choice(["invoice", "invoice", "pay", "pay", "refund", "entry"])
            if kind == "invoice":
                terms = choice([False, self.terms_two_halves.id])
                vals = {"invoice_payment_term_id": terms} if terms else {}
                self._invoice(
                    day, self._money(), customer, currency_id=currency.id, **vals
                )
            elif kind == "refund":
                self._invoice(
                    day,
                    self._money(),
                    customer,
                    currency_id=currency.id,
                    move_type="out_refund",
                )
            elif kind == "pay":
                self._payment(day, self._money(), customer, currency_id=currency.id)
            else:  # a write-off, an opening balance, or an entry of nobody
                amount = self._money() * choice([-1, 1])
                vals = {"partner_id": choice([customer.id, False])}
                self._entry(
                    day, [(self.receivable, amount, vals), (self.income, -amount, {})]
                )
        self._match_at_random(first, last)

    def _match_at_random(self, first, until):
        """Match what is dated in the period, with each other or with what was open."""
        for customer in self.customers:
            lines = self.env["account.move.line"].search(
                [
                    ("partner_id", "=", customer.id),
                    ("account_id", "=", self.receivable.id),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", until),
                ]
            )
            debts = lines.filtered(lambda line: line.balance > 0)
            for credit in lines - debts:
                debt = debts.filtered(
                    lambda line, credit=credit: (
                        not line.reconciled and max(line.date, credit.date) >= first
                    )
                )
                if debt and not credit.reconciled and self.random.random() < 0.8:
                    (self.random.choice(debt) + credit).reconcile()

    # ------------------------------------------------------------------
    # The checks
    # ------------------------------------------------------------------

    def _snapshot(self, day=None):
        """{journal item: what is open}."""
        return {
            item.id: (item.amount_residual, item.amount_residual_currency)
            for item in self._items(date=day)
        }

    def _ledger(self, day=None, domain=()):
        """{(account, currency): (balance, in currency)} by the ORM, item by item."""
        balances = defaultdict(lambda: (0.0, 0.0))
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                *([("date", "<=", day)] if day else []),
                *domain,
            ]
        )
        for line in lines:
            key = (line.account_id, line.currency_id)
            balance, amount = balances[key]
            balances[key] = (balance + line.balance, amount + line.amount_currency)
        return balances

    def assertTiesOut(self, day=None, domain=(), line_domain=()):
        self.env.flush_all()
        model = self.env["crm.receivable"].with_context(crm_receivable_date=day)
        domain = [("company_id", "=", self.env.company.id), *domain]
        rows = model._get_tie_out([*domain, ("is_payable", "=", False)])
        ledger = self._ledger(day, line_domain)
        for row in rows:
            self.assertEqual((row["difference"], row["difference_currency"]), (0, 0))
            balance, amount = ledger.pop((row["account"], row["currency"]), (0, 0))
            self.assertAlmostEqual(row["balance"], balance, 2)
            self.assertAlmostEqual(row["balance_currency"], amount, 2)
        self.assertFalse(any(round(balance, 2) for balance, _amount in ledger.values()))
        total = sum(row["open"] for row in rows)
        by_bucket = dict(model._read_group(domain, ["bucket"], ["amount_aged:sum"]))
        self.assertAlmostEqual(sum(by_bucket.values()), total, 2)
        return rows

    def test_random_books(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), closing(self.env.cr.savepoint()):
                self._check_random_books(seed)

    def _check_random_books(self, seed):
        self.random = random.Random(seed)
        before = set(self._snapshot())
        snapshots = {}
        start = date(2026, 1, 1)
        for number in range(3):
            first = start + timedelta(days=60 * number)
            last = first + timedelta(days=59)
            with freeze_time(last):
                self._write_books(first, last, 14)
                snapshots[last] = self._snapshot()
        # what was open then is what is said of it now
        for day, snapshot in snapshots.items():
            self.assertEqual(self._snapshot(day), snapshot)
            self.assertTiesOut(day)
        self.assertGreater(len(snapshots[last]), len(before))
        with freeze_time(TODAY):
            self.assertEqual(self._snapshot(), self._snapshot(TODAY))
            self.assertEqual(self._buckets(), self._buckets(TODAY))
            self.assertTiesOut()
            # matched today, but dated then: each day still is its ledger
            self._match_at_random(start, TODAY)
        for day in (self._day(start, TODAY) for _number in range(8)):
            self.assertTiesOut(day)
            customer = self.random.choice(self.customers)
            self.assertTiesOut(
                day,
                [("partner_id", "=", customer.id)],
                [("partner_id", "=", customer.id)],
            )
            few = self._items(date=day, crm_receivable_partner_ids=customer.ids)
            self.assertEqual(
                few, self._items([("partner_id", "=", customer.id)], date=day)
            )

    def _buckets(self, day=None):
        return {
            item.id: (item.bucket, item.amount_aged) for item in self._items(date=day)
        }

    def test_random_books_with_credits_against_the_oldest(self):
        self.env.company.crm_ageing_credits = "oldest"
        for seed in SEEDS:
            with self.subTest(seed=seed), closing(self.env.cr.savepoint()):
                self._check_random_credits(seed)

    def _check_random_credits(self, seed):
        self.random = random.Random(seed)
        self._write_books(date(2026, 1, 1), date(2026, 5, 31), 25)
        with freeze_time(TODAY):
            self.assertEqual(self._buckets(), self._buckets(TODAY))
            self.assertTiesOut()
            self.assertTiesOut(date(2026, 3, 15))
            for item in self._items():
                signs = sorted((item.amount_aged, 0, item.amount_residual), key=abs)
                self.assertEqual(signs[0], 0)
                self.assertLessEqual(abs(item.amount_aged), abs(item.amount_residual))
                self.assertGreaterEqual(item.amount_aged * item.amount_residual, 0)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    def test_an_invoice_paid_since(self):
        invoice = self._invoice("2026-01-10")
        self._match(invoice, self._payment("2026-03-05", 100))
        number = invoice.name
        self.assertEqual(self._as_of("2026-03-04"), {(number, "2026-01-10"): 100.0})
        self.assertEqual(self._as_of("2026-03-05"), {})
        self.assertEqual(self._as_of("2026-01-09"), {})

    def test_partial_matching_counts_once(self):
        invoice = self._invoice("2026-01-10", 100)
        for day, amount in (("2026-02-01", 10), ("2026-03-01", 20), ("2026-04-01", 30)):
            self._match(invoice, self._payment(day, amount))
        key = (invoice.name, "2026-01-10")
        for day, left in (
            ("2026-01-31", 100),
            ("2026-02-15", 90),
            ("2026-03-15", 70),
            ("2026-04-15", 40),
        ):
            self.assertEqual(self._as_of(day), {key: left})

    def test_a_reversal_and_a_cancelled_entry(self):
        invoice = self._invoice("2026-01-10")
        reversal = invoice._reverse_moves(
            [{"date": "2026-02-10", "invoice_date": "2026-02-10"}], cancel=True
        )
        self.assertEqual(
            self._as_of("2026-02-09"), {(invoice.name, "2026-01-10"): 100.0}
        )
        self.assertEqual(self._as_of("2026-02-10"), {})
        self.assertTrue(reversal)
        cancelled = self._invoice("2026-01-11")
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertFalse(self._as_of("2026-02-10"))
        self.assertTiesOut(date(2026, 2, 1))

    def test_an_exchange_difference(self):
        invoice = self._invoice("2026-01-02", 100, currency_id=self.foreign.id)
        payment = self._payment("2026-05-02", 100, currency_id=self.foreign.id)
        (line,) = self._open_lines(invoice)
        balance = line.balance
        self._match(invoice, payment)
        self.assertTrue(line.reconciled)
        self.assertTrue(line.matched_credit_ids.exchange_move_id)
        items = self._items(date="2026-05-01")
        self.assertEqual(items.mapped("amount_residual"), [balance])
        self.assertEqual(items.mapped("amount_residual_currency"), [100.0])
        self.assertFalse(self._items(date="2026-05-31"))
        for day in ("2026-01-31", "2026-05-01", "2026-05-02", "2026-05-31", None):
            self.assertTiesOut(day and fields.Date.to_date(day))

    def test_matched_across_currencies_is_told(self):
        invoice = self._invoice("2026-01-02", 100, currency_id=self.foreign.id)
        (line,) = self._open_lines(invoice)
        payment = self._payment("2026-02-02", line.balance)
        self._match(invoice, payment)
        rows = {row["currency"]: row for row in self.assertTiesOut()}
        self.assertEqual(rows[self.foreign]["elsewhere_currency"], 100.0)
        self.assertEqual(rows[self.foreign]["open"], 0)

    def test_matched_with_a_draft_is_told(self):
        invoice = self._invoice("2026-01-02")
        payment = self._payment("2026-02-02", 100)
        self._match(invoice, payment)
        payment.button_draft()
        self.assertEqual(sum(row["drafts"] for row in self.assertTiesOut()), 100.0)

    def test_entries_of_later_are_apart(self):
        self._invoice("2026-06-01")
        self._invoice("2026-07-20", ref="later")
        with freeze_time(TODAY):
            self.assertEqual(self._items([("ref", "=", "later")]).bucket, "9_future")
            self.assertFalse(self._items([("ref", "=", "later")], date=TODAY))
            live = self.assertTiesOut()
            dated = self.assertTiesOut(TODAY)
            self.assertEqual(sum(row["balance"] for row in live), 200.0)
            self.assertEqual(sum(row["balance"] for row in dated), 100.0)

    def test_a_wrong_residual_shows(self):
        invoice = self._invoice("2026-06-01")
        line = self._open_lines(invoice)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = 99 WHERE id = %s", line.ids
        )
        rows = self.env["crm.receivable"]._get_tie_out(
            [("company_id", "=", self.env.company.id)]
        )
        self.assertEqual(sum(row["difference"] for row in rows), 1.0)
