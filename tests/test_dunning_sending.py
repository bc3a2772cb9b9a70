"""Dunning runs: what a confirmed one sends, prints and plans."""

import io
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import html2plaintext, mute_logger

from .common import load_migration
from .dunning_common import DunningSendingCase


class TestDunningSending(DunningSendingCase):
    # ------------------------------------------------------------------
    # E-mail, letter, call
    # ------------------------------------------------------------------

    def test_by_email(self):
        self.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", "True"
        )
        self.env["payment.provider"].create(
            {"name": "P", "state": "test", "is_published": True}
        )
        self.first.copy_salesperson = True
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        self.assertEqual(run.state, "done")
        (letter,) = run.letter_ids
        self.assertEqual(self._state(letter), ("queued", "email", ""))
        self.assertEqual((run.queued_count, run.email_count), (1, 0))
        (mail,) = self._deliver(run)
        self.assertEqual(letter.state, "done")
        self.env.invalidate_all()
        self.assertEqual((run.queued_count, run.email_count), (0, 1))
        self.assertEqual(mail["email_to"], ['"By Mail" <mail@example.com>'])
        self.assertIn("user_sales_all@example.com", str(mail["email_cc"]))
        self.assertIn("Payment reminder from", mail["subject"])
        self.assertIn("user_invoicing@example.com", mail["reply_to"])
        self.assertIn("$\xa0100.00", mail["body"])
        self.assertIn("04/27/2026", mail["body"])
        # pays in the portal without a login
        self.assertIn(
            f"/my/invoices/{invoice.id}?access_token={invoice.access_token}"
            "&amp;payment=True#portal_pay",
            mail["body"],
        )
        ((name, content, mimetype),) = mail["attachments"]
        self.assertEqual(
            (name, mimetype),
            ("Reminder M-1 2026-04-20.pdf", "application/pdf"),
        )
        self.assertEqual(content, letter.sudo().pdf_id.raw)
        text = self._text(letter)
        for part in ("Payment reminder", "100.00", invoice.name, "Please pay by"):
            self.assertIn(part, text)
        note = invoice.message_ids[:1]
        self.assertIn("Dunning: Reminder on 04/20/2026, by E-mail", note.body)
        self.assertEqual(note.author_id, self.user_invoicing.partner_id)
        self.assertEqual(
            self._levels_of(invoice), {"2026-04-01": ("Reminder", "2026-04-20")}
        )
        self.assertEqual(invoice.crm_dunning_count, 1)
        self.assertEqual(self.by_mail.crm_dunning_count, 1)

    def test_what_is_disputed_is_told(self):
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        self._dispute(self._instalments(invoice), 40)
        run = self._send(self._run())
        (mail,) = self._deliver(run)
        told = " ".join(html2plaintext(mail["body"]).split())
        self.assertIn("Disputed, not counted: $ 40.00", told)
        self.assertIn("Disputed, not counted: 40.00", self._text(run.letter_ids))

    def test_the_end_of_a_letter_stays_together(self):
        """However many items there are, the last page tells how to pay."""
        self.first.channel = "letter"
        customers = self.env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(8)]
        )
        debts = [
            (self.receivable, 10, {"partner_id": customer.id, "no_followup": False})
            for number, customer in enumerate(customers)
            for _item in range(18 + number)
        ]
        income = self.company_data["default_account_revenue"]
        self._entry("2026-04-01", [*debts, (income, -10 * len(debts), {})])
        run = self._send(self._run())
        self.assertEqual(len(run.letter_ids), 8)
        for letter in run.letter_ids.sudo():
            pages = PdfReader(io.BytesIO(letter.pdf_id.raw)).pages
            end = pages[-1].extract_text()
            self.assertIn("Please pay by", end, len(letter.line_ids))
            self.assertIn("Kind regards", end)

    def test_who_works_here_no_more_gets_no_copy(self):
        self.first.copy_salesperson = True
        self._invoice("2026-04-01", 100, self.by_mail)
        run = self._run()
        self.assertIn("user_sales_all", run.letter_ids.copy_email)
        self.user_sales_all.active = False
        self.env.invalidate_all()
        self.assertFalse(run.letter_ids.copy_email)

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.first.with_context(lang="zh_CN").write(
            {
                "name": "付款提醒",
                "subject": "付款提醒:{{ object.company_name }}",
                "body": '<p>尊敬的<t t-out="object.contact_name"/>:您好</p>',
            }
        )
        self.by_mail.lang = "zh_CN"
        self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        (mail,) = self._deliver(run)
        self.assertIn("付款提醒:", mail["subject"])
        self.assertIn("尊敬的By Mail:您好", mail["body"])
        self.assertIn("您好", self._text(run.letter_ids))

    def test_letters_as_one_pdf(self):
        self.first.channel = "letter"
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        self.assertEqual((run.paper_count, run.to_print_count), (2, 2))
        self.assertFalse(self._outbox(run))
        action = run.action_print()
        self.assertEqual(action["params"]["data"], {"run_id": run.id})
        letters = run._take_to_print()
        self.assertEqual(letters, run.letter_ids)
        self.env.invalidate_all()
        self.assertEqual(run.to_print_count, 0)
        # another time, all of them
        self.assertEqual(run._take_to_print(), letters)

    def test_calls_are_planned(self):
        self.first.channel = "call"
        self._invoice("2026-04-01", 100)
        nobodys = self._create_customer(name="Nobody's")
        self._invoice("2026-04-01", 100, nobodys)
        run = self._send(self._run())
        letters = run.letter_ids
        self.assertEqual(set(letters.mapped("state")), {"done"})
        self.assertEqual((run.call_count, run.email_count, run.paper_count), (2, 0, 0))
        # his salesperson calls, else who confirmed
        callers = {one.partner_id: one.activity_ids.user_id for one in letters}
        self.assertEqual(
            callers,
            {self.customer: self.user_sales_own, nobodys: self.user_invoicing},
        )
        mine = letters.filtered(lambda letter: letter.partner_id == self.customer)
        activity = mine.with_user(self.user_sales_own).activity_ids
        self.assertIn("100.00", activity.note)
        activity.action_feedback("He will pay on Monday")
        self.assertIn("Monday", mine.message_ids[:1].body)

    def test_a_salesperson_who_cannot_call(self):
        """He works for another company, or not any more: who confirmed calls."""
        self.first.channel = "call"
        other = self.setup_other_company()["company"]
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 100, self.by_mail)
        self.user_sales_own.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self.user_sales_all.active = False
        letters = self._send(self._run()).letter_ids
        self.assertEqual(set(letters.mapped("state")), {"done"})
        self.assertEqual(letters.activity_ids.user_id, self.user_invoicing)
        self.assertEqual(len(letters.activity_ids), 2)

    def test_no_address_or_blacklisted_is_called(self):
        without = self._create_customer(name="No Mail")
        self._invoice("2026-04-01", 100, without)
        self._invoice("2026-04-01", 100, self.by_mail)
        self.env["mail.blacklist"]._add("mail@example.com")
        run = self._run()
        refusals = {one.partner_id.name: one.refusal for one in run.letter_ids}
        self.assertEqual(
            refusals,
            {
                "No Mail": "No e-mail address",
                "By Mail": "Wants no e-mail: on the blacklist",
            },
        )
        self._send(run)
        for letter in run.letter_ids:
            self.assertEqual(
                self._state(letter),
                ("done", "call", refusals[letter.partner_id.name]),
            )
            self.assertTrue(letter.activity_ids)
        self.assertFalse(self._outbox(run))

    def test_bounced_is_called(self):
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        self._deliver(run)
        letter = run.letter_ids
        letter._message_receive_bounce("mail@example.com", self.by_mail)
        self.assertEqual(letter.channel, "call")
        self.assertEqual(letter.activity_ids.user_id, self.user_sales_all)
        self.assertIn("ounce", letter.reason)
        letter._message_receive_bounce("mail@example.com", self.by_mail)
        self.assertEqual(len(letter.activity_ids), 1)
        # he is reminded all the same
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")

    def test_a_mail_that_fails(self):
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        (letter,) = run.letter_ids
        mail = self._outbox(run)
        # the server is down: the same e-mail leaves later, and there is no other one
        mail.state = "exception"
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertEqual(self._state(letter)[:2], ("failed", "email"))
        self.assertEqual(run.failed_count, 1)
        run.action_retry()
        self.assertEqual(self._state(letter), ("queued", "email", ""))
        self.assertEqual((self._outbox(run), mail.state), (mail, "outgoing"))
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")
        # it is no address
        mail._postprocess_sent_message([], [], failure_type="mail_email_invalid")
        self.assertEqual(self._state(letter)[:2], ("done", "call"))
        self.assertTrue(letter.activity_ids)

    # ------------------------------------------------------------------
    # Since the proposal
    # ------------------------------------------------------------------

    def test_what_happened_since_the_proposal(self):
        paid = self._invoice("2026-04-01", 100)
        disputed = self._invoice("2026-04-01", 100)
        half = self._invoice("2026-04-01", 100)
        run = self._run()
        self._match(paid, self._payment("2026-04-19", 100))
        self._dispute(self._instalments(disputed))
        self._match(half, self._payment("2026-04-19", 60))
        self._payment("2026-04-19", 5)
        new = self._invoice("2026-04-02", 1000)
        self._send(run)
        lines = {key[0]: value[:3] for key, value in self._lines(run).items()}
        self.assertEqual(lines[paid.name][:2], ("excluded", "settled"))
        self.assertEqual(lines[disputed.name][:2], ("excluded", "disputed"))
        self.assertEqual(lines[half.name], ("item", "", 40))
        self.assertNotIn(new.name, lines)
        self.assertEqual(run.letter_ids.amount, 35)
        self.assertEqual(self._levels_of(disputed)["2026-04-01"], ("", ""))

    def test_nothing_left_is_no_letter(self):
        invoice = self._invoice("2026-04-01", 100)
        run = self._run()
        self._match(invoice, self._payment("2026-04-19", 100))
        self._send(run)
        self.assertEqual(run.letter_ids.state, "dropped")
        self.assertFalse(self._outbox(run))
        self.assertEqual(run.state, "done")

    def test_two_runs_with_the_same_item(self):
        """Both are proposed before one is confirmed: one level, one letter."""
        invoice = self._invoice("2026-03-01", 100)
        one, two = self._run(), self._run()
        self._send(one)
        self._send(two)
        self.assertEqual(one.letter_ids.state, "queued")
        self.assertEqual(two.letter_ids.state, "dropped")
        self.assertEqual(self._levels_of(invoice)["2026-03-01"][0], "Reminder")

    def test_one_who_fails_holds_nobody_up(self):
        self._invoice("2026-04-01", 100)
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        run = self._run()
        run.action_confirm()
        make = type(run)._make_lines

        def broken(self, lines):
            make(self, lines)
            if "By Mail" in lines.mapped("partner_id.name"):
                raise ValueError("something unforeseen")

        with (
            patch.object(type(run), "_make_lines", broken),
            mute_logger("odoo.addons.crm_custom.models.crm_outbox_run"),
        ):
            self._work()
        self.assertEqual(
            {one.partner_id.name: one.state for one in run.letter_ids},
            {"Owing Customer": "queued", "By Mail": "failed"},
        )
        # of what was not made nothing is left
        self.assertEqual(self._levels_of(invoice)["2026-04-01"], ("", ""))
        self.assertEqual(len(self._outbox(run)), 1)
        run.action_retry()
        self._work()
        self.assertEqual(set(run.letter_ids.mapped("state")), {"queued"})
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")

    def test_a_call_is_work_of_the_day(self):
        self.first.channel = "call"
        self._invoice("2026-04-01", 100)
        self._send(self._run())
        day = self.env["crm.my.day"].with_user(self.user_sales_own)
        rows = day.get_rows("today", "me", ["activity"])["activity"]
        self.assertIn("Remind of what is due: Reminder", str(rows))
        self.assertIn("Owing Customer", str(rows))

    def test_a_sender_who_lost_his_rights(self):
        self._invoice("2026-04-01", 100)
        run = self._run()
        run.action_confirm()
        self.user_invoicing.group_ids -= self.env.ref("account.group_account_invoice")
        self._work()
        run = run.with_user(self.user_accountant)
        self.assertEqual(run.letter_ids.state, "failed")
        with self.assertRaises(AccessError):
            run.with_user(self.user_invoicing).action_retry()

    # ------------------------------------------------------------------
    # Updates
    # ------------------------------------------------------------------

    def test_migration_of_the_english_texts(self):
        """The sentence after the salutation gets its capital, in English alone; what
        somebody has written anew stays.
        """
        texts = {
            self.env.ref("crm_custom.crm_dunning_level_reminder").sudo(): (
                "body",
                "Surely",
            ),
            self.env.ref("crm_custom.crm_dunning_level_second").sudo(): (
                "body",
                "We have",
            ),
            self.env.ref("crm_custom.crm_dunning_level_final").sudo(): (
                "body",
                "In spite",
            ),
            self.env.ref("crm_custom.mail_template_crm_statement").sudo(): (
                *("body_html", "Please find attached"),
            ),
            self.env.ref("crm_custom.mail_template_late_stock").sudo(): (
                *("body_html", "Some goods of your"),
            ),
        }
        expected = {}
        for record, (name, beginning) in texts.items():
            text = record.with_context(lang="en_US")[name]
            self.assertIn(beginning, text)
            expected[record] = text, record.with_context(lang="zh_CN")[name]
            small = beginning[0].lower() + beginning[1:]
            record.with_context(lang="en_US")[name] = text.replace(beginning, small)
        own = self.env["crm.dunning.level"].create(
            {**self.third.copy_data()[0], "sequence": 90, "days": 90, "body": "pay!"}
        )
        load_migration("19.0.1.2.0", "post-letters-begin-with-capitals").migrate(
            self.env.cr, "19.0.1.1.0"
        )
        self.env.invalidate_all()
        for record, (name, _beginning) in texts.items():
            english, chinese = expected[record]
            self.assertEqual(record.with_context(lang="en_US")[name], english)
            self.assertEqual(record.with_context(lang="zh_CN")[name], chinese)
        self.assertIn("pay!", own.body)
