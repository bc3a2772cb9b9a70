"""Deadlines, against hours that were counted by hand. Moments are in UTC."""

import random
from datetime import datetime, timedelta

import pytz

from odoo.addons.crm_custom.models.working_time import WorkingTime

from .feedback_policy_common import MONDAY, FeedbackPolicyCase


class TestFeedbackDeadline(FeedbackPolicyCase):
    # ------------------------------------------------------------
    # Counted by hand
    # ------------------------------------------------------------

    def _check(self, calendar, received, hours, due):
        policy = self._policy(solution=hours, calendar_id=calendar.id)
        case = self._received(received)
        self.assertEqual(case.policy_id, policy)
        self._assert_at(case.date_deadline, due)

    def test_over_a_weekend_and_the_beginning_of_summer_time(self):
        # Fri 15:00-17:00, Mon 8:00-12:00 and 13:00-15:00, an hour earlier in UTC
        self._check(self.berlin, "2026-03-27 14:00:00", 8, "2026-03-30 13:00:00")

    def test_over_the_end_of_summer_time(self):
        # Fri 16:00-17:00, Mon 8:00-11:00
        self._check(self.berlin, "2026-10-23 14:00:00", 4, "2026-10-26 10:00:00")

    def test_day_and_night_over_the_beginning_of_summer_time(self):
        always = self._calendar("Europe/Berlin", [(0, 24)], "0123456")
        # Sat 0:00 to Mon 6:00 by the clock is 53 hours, for Sunday has 23
        self._check(always, "2026-03-27 23:00:00", 53, "2026-03-30 04:00:00")

    def test_day_and_night_over_the_end_of_summer_time(self):
        always = self._calendar("Europe/Berlin", [(0, 24)], "0123456")
        # Sun 0:00 to 4:00 by the clock is 5 hours
        self._check(always, "2026-10-24 22:00:00", 5, "2026-10-25 03:00:00")

    def test_from_outside_the_hours_to_the_end_of_a_morning(self):
        # from Saturday on: Mon 8:00-12:00, not 13:00
        self._check(self.berlin, "2026-03-07 12:00:00", 4, "2026-03-09 11:00:00")

    def test_in_new_york(self):
        office = self._calendar("America/New_York", [(9, 17)])
        # Fri 16:30-17:00 in winter, Mon 9:00-16:30 in summer
        self._check(office, "2026-03-06 21:30:00", 8, "2026-03-09 20:30:00")

    def test_in_shanghai(self):
        office = self._calendar("Asia/Shanghai", [(9, 12), (13, 18)])
        # Fri 17:30-18:00, Mon 9:00-10:30
        self._check(office, "2026-03-13 09:30:00", 2, "2026-03-16 02:30:00")

    def test_in_a_zone_of_half_hours(self):
        office = self._calendar("Asia/Kolkata", [(9.5, 17.5)])
        # Fri 10:00-17:30, Mon 9:30-12:00
        self._check(office, "2026-03-13 04:30:00", 10, "2026-03-16 06:30:00")

    def test_over_easter(self):
        """Good Friday is the calendar's, Easter Monday the company's."""
        self._holiday(
            "2026-04-02 22:00:00",
            "2026-04-03 21:59:59",
            calendar_id=self.berlin.id,
        )
        self._holiday("2026-04-05 22:00:00", "2026-04-06 21:59:59")
        # Thu 16:00-17:00, Tue 8:00-12:00 and 13:00-16:00
        self._check(self.berlin, "2026-04-02 14:00:00", 8, "2026-04-07 14:00:00")

    def test_half_a_holiday(self):
        self._holiday("2026-12-24 11:00:00", "2026-12-24 22:59:59")
        # Thu 10:00-12:00, Fri 8:00-9:00
        self._check(self.berlin, "2026-12-24 09:00:00", 3, "2026-12-25 08:00:00")

    def test_time_off_of_others_counts_as_work(self):
        other = self.env["res.company"].create({"name": "Other"})
        person = (
            self.env["resource.resource"]
            .sudo()
            .create({"name": "Somebody", "calendar_id": self.berlin.id})
        )
        self._holiday(MONDAY, "2026-03-09 16:00:00", company=other)
        self._holiday(MONDAY, "2026-03-09 16:00:00", resource_id=person.id)
        self._check(self.berlin, MONDAY, 8, "2026-03-09 16:00:00")

    def test_a_calendar_without_hours_and_no_calendar(self):
        empty = self._calendar("UTC", [])
        policy = self._policy(solution=8, calendar_id=empty.id)
        case = self._received(MONDAY)
        self.assertFalse(case.date_deadline)
        self.env.company.resource_calendar_id = False
        policy.calendar_id = False
        self._assert_at(case.date_deadline, "2026-03-09 15:00:00")

    def test_against_odoo(self):
        """Random spans and holidays: Odoo counts the same hours, and plans the same."""
        chance = random.Random(3)
        start = datetime(2026, 1, 1)
        for zone in ("Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland"):
            calendar = self._calendar(zone)
            for _holiday in range(10):
                first = start + timedelta(hours=chance.randrange(365 * 24))
                self._holiday(
                    first,
                    first + timedelta(hours=chance.randrange(1, 60)),
                    calendar_id=calendar.id,
                )
            line = WorkingTime(self.env, calendar, self.env.company, start)
            for _span in range(20):
                begin = start + timedelta(minutes=chance.randrange(300 * 24 * 60))
                end = begin + timedelta(minutes=chance.randrange(60 * 24 * 60))
                odoo = calendar.get_work_hours_count(begin, end)
                self.assertAlmostEqual(line.worked(begin, end), odoo * 3600, 3)
                hours = chance.randrange(1, 200)
                planned = calendar.plan_hours(
                    hours, pytz.utc.localize(begin), compute_leaves=True
                )
                due = line.due(begin, hours * 3600)
                self.assertEqual(pytz.utc.localize(due), planned)

    # ------------------------------------------------------------
    # The clock stands still
    # ------------------------------------------------------------

    def test_waiting_for_the_customer(self):
        self._policy(answer=4, solution=8)
        case = self._received(MONDAY)
        self._assert_at(case.date_answer_deadline, "2026-03-09 11:00:00")
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        self._assert_at(case.date_due, "2026-03-09 11:00:00")
        self._at("2026-03-09 09:00:00")
        case.stage_id = self._stage("waiting")
        self.assertFalse(case.date_deadline or case.date_due)
        # Mon 8:00-10:00 is gone; his reply comes on Tue 10:00, when 6 hours are left
        self._at("2026-03-10 09:00:00")
        case.with_user(self.user_sales_own).sudo().message_post(
            body="Here are the pictures",
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(case.stage_id, self._stage("progress"))
        self._assert_at(case.date_deadline, "2026-03-10 16:00:00")
        self._assert_at(case.date_answer_deadline, "2026-03-10 11:00:00")
        self.assertEqual(case.pause_ids.mapped("reason"), ["waiting"])
        self._at("2026-03-10 15:00:00")
        case.stage_id = self._stage("solved")
        # Mon 8:00-10:00, Tue 10:00-12:00 and 13:00-16:00
        self.assertEqual(case.hours_solution, 7)
        self.assertEqual(case.solution_result, "in_time")
        self.assertFalse(case.date_due)

    def test_waiting_after_the_deadline_does_not_move_it(self):
        self._policy(solution=8)
        case = self._received(MONDAY)
        self._at("2026-03-10 08:00:00")
        case.stage_id = self._stage("waiting")
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        self._at("2026-03-11 08:00:00")
        case.stage_id = self._stage("progress")
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        self._assert_at(case.date_due, "2026-03-09 16:00:00")

    def test_a_case_that_opens_again(self):
        """The time in which it was solved is not ours."""
        self._policy(solution=8)
        case = self._received(MONDAY)
        self._at("2026-03-09 11:00:00")
        case.stage_id = self._stage("closed")
        self.assertEqual(case.hours_solution, 4)
        self._at("2026-03-16 07:00:00")
        case._reopen()
        self.assertFalse(case.solution_result)
        # 4 hours are left of the 8: Mon 8:00-12:00
        self._assert_at(case.date_deadline, "2026-03-16 11:00:00")
        self._at("2026-03-16 14:00:00")
        case.stage_id = self._stage("solved")
        # 4 before; Mon 8:00-12:00 and 13:00-15:00
        self.assertEqual(case.hours_solution, 10)
        self.assertEqual(case.solution_result, "late")

    def test_the_first_answer(self):
        self._policy(answer=2)
        case = self._received(MONDAY)
        self._at("2026-03-09 12:30:00")
        case.message_post(
            body="We look into it",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        # Mon 8:00-12:00 and 13:00-13:30
        self.assertEqual(case.hours_first_answer, 4.5)
        self.assertEqual(case.first_answer_result, "late")
        self.assertFalse(case.date_due)

    def test_who_writes_does_not_always_reply(self):
        self._policy(solution=8)
        case = self._received(MONDAY, stage_id=self._stage("waiting").id)
        for vals in (
            {"author_id": self.agent.partner_id.id, "message_type": "comment"},
            {"author_id": self.stranger.id, "message_type": "email"},
            {"author_id": False, "email_from": "x@e.com", "message_type": "email"},
        ):
            case.sudo().message_post(
                body="Hello", subtype_xmlid="mail.mt_comment", **vals
            )
        case.sudo().message_post(body="Note", author_id=self.contact.id)
        self.assertTrue(case.is_waiting)
