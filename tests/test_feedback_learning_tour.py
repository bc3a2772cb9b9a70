"""Solutions and causes in the browser."""

from odoo.tests import HttpCase

from .feedback_common import FeedbackCase


class TestFeedbackLearningTour(FeedbackCase, HttpCase):
    def test_a_solution_that_is_offered_solves_a_case(self):
        self.env["crm.feedback.solution"].create(
            {
                "name": "Fronts that arrive scratched",
                "instructions": "<p>Send the wax stick</p>",
                "state": "reviewed",
            }
        )
        case = self._case(subject="Front is scratched")
        self.start_tour(
            f"/odoo/crm-feedback/{case.id}",
            "crm_custom_feedback_solution",
            login=self.agent.login,
            timeout=180,
        )
        self.assertTrue(case.is_solved)
        self.assertIn("wax stick", case.result)
        written = self.env["crm.feedback.solution"].search(
            [("feedback_id", "=", case.id)]
        )
        self.assertEqual(written.state, "review")

    def test_the_causes_by_their_share(self):
        self.env.cr.execute("UPDATE crm_feedback SET cause_id = NULL")
        for name, count in (("Carrier", 3), ("Packing", 6), ("Office", 1)):
            cause = self.env["crm.feedback.cause"].create({"name": name})
            for _number in range(count):
                self._case(cause_id=cause.id)
        self.start_tour(
            "/odoo/crm-pareto",
            "crm_custom_feedback_pareto",
            login=self.agent.login,
            timeout=180,
        )
