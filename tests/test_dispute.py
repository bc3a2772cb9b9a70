"""Disputes from opening to end, through the doors that users have."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .dispute_common import DisputeCase


@freeze_time("2026-03-01")
class TestDispute(DisputeCase):
    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def test_a_part_of_one_instalment_from_the_list(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        first, second = self._instalments(invoice)
        items = self._items([("move_id", "=", invoice.id)], user=self.user_sales_own)
        form = self._fill_in(items.action_dispute(), self.user_sales_own)
        form.reason_id = self.reason
        with form.line_ids.edit(0) as line:
            # the one that is due last comes first
            self.assertEqual(str(line.date_maturity), "2026-02-19")
            self.assertEqual((line.amount_left, line.amount), (50, 50))
            line.amount = 20
        with form.line_ids.edit(1) as line:
            line.amount = 0
        form.save().action_open()
        dispute = self.env["crm.dispute"].search([("move_id", "=", invoice.id)])
        self.assertEqual(dispute.move_line_id, second)
        self.assertEqual(dispute.partner_id, self.customer)
        self.assertEqual(dispute.user_id, self.user_sales_own)
        self.assertEqual(dispute.date_until, date(2026, 3, 31))
        self.assertEqual(
            self._amounts(invoice, user=self.user_sales_own),
            {"2026-01-20": (50, 0, 50), "2026-02-19": (50, 20, 30)},
        )
        # a part: the rest can be chased
        self.assertFalse((first + second).filtered("no_followup"))

    def test_a_whole_invoice_from_its_form(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        action = invoice.with_user(self.user_invoicing).action_crm_dispute()
        form = self._fill_in(action, self.user_invoicing)
        form.reason_id = self.reason
        form.note = "Ordered at the old price"
        form.save().action_open()
        self.assertEqual(
            self._amounts(invoice),
            {"2026-01-20": (50, 50, 0), "2026-02-19": (50, 50, 0)},
        )
        self.assertEqual(invoice.with_user(self.user_invoicing).crm_dispute_count, 2)
        note = invoice.message_ids[0]
        self.assertEqual(note.author_id, self.user_invoicing.partner_id)
        for text in ("Disputed until", "Wrong price", "Ordered at the old price"):
            self.assertIn(text, note.body)
        with self.assertRaisesRegex(UserError, "left to be disputed"):
            invoice.with_user(self.user_invoicing).action_crm_dispute()

    def test_never_more_than_is_open(self):
        invoice = self._invoice("2026-01-10")
        (line,) = self._instalments(invoice)
        self._dispute(line, 60)
        with self.assertRaisesRegex(ValidationError, "no more than"):
            self._dispute(line, 40.01)
        self._dispute(line, 40)
        with self.assertRaisesRegex(UserError, "left to be disputed"):
            self._dispute(line, 0.01)
        other = self._invoice("2026-01-10")
        (line,) = self._instalments(other)
        # two of one call are added up as well
        with self.assertRaises(ValidationError):
            self.env["crm.dispute"].create(
                [
                    {"move_line_id": line.id, "amount": 60, "reason_id": self.reason.id}
                    for _twice in range(2)
                ]
            )
        for amount in (0, -5):
            with (
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self._dispute(line, amount)

    def test_what_can_be_disputed(self):
        bill = self._invoice("2026-01-10", move_type="in_invoice")
        refund = self._invoice("2026-01-10", move_type="out_refund")
        paid = self._invoice("2026-01-10")
        self._match(paid, self._payment("2026-02-01", 100))
        payable = bill.line_ids.filtered(lambda line: line.account_id == self.payable)
        for line in (
            payable,
            self._instalments(refund),
            self._instalments(paid),
            paid.line_ids - self._instalments(paid),
        ):
            with self.assertRaises(UserError):
                # whoever may do everything
                self.env["crm.dispute"].create(
                    {"move_line_id": line.id, "reason_id": self.reason.id}
                )
        with self.assertRaisesRegex(UserError, "this item"):
            self.env["crm.dispute"].create({"reason_id": self.reason.id})
        # an opening balance can
        income = self.company_data["default_account_revenue"]
        entry = self._entry(
            "2026-01-01",
            [
                (self.receivable, 10, {"partner_id": self.customer.id}),
                (income, -10, {}),
            ],
        )
        dispute = self._dispute(self._instalments(entry))
        self.assertEqual(dispute.amount, 10)
        # Odoo has ticked such an entry itself, and it stays so
        dispute._end("withdrawn")
        self.assertTrue(dispute.move_line_id.no_followup)

    def test_the_amount_and_the_rest_do_not_change(self):
        dispute = self._dispute(self._instalments(self._invoice("2026-01-10")))
        dispute.write({"note": "Look at the delivery slip", "date_until": "2026-05-01"})
        for name, value in (
            ("amount", 1),
            ("state", "ended"),
            ("date_opened", "2026-01-01"),
            ("user_id", self.user_sales_all.id),
            ("followup", "ticked"),
        ):
            with self.assertRaises(AccessError):
                dispute.write({name: value})
        with (
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            dispute.date_until = "2026-02-28"
            dispute.flush_recordset()
        with self.assertRaises(AccessError):
            dispute.unlink()
        dispute._end("upheld")
        with self.assertRaisesRegex(UserError, "history"):
            dispute.note = "x"

    def test_a_client_cannot_set_what_is_decided_here(self):
        (line,) = self._instalments(self._invoice("2026-01-10"))
        dispute = self._dispute(
            line,
            state="ended",
            date_opened="2020-01-01",
            user_id=self.user_sales_all.id,
            slot=7,
            followup="by_hand",
            origin=f"res.partner,{self.customer.id}",
        )
        self.assertEqual(dispute.state, "open")
        self.assertEqual(dispute.date_opened, date(2026, 3, 1))
        self.assertEqual(dispute.user_id, self.user_accountant)
        self.assertEqual((dispute.slot, dispute.followup), (1, "ticked"))
        self.assertFalse(dispute.origin)

    def test_in_another_currency(self):
        foreign = self.setup_other_currency("EUR", rates=[("2025-01-01", 3.0)])
        invoice = self._invoice("2026-01-10", 100, currency_id=foreign.id)
        (line,) = self._instalments(invoice)
        self.assertAlmostEqual(line.balance, 33.33)
        self._dispute(line, 50)
        item = self._items([("move_id", "=", invoice.id)])
        self.assertEqual(item.amount_disputed_currency, 50)
        self.assertAlmostEqual(item.amount_disputed, 16.67, 2)
        self.assertAlmostEqual(item.amount_undisputed, 16.66, 2)
        self._dispute(line)
        item = self._items([("move_id", "=", invoice.id)])
        self.assertEqual(item.amount_disputed, item.amount_residual)
        self.assertTrue(line.no_followup)

    # ------------------------------------------------------------------
    # Money that comes in
    # ------------------------------------------------------------------

    def test_a_payment_settles_the_undisputed_part_first(self):
        invoice = self._invoice("2026-01-10")
        (line,) = self._instalments(invoice)
        dispute = self._dispute(line, 60)
        self._match(invoice, self._payment("2026-02-01", 30))
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (70, 60, 10)})
        self._match(invoice, self._payment("2026-02-01", 30))
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (40, 40, 0)})
        # by now it is wholly disputed
        self._run_job()
        self.assertTrue(line.no_followup)
        self.assertEqual(dispute.state, "open")
        # a payment that bounces
        line.remove_move_reconcile()
        self._run_job()
        self.assertFalse(line.no_followup)
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (100, 60, 40)})

    def test_it_ends_when_the_item_is_settled(self):
        for pay in (
            lambda: self._payment("2026-02-01", 100),
            lambda: self._invoice("2026-02-01", 100, move_type="out_refund"),
        ):
            invoice = self._invoice("2026-01-10")
            dispute = self._dispute(self._instalments(invoice))
            self._match(invoice, pay())
            self._run_job()
            self.assertEqual((dispute.state, dispute.outcome), ("ended", "settled"))
            self.assertFalse(self._instalments(invoice).no_followup)
            self.assertIn("The item was settled", invoice.message_ids[0].body)

    def test_a_refund_is_no_settlement_of_another_item(self):
        """Money that is paid back opens nothing and ends nothing."""
        invoice = self._invoice("2026-01-10")
        dispute = self._dispute(self._instalments(invoice), 40)
        payment = self._payment("2026-02-01", 100)
        back = self._payment("2026-02-02", 100, payment_type="outbound")
        (self._open_lines(payment) + self._open_lines(back)).reconcile()
        self._run_job()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (100, 40, 60)})

    def test_an_entry_reset_to_draft_keeps_its_dispute(self):
        invoice = self._invoice("2026-01-10")
        dispute = self._dispute(self._instalments(invoice), 40)
        invoice.button_draft()
        self._run_job()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self._amounts(invoice), {})
        invoice.action_post()
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (100, 40, 60)})
        invoice.button_draft()
        invoice.button_cancel()
        self._run_job()
        self.assertEqual(dispute.outcome, "settled")

    # ------------------------------------------------------------------
    # The end
    # ------------------------------------------------------------------

    def test_it_ends_when_its_last_day_has_passed_where_the_company_is(self):
        invoice = self._invoice("2026-01-10")
        dispute = self._dispute(self._instalments(invoice), 40, date_until="2026-03-10")
        self.env.company.partner_id.tz = "Asia/Shanghai"
        # still the last day in Shanghai
        with freeze_time("2026-03-10 15:30:00"):
            self._run_job()
            self.assertEqual(dispute.state, "open")
        with freeze_time("2026-03-10 16:30:00"):
            self._run_job()
        self.assertEqual((dispute.state, dispute.outcome), ("ended", "expired"))
        self.assertEqual(dispute.date_ended, date(2026, 3, 11))
        self.assertEqual(self._amounts(invoice), {"2026-01-10": (100, 0, 100)})

    def test_by_hand_with_a_word_about_it(self):
        invoice = self._invoice("2026-01-10")
        dispute = self._dispute(self._instalments(invoice), user=self.user_sales_own)
        self.assertTrue(dispute.move_line_id.no_followup)
        action = dispute.with_user(self.user_sales_own).action_end()
        form = self._fill_in(action, self.user_sales_own)
        form.outcome = "upheld"
        form.note = "He found the delivery slip"
        form.save().action_end()
        self.assertEqual((dispute.state, dispute.outcome), ("ended", "upheld"))
        self.assertEqual(dispute.ended_by_id, self.user_sales_own)
        self.assertFalse(dispute.move_line_id.no_followup)
        for text in ("We were right", "He found the delivery slip"):
            self.assertIn(text, invoice.message_ids[0].body)
        # and the same can be disputed again
        self._dispute(self._instalments(invoice))

    def test_past_days_know_what_was_disputed_then(self):
        invoice = self._invoice("2026-01-10")
        (line,) = self._instalments(invoice)
        with freeze_time("2026-02-01"):
            first = self._dispute(line, 30)
        with freeze_time("2026-02-10"):
            self._dispute(line, 20)
        with freeze_time("2026-02-20"):
            first._end("withdrawn")
        self._match(invoice, self._payment("2026-02-25", 85))
        for day, disputed, residual in (
            ("2026-01-31", 0, 100),
            ("2026-02-01", 30, 100),
            ("2026-02-10", 50, 100),
            ("2026-02-19", 50, 100),
            ("2026-02-20", 20, 100),
            ("2026-02-25", 15, 15),
            (None, 15, 15),
        ):
            self.assertEqual(
                self._amounts(invoice, day),
                {"2026-01-10": (residual, disputed, residual - disputed)},
                day,
            )

    # ------------------------------------------------------------------
    # No Follow-Up
    # ------------------------------------------------------------------

    def test_the_flag_is_of_one_instalment_alone(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        first, second = self._instalments(invoice)
        dispute = self._dispute(first)
        self.assertEqual((first.no_followup, second.no_followup), (True, False))
        dispute._end("withdrawn")
        self.assertEqual((first.no_followup, second.no_followup), (False, False))

    def test_two_disputes_of_one_item(self):
        (line,) = self._instalments(self._invoice("2026-01-10"))
        first = self._dispute(line, 60)
        self.assertFalse(line.no_followup)
        second = self._dispute(line, 40)
        self.assertTrue(line.no_followup)
        first._end("withdrawn")
        self.assertFalse(line.no_followup)
        second._end("withdrawn")
        self.assertFalse(line.no_followup)

    def test_what_a_user_has_ticked_or_cleared_is_his(self):
        invoice = self._invoice("2026-01-10", **self.halves)
        first, second = self._instalments(invoice)
        invoice.with_user(self.user_invoicing).no_followup = True
        dispute = self._dispute(first)
        dispute._end("withdrawn")
        self.assertTrue(first.no_followup and second.no_followup)
        invoice.no_followup = False
        self._dispute(first)
        self.assertTrue(first.no_followup)
        first.with_user(self.user_invoicing).no_followup = False
        self._run_job()
        self.assertFalse(first.no_followup)

    def test_the_flag_is_written_in_a_locked_year_on_a_hashed_entry(self):
        journal = self.company_data["default_journal_sale"]
        journal.restrict_mode_hash_table = True
        invoice = self._invoice("2025-01-10")
        self.env.company.fiscalyear_lock_date = "2025-12-31"
        dispute = self._dispute(self._instalments(invoice), user=self.user_sales_own)
        self.assertTrue(invoice.inalterable_hash)
        self.assertTrue(dispute.move_line_id.no_followup)
