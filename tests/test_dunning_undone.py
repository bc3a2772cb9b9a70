"""Dunning runs: confirmed twice, cancelled, taken back; customers that are merged."""

from odoo.exceptions import UserError

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

    def test_merge_after(self):
        self._invoice("2026-04-01", 100)
        invoice = self._invoice("2026-04-01", 40, self.by_mail)
        run = self._send(self._run())
        self._merge(self.by_mail, self.customer)
        self.assertEqual(run.letter_ids.partner_id, self.customer)
        self.assertEqual(run.letter_ids.mapped("state"), ["queued", "queued"])
        self.assertEqual(self._levels_of(invoice)["2026-04-01"][0], "Reminder")
