"""Disputes: who may, what other rooms may, sums and sets."""

import random
from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .dispute_common import DisputeCase


@freeze_time("2026-03-01")
class TestDisputeRoles(DisputeCase):
    # ------------------------------------------------------------------
    # For other rooms
    # ------------------------------------------------------------------

    def test_an_amount_of_an_invoice_goes_to_the_youngest_instalment_first(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        # sudo: the test's user keeps the books
        contacts = self.env["crm.interaction"].sudo()
        origin, other = contacts.create([{"partner_id": self.customer.id}] * 2)
        disputes = invoice._crm_dispute(self.reason, amount=70, origin=origin)
        invoice._crm_dispute(
            self.reason, amount=10, until=date(2026, 6, 1), origin=other, note="More"
        )
        self.assertEqual(disputes[0].origin, origin)
        self.assertEqual(
            self._amounts(invoice),
            {"2026-01-20": (50, 30, 20), "2026-02-19": (50, 50, 0)},
        )
        with self.assertRaisesRegex(UserError, "no more than"):
            invoice._crm_dispute(self.reason, amount=20.01)
        ended = self.env["crm.dispute"]._crm_end_disputes(
            origin, "conceded", "Credited"
        )
        self.assertEqual(ended, disputes)
        self.assertEqual(set(disputes.mapped("outcome")), {"conceded"})
        self.assertEqual(
            self._amounts(invoice),
            {"2026-01-20": (50, 10, 40), "2026-02-19": (50, 0, 50)},
        )
        self.assertFalse(self.env["crm.dispute"]._crm_end_disputes(origin))
        rest = invoice._crm_dispute(self.reason)
        self.assertEqual(sum(rest.mapped("amount")), 90)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_a_salesperson_disputes_items_of_his_own_customers(self):
        others = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        own = self._instalments(self._invoice("2026-01-10"))
        other = self._instalments(self._invoice("2026-01-10", customer=others))
        mine = self._dispute(own, user=self.user_sales_own)
        with self.assertRaises(AccessError):
            own.with_user(self.user_sales_own).write({"no_followup": False})
        with self.assertRaisesRegex(AccessError, "those of your customers"):
            self._dispute(other, user=self.user_sales_own)
        # not by the day in the context either
        with self.assertRaises(AccessError):
            self.env["crm.dispute"].with_user(self.user_sales_own).with_context(
                crm_receivable_date="2026-02-01"
            ).create({"move_line_id": other.id, "reason_id": self.reason.id})
        theirs = self._dispute(other, user=self.user_sales_all)
        disputes = self.env["crm.dispute"].with_user(self.user_sales_own)
        self.assertEqual(disputes.search([]), mine)
        for forbidden in (
            lambda: theirs.with_user(self.user_sales_own).read(["amount"]),
            lambda: theirs.with_user(self.user_sales_own).write({"note": "x"}),
            lambda: theirs.with_user(self.user_sales_own).action_end(),
            lambda: (
                disputes.env["crm.dispute.end"]
                .create({"dispute_ids": theirs.ids, "outcome": "upheld"})
                .action_end()
            ),
        ):
            with self.assertRaises(AccessError):
                forbidden()
        mine.with_user(self.user_sales_own).web_read(
            {"number": {}, "partner_id": {"fields": {"display_name": {}}}, "origin": {}}
        )

    def test_roles(self):
        line = self._instalments(self._invoice("2026-01-10"))
        for user in (
            self.user_sales_own,
            self.user_sales_all,
            self.user_invoicing,
            self.user_accountant,
        ):
            dispute = self._dispute(line, 5, user=user)
            self.assertTrue(dispute.has_access("write"))
        for user in (self.user_portal, self.env.ref("base.public_user")):
            model = self.env["crm.dispute"].with_user(user)
            with self.assertRaises(AccessError):
                self._dispute(line, 5, user=user)
            with self.assertRaises(AccessError):
                model.search([])
            with self.assertRaises(AccessError):
                model.env["crm.dispute.open"].create({})

    def test_what_is_written(self):
        dispute = self._dispute(self._instalments(self._invoice("2026-01-10")), 5)
        for user in (self.user_sales_own, self.user_accountant):
            self.assertWritten(dispute, user, {"reason_id", "date_until", "note"})
        dispute._end("withdrawn")
        self.assertWritten(dispute, self.user_accountant, ())

    def test_never_in_another_company(self):
        line = self._instalments(self._invoice("2026-01-10"))
        dispute = self._dispute(line, 5)
        other = self.setup_other_company()["company"]
        user = self.user_accountant
        user.company_ids += other
        model = (
            self.env["crm.dispute"]
            .with_user(user)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(model.search([("id", "=", dispute.id)]))
        with self.assertRaises(AccessError):
            model.create({"move_line_id": line.id, "reason_id": self.reason.id})

    # ------------------------------------------------------------------
    # Sums, sets
    # ------------------------------------------------------------------

    def test_random_books_stay_tied_out(self):
        rng = random.Random(7)
        foreign = self.setup_other_currency("EUR", rates=[("2025-01-01", 1.37)])
        today = date(2026, 3, 1)
        for number in range(25):
            day = today - timedelta(days=rng.randrange(10, 300))
            vals = {"currency_id": foreign.id} if number % 3 == 0 else {}
            if number % 2:
                vals |= self.halves
            invoice = self._invoice(day, rng.randrange(1, 100000) / 100, **vals)
            lines = self._instalments(invoice)
            for line in lines:
                with freeze_time(day + timedelta(days=rng.randrange(1, 9))):
                    part = rng.choice((1.0, 0.5, 0.333))
                    amount = line.currency_id.round(
                        line.amount_residual_currency * part
                    )
                    if amount > 0:
                        dispute = self._dispute(line, amount)
                    if rng.random() < 0.3:
                        dispute._end("withdrawn")
            if rng.random() < 0.6:
                paid = invoice.amount_total * rng.choice((0.2, 0.7, 1.0))
                kind = rng.choice(("_payment", "refund"))
                values = {"currency_id": invoice.currency_id.id}
                when = today - timedelta(days=rng.randrange(0, 9))
                paid = max(invoice.currency_id.round(paid), 0.01)
                if kind == "refund":
                    other = self._invoice(when, paid, move_type="out_refund", **values)
                else:
                    other = self._payment(when, paid, **values)
                self._match(invoice, other)
        self._run_job()
        for day in (None, "2026-02-25", "2026-01-01", "2025-10-01"):
            items = self._items([("partner_id", "=", self.customer.id)], date=day)
            self.assertTrue(items)
            for item in items:
                parts = item.amount_disputed + item.amount_undisputed
                self.assertAlmostEqual(parts, item.amount_residual, 9)
                self.assertTrue(
                    0 <= item.amount_disputed <= max(item.amount_residual, 0)
                )
                self.assertAlmostEqual(
                    item.amount_disputed, round(item.amount_disputed, 2), 9
                )
            total = items._read_group(
                [("partner_id", "=", self.customer.id)],
                [],
                ["amount_residual:sum", "amount_disputed:sum", "amount_undisputed:sum"],
            )[0]
            self.assertAlmostEqual(total[0], total[1] + total[2], 9)
            for row in items._get_tie_out([("partner_id", "=", self.customer.id)]):
                self.assertEqual(
                    (row["difference"], row["difference_currency"]), (0, 0)
                )

    def test_a_thousand_cost_as_many_queries_as_ten(self):
        model = self.env["crm.receivable"].with_user(self.user_accountant)
        specification = {
            "move_name": {},
            "is_disputed": {},
            "amount_disputed": {},
            "amount_undisputed": {},
        }
        disputes = self.env["crm.dispute"].with_user(self.user_accountant)
        counts = []
        for count in (10, 990):
            self._make_many_owe(count)
            self.env.flush_all()
            lines = model.search([("is_disputed", "=", False)]).move_line_id
            vals_list = [
                {"move_line_id": line.id, "amount": 4, "reason_id": self.reason.id}
                for line in lines
            ]
            opened = disputes.create(vals_list)
            self.assertEqual(len(opened), count)
            read = []
            for action in (
                lambda: model.web_search_read([], specification, limit=2000),
                lambda: disputes.web_search_read(
                    [],
                    {"number": {}, "partner_id": {"fields": {"display_name": {}}}},
                    limit=2000,
                ),
            ):
                # the first read fills caches that the making of the rows has emptied
                for _read in ("first", "counted"):
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    page = action()
                read.append(self.env.cr.sql_log_count - before)
            counts.append(read)
        self.assertEqual(page["length"], 1000)
        self.assertEqual(*counts)

    def test_the_unique_slot_is_in_the_database(self):
        (line,) = self._instalments(self._invoice("2026-01-10"))
        first = self._dispute(line, 5)
        second = self._dispute(line, 5)
        self.assertEqual((first.slot, second.slot), (1, 2))
        with (
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            second.sudo().slot = 1
            second.flush_recordset()
