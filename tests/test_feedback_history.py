"""What follows from what happened is nobody's to write: no figure is made up."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .feedback_policy_common import MONDAY, FeedbackPolicyCase

DAY = "2026-03-02 07:00:00"
#: what an agent would write to look faster than he was
FACTS = {
    "date_first_answer": DAY,
    "date_solved": DAY,
    "date_closed": DAY,
    "date_escalated": False,
    "date_acknowledged": DAY,
    "reopen_count": 0,
    "is_solved": True,
    "is_closed": True,
    "is_deadline_manual": True,
    "is_customer_answered": False,
    "date_answer_deadline": "2030-01-01 07:00:00",
    "date_due": "2030-01-01 07:00:00",
    "date_escalation": False,
    "hours_first_answer": 0.1,
    "hours_solution": 0.1,
    "first_answer_result": "in_time",
    "solution_result": "in_time",
}


class TestFeedbackHistory(FeedbackPolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(answer=4, solution=8, steps=[{"percent": 50}])

    def test_nobody_writes_what_follows(self):
        case = self._received(MONDAY, user_id=self.agent.id)
        sold = self._case(user=self.user_sales_own)
        fields = self.env["crm.feedback"]._fields
        follows = {name for name, f in fields.items() if f.store and f.readonly}
        self.assertLessEqual(set(FACTS), follows)
        for mine, user in ((case, self.agent), (sold, self.user_sales_own)):
            for name, value in FACTS.items():
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        mine.with_user(user).write({name: value})
                    with self.assertRaises(AccessError):
                        self._case(user=user, **{name: value})
                    with self.assertRaises(AccessError):
                        self.env["crm.feedback"].with_user(user).with_context(
                            **{f"default_{name}": value}
                        ).create({"subject": "x"})

    def test_nobody_writes_what_was_told(self):
        case = self._received(MONDAY, user_id=self.agent.id)
        self._at("2026-03-09 13:00:00")
        self.env["crm.feedback"].sudo()._escalate(case.ids)
        case.stage_id = self._stage("waiting")
        self.assertTrue(case.escalation_ids and case.pause_ids)
        for user in (self.agent, self.manager):
            for told in (case.escalation_ids, case.pause_ids):
                told = told.with_user(user)
                name = "date" if "date" in told._fields else "date_start"
                with self.assertRaises(AccessError):
                    told.write({name: DAY})
                with self.assertRaises(AccessError):
                    told.unlink()
            for name in ("escalation_ids", "pause_ids"):
                with self.assertRaises(AccessError):
                    case.with_user(user).write({name: [Command.clear()]})

    def test_the_number_is_given(self):
        for user in (self.agent, self.user_sales_own):
            with self.assertRaises(UserError):
                self._case(user=user, name="FB1")
        case = self._case()
        for user in (self.agent, self.manager):
            with self.assertRaises(UserError):
                case.with_user(user).name = "FB1"

    def test_late_stays_late(self):
        later = "2026-03-20 07:00:00"
        case = self._received(MONDAY, user_id=self.agent.id)
        # what is written to a new case before it is saved is not told
        self.env.cr.flush()
        mine = case.with_user(self.agent)
        mine = mine.with_context(tracking_disable=False, mail_notrack=False)
        # in time he agrees upon another day, and corrects when it came
        mine.date_received = "2026-03-09 06:30:00"
        mine.date_deadline = "2026-03-10 16:00:00"
        self.env.flush_all()
        self.env.cr.flush()
        case.invalidate_recordset()
        tracked = case.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual({"date_received", "date_deadline"}, set(tracked))
        # the answer is late: it did not come later after all
        self._at("2026-03-09 15:00:00")
        with self.assertRaises(UserError):
            mine.date_received = "2026-03-09 14:00:00"
        # the solution is late
        self._at("2026-03-11 07:00:00")
        for value in (later, False):
            with self.assertRaises(UserError):
                mine.date_deadline = value
        # solved
        mine.stage_id = self._stage("solved")
        for name in ("date_received", "date_deadline"):
            with self.assertRaises(UserError):
                mine.write({name: later})
        self.assertEqual(case.solution_result, "late")
        case.with_user(self.manager).date_deadline = later
        self.assertEqual(case.solution_result, "in_time")

    def test_a_manager_brings_in_old_cases(self):
        columns = ["name", "subject", "date_received", "date_first_answer"]
        columns += ["date_solved", "date_closed", "stage_id/.id"]
        row = ["OLD/7", "An old case", MONDAY, "2026-03-09 08:00:00"]
        row += ["2026-03-09 10:00:00", "2026-03-10 07:00:00"]
        row += [str(self._stage("closed").id)]
        found = self.env["crm.feedback"].with_user(self.manager).load(columns, [row])
        self.assertFalse(found["messages"])
        case = self.env["crm.feedback"].browse(found["ids"])
        self.assertEqual(case.name, "OLD/7")
        # 8:00 to 9:00 and 8:00 to 11:00 in Berlin
        self.assertEqual((case.hours_first_answer, case.hours_solution), (1, 3))
        found = self.env["crm.feedback"].with_user(self.agent).load(columns, [row])
        self.assertFalse(found["ids"])
        # what stands in the stage is not his to write either
        with self.assertRaises(AccessError):
            case.with_user(self.manager).is_closed = False
