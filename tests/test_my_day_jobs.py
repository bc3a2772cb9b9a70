"""What is told by itself: overdue work, and the morning's e-mail."""

from unittest.mock import patch

from freezegun import freeze_time

from .my_day_common import (
    JOB_LOGGER,
    LOS_ANGELES,
    MOMENT,
    SHANGHAI,
    MyDayJobCase,
)


@freeze_time(MOMENT)
class TestMyDayOverdue(MyDayJobCase):
    def test_told_once_however_often_it_runs(self):
        quotation = self._quote("2026-03-09")
        due = self._quote("2026-03-10")
        picking = self._deliver("2026-03-08 10:00:00")
        for _time in range(3):
            self._run_job("my_day_overdue")
        (activity,) = self._told(quotation)
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(str(activity.date_deadline), "2026-03-09")
        self.assertTrue(activity.automated)
        self.assertEqual(len(self._told(picking)), 1)
        self.assertFalse(self._told(due))

    def test_it_is_neither_a_plan_nor_a_second_row(self):
        self._quote("2026-03-09")
        self._run_job("my_day_overdue")
        self.assertEqual(self._counts("quotation"), (1, 0, 0, 0))
        self.assertEqual(self._counts("activity"), (0, 0, 0, 0))

    def test_the_day_is_that_of_who_does_it(self):
        self.salesperson.tz = LOS_ANGELES
        self.colleague.tz = SHANGHAI
        west = self._quote("2026-03-09")
        east = self._quote("2026-03-09", user=self.colleague)
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(west))
        self.assertEqual(len(self._told(east)), 1)
        with freeze_time("2026-03-10 07:30:00"):
            self._run_job("my_day_overdue")
        self.assertEqual(len(self._told(west)), 1)
        self.assertEqual(len(self._told(east)), 1)

    def test_what_is_settled_is_taken_away(self):
        quotation = self._quote("2026-03-09")
        self._run_job("my_day_overdue")
        quotation.validity_date = "2026-03-20"
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(quotation))
        with freeze_time("2026-03-21 03:00:00"):
            self._run_job("my_day_overdue")
            self._run_job("my_day_overdue")
        self.assertEqual(str(self._told(quotation).date_deadline), "2026-03-20")

    def test_what_was_ticked_off_is_not_told_again(self):
        quotation = self._quote("2026-03-09")
        self._run_job("my_day_overdue")
        self._told(quotation).action_done()
        self._run_job("my_day_overdue")
        self.assertEqual(len(self._told(quotation)), 1)
        self._told(quotation).unlink()
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(quotation))

    def test_what_was_overdue_long_before_is_no_news(self):
        old = self._quote("2026-03-02")
        recent = self._quote("2026-03-03")
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(old))
        self.assertTrue(self._told(recent))

    def test_a_bad_record_keeps_nobody_from_the_rest(self):
        quotations = [self._quote("2026-03-09") for _number in range(5)]
        bad = quotations[2]
        model = self.env.registry["crm.my.day.quotation"]
        prepare = model._prepare_rows

        def fail(source, records, work_day):
            if bad in records:
                raise ValueError("bad")
            return prepare(source, records, work_day)

        with (
            patch.object(model, "_prepare_rows", fail),
            self.assertLogs(JOB_LOGGER, "ERROR") as logs,
        ):
            self._run_job("my_day_overdue")
        self.assertEqual(len(logs.records), 1)
        self.assertEqual([len(self._told(q)) for q in quotations], [1, 1, 0, 1, 1])
        self._run_job("my_day_overdue")
        self.assertEqual([len(self._told(q)) for q in quotations], [1] * 5)

    def test_contacts_due(self):
        with freeze_time("2026-02-01 10:00:00"):
            customer = self._create_customer(
                user_id=self.salesperson.id, contact_cadence_days=36
            )
            self.env["crm.interaction"].create({"partner_id": customer.id})
        # 1 February and 36 days: 9 March, yesterday in Shanghai
        self.assertEqual(self._counts("contact"), (1, 0, 0, 0))
        self.assertEqual(self._counts("contact", tz=LOS_ANGELES), (0, 1, 0, 0))
        (row,) = self._rows("contact", "overdue")
        self.assertIn("02/01/2026", row["text"])
        action = self._run("contact", customer, "log")
        self.assertEqual(action["context"], {"default_partner_id": customer.id})
        self._run_job("my_day_overdue")
        self.assertEqual(len(self._told(customer)), 1)
        interactions = self.env["crm.interaction"].with_user(self.salesperson)
        interactions.create({"partner_id": customer.id})
        self.assertEqual(self._counts("contact"), (0, 0, 0, 0))
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(customer))

    def test_who_is_not_to_be_called_on_is_neither_due_nor_told_of(self):
        company_b = self.env["res.company"].create({"name": "Company B"})
        self.colleague.write({"company_ids": [(4, company_b.id)], "tz": SHANGHAI})
        self.colleague.company_id = company_b
        with freeze_time("2026-02-01 10:00:00"):
            resting, black = (
                self._create_customer(
                    user_id=self.salesperson.id, contact_cadence_days=36
                )
                for _number in range(2)
            )
            abroad = self._create_customer(
                user_id=self.colleague.id, contact_cadence_days=36
            )
            for customer in resting | black | abroad:
                self.env["crm.interaction"].create({"partner_id": customer.id})
        resting.no_regular_contact = True
        (black | abroad).action_blacklist()
        self.assertEqual(self._counts("contact"), (0, 0, 0, 0))
        self._run_job("my_day_overdue")
        self.assertFalse(self._told(resting | black))
        # blacklisted here, and not in the company of who sells there
        self.assertEqual(self._counts("contact", self.colleague), (1, 0, 0, 0))
        self.assertEqual(len(self._told(abroad)), 1)

    def test_a_planned_contact_is_due_on_its_day(self):
        with freeze_time("2026-02-01 10:00:00"):
            customer = self._create_customer(
                user_id=self.salesperson.id, contact_cadence_days=20
            )
            self.env["crm.interaction"].create({"partner_id": customer.id})
        self.assertEqual(self._counts("contact"), (1, 0, 0, 0))
        activity = self._plan(customer, "2026-03-11")
        self.assertEqual(self._counts("contact"), (0, 0, 0, 0))
        action = self._run("activity", activity, "log")
        self.assertEqual(action["context"]["default_activity_id"], activity.id)
        interactions = self.env["crm.interaction"].with_user(self.salesperson)
        interactions.with_context(**action["context"]).create({})
        self.assertFalse(activity.active)
        self.assertEqual(self._counts("activity"), (0, 0, 0, 0))
        self.assertEqual(self._counts("contact"), (0, 0, 0, 0))

    def test_a_contact_leaves_the_quiet_in_peace(self):
        self._order_on(
            "2025-12-01 10:00:00", "2025-12-11 10:00:00", "2025-12-21 10:00:00"
        )
        self.assertEqual(self._counts("quiet"), (1, 0, 0, 0))
        self.env["crm.interaction"].create({"partner_id": self.customer.id})
        self.assertEqual(self._counts("quiet"), (0, 0, 0, 0))
        with freeze_time("2026-04-12 03:00:00"):
            self.assertEqual(self._counts("quiet"), (1, 0, 0, 0))


class TestMorningMail(MyDayJobCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.crm_my_day_mail = True
        cls.colleague.write({"crm_my_day_mail": True, "tz": LOS_ANGELES})

    def _mails_at(self, moment):
        """To whom the job writes at this moment (UTC)."""
        with freeze_time(moment), self.mock_mail_gateway():
            self._run_job("my_day_mail")
            return self._new_mails.mapped("email_to")

    def test_once_on_each_users_morning(self):
        for user in (self.salesperson, self.colleague):
            self._quote("2026-03-08", user=user)
        mine, others = self.salesperson.email_formatted, self.colleague.email_formatted
        # 06:30 and 07:30 in Shanghai
        self.assertEqual(self._mails_at("2026-03-09 22:30:00"), [])
        self.assertEqual(self._mails_at("2026-03-09 23:30:00"), [mine])
        self.assertEqual(self._mails_at("2026-03-10 00:30:00"), [])
        # 07:30 in Los Angeles, where summer time has begun
        self.assertEqual(self._mails_at("2026-03-10 14:30:00"), [others])
        self.assertEqual(self._mails_at("2026-03-10 15:30:00"), [])
        # missed until noon
        self.assertEqual(self._mails_at("2026-03-11 04:30:00"), [])
        self.assertEqual(self._mails_at("2026-03-11 23:30:00"), [mine])

    def test_who_fails_keeps_nobody_from_his_mail(self):
        self.colleague.tz = SHANGHAI
        users = self.salesperson | self.colleague
        for user in users:
            self._quote("2026-03-08", user=user)
        model = self.env.registry["crm.my.day"]
        get_parts = model._get_mail_parts
        first = users.sorted("id")[0]

        def fail(my_day, work_day):
            if first.id in work_day.user_ids:
                raise ValueError("bad")
            return get_parts(my_day, work_day)

        with (
            patch.object(model, "_get_mail_parts", fail),
            self.assertLogs(JOB_LOGGER, "ERROR"),
        ):
            sent = self._mails_at("2026-03-09 23:30:00")
        self.assertEqual(sent, (users - first).mapped("email_formatted"))
        # mended the same morning: he gets it still, and the other no second one
        sent = self._mails_at("2026-03-10 00:30:00")
        self.assertEqual(sent, first.mapped("email_formatted"))
        self.assertEqual(self._mails_at("2026-03-10 01:30:00"), [])

    def test_an_unknown_time_zone_is_utc(self):
        self._quote("2026-03-08")
        self.env.cr.execute(
            "UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s",
            [self.salesperson.partner_id.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._mails_at("2026-03-09 23:30:00"), [])
        self.assertEqual(len(self._mails_at("2026-03-10 07:30:00")), 1)

    def test_nothing_is_sent_when_nothing_is_due(self):
        self._quote("2026-03-12")
        self.assertEqual(self._mails_at("2026-03-09 23:30:00"), [])

    def test_off_unless_wished(self):
        self._quote("2026-03-08", user=self.user_sales_manager)
        self.user_sales_manager.tz = SHANGHAI
        self.assertFalse(self.user_sales_manager.crm_my_day_mail)
        self.assertEqual(self._mails_at("2026-03-09 23:30:00"), [])
        self.user_sales_manager.with_user(self.user_sales_manager).write(
            {"crm_my_day_mail": True}
        )
        self.assertEqual(len(self._mails_at("2026-03-09 23:40:00")), 1)

    def test_what_it_says_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salesperson.lang = "zh_CN"
        self.customer.name = "<b>R&D</b>"
        self._quote("2026-03-08")
        for _number in range(12):
            self._quote("2026-03-10")
        self._quote("2026-03-10", user=self.colleague)
        with freeze_time("2026-03-09 23:30:00"), self.mock_mail_gateway():
            self._run_job("my_day_mail")
        mail = self._new_mails
        self.assertIn("13", mail.subject)
        self.assertIn("即将到期的报价单", mail.body_html)
        self.assertIn("&lt;b&gt;R&amp;D", mail.body_html)
        self.assertIn("/odoo/my-day", mail.body_html)
        self.assertEqual(mail.body_html.count("R&amp;D"), 11)
