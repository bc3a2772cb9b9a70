"""A case in the browser, and on paper."""

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
