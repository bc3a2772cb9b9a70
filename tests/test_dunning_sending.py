"""Dunning runs: what a confirmed one sends, prints and plans, and how it is undone."""

import io

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError

from .dunning_common import DunningCase


class TestDunningSending(DunningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_mail = cls._create_customer(
            name="By Mail",
            ref="M-1",
            email="mail@example.com",
            user_id=cls.user_sales_all.id,
        )

    def _outbox(self, run):
        return run.letter_ids.sudo().mail_mail_id

    def _deliver(self, run):
        with self.mock_mail_gateway():
            self._outbox(run).send()
        self.env.invalidate_all()
        return self._mails

    def _text(self, letter):
        pages = PdfReader(io.BytesIO(letter.sudo().pdf_id.raw)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def _state(self, letter):
        self.env.invalidate_all()
        return letter.state, letter.channel, letter.reason or ""

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
        (mail,) = self._deliver(run)
        self.assertEqual(letter.state, "done")
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
        self.assertEqual(run.call_count, 2)
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

    # ------------------------------------------------------------------
    # Twice, cancelled, taken back
    # ------------------------------------------------------------------

    def test_confirming_twice(self):
        self._invoice("2026-04-01", 100)
        run = self._run()
        run.action_confirm()
        with self.assertRaisesRegex(UserError, "confirmed already"):
            run.action_confirm()
        self._work()
        with self.assertRaisesRegex(UserError, "confirmed already"):
            run.action_confirm()
        mails = self._outbox(run)
        run.sudo().state = "running"
        self._work()
        self.assertEqual(self._outbox(run), mails)
        self.assertEqual(len(mails), 1)
        with self.assertRaises(UserError):
            run.action_propose()
        with self.assertRaises(UserError):
            run.date = "2026-05-01"
        with self.assertRaises(UserError):
            run.unlink()

    def test_cancel_before(self):
        invoice = self._invoice("2026-04-01", 100)
        run = self._run()
        run.action_confirm()
        run.action_cancel()
        self._work()
        self.assertEqual((run.state, run.letter_ids.state), ("cancelled", "cancelled"))
        self.assertFalse(self._outbox(run))
        self.assertEqual(self._levels_of(invoice)["2026-04-01"], ("", ""))
        with self.assertRaises(UserError):
            run.action_confirm()
        # another run reminds of it
        self.assertTrue(self._run().letter_ids)

    def test_stop_and_go_on(self):
        self._invoice("2026-04-01", 100)
        run = self._run()
        run.action_confirm()
        run.action_stop()
        self._work()
        self.assertEqual(run.letter_ids.state, "pending")
        self._send(run)
        self.assertEqual(run.letter_ids.state, "queued")

    def _take_back(self, letters, note="He had paid", user=None):
        wizard = self.env["crm.dunning.take.back"].with_user(
            user or self.user_invoicing
        )
        wizard.create({"letter_ids": letters.ids, "note": note}).action_take_back()
        self.env.invalidate_all()

    def test_take_back(self):
        invoice = self._invoice("2026-03-01", 100)
        self._remind("2026-04-01")
        run = self._remind("2026-04-20")
        self.assertEqual(self._levels_of(invoice)["2026-03-01"][0], "Second reminder")
        self._take_back(run.letter_ids)
        self.assertEqual(run.letter_ids.state, "taken_back")
        self.assertEqual(
            self._levels_of(invoice)["2026-03-01"], ("Reminder", "2026-04-01")
        )
        self.assertIn(
            "Dunning taken back: Second reminder", invoice.message_ids[0].body
        )
        self.assertIn("He had paid", invoice.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "can be taken back"):
            self._take_back(run.letter_ids)
        # the same level once more
        run = self._remind("2026-04-21")
        self.assertEqual(self._levels_of(invoice)["2026-03-01"][0], "Second reminder")

    def test_take_back_stops_what_has_not_left(self):
        self._invoice("2026-04-01", 100, self.by_mail)
        without = self._create_customer(name="No Mail")
        self._invoice("2026-04-01", 100, without)
        run = self._send(self._run())
        self._take_back(run.letter_ids)
        self.assertEqual(self._outbox(run).state, "cancel")
        self.assertFalse(run.letter_ids.activity_ids)
        self.assertEqual(set(run.letter_ids.mapped("state")), {"taken_back"})
        for letter in run.letter_ids:
            letter._message_receive_bounce("mail@example.com", self.by_mail)
        self.assertFalse(run.letter_ids.activity_ids)

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
    # Merged customers
    # ------------------------------------------------------------------

    def _merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (source | destination).ids, destination
        )
        self.env.invalidate_all()

    def test_merge_before(self):
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 40, self.by_mail)
        run = self._run()
        self._merge(self.by_mail, self.customer)
        states = sorted(run.letter_ids.mapped("state"))
        self.assertEqual(states, ["dropped", "pending"])
        self._send(run)
        (letter,) = run.letter_ids.filtered(lambda one: one.state == "queued")
        self.assertEqual((letter.partner_id, letter.amount), (self.customer, 140))
        self.assertEqual(len(self._outbox(run)), 1)

    def test_merge_after(self):
        self._invoice("2026-04-01", 100)
        invoice = self._invoice("2026-04-01", 40, self.by_mail)
        run = self._send(self._run())
        self._merge(self.by_mail, self.customer)
        self.assertEqual(run.letter_ids.partner_id, self.customer)
        self.assertEqual(run.letter_ids.mapped("state"), ["queued", "queued"])
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")
