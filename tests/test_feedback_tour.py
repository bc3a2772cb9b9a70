"""A case in the browser, and on paper."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase

from .feedback_common import FeedbackCase
from .print_search_common import PrintSearchMixin


class TestFeedbackTour(PrintSearchMixin, FeedbackCase, HttpCase):
    partner_view = domain = None

    def test_from_an_order_to_solved(self):
        """By an agent who may read orders, as a sales assistant does."""
        self.agent.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.agent.name = "Feedback Agent"
        order = self._order((self.goods, 2))
        self._deliver(order)
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "crm_custom_feedback_from_order",
            login=self.agent.login,
            timeout=180,
        )
        case = self.env["crm.feedback"].search([("order_id", "=", order.id)])
        self.assertEqual(case.user_id, self.agent)
        self.assertTrue(case.date_solved)
        self.assertEqual(case.line_ids.order_line_id, order.order_line)
        self.assertEqual(case.line_ids.quantity, 2)
        self.assertEqual(order.with_user(self.agent).feedback_count, 1)

    def test_the_manager_sees_what_escalated(self):
        """From the board to the case, and what was done about it."""
        self.env["crm.feedback.policy"].create(
            {
                "name": "At once",
                "sequence": -1,
                "company_id": self.env.company.id,
                "hours_solution": 1,
                "date_from": "2026-01-01",
                "step_ids": [
                    Command.create({"trigger": "after", "date_from": "2026-01-01"})
                ],
            }
        )
        self.team.user_id = self.manager
        case = self._case(
            subject="Nobody has answered",
            user_id=self.agent.id,
            date_received=fields.Datetime.now() - timedelta(days=10),
        )
        self.env["crm.feedback"].sudo()._escalate(case.ids)
        self.assertEqual(case.escalation_ids.user_ids, self.manager)
        self.start_tour(
            "/odoo/crm-feedback-board",
            "crm_custom_feedback_escalated",
            login=self.manager.login,
            timeout=180,
        )
        self.assertEqual(case.user_id, self.manager)

    def test_print_this_search(self):
        self._case(subject="On paper", contact_id=self.contact.id)
        sheet = self._sheet(
            self.agent,
            model="crm.feedback",
            view="crm_custom.crm_feedback_view_list_print",
            domain=[["subject", "=", "On paper"]],
            groupby=[],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        self.assertEqual(self._rows(sheet, "subject"), ["On paper"])
        self.assertEqual(self._rows(sheet, "partner_id"), ["Buying Customer"])
