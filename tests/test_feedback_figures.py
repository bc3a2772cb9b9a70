"""The figures of feedback: each against the same worked out by hand."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime

from .feedback_common import FeedbackCase


class TestFeedbackFigures(FeedbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls.env.ref("crm_custom.crm_feedback_type_question")
        cls.cause = cls.env["crm.feedback.cause"].create({"name": "Packing"})

    def _figures(self, cases, *aggregates, groupby=(), user=None):
        self.env.flush_all()
        return (
            self.env["crm.feedback.analysis"]
            .with_user(user or self.agent)
            ._read_group([("id", "in", cases.ids)], groupby, aggregates)
        )

    def test_times_and_rates_of_what_has_happened(self):
        first, second, third = cases = self._case() | self._case() | self._case()
        now = Datetime.now()
        cases.write({"cause_id": self.cause.id})
        for case, answer, solution, result in (
            (first, 1.0, 4.0, "in_time"),
            (second, 4.0, 8.0, "late"),
        ):
            self.env.cr.execute(
                """UPDATE crm_feedback
                      SET date_first_answer = %(now)s, date_solved = %(now)s,
                          hours_first_answer = %(answer)s,
                          hours_solution = %(solution)s,
                          first_answer_result = %(result)s,
                          solution_result = %(result)s
                    WHERE id = %(id)s""",
                {
                    "now": now,
                    "answer": answer,
                    "solution": solution,
                    "result": result,
                    "id": case.id,
                },
            )
        self.env.invalidate_all()
        # the third has not been answered: neither 0 hours, nor late
        figures = self._figures(
            cases,
            "hours_first_answer:avg",
            "hours_solution:avg",
            "answer_rate:avg",
            "solution_rate:avg",
            "complaint_count:sum",
            "__count",
            groupby=["cause_id"],
        )
        self.assertEqual(figures, [(self.cause, 2.5, 6.0, 50.0, 50.0, 3, 3)])
        row = self.env["crm.feedback.analysis"].with_user(self.agent).browse(third.id)
        self.assertIs(row.hours_solution, False)
        self.assertEqual(row.action_open()["res_id"], third.id)

    def test_reopened_and_escalated(self):
        back, stays, running = cases = self._case() | self._case() | self._case()
        (back | stays).stage_id = self._stage("solved")
        back.stage_id = self._stage("progress")
        back.stage_id = self._stage("closed")
        back.stage_id = self._stage("progress")
        # from solved to closed is no return
        stays.stage_id = self._stage("closed")
        self.assertEqual(cases.mapped("reopen_count"), [2, 0, 0])
        self.env.cr.execute(
            "UPDATE crm_feedback SET date_escalated = now() WHERE id = %s",
            [running.id],
        )
        [(reopened, times, escalated)] = self._figures(
            cases, "reopen_rate:avg", "reopen_count:sum", "escalation_rate:avg"
        )
        self.assertEqual((reopened, times), (50, 2))
        self.assertAlmostEqual(escalated, 100 / 3)

    def test_satisfaction_of_those_who_answered(self):
        self._order((self.goods, 1), (self.prepaid, 1))
        cases = self.env["crm.feedback"].union(
            *(
                self._case(user_id=owner.id, line_ids=[self._line(product)])
                for owner, product in (
                    (self.agent, self.goods),
                    (self.colleague, self.goods),
                    (self.colleague, self.prepaid),
                    (self.colleague, self.prepaid),
                )
            )
        )
        for case, rate in zip(cases.sudo(), (5, 3, 1), strict=False):
            case._rating_get_access_token()
            case.rating_apply(rate, rating=case.rating_ids)
        [(score, happy)] = self._figures(cases, "rating:avg", "happy_rate:avg")
        self.assertEqual(score, 3)
        self.assertAlmostEqual(happy, 100 / 3)
        action = self.env.ref("crm_custom.crm_feedback_satisfaction_figures_action")
        rows = self.env[action.res_model].with_user(self.agent)
        for name, expected in {
            "product_id": {self.goods: (4, 50), self.prepaid: (1, 0)},
            "user_id": {self.agent: (5, 100), self.colleague: (2, 0)},
            "team_id": {self.team: (3, 100 / 3)},
            "partner_id": {self.customer: (3, 100 / 3)},
        }.items():
            groups = rows._read_group(
                [("id", "in", cases.ids)], [name], ["rating:avg", "happy_rate:avg"]
            )
            found = {group: figures for group, *figures in groups}
            self.assertEqual(found.keys(), expected.keys())
            for group, figures in expected.items():
                for one, other in zip(found[group], figures, strict=True):
                    self.assertAlmostEqual(one, other)

    def test_the_cost_is_that_of_the_case(self):
        case = self._case()
        [(cost,)] = self._figures(case, "cost:sum")
        self.assertEqual(cost, case.cost)
        with self.assertRaises(AccessError):
            self._figures(case, "cost:sum", user=self.user_sales_own)

    def test_complaints_per_hundred_deliveries(self):
        """Four deliveries of goods and two of prepaid ones; two complaints about goods,
        of which one is about both: 50 of a hundred, 50, and 33.3 of the customer.
        """
        for _number in range(4):
            self._deliver(self._order((self.goods, 1)))
        for _number in range(2):
            self._deliver(self._order((self.prepaid, 1)))
        self._case(line_ids=[self._line(self.goods), self._line(self.goods)])
        self._case(line_ids=[self._line(self.goods), self._line(self.prepaid)])
        self._case(type_id=self.question.id, line_ids=[self._line(self.goods)])
        self._case(line_ids=[self._line(self.goods)]).active = False
        self.env.flush_all()

        def rates(groupby, user=self.agent):
            return {
                row[0]: row[1:]
                for row in self.env["crm.feedback.complaint.rate"]
                .with_user(user)
                ._read_group(
                    [("partner_id", "=", self.customer.id)],
                    [groupby],
                    [
                        "delivery_count:sum",
                        "feedback_id:count_distinct",
                        "complaint_rate:avg",
                    ],
                )
            }

        self.assertEqual(
            rates("product_id"), {self.goods: (4, 2, 50), self.prepaid: (2, 1, 50)}
        )
        by_customer = rates("partner_id", self.user_sales_own)[self.customer]
        self.assertEqual(by_customer[:2], (6, 2))
        self.assertAlmostEqual(by_customer[2], 100 / 3)
        # about the service, before anything was delivered that month: no rate
        self._case(date_received=Datetime.now() - timedelta(days=400))
        self.env.flush_all()
        months = sorted(rates("date:month").items())
        self.assertEqual(months[0][1][:2], (0, 1))
        self.assertFalse(months[0][1][2])
        self.assertEqual(months[-1][1][:2], (6, 2))

    def test_each_row_has_its_id(self):
        self._deliver(self._order((self.goods, 1)))
        self._case(line_ids=[self._line(self.goods), self._line(self.goods)])
        self._case()
        self.env.flush_all()
        rows = self.env["crm.feedback.complaint.rate"].with_user(self.agent).search([])
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(len(rows.filtered("feedback_id").feedback_id), 2)

    def test_who_sees_figures(self):
        mine, theirs = self._case(), self._case(partner_id=self.stranger.id)
        for user, found in (
            (self.agent, mine | theirs),
            (self.user_sales_own, mine),
            (self.user_sales_all, mine | theirs),
        ):
            rows = self.env["crm.feedback.analysis"].with_user(user)
            rows = rows.search([("id", "in", (mine | theirs).ids)])
            self.assertEqual(sorted(rows.ids), found.sorted("id").ids)
        with self.assertRaises(AccessError):
            self.env["crm.feedback.analysis"].with_user(self.user_portal).search([])
