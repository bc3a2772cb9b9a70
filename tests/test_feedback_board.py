"""How the work stands: the board, the cards of teams, and My day."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.crm_custom.report.crm_feedback_board import COUNTS

from .feedback_policy_common import FeedbackPolicyCase

#: Tuesday, 10:00 in Berlin
NOW = "2026-03-10 09:00:00"


class TestFeedbackBoard(FeedbackPolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy(solution=8, steps=[{"trigger": "after", "by_mail": False}])
        for user in (cls.agent, cls.manager):
            user.tz = "Europe/Berlin"

    def _make_cases(self):
        """Late and escalated, due today at 16:00, tomorrow, waiting, solved, closed."""
        mine = {"user_id": self.agent.id}
        self.late = self._received("2026-03-06 09:00:00", **mine)
        self.today = self._received("2026-03-09 15:00:00", **mine)
        self.waiting = self._received("2026-03-09 15:00:00", **mine)
        self.solved = self._received("2026-03-09 15:00:00", **mine)
        self.tomorrow = self._received("2026-03-10 08:00:00", user_id=False)
        self._at(NOW)
        self.waiting.stage_id = self._stage("waiting")
        self.solved.stage_id = self._stage("solved")
        self._received(NOW, **mine).stage_id = self._stage("closed")
        self.env["crm.feedback"].sudo()._escalate(self.late.ids)
        self.env.flush_all()

    def _board(self, user=None):
        board = self.env["crm.feedback.board"].with_user(user or self.manager)
        return board.search([("team_id", "=", self.team.id)])

    def _counts(self, row):
        return [row[f"{name}_count"] for name in COUNTS]

    def test_what_it_counts(self):
        self._make_cases()
        nobodys, agents = self._board().sorted("user_id")
        if nobodys.user_id:
            nobodys, agents = agents, nobodys
        self.assertEqual(agents.user_id, self.agent)
        # open, unassigned, due today, late, escalated, waiting
        self.assertEqual(self._counts(agents), [3, 0, 1, 1, 1, 1])
        self.assertEqual(self._counts(nobodys), [1, 1, 0, 0, 0, 0])
        team = self.team.with_user(self.manager)
        self.assertEqual(self._counts(team), [4, 1, 1, 1, 1, 1])

    def test_a_team_without_a_case_has_its_column(self):
        board = self.env["crm.feedback.board"].with_user(self.manager)
        self.assertFalse(board.search([("team_id", "=", self.other_team.id)]))
        found = board.with_context(read_group_expand=True).web_read_group(
            [], ["team_id"]
        )
        teams = {row["team_id"] and row["team_id"][0]: row for row in found["groups"]}
        self.assertEqual(teams[self.other_team.id]["__count"], 0)

    def test_each_count_opens_its_cases(self):
        self._make_cases()
        filters = self._filters()
        for row in [*self._board(), self.team.with_user(self.manager)]:
            for name in COUNTS:
                action = row.with_context(crm_board_count=name).action_view_feedback()
                chosen = {
                    key.removeprefix("search_default_")
                    for key in action["context"]
                    if key.startswith("search_default_")
                }
                domain = [*action["domain"]]
                for each in chosen:
                    domain += filters[each]
                cases = self.env["crm.feedback"].with_user(self.manager)
                found = cases.search_count(domain)
                self.assertEqual(found, row[f"{name}_count"], name)
        with self.assertRaises(UserError):
            row.with_context(crm_board_count="x").action_view_feedback()

    def _filters(self):
        """{name: domain} of the filters in the list of cases."""
        view = self.env.ref("crm_custom.crm_feedback_view_search")
        arch = self.env["crm.feedback"].get_view(view.id, "search")["arch"]
        return {
            node.get("name"): literal_eval(node.get("domain"))
            for node in etree.fromstring(arch).iter("filter")
            if node.get("domain") and "uid" not in node.get("domain")
        }

    def test_today_is_the_readers_own(self):
        self._make_cases()
        (row,) = self._board().filtered("user_id")
        # 16:00 in Berlin is tomorrow in Kiritimati
        for zone, expected in (("Europe/Berlin", 1), ("Pacific/Kiritimati", 0)):
            self.env.invalidate_all()
            self.assertEqual(row.with_context(tz=zone).due_today_count, expected)

    def test_who_sees_it(self):
        self._make_cases()
        self.assertEqual(len(self._board(self.outsider)), 2)
        with self.assertRaises(AccessError):
            self._board(self.user_sales_own)
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self.assertFalse(self._board())

    def test_a_board_costs_the_same_at_any_length(self):
        self._make_cases()

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self._board()
            for name in COUNTS:
                rows.mapped(f"{name}_count")
            return len(rows), self.cr.sql_log_count - before

        read()
        # which rows, and what stands in them
        self.assertEqual(read(), (2, 2))
        for no in range(20):
            owner = self._feedback_user(f"feedback_agent_{no}", "agent")
            self._case(user_id=owner.id)
        read()
        self.assertEqual(read(), (22, 2))

    def test_my_day(self):
        """Of an agent who is no salesperson."""
        self._make_cases()
        my_day = self.env["crm.my.day"].with_user(self.agent)
        my_day = my_day.with_context(tz="Europe/Berlin")
        day = my_day.get_day()
        counts = {s["key"]: list(s["counts"].values()) for s in day["sources"]}
        self.assertEqual(counts["feedback"], [1, 1, 0, 0])
        (row,) = my_day.get_rows("overdue", sources=["feedback"])["feedback"]
        self.assertEqual(row["id"], self.late.id)
        self.assertIn("Solution: FB", row["text"])
        self.assertEqual(row["name"], self.customer.name)
        action = my_day.run_action("feedback", self.late.id, "open")
        self.assertEqual(action["res_id"], self.late.id)
        for bucket in ("overdue", "today", "tomorrow", "week"):
            my_day.get_rows(bucket)
        with self.assertRaises(AccessError):
            self.env["crm.my.day"].with_user(self.user_invoicing).get_day()

    def test_the_owner_reads_his_escalation_once(self):
        self._make_cases()
        self.env["crm.feedback.policy"].search([], limit=1).step_ids = [
            Command.create(
                {
                    "trigger": "after",
                    "hours": 1,
                    "recipient": "owner",
                    "date_from": "2026-01-01",
                }
            )
        ]
        self.env["crm.feedback"].sudo()._escalate(self.late.ids)
        self.assertEqual(
            self.late.activity_ids.user_id, self.agent | self.manager, "both are told"
        )
        my_day = self.env["crm.my.day"].with_context(tz="Europe/Berlin")
        for user, expected in ((self.agent, 0), (self.manager, 1)):
            day = my_day.with_user(user).get_day()
            counts = {s["key"]: sum(s["counts"].values()) for s in day["sources"]}
            self.assertEqual(counts["activity"], expected)
