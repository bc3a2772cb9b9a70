"""Which policy a case has, and what follows when something changes."""

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import load_migration
from .feedback_policy_common import MONDAY, FeedbackPolicyCase


class TestFeedbackPolicy(FeedbackPolicyCase):
    def test_the_first_policy_that_fits_holds(self):
        kind = self.env["crm.customer.type"].create({"name": "Key account"})
        serious = self.env.ref("crm_custom.crm_feedback_severity_serious")
        of_all = self._policy(solution=40, name="All", sequence=-1)
        of_serious = self._policy(
            solution=8, sequence=-2, severity_ids=[Command.set(serious.ids)]
        )
        of_key = self._policy(
            solution=4, sequence=-3, customer_type_ids=[Command.set(kind.ids)]
        )
        late = self.env.ref("crm_custom.crm_feedback_type_complaint_delivery")
        case = self._received(MONDAY, type_id=late.id)
        self.assertEqual(case.policy_id, of_all, "by the type above its own")
        case.severity_id = serious
        self.assertEqual(case.policy_id, of_serious)
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        self.customer.customer_type_id = kind
        self.assertEqual(case.policy_id, of_key)
        self._assert_at(case.date_deadline, "2026-03-09 11:00:00")
        of_key.active = False
        self.assertEqual(case.policy_id, of_serious)
        late.parent_id = False
        self.assertFalse(case.policy_id)
        late.parent_id = self.complaint
        self.assertEqual(case.policy_id, of_serious)
        case.type_id = self.env.ref("crm_custom.crm_feedback_type_question")
        self.assertFalse(case.policy_id or case.date_deadline)

    def test_of_another_company_or_older_than_the_policy(self):
        other = self.env["res.company"].create({"name": "Other"})
        calendar = self._calendar("UTC", company=other)
        self._policy(solution=8, company_id=other.id, calendar_id=calendar.id)
        case = self._received(MONDAY)
        self.assertFalse(case.policy_id)
        self._policy(solution=8, date_from="2026-03-09 07:00:01")
        self.assertFalse(case.policy_id)
        self._policy(solution=8, date_from=MONDAY)
        self.assertTrue(case.policy_id)

    def test_policy_calendar_and_holidays_change(self):
        policy = self._policy(solution=8)
        closed = self._received(MONDAY)
        case = self._received(MONDAY)
        self._at("2026-03-09 08:00:00")
        closed.stage_id = self._stage("solved")
        policy.hours_solution = 12
        self._assert_at(case.date_deadline, "2026-03-10 11:00:00")
        holiday = self._holiday(MONDAY, "2026-03-09 16:00:00")
        self._assert_at(case.date_deadline, "2026-03-11 11:00:00")
        holiday.date_to = "2026-03-09 11:00:00"
        # the afternoon of Monday is work again: 4 of 12
        self._assert_at(case.date_deadline, "2026-03-10 16:00:00")
        holiday.unlink()
        self._assert_at(case.date_deadline, "2026-03-10 11:00:00")
        self.berlin.attendance_ids.filtered(lambda a: a.hour_from == 13).unlink()
        self._assert_at(case.date_deadline, "2026-03-11 11:00:00")
        self.berlin.tz = "Europe/London"
        self._assert_at(case.date_deadline, "2026-03-11 12:00:00")
        policy.calendar_id = self._calendar("Asia/Tokyo")
        # Mon 16:00-17:00, Tue 8 hours, Wed 8:00-11:00
        self._assert_at(case.date_deadline, "2026-03-11 02:00:00")
        self._assert_at(closed.date_deadline, "2026-03-09 16:00:00")

    def test_the_case_changes(self):
        self._policy(solution=8)
        case = self._received("2026-03-10 07:00:00")
        case.date_received = MONDAY
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        case.active = False
        self.assertFalse(case.date_due)
        case.active = True
        self._assert_at(case.date_due, "2026-03-09 16:00:00")

    def test_a_day_that_was_agreed_upon(self):
        policy = self._policy(solution=8)
        self._at(MONDAY)
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.subject = "x"
            form.partner_id = self.customer
            form.type_id = self.complaint
        case = form.save()
        self._assert_at(case.date_deadline, "2026-03-09 16:00:00")
        self.assertFalse(case.is_deadline_manual)
        case.date_deadline = "2026-03-20 10:00:00"
        policy.hours_solution = 4
        self._assert_at(case.date_deadline, "2026-03-20 10:00:00")
        self._assert_at(case.date_due, "2026-03-20 10:00:00")
        case.stage_id = self._stage("waiting")
        self._assert_at(case.date_deadline, "2026-03-20 10:00:00")
        case.stage_id = self._stage("progress")
        case.date_deadline = False
        self._assert_at(case.date_deadline, "2026-03-09 11:00:00")

    def test_who_reads_the_case_reads_its_times(self):
        """A salesperson, of his own customer: policy, pauses and steps stand on it."""
        self._policy(solution=8, steps=[{"percent": 50, "by_mail": False}])
        case = self._received(MONDAY)
        self._at("2026-03-09 12:00:00")
        self.env["crm.feedback"].sudo()._escalate(case.ids)
        case.stage_id = self._stage("waiting")
        self.env.invalidate_all()
        for user in (self.user_sales_own, self.user_sales_all, self.manager):
            with Form(case.with_user(user)) as form:
                self.assertEqual(form.policy_id.name, "By hand")
                self.assertEqual(len(form.escalation_ids), 1)
                self.assertEqual(len(form.pause_ids), 1)
        other = self.user_sales_own.copy({"login": "another"})
        for model in ("crm.feedback.pause", "crm.feedback.escalation"):
            self.assertFalse(self.env[model].with_user(other).search([]))

    def test_merged_cases(self):
        """The case that goes on is as old as the oldest, and has its own policy."""
        self._policy(solution=8)
        first = self._received(MONDAY)
        second = self._received("2026-03-10 07:00:00")
        self.env["crm.feedback.merge"].with_user(self.agent).create(
            {
                "feedback_ids": [Command.set((first | second).ids)],
                "target_id": second.id,
            }
        ).action_merge()
        self.assertFalse(second.is_deadline_manual)
        self._assert_at(second.date_deadline, "2026-03-09 16:00:00")

    def test_merged_customers(self):
        """Cases that come to a customer of another type get the policy for it."""
        kind = self.env["crm.customer.type"].create({"name": "Key account"})
        of_all = self._policy(solution=8)
        of_key = self._policy(
            solution=4, sequence=-2, customer_type_ids=[Command.set(kind.ids)]
        )
        self.customer.customer_type_id = kind
        twin = self._create_customer(name="Twin")
        case = self._received(MONDAY, partner_id=twin.id)
        self.assertEqual(case.policy_id, of_all)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | twin).ids, self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(case.policy_id, of_key)
        self._assert_at(case.date_deadline, "2026-03-09 11:00:00")

    def test_bad_input(self):
        for vals in (
            {"answer": 9, "solution": 8},
            {"solution": 8, "steps": [{"recipient": "role"}]},
            {"solution": 8, "steps": [{"recipient": "user"}]},
            {"solution": 8, "steps": [{"recipient": "owner", "action": "reassign"}]},
            {"solution": 8, "steps": [{"by_mail": False, "by_activity": False}]},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._policy(**vals)
        with mute_logger("odoo.sql_db"):
            for hours in (-1, 10000):
                with self.assertRaises(CheckViolation):
                    self._policy(solution=hours)
            with self.assertRaises(CheckViolation):
                self._stage("solved").is_waiting = True

    # ------------------------------------------------------------
    # Sets
    # ------------------------------------------------------------

    def test_queries_do_not_grow_with_the_cases(self):
        policy = self._policy(answer=4, solution=8, steps=[{"percent": 50}])
        self._received(MONDAY)

        def count(hours):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            policy.hours_solution = hours
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(9)
        self.env["crm.feedback"].with_user(self.agent).create(
            [
                {
                    "subject": str(number),
                    "partner_id": self.customer.id,
                    "type_id": self.complaint.id,
                }
                for number in range(60)
            ]
        )
        self.assertEqual(count(10), few)

    def test_the_price_of_one_case(self):
        """Of a new case neither pauses nor escalations are looked for."""
        self._policy(answer=4, solution=8, steps=[{"percent": 50}])
        self._received(MONDAY)
        for _time in range(2):
            with self.assertQueryCount(9):
                self._case()
                self.env.flush_all()
        waiting = self._case(stage_id=self._stage("waiting").id)
        self.assertEqual(waiting.pause_ids.mapped("reason"), ["waiting"])
        self.assertFalse(waiting.date_deadline or waiting.date_due)

    def test_migration(self):
        stage = self._stage("waiting")
        stage.is_waiting = False
        script = load_migration("19.0.1.1.0", "post-feedback-waiting")
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertTrue(stage.is_waiting)

    def test_what_follows_is_nobodys_to_write(self):
        self._policy(solution=8)
        case = self._received(MONDAY)
        agents = case.with_user(self.agent)
        self.assertTrue(agents.policy_id.name)
        self.assertFalse(
            self.env["crm.feedback.policy"].with_user(self.agent).has_access("write")
        )
        self.assertTrue(
            self.env["crm.feedback.policy"].with_user(self.manager).has_access("write")
        )
        for model in ("crm.feedback.pause", "crm.feedback.escalation"):
            for user in (self.agent, self.manager, self.user_sales_own):
                records = self.env[model].with_user(user)
                self.assertTrue(records.has_access("read"))
                self.assertFalse(records.has_access("create"))
            self.assertFalse(
                self.env[model].with_user(self.user_portal).has_access("read")
            )
        self.assertEqual(fields.Datetime.to_string(case.date_received), MONDAY)
