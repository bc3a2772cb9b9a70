"""Dunning runs: what a person decides, of which day they are, what waits until when."""

from odoo.exceptions import ValidationError

from .dunning_common import DunningCase


class TestDunningChecked(DunningCase):
    def test_who_was_left_out_by_hand_stays_out(self):
        """Whatever is done with his items; others come back with theirs."""
        for number in range(2):
            self._invoice("2026-04-01", 10 + number)
        run = self._run()
        letter = run.letter_ids
        lines = letter.line_ids
        letter.action_leave_out()
        lines[0].action_leave_out()
        self.assertEqual(letter.state, "left_out")
        lines[1].action_leave_out()
        lines.action_take_in()
        self.assertEqual(letter.state, "left_out")
        letter.action_take_in()
        lines.action_leave_out()
        letter.action_leave_out()
        lines.action_take_in()
        self.assertEqual((letter.state, letter.amount), ("left_out", 21))
        letter.action_take_in()
        self.assertEqual(letter.state, "pending")

    def test_the_way_follows_the_level(self):
        old = self._invoice("2026-03-01", 100)
        self._remind("2026-03-15")
        new = self._invoice("2026-03-20", 40)
        self._later("2026-04-02")
        chosen, paid = self._run(), self._run()
        for run in chosen, paid:
            self.assertEqual(run.letter_ids.channel, "letter")
            line = run.letter_ids.line_ids.filtered(lambda one: one.move_id == old)
            line.action_leave_out()
            self.assertEqual(run.letter_ids.level_id, self.first)
            self.assertEqual(run.letter_ids.channel, "email")
            line.action_take_in()
            self.assertEqual(run.letter_ids.channel, "letter")
        # a person's word stays
        chosen.letter_ids.channel = "call"
        self._match(old, self._payment("2026-04-01", 100))
        for run, channel in ((paid, "email"), (chosen, "call")):
            letter = run.letter_ids
            letter.sudo()._refresh(run)
            self.assertEqual((letter.level_id, letter.channel), (self.first, channel))
        self._send(paid)
        self.assertEqual((paid.letter_ids.state, paid.paper_count), ("queued", 0))
        self.assertEqual(self._levels_of(new)["2026-03-20"][0], "Reminder")

    def test_no_run_of_a_day_to_come(self):
        self._invoice("2026-06-01", 100)
        with self.assertRaisesRegex(ValidationError, "not due yet"):
            self._run(date="2026-06-15")
        run = self._run()
        with self.assertRaisesRegex(ValidationError, "not due yet"):
            run.date = "2026-04-21"
        # it is where the company is that counts
        self._later("2026-04-20 20:00:00")
        self.env.company.partner_id.tz = "Asia/Tokyo"
        run = self._run()
        self.assertEqual(str(run.date), "2026-04-21")
        self._invoice("2026-04-14", 100)
        run.action_propose()
        # the company's clock was wrong
        self.env.company.partner_id.tz = "UTC"
        with self.assertRaisesRegex(ValidationError, "not due yet"):
            run.action_confirm()

    def test_the_day_is_that_of_the_company_of_the_run(self):
        other = self.setup_other_company()["company"]
        other.partner_id.tz = "America/Los_Angeles"
        self._later("2026-04-20 03:00:00")
        model = self.env["crm.dunning.run"].with_user(self.user_invoicing)
        self.user_invoicing.company_ids += other
        model = model.with_context(allowed_company_ids=(self.env.company + other).ids)
        run = model.create({"company_id": other.id})
        self.assertEqual(str(run.date), "2026-04-19")

    def test_a_promise_pauses_until_its_day_alone(self):
        """Also one that nobody can judge, since one of its invoices is in draft."""
        one, other = self._invoice("2026-04-01", 100), self._invoice("2026-04-01", 50)
        promise = self._promise(
            "2026-04-21", self._instalments(one), self._instalments(other)
        )
        other.button_draft()
        key = one.name, "2026-04-01"
        self._later("2026-04-21")
        self.assertEqual(self._lines(self._run())[key][:2], ("excluded", "promised"))
        self._later("2026-04-22")
        self.assertEqual(self._lines(self._run())[key][:2], ("item", ""))
        self.assertFalse(self._items([("move_id", "=", one.id)]).date_promised)
        self._later("2026-07-01")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_promise").method_direct_trigger()
        self.assertEqual(promise.state, "open")
        self.assertEqual(self._lines(self._run())[key][:2], ("item", ""))

    def test_a_pause_stays_with_who_comes_to_belong_to_another(self):
        invoice = self._invoice("2026-04-01", 100)
        single = self._invoice("2026-04-01", 40)
        pauses = self.env["crm.dunning.pause"].with_user(self.user_invoicing)
        values = {"partner_id": self.customer.id, "reason": "Insolvency"}
        pauses.create({**values, "move_id": single.id, "date_until": "2026-05-01"})
        parent = self._create_customer(name="Parent")
        new = self._invoice("2026-04-01", 7, parent)
        self.customer.parent_id = parent
        self.customer.is_company = False
        self.assertEqual(self.customer.commercial_partner_id, parent)
        lines = self._lines(self._run(), parent)
        self.assertEqual(lines[single.name, "2026-04-01"][1], "paused")
        self.assertEqual(lines[invoice.name, "2026-04-01"][0], "item")
        pause = pauses.with_user(self.user_invoicing).create(
            {**values, "partner_id": parent.id, "date_until": "2026-05-01"}
        )
        self.assertFalse(self._run().letter_ids)
        pause.action_end()
        # made for the customer while he was one
        pause.sudo().write({"partner_id": self.customer.id, "date_until": "2026-05-01"})
        lines = self._lines(self._run(), parent)
        self.assertEqual(
            {number: values[1] for (number, _due), values in lines.items()},
            {invoice.name: "paused", single.name: "paused", new.name: ""},
        )

    def test_archived_customers_owe_all_the_same(self):
        self._invoice("2026-04-01", 100)
        run = self._run(partner_ids=self.customer.ids)
        self.customer.active = False
        self.assertEqual(len(self._run().letter_ids), 1)
        self._send(run)
        self.assertEqual(run.letter_ids.state, "queued")
