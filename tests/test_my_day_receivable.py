"""My day: what one's customers owe, and what settles a row."""

from freezegun import freeze_time

from .promise_common import PromiseCase


@freeze_time("2026-03-10 12:00:00")
class TestMyDayReceivable(PromiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.user_sales_own
        cls.salesperson.tz = "UTC"
        cls.customer.user_id = cls.salesperson

    def _day(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.my.day"].with_user(user or self.salesperson)

    def _counts(self, user=None):
        """(overdue, today, tomorrow, week)"""
        sources = self._day(user).get_day("me")["sources"]
        counts = {source["key"]: source["counts"] for source in sources}
        return tuple(counts["receivable"].values())

    def _due(self, day, **vals):
        return self._invoice("2026-02-01", invoice_date_due=day, **vals)

    def _speak(self, moment):
        contacts = self.env["crm.interaction"].with_user(self.salesperson)
        contacts.create({"partner_id": self.customer.id, "date_start": moment})

    def test_what_is_due_and_what_is_not_ones_own(self):
        for day in ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12"):
            self._due(day)
        self._due("2026-04-30")
        self._due("2026-03-09", customer=self._create_customer(name="Nobody's"))
        self._due("2026-03-09", move_type="in_invoice")
        self._match(self._due("2026-03-09"), self._payment("2026-03-01", 100))
        paused = self._due("2026-03-09")
        self._instalments(paused).no_followup = True
        self.assertEqual(self._counts(), (1, 1, 1, 1))
        self.assertEqual(self._counts(self.user_sales_all), (0, 0, 0, 0))

    def test_a_row_leads_to_the_customer_of_who_may_not_read_entries(self):
        invoice = self._due("2026-03-09")
        (row,) = self._day().get_rows("overdue", "me", ["receivable"])["receivable"]
        self.assertEqual((row["text"], row["day"]), (invoice.name, "2026-03-09"))
        self.assertIn("100.00", row["amount"])
        action = self._day().run_action("receivable", row["id"], "open")
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]),
            ("res.partner", self.customer.id, "new"),
        )

    def test_a_pause_and_a_promise_hide_it_until_their_day(self):
        """Whether the job has looked at the promise or not."""
        promised = self._due("2026-03-04")
        self._promise("2026-03-11", self._instalments(promised))
        paused = self._due("2026-03-05")
        self.env["crm.dunning.pause"].with_user(self.user_invoicing).create(
            {
                "partner_id": self.customer.id,
                "move_id": paused.id,
                "date_until": "2026-03-12",
                "reason": "Waits for our answer",
            }
        )
        for day, count in (("2026-03-11", 0), ("2026-03-12", 1), ("2026-03-13", 2)):
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(self._counts()[0], count, day)

    def test_a_contact_settles_it_for_a_week(self):
        item = self._instalments(self._due("2026-03-08"))
        self._due("2026-03-11")
        self._speak("2026-03-07 10:00:00")
        self.assertEqual(self._counts(), (1, 0, 1, 0))
        action = self._day().run_action("receivable", item.id, "log")
        form = self._fill_in(action, self.salesperson)
        self.assertEqual(form.partner_id, self.customer)
        form.save()
        self.assertEqual(self._counts(), (0, 0, 0, 0))
        with freeze_time("2026-03-11 12:00:00"):
            # it was said before that one was due
            self.assertEqual(self._counts(), (0, 1, 0, 0))
        with freeze_time("2026-03-16 12:00:00"):
            self.assertEqual(self._counts(), (1, 0, 0, 0))
        with freeze_time("2026-03-17 12:00:00"):
            self.assertEqual(self._counts(), (2, 0, 0, 0))

    def test_a_promise_or_a_dispute_settles_it(self):
        first = self._instalments(self._due("2026-03-08"))
        second = self._instalments(self._due("2026-03-09"))
        self.assertEqual(self._counts(), (2, 0, 0, 0))
        action = self._day().run_action("receivable", first.id, "promise")
        form = self._fill_in(action, self.salesperson)
        form.date_promised = "2026-03-20"
        form.save()
        self.assertEqual(self._counts(), (1, 0, 0, 0))
        reason = self.env["crm.dispute.reason"].create({"name": "Wrong price"})
        dispute = self.env["crm.dispute"].create(
            {"move_line_id": second.id, "amount": 60, "reason_id": reason.id}
        )
        self.assertEqual(self._counts(), (1, 0, 0, 0))
        dispute._end("withdrawn")
        self.env["crm.dispute"].create(
            {"move_line_id": second.id, "reason_id": reason.id}
        )
        self.assertEqual(self._counts(), (0, 0, 0, 0))
