"""Days to be reminded of: each year or once, leap days, time zones."""

from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .common import CrmCustomCase

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))


class TestCustomerSpecialDay(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls._create_contact(cls._create_customer())

    def _day(self, day, recurrence="yearly", **vals):
        return self.env["res.partner.special.day"].create(
            {
                "partner_id": self.contact.id,
                "name": "Birthday",
                "date": day,
                "recurrence": recurrence,
                **vals,
            }
        )

    def test_each_year(self):
        with freeze_time("2026-06-30"):
            for day, expected in (
                ("1980-06-29", date(2027, 6, 29)),
                ("1980-06-30", date(2026, 6, 30)),
                ("1980-07-01", date(2026, 7, 1)),
                ("2026-06-30", date(2026, 6, 30)),
            ):
                with self.subTest(day):
                    self.assertEqual(self._day(day).next_date, expected)

    def test_leap_day(self):
        with freeze_time("2024-01-01"):
            leap_day = self._day("2020-02-29")
        for today, expected in (
            ("2026-02-28", date(2026, 2, 28)),
            ("2026-03-01", date(2027, 2, 28)),
            ("2028-02-28", date(2028, 2, 29)),
            ("2028-02-29", date(2028, 2, 29)),
            ("2028-03-01", date(2029, 2, 28)),
        ):
            with self.subTest(today), freeze_time(today):
                leap_day.invalidate_recordset()
                self.assertEqual(leap_day.next_date, expected)
                self._assert_found(leap_day, expected)

    def test_once(self):
        with freeze_time("2026-06-30"):
            past = self._day("2026-06-29", "once")
            today = self._day("2026-06-30", "once")
            future = self._day("2031-01-01", "once")
            self.assertFalse(past.next_date)
            self.assertEqual(today.next_date, date(2026, 6, 30))
            self.assertEqual(future.next_date, date(2031, 1, 1))
            days = past | today | future
            search = days.search
            domain = [("id", "in", days.ids)]
            self.assertEqual(search([*domain, ("next_date", "=", False)]), past)
            self.assertEqual(
                search([*domain, ("next_date", "!=", False)]), today | future
            )
            self.assertEqual(search([*domain, ("next_date", "<=", "today +7d")]), today)

    def test_day_that_comes_back_begins_in_the_past(self):
        with freeze_time("2026-06-30"):
            with self.assertRaisesRegex(ValidationError, "Birthday.*in the future"):
                self._day("2026-07-01")
            day = self._day("2026-07-01", "once")
            with self.assertRaises(ValidationError):
                day.recurrence = "yearly"

    @mute_logger("odoo.sql_db")
    def test_negative_notice_is_refused(self):
        self.assertEqual(self._day("1980-01-01", notice_days=0).notice_days, 0)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._day("1980-01-01", notice_days=-1)

    def test_today_is_the_reader_s(self):
        with freeze_time("2026-06-30 20:00:00"):
            day = self._day("1980-06-30")
            for tz, expected in (
                ("UTC", date(2026, 6, 30)),
                ("Asia/Shanghai", date(2027, 6, 30)),
            ):
                with self.subTest(tz):
                    there = day.with_context(tz=tz)
                    self.assertEqual(there.next_date, expected)
                    self._assert_found(there, expected)

    def _assert_found(self, day, expected):
        search = day.search
        domain = [("id", "=", day.id)]
        for operator, shift in (("=", 0), ("<=", 0), (">=", 0), ("<", 1), (">", -1)):
            value = expected + timedelta(days=shift)
            self.assertEqual(search([*domain, ("next_date", operator, value)]), day)
        for operator, shift in (("=", 1), ("!=", 0), ("<", 0), (">", 0), ("<=", -1)):
            value = expected + timedelta(days=shift)
            self.assertFalse(search([*domain, ("next_date", operator, value)]))

    @settings(max_examples=60, deadline=None)
    @given(first=DATES, today=DATES, recurrence=st.sampled_from(["yearly", "once"]))
    def test_search_agrees_with_the_field(self, first, today, recurrence):
        if recurrence == "yearly":
            first, today = sorted((first, today))
        savepoint = self.env.cr.savepoint()
        with freeze_time(today):
            day = self._day(first, recurrence)
            next_date = day.next_date
            if next_date:
                self.assertGreaterEqual(next_date, today)
                self.assertLessEqual((next_date - max(first, today)).days, 366)
                self._assert_found(day, next_date)
            else:
                self.assertLess(first, today)
                found = day.search([("id", "=", day.id), ("next_date", "=", False)])
                self.assertEqual(found, day)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
