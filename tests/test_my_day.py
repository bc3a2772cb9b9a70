"""My day: each source against figures worked out by hand, east and west."""

from freezegun import freeze_time

from .my_day_common import LOS_ANGELES, MOMENT, SHANGHAI, MyDayCase


@freeze_time(MOMENT)
class TestMyDaySources(MyDayCase):
    def test_the_week_ends_as_the_readers_language_has_it(self):
        # Saturday in the United States, Sunday in China; Tuesday is the reader's today
        self.env["res.lang"]._activate_lang("zh_CN")
        for day in ("2026-03-14", "2026-03-15", "2026-03-16"):
            self._quote(day)
        self.assertEqual(self._counts("quotation"), (0, 0, 0, 1))
        self.salesperson.lang = "zh_CN"
        self.env["res.lang"].search([("code", "=", "zh_CN")]).week_start = "1"
        self.assertEqual(self._counts("quotation"), (0, 0, 0, 2))

    def test_quotations_that_expire(self):
        for day in ("2026-02-07", "2026-02-08", "2026-03-09", "2026-03-10"):
            self._quote(day)
        self._quote("2026-03-11", state="sent")
        self._quote("2026-03-12", user=self.colleague)
        self._quote("2026-03-12", confirm=True)
        self._quote("2026-03-12").action_cancel()
        self._quote(False)
        # 7 February is longer ago than thirty days in Shanghai, not yet in California
        self.assertEqual(self._counts("quotation"), (2, 1, 1, 0))
        self.assertEqual(self._counts("quotation", tz=LOS_ANGELES), (2, 1, 1, 1))

    def test_a_planned_quotation_comes_back_as_its_next_step(self):
        quotation = self._quote("2026-03-10")
        self.assertEqual(self._counts("quotation"), (0, 1, 0, 0))
        action = self._run("quotation", quotation, "plan")
        self.assertEqual(action["res_model"], "mail.activity.schedule")
        self.assertEqual(action["context"]["active_ids"], quotation.ids)
        activity = self._plan(quotation, "2026-03-11")
        self.assertEqual(self._counts("quotation"), (0, 0, 0, 0))
        self.assertEqual(self._counts("activity"), (0, 0, 1, 0))
        activity.action_done()
        self.assertEqual(self._counts("quotation"), (0, 1, 0, 0))

    def test_what_a_row_tells(self):
        contact = self._create_contact(
            self.customer, name="Ann", mobile="+32 470 12 34 56"
        )
        quotation = self._quote("2026-03-08", customer=contact)
        (row,) = self._rows("quotation", "overdue")
        self.assertEqual(row["id"], quotation.id)
        self.assertEqual(row["day"], "2026-03-08")
        self.assertEqual(row["name"], "Tour Customer")
        self.assertEqual(row["contact"], "Ann")
        self.assertEqual(row["partner_id"], self.customer.id)
        self.assertEqual(row["phone"], "+32 470 12 34 56")
        self.assertEqual(row["text"], quotation.name)
        self.assertIn("100.00", row["amount"])
        self.assertEqual(row["owner"], self.salesperson.name)

    def test_next_steps(self):
        order = self._create_order(self.customer, user_id=self.salesperson.id)
        late = self._plan(self.customer, "2026-03-06", summary="Ask")
        self._plan(order, "2026-03-10")
        self._plan(self.customer, "2026-03-11")
        self._plan(self.customer, "2026-03-10", user=self.colleague)
        self._plan(self.customer, "2026-03-10").action_done()
        self.assertEqual(self._counts("activity"), (1, 1, 1, 0))
        # Monday evening in California: Wednesday is neither today nor tomorrow
        self.assertEqual(self._counts("activity", tz=LOS_ANGELES), (1, 0, 1, 1))
        (row,) = self._rows("activity", "overdue")
        self.assertEqual(row["text"], "Call: Ask")
        self.assertEqual(row["name"], "Tour Customer")
        (row,) = self._rows("activity", "today")
        self.assertIn(order.name, row["text"])
        self._run("activity", late, "done")
        self.assertEqual(self._counts("activity"), (0, 1, 1, 0))

    def test_a_next_step_is_moved(self):
        activity = self._plan(self.customer, "2026-03-06")
        self._run("activity", activity, "tomorrow")
        self.assertEqual(str(activity.date_deadline), "2026-03-11")
        self._run("activity", activity, "next_week")
        self.assertEqual(str(activity.date_deadline), "2026-03-17")
        self.assertEqual(self._counts("activity"), (0, 0, 0, 0))

    def test_deliveries(self):
        # 16:30 UTC is the next day in Shanghai and the same morning in Los Angeles
        self._deliver("2026-03-09 15:30:00")
        today = self._deliver("2026-03-09 16:30:00")
        self._deliver("2026-03-10 16:30:00")
        self._deliver("2026-03-10 10:00:00", user=self.colleague)
        self._deliver("2026-03-10 10:00:00").action_cancel()
        self.assertEqual(self._counts("delivery"), (1, 1, 1, 0))
        self.assertEqual(self._counts("delivery", tz=LOS_ANGELES), (0, 2, 1, 0))
        (row,) = self._rows("delivery", "today")
        self.assertEqual(row["moment"], "2026-03-09 16:30:00")
        self.assertIn(today.sale_id.name, row["text"])
        action = self._run("delivery", today, "open")
        self.assertEqual(action["res_id"], today.id)
        today.move_ids.quantity = 1
        today.move_ids.picked = True
        today.with_user(self.salesperson).with_context(skip_sms=True).button_validate()
        self.assertEqual(self._counts("delivery"), (1, 0, 1, 0))

    def test_special_days(self):
        contact = self._create_contact(self.customer)
        birthday = self._special_day("1980-03-10", contact)
        self._special_day("1990-03-09", contact)
        self._special_day("2026-03-12", contact, recurrence="once")
        # after the week; told of at once, in a month, only when it comes
        self._special_day("1970-03-20", contact, notice_days=14)
        self._special_day("1971-03-20", contact, notice_days=7)
        other = self._create_customer(user_id=self.colleague.id)
        self._special_day("1980-03-10", other)
        self.assertEqual(self._counts("special.day"), (0, 1, 0, 2))
        self.assertEqual(self._counts("special.day", tz=LOS_ANGELES), (0, 1, 1, 2))
        self._run("special.day", birthday, "noted")
        self.assertEqual(self._counts("special.day"), (0, 0, 0, 2))
        with freeze_time("2027-03-10 03:00:00"):
            self.assertEqual(self._counts("special.day")[1], 1)

    def test_wishes_by_email_go_to_the_contact(self):
        contact = self._create_contact(self.customer, email="ann@example.com")
        day = self._special_day("1980-03-10", contact)
        action = self._run("special.day", day, "write")
        self.assertEqual(action["context"]["default_partner_ids"], contact.ids)

    def test_no_order_for_longer_than_usual(self):
        # Days between: 10, 20, 60: usual is 20, patience 30 days after 8 February,
        # which is 10 March. Two orders on one day are one.
        self._order_on(
            "2025-11-10 10:00:00",
            "2025-11-20 10:00:00",
            "2025-11-20 12:00:00",
            "2025-12-10 10:00:00",
            "2026-02-08 10:00:00",
        )
        self.assertEqual(self._counts("quiet"), (0, 1, 0, 0))
        self.assertEqual(self._counts("quiet", tz=LOS_ANGELES), (0, 0, 1, 0))
        (row,) = self._rows("quiet", "today")
        self.assertIn("every 20 days", row["text"])
        self.assertEqual(row["id"], self.customer.id)
        # a colleague's order for an address of the customer is one as well
        branch = self._create_contact(self.customer, type="delivery")
        self._order_on("2026-03-09 10:00:00", customer=branch, user=self.colleague)
        self.assertEqual(self._counts("quiet"), (0, 0, 0, 0))

    def test_who_is_never_quiet(self):
        moments = ("2025-12-01 10:00:00", "2025-12-11 10:00:00", "2025-12-21 10:00:00")
        self._order_on(*moments)
        self.assertEqual(self._counts("quiet"), (1, 0, 0, 0))
        activity = self._plan(self.customer, "2026-03-20")
        self.assertEqual(self._counts("quiet"), (0, 0, 0, 0))
        activity.action_done()
        self.customer.action_blacklist()
        self.assertEqual(self._counts("quiet"), (0, 0, 0, 0))
        twice = self._create_customer(user_id=self.salesperson.id)
        self._order_on(*moments[:2], customer=twice)
        self.assertEqual(self._counts("quiet"), (0, 0, 0, 0))

    def test_large_deals(self):
        company = self.env.company
        lead = self.env["crm.lead"].create(
            {
                "name": "Large",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.salesperson.id,
                "expected_revenue": 500,
            }
        )
        quotation = self._quote(False)
        self.assertEqual(self._counts("large.deal"), (0, 0, 0, 0))
        company.crm_large_deal_amount = 100
        self.assertEqual(self._counts("large.deal"), (0, 1, 0, 0))
        self.assertEqual(self._counts("large.quotation"), (0, 1, 0, 0))
        (row,) = self._rows("large.deal", "today")
        self.assertIn("500.00", row["amount"])
        quotation.opportunity_id = lead
        self.assertEqual(self._counts("large.quotation"), (0, 0, 0, 0))
        self._plan(lead, "2026-03-20")
        self.assertEqual(self._counts("large.deal"), (0, 0, 0, 0))

    def test_a_large_quotation_is_weighed_in_the_companys_currency(self):
        self.env.company.crm_large_deal_amount = 100
        currency = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rate_ids": []}
        )
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-01-01", "rate": 4.0}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "T", "currency_id": currency.id}
        )
        quotation = self._quote(False, pricelist_id=pricelist.id)
        quotation.order_line.price_unit = 399
        self.assertEqual(self._counts("large.quotation"), (0, 0, 0, 0))
        quotation.order_line.price_unit = 400
        self.assertEqual(self._counts("large.quotation"), (0, 1, 0, 0))

    def test_an_empty_day_tells_what_comes_next(self):
        self.assertFalse(self._my_day().get_day()["next"])
        self._quote("2026-03-27")
        self._plan(self.customer, "2026-03-26", summary="Later")
        upcoming = self._my_day().get_day()["next"]
        self.assertEqual(upcoming["day"], "2026-03-26")
        self.assertEqual(upcoming["name"], "Tour Customer")
        self._plan(self.customer, "2026-03-10")
        self.assertFalse(self._my_day().get_day()["next"])

    def test_today_is_the_readers(self):
        self.assertEqual(str(self._my_day().get_day()["today"]), "2026-03-10")
        west = self._my_day(tz=LOS_ANGELES).get_day()
        self.assertEqual(str(west["today"]), "2026-03-09")
        self.assertEqual(self.salesperson.tz, SHANGHAI)
