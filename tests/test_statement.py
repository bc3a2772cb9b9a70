"""Statements: each figure worked out by hand, and against the ledger."""

import random
from collections import defaultdict
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm_custom.report.crm_statement_options import StatementOptions

from .statement_common import StatementCase


class TestStatement(StatementCase):
    def test_open_items(self):
        halves, _payment, euro, _refund, unmatched, last = self._write_year()
        dollars, euros = self._statement(date="2026-04-20").sections
        self.assertEqual(
            [
                (item.number, str(item.due), item.original, item.amount, item.bucket)
                for item in dollars.items
            ],
            [
                (halves.name, "2026-01-20", 150, 50, "5_late_3"),
                (halves.name, "2026-02-19", 150, 120, "4_late_2"),
                (unmatched.name, "2026-03-15", -40, -40, "8_credit"),
                (last.name, "2026-05-10", 50, 50, "0_later"),
            ],
        )
        self.assertEqual([item.days_overdue for item in dollars.items], [90, 60, 0, 0])
        self.assertEqual(dollars.items[0].reference, "PO 1")
        self.assertEqual(dollars.open_amount, 180)
        self.assertEqual(dollars.overdue, 170)
        self.assertEqual(
            dollars.ageing,
            {"0_later": 50, "4_late_2": 120, "5_late_3": 50, "8_credit": -40},
        )
        # in its own currency, though the ledger is kept in another
        self.assertEqual(euros.currency, self.foreign)
        self.assertEqual([item.amount for item in euros.items], [80])
        self.assertEqual(euros.items[0].number, euro.name)
        self.assertEqual(euros.ageing, {"4_late_2": 80})

    def test_day_thirty_is_in_the_first_period(self):
        self._invoice("2026-01-01")
        for day, bucket in (("2026-01-31", "3_late_1"), ("2026-02-01", "4_late_2")):
            (section,) = self._statement(date=day).sections
            self.assertEqual(section.ageing, {bucket: 100})

    def test_two_equal_instalments_count_twice(self):
        entry = self._entry(
            "2026-01-10",
            [
                (self.receivable, 100, {"partner_id": self.customer.id}),
                (self.receivable, 100, {"partner_id": self.customer.id}),
                (self.company_data["default_account_revenue"], -200, {}),
            ],
        )
        (section,) = self._statement(date="2026-03-01").sections
        self.assertEqual([item.amount for item in section.items], [100, 100])
        self.assertEqual(section.ageing, {"4_late_2": 200})
        (section,) = self._statement(
            kind="activity", date_from="2026-01-01", date="2026-03-01"
        ).sections
        self.assertEqual(
            [(row.number, row.amount) for row in section.movements], [(entry.name, 200)]
        )

    def test_what_was_paid_since_was_open_then(self):
        halves, *_others = self._write_year()
        (section,) = self._statement(date="2026-02-04").sections
        self.assertEqual([item.amount for item in section.items], [150, 150])
        (section,) = self._statement(date="2026-02-05").sections
        self.assertEqual([item.amount for item in section.items], [50, 150])
        self.assertEqual(section.items[0].number, halves.name)
        # a payment that was dated back is known on its own day
        self._match(halves, self._payment("2026-01-30", 20))
        (section,) = self._statement(date="2026-01-30").sections
        self.assertEqual(section.open_amount, 280)

    def test_activity(self):
        halves, payment, euro, refund, unmatched, _last = self._write_year()
        dollars, euros = self._statement(
            kind="activity", date_from="2026-02-01", date="2026-03-31"
        ).sections
        self.assertEqual(dollars.opening, 300)
        self.assertEqual(
            [
                (str(row.date), row.number, row.amount, row.balance, row.kind)
                for row in dollars.movements
            ],
            [
                ("2026-02-05", payment.name, -100, 200, "payment"),
                ("2026-03-01", refund.name, -30, 170, "refund"),
                ("2026-03-15", unmatched.name, -40, 130, "payment"),
            ],
        )
        self.assertEqual(dollars.closing, 130)
        self.assertEqual(dollars.elsewhere, 0)
        self.assertEqual(
            dollars.ageing, {"4_late_2": 120, "5_late_3": 50, "8_credit": -40}
        )
        self.assertEqual((euros.opening, euros.closing), (0, 80))
        self.assertEqual([row.number for row in euros.movements], [euro.name])
        self.assertEqual(halves.payment_state, "partial")

    def test_activity_has_a_document_once(self):
        halves, *_others = self._write_year()
        dollars = self._statement(
            kind="activity", date_from="2026-01-10", date="2026-01-10"
        ).sections[0]
        self.assertEqual(
            [(row.number, row.amount) for row in dollars.movements],
            [(halves.name, 300)],
        )

    def test_credit_note_of_a_storno_company_counts_once(self):
        self.env.company.account_storno = True
        invoice = self._invoice("2026-01-10", 100)
        refund = self._invoice("2026-01-20", 100, move_type="out_refund")
        self._match(invoice, refund)
        (section,) = self._statement(
            kind="activity", date_from="2026-01-01", date="2026-01-31"
        ).sections
        self.assertEqual([row.amount for row in section.movements], [100, -100])
        self.assertEqual(section.closing, 0)

    def test_settled_in_another_currency_is_told(self):
        invoice = self._invoice("2026-01-02", 100, currency_id=self.foreign.id)
        (line,) = self._open_lines(invoice)
        self._match(invoice, self._payment("2026-02-02", line.balance))
        dollars, euros = self._statement(
            kind="activity", date_from="2026-01-01", date="2026-03-01"
        ).sections
        self.assertEqual(
            (euros.closing, euros.open_amount, euros.elsewhere), (100, 0, 100)
        )
        self.assertEqual(dollars.elsewhere, -line.balance)

    def test_credits_against_the_oldest(self):
        self.env.company.crm_ageing_credits = "oldest"
        self._write_year()
        dollars = self._statement(date="2026-04-20").sections[0]
        self.assertEqual(
            dollars.ageing, {"0_later": 50, "4_late_2": 120, "5_late_3": 10}
        )
        self.assertEqual(dollars.open_amount, 180)
        # in a foreign currency too
        self._payment("2026-03-16", 30, currency_id=self.foreign.id)
        euros = self._statement(date="2026-04-20").sections[1]
        self.assertEqual(euros.ageing, {"4_late_2": 50})

    def test_of_a_contact_it_is_the_customers(self):
        self._write_year()
        contact = self._create_contact(self.customer)
        statement = self._statement(contact, date="2026-04-20")
        self.assertEqual(statement.partner.id, self.customer.id)
        self.assertEqual(statement.sections[0].open_amount, 180)

    def test_the_invoice_address(self):
        address = self._create_contact(
            self.customer, name="Accounts", type="invoice", email="ap@example.com"
        )
        self.assertEqual(self._statement().address.id, address.id)

    def test_nothing_is_open(self):
        self.assertEqual(self._statement().sections, [])
        self.assertEqual(
            self._statement(kind="activity", date_from="2026-01-01").sections, []
        )

    def test_payables_are_no_part_of_it(self):
        self._invoice("2026-01-10", move_type="in_invoice")
        self.assertEqual(self._statement(date="2026-03-01").sections, [])

    def test_an_item_without_follow_up_is_on_it_like_any_other(self):
        invoice = self._invoice("2026-01-10")
        invoice.no_followup = True
        self.assertEqual(self._items().mapped("is_paused"), [True])
        (section,) = self._statement(date="2026-03-01").sections
        self.assertEqual([(i.amount, i.mark) for i in section.items], [(100, None)])
        self.assertEqual(section.overdue, 100)

    def test_a_later_room_marks_items(self):
        invoice = self._invoice("2026-01-10")
        model = type(self.env["crm.statement"])

        def mark(_self, receivable, query):
            number = receivable._field_to_sql(query.table, "move_name", query)
            return SQL("CASE WHEN %s = %s THEN 'disputed' END", number, invoice.name)

        with patch.object(model, "_get_mark_sql", mark):
            (section,) = self._statement(date="2026-03-01").sections
        self.assertEqual([item.mark for item in section.items], ["disputed"])

    def test_options_are_checked(self):
        for values in (
            {"kind": "other"},
            {"date": "2026-13-01"},
            {"kind": "activity", "date_from": "2026-02-01", "date": "2026-01-01"},
            [],
        ):
            with self.assertRaises(UserError):
                StatementOptions(self.env, values)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_a_salesperson_makes_those_of_his_own_customers(self):
        self._write_year()
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        self._write_year(other)
        salesperson = self.user_sales_own
        own = self._statement(user=salesperson, date="2026-04-20")
        self.assertEqual(own.sections[0].open_amount, 180)
        activity = self._statement(
            user=salesperson, kind="activity", date_from="2026-01-01", date="2026-04-20"
        )
        self.assertEqual(activity.sections[0].closing, 180)
        model = self.env["crm.statement"].with_user(salesperson)
        model._check_may_print(self.customer.with_env(model.env))
        with self.assertRaises(AccessError):
            model._check_may_print((self.customer + other).with_env(model.env))
        # and what he may not ask for, he would not get either
        (statement,) = self._statements(other, user=salesperson, date="2026-04-20")
        self.assertEqual(statement.sections, [])

    def test_roles(self):
        for user in (self.user_invoicing, self.user_accountant, self.user_sales_all):
            model = self.env["crm.statement"].with_user(user)
            model._check_may_print(self.customer.with_env(model.env))
        for user in (self.user_portal, self.env.ref("base.public_user")):
            model = self.env["crm.statement"].with_user(user)
            with self.assertRaises(AccessError):
                model._check_may_print(self.customer.with_env(model.env))
        with self.assertRaises(UserError):
            self.env["crm.statement"]._check_may_print(self.env["res.partner"])

    def test_another_company_is_another_statement(self):
        self._write_year()
        other = self.setup_other_company()["company"]
        user = self.user_accountant
        user.company_ids += other
        model = self.env["crm.statement"].with_user(user)
        model = model.with_context(allowed_company_ids=(other + self.env.company).ids)
        (statement,) = model._get_statements(
            self.customer.with_env(model.env), StatementOptions(model.env, {})
        )
        self.assertEqual(statement.sections, [])
        self.assertEqual(statement.company.id, other.id)

    # ------------------------------------------------------------------
    # By another way
    # ------------------------------------------------------------------

    def _ledger(self, customer, day):
        """{currency id: balance in it} by the ORM, item by item."""
        balances = defaultdict(float)
        for line in self.env["account.move.line"].search(
            [
                ("partner_id", "=", customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.env.company.id),
                ("date", "<=", day),
            ]
        ):
            balances[line.currency_id.id] += line.amount_currency
        return {
            currency: round(balance, 2)
            for currency, balance in balances.items()
            if round(balance, 2)
        }

    def test_random_accounts_are_the_ledger(self):
        rng = random.Random(5)
        customers = self.customer + self._create_customer(name="Second")
        currencies = [self.env.company.currency_id, self.foreign]
        start = date(2026, 1, 1)
        for _number in range(40):
            day = start + timedelta(days=rng.randint(0, 150))
            customer, currency = rng.choice(customers), rng.choice(currencies)
            amount = round(rng.uniform(1, 900), 2)
            kind = rng.choice(["invoice", "invoice", "refund", "pay", "pay", "entry"])
            if kind == "pay":
                self._payment(day, amount, customer, currency_id=currency.id)
            elif kind == "entry":
                revenue = self.company_data["default_account_revenue"]
                partner = {"partner_id": customer.id}
                self._entry(
                    day, [(self.receivable, amount, partner), (revenue, -amount, {})]
                )
            else:
                move_type = "out_refund" if kind == "refund" else "out_invoice"
                terms = rng.choice(
                    [{}, {"invoice_payment_term_id": self.terms_two_halves.id}]
                )
                self._invoice(
                    day,
                    amount,
                    customer,
                    move_type=move_type,
                    currency_id=currency.id,
                    **rng.choice([{}, terms]),
                )
        for customer in customers:
            lines = self.env["account.move.line"].search(
                [
                    ("partner_id", "=", customer.id),
                    ("account_id", "=", self.receivable.id),
                ]
            )
            for credit in lines.filtered(lambda line: line.balance < 0):
                debts = (lines - credit).filtered(
                    lambda line: line.balance > 0 and not line.reconciled
                )
                if debts and rng.random() < 0.8:
                    (credit + rng.choice(debts)).reconcile()
        for _number in range(6):
            first = start + timedelta(days=rng.randint(0, 100))
            last = first + timedelta(days=rng.randint(0, 80))
            self._check_period(customers, first, last)

    def _check_period(self, customers, first, last):
        for statement in self._statements(
            customers, kind="activity", date_from=str(first), date=str(last)
        ):
            partner = statement.partner
            closing = self._ledger(partner, last)
            opening = self._ledger(partner, first - timedelta(days=1))
            for section in statement.sections:
                moved = sum(row.amount for row in section.movements)
                self.assertAlmostEqual(section.opening + moved, section.closing, 2)
                if section.movements:
                    self.assertEqual(section.movements[-1].balance, section.closing)
                self.assertEqual(section.opening, opening.pop(section.currency.id, 0))
                self.assertEqual(section.closing, closing.pop(section.currency.id, 0))
                self.assertAlmostEqual(
                    sum(section.ageing.values()), section.open_amount, 2
                )
            self.assertFalse(opening or closing)
            open_items = {
                section.currency: section.open_amount
                for section in self._statement(partner, date=str(last)).sections
            }
            for section in statement.sections:
                self.assertEqual(
                    section.open_amount, open_items.get(section.currency, 0)
                )

    def test_queries_do_not_grow_with_the_customers(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True}
                for number in range(1_000)
            ]
        )
        revenue = self.company_data["default_account_revenue"]
        self._entry(
            "2026-01-10",
            [
                *((self.receivable, 10, {"partner_id": one.id}) for one in customers),
                (revenue, -10_000, {}),
            ],
        )
        counts = []
        for some in (customers[:10], customers[:10], customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            statements = self._statements(
                some, kind="activity", date_from="2026-01-01", date="2026-03-01"
            )
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(
                {part.closing for one in statements for part in one.sections}, {10}
            )
            self.assertEqual(len(statements), len(some))
        self.assertEqual(counts[1], counts[2])
