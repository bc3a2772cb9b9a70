"""Upwards: who is told when, each step once."""

from odoo.fields import Command, Datetime

from odoo.addons.mail.tests.common import MailCase

from .feedback_policy_common import MONDAY, FeedbackPolicyCase

CHAIN = (
    {"percent": 50, "recipient": "owner", "by_mail": False},
    {"trigger": "after", "hours": 0, "recipient": "manager"},
    {"trigger": "after", "hours": 4, "recipient": "leader", "by_activity": False},
)


class TestFeedbackEscalation(MailCase, FeedbackPolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whose manager is the leader of his sales team
        cls.boss = cls._feedback_user("feedback_boss", "agent")
        cls.sales_team = cls.env["crm.team"].create(
            {
                "name": "Sales",
                "user_id": cls.boss.id,
                "company_id": cls.env.company.id,
                "member_ids": [Command.set(cls.agent.ids)],
            }
        )
        cls.role = cls.env["res.groups"].create(
            {
                "name": "Board of complaints",
                "user_ids": [Command.set(cls.colleague.ids)],
            }
        )

    def _run(self):
        self.env.flush_all()
        job = self.env.ref("crm_custom.ir_cron_crm_feedback_escalation").sudo()
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()

    def _told(self, case):
        """Who was told, in the order of the steps."""
        steps = case.escalation_ids.sorted("date_due")
        return [step.user_ids for step in steps]

    def _notified(self, case):
        return self._messages(case).notified_partner_ids.sudo(False)

    def _messages(self, case):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "crm.feedback"),
                    ("res_id", "=", case.id),
                    ("message_type", "=", "user_notification"),
                    ("subject", "like", ": Solution"),
                ]
            )
        )

    def test_the_chain(self):
        self._policy(solution=8, steps=CHAIN)
        case = self._received(MONDAY, user_id=self.agent.id)
        self._assert_at(case.date_escalation, "2026-03-09 11:00:00")
        self._at("2026-03-09 10:59:59")
        self._run()
        self.assertFalse(case.escalation_ids)
        self._at("2026-03-09 11:00:00")
        self._run()
        self._run()
        self.assertEqual(self._told(case), [self.agent])
        self.assertEqual(case.activity_ids.user_id, self.agent)
        self.assertEqual(case.activity_ids.summary, "Solution: 50% of the time used")
        self.assertFalse(self._notified(case))
        self._assert_at(case.date_escalation, "2026-03-09 16:00:00")
        self._at("2026-03-09 16:05:00")
        self._run()
        self.assertEqual(self._told(case), [self.agent, self.boss])
        self.assertEqual(self._notified(case), self.boss.partner_id)
        self.assertEqual(case.activity_ids.user_id, self.agent | self.boss)
        # 4 working hours later: Tue 8:00-12:00
        self._assert_at(case.date_escalation, "2026-03-10 11:00:00")
        self._at("2026-03-12 11:00:00")
        self._run()
        self.assertEqual(self._told(case), [self.agent, self.boss, self.manager])
        self.assertEqual(case.activity_ids.user_id, self.agent | self.boss)
        self.assertFalse(case.date_escalation)
        self._assert_at(case.date_escalated, "2026-03-12 11:00:00")
        self.assertIn("told feedback_manager", case.message_ids[0].body)
        case.stage_id = self._stage("solved")
        self.assertFalse(case.activity_ids)
        self.assertEqual(len(case.escalation_ids), 3)

    def test_a_late_job_takes_all_steps_in_their_order(self):
        self._policy(solution=8, steps=CHAIN)
        case = self._received(MONDAY, user_id=self.agent.id)
        self._at("2026-03-16 07:00:00")
        self._run()
        self.assertEqual(self._told(case), [self.agent, self.boss, self.manager])
        self.assertEqual(self._notified(case), (self.boss | self.manager).partner_id)
        self._run()
        self.assertEqual(len(case.escalation_ids), 3)

    def test_who_is_told_of_several_steps_at_once_is_told_once(self):
        self.team.user_id = self.boss
        self._policy(solution=8, steps=[{**step, "by_mail": True} for step in CHAIN])
        case = self._received(MONDAY, user_id=self.agent.id)
        self._at("2026-03-16 07:00:00")
        self._run()
        self.assertEqual(self._told(case), [self.agent, self.boss, self.boss])
        self.assertEqual(len(case.activity_ids), 2)
        to_boss = self._messages(case).filtered(
            lambda message: message.notified_partner_ids == self.boss.partner_id
        )
        self.assertEqual(len(to_boss), 1)
        self.assertIn("Solution: late", to_boss.body)
        self.assertIn("Solution: 4 working hours late", to_boss.body)

    def test_nobody_is_told_while_it_is_not_our_turn(self):
        self._policy(answer=1, solution=8, steps=[*CHAIN, {"deadline": "answer"}])
        waiting, closed, archived = (self._received(MONDAY) for _case in range(3))
        self._at("2026-03-09 07:30:00")
        waiting.stage_id = self._stage("waiting")
        closed.stage_id = self._stage("refused")
        archived.sudo().active = False
        self._at("2026-03-20 07:00:00")
        self._run()
        self.assertFalse((waiting | closed | archived).escalation_ids)
        waiting.stage_id = self._stage("progress")
        # half an hour of the 4 is gone: Fri 8:00-11:30
        self._assert_at(waiting.date_deadline, "2026-03-20 15:30:00")
        self._at("2026-03-20 10:30:00")
        self._run()
        self.assertEqual(
            len(waiting.escalation_ids), 2, "the answer, and half the time"
        )

    def test_an_answered_case_is_not_asked_for_its_answer(self):
        self._policy(answer=4, steps=[{"deadline": "answer", "percent": 50}])
        case, other = (self._received(MONDAY) for _case in range(2))
        self._at("2026-03-09 09:00:00")
        self._run()
        self.assertEqual(case.activity_ids.user_id, self.manager)
        case.sudo().date_first_answer = "2026-03-09 09:30:00"
        self.assertFalse(case.activity_ids)
        self.assertTrue(other.activity_ids)

    def test_who_stands_in(self):
        outsider = self._feedback_user("feedback_boss_too", "agent")
        chains = {
            # nobody has it: the leader of the team
            ("owner", False, self.manager): self.manager,
            # his own manager goes up
            ("manager", self.boss, self.manager): self.manager,
            # the leader is himself late: the feedback managers
            ("leader", self.manager, self.manager): self._managers() - self.manager,
            ("leader", self.agent, self.env["res.users"]): self._managers(),
            ("role", self.agent, self.manager): self.colleague,
            ("user", self.agent, self.manager): outsider,
        }
        self.sales_team.member_ids += self.boss
        policy = self._policy(solution=8, steps=[{"percent": 50}])
        for (recipient, owner, leader), expected in chains.items():
            with self.subTest(recipient=recipient, owner=owner):
                self.team.user_id = leader
                policy.step_ids.write(
                    {
                        "recipient": recipient,
                        "group_id": self.role.id,
                        "user_id": outsider.id,
                    }
                )
                case = self._received(MONDAY, user_id=owner and owner.id)
                self._at("2026-03-09 12:00:00")
                self._run()
                self.assertEqual(self._told(case), [expected])

    def _managers(self):
        return self.env["res.users"].search(
            [
                (
                    "all_group_ids",
                    "in",
                    self.env.ref("crm_custom.group_crm_custom_feedback_manager").id,
                ),
                ("company_ids", "in", self.env.company.id),
            ]
        )

    def test_who_may_not_read_it_is_not_told(self):
        self.sales_team.user_id = self.user_invoicing
        self._policy(solution=8, steps=[{"percent": 50, "recipient": "manager"}])
        case = self._received(MONDAY, user_id=self.agent.id)
        self._at("2026-03-09 12:00:00")
        self._run()
        self.assertEqual(self._told(case), [self.manager])

    def test_reassigned_to_the_least_busy_of_a_role(self):
        self.role.user_ids += self.outsider
        self._policy(
            solution=8,
            steps=[
                {
                    "percent": 50,
                    "action": "reassign",
                    "recipient": "role",
                    "group_id": self.role.id,
                    "by_mail": False,
                    "by_activity": False,
                }
            ],
        )
        busy = self._received(MONDAY, user_id=self.colleague.id)
        busy.sudo().type_id = self.env.ref("crm_custom.crm_feedback_type_praise")
        cases = self.env["crm.feedback"].union(
            *(self._received(MONDAY, user_id=self.agent.id) for _case in range(3))
        )
        self._at("2026-03-09 12:00:00")
        self._run()
        owners = cases.sorted("id").mapped("user_id.id")
        self.assertEqual(cases.user_id, self.colleague | self.outsider)
        self.assertEqual(owners[0], self.outsider.id)
        history = "".join(cases[0].message_ids.mapped("body"))
        self.assertIn("reassigned to feedback_outsider", history)

    def test_a_step_that_is_added_later_tells_no_old_news(self):
        policy = self._policy(solution=8)
        case = self._received(MONDAY)
        self._at("2026-03-10 07:00:00")
        policy.step_ids = [
            Command.create({"trigger": "after", "hours": 0}),
            Command.create({"trigger": "after", "hours": 8}),
        ]
        self._assert_at(case.date_escalation, "2026-03-10 16:00:00")

    def test_a_day_that_was_agreed_upon(self):
        self._policy(solution=8, steps=CHAIN)
        case = self._received(MONDAY, date_deadline="2026-03-10 16:00:00")
        # half of 16 hours
        self._assert_at(case.date_escalation, "2026-03-09 16:00:00")

    def test_merged_cases_tell_it_once(self):
        self._policy(solution=8, steps=CHAIN)
        cases = self._received(MONDAY) | self._received(MONDAY)
        target = cases[1]
        target.sudo().date_received = "2026-03-09 08:00:00"
        self._at("2026-03-09 11:30:00")
        self._run()
        self.env["crm.feedback.merge"].with_user(self.agent).create(
            {"feedback_ids": [Command.set(cases.ids)], "target_id": target.id}
        ).action_merge()
        self.assertEqual(len(target.escalation_ids), 1)
        self._run()
        self.assertEqual(len(target.escalation_ids), 1)

    def test_the_job_asks_once(self):
        self._policy(solution=8, steps=CHAIN)
        cases = self.env["crm.feedback"]
        due = [self._received(MONDAY).id for _case in range(20)]
        self._received("2026-03-09 10:00:00")
        self._received(MONDAY).stage_id = self._stage("waiting")
        self._at("2026-03-09 11:00:00")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        found = cases._get_due_for_escalation()
        self.assertEqual(self.cr.sql_log_count - before, 1)
        self.assertLessEqual(set(due), set(found))
        self.assertFalse(
            cases.browse(found).filtered(
                lambda case: case.date_escalation > Datetime.now()
            )
        )
