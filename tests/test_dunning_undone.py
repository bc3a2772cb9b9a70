"""Dunning runs: confirmed twice, cancelled, taken back; customers that are merged."""

from odoo.exceptions import UserError

from .common import load_migration
from .dunning_common import DunningSendingCase


class TestDunningUndone(DunningSendingCase):
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

    def _fail(self, run, failure_type="mail_smtp"):
        """The e-mail of a run can't leave."""
        mail = self._outbox(run)
        mail.state = "exception"
        mail._postprocess_sent_message([], [], failure_type=failure_type)
        self.env.invalidate_all()
        return mail

    def test_cancel_forgets_nobody_whose_mail_failed(self):
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        mail = self._fail(run)
        # others are to be made yet
        run.sudo().state = "stopped"
        run.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(run.letter_ids.state, "taken_back")
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(self._levels_of(invoice)["2026-04-01"], ("", ""))
        self.assertIn("The run was cancelled.", invoice.message_ids[0].body)
        # the next run reminds of it
        run = self._send(self._run())
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")
        # one that fails after the run was cancelled is tried again
        run.sudo().state = "stopped"
        run.action_cancel()
        mail = self._fail(run)
        run.action_retry()
        self.assertEqual((run.letter_ids.state, mail.state), ("queued", "outgoing"))
        self.assertEqual(run.state, "cancelled")

    def test_migration_of_letters_that_were_forgotten(self):
        invoice = self._invoice("2026-04-01", 100, self.by_mail)
        forgotten = self._send(self._run())
        self._fail(forgotten)
        forgotten.letter_ids.sudo().state = "cancelled"
        self._invoice("2026-04-02", 100)
        draft = self._run()
        letter = draft.letter_ids
        letter.channel = "call"
        letter.line_ids.action_leave_out()
        values = {"is_channel_chosen": False, "is_emptied": False}
        letter.sudo().write(values)
        self.env.flush_all()
        load_migration("19.0.1.3.0", "post-dunning-letters").migrate(
            self.env.cr, "19.0.1.2.0"
        )
        self.env.invalidate_all()
        self.assertEqual(forgotten.letter_ids.state, "taken_back")
        self.assertEqual(self._levels_of(invoice)["2026-04-01"], ("", ""))
        self.assertTrue(letter.is_channel_chosen and letter.is_emptied)

    def test_a_mail_that_was_sent_anew_from_the_outbox(self):
        self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        self._fail(run).mark_outgoing()
        self._deliver(run)
        self.assertEqual(self._state(run.letter_ids), ("done", "email", ""))
        # there is nothing to try again: he has got it
        run.action_retry()
        self.assertEqual(self._outbox(run).state, "sent")
        # or it turns out that it is no address
        self._invoice("2026-04-01", 100)
        run = self._send(self._run())
        for failure_type in ("mail_smtp", "mail_email_invalid"):
            self._fail(run, failure_type)
        self.assertEqual(self._state(run.letter_ids)[:2], ("done", "call"))
        self.assertTrue(run.letter_ids.activity_ids)

    def test_what_was_taken_back_stays_so_when_its_mail_fails(self):
        self._invoice("2026-04-01", 100, self.by_mail)
        run = self._send(self._run())
        self._take_back(run.letter_ids)
        self._fail(run)
        self.assertEqual(run.letter_ids.state, "taken_back")

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

    def test_merge_with_one_who_was_left_out(self):
        """What the customer has to his credit counts, once."""
        self._invoice("2026-04-01", 100)
        self._invoice("2026-04-01", 40, self.by_mail)
        self._payment("2026-04-02", 15, self.by_mail)
        run = self._run()
        run.letter_ids.filtered(
            lambda one: one.partner_id == self.by_mail
        ).action_leave_out()
        self._merge(self.by_mail, self.customer)
        self._payment("2026-04-03", 5)
        self._send(run)
        (letter,) = run.letter_ids.filtered(lambda one: one.state != "left_out")
        self.assertEqual(self._state(letter), ("queued", "email", ""))
        self.assertEqual(letter.amount, 80)

    def test_merge_with_one_whose_letter_was_made(self):
        self._invoice("2026-04-01", 100, self.by_mail)
        self._payment("2026-04-02", 15, self.by_mail)
        self._invoice("2026-04-01", 40)
        run = self._run()
        mine = run.letter_ids.filtered(lambda one: one.partner_id == self.customer)
        mine.sudo().state = "failed"
        self._send(run)
        self._merge(self.by_mail, self.customer)
        run.action_retry()
        self._work()
        self.assertEqual(self._state(mine), ("queued", "email", ""))
        self.assertEqual(mine.amount, 40)

    def test_merge_after(self):
        self._invoice("2026-04-01", 100)
        invoice = self._invoice("2026-04-01", 40, self.by_mail)
        run = self._send(self._run())
        self._merge(self.by_mail, self.customer)
        self.assertEqual(run.letter_ids.partner_id, self.customer)
        self.assertEqual(run.letter_ids.mapped("state"), ["queued", "queued"])
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")
