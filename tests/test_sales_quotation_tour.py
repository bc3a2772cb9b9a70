from datetime import datetime, timedelta

from odoo.tests import HttpCase

from odoo.addons.crm_custom.report.print_search_data import Group

from .discount_common import DiscountCase
from .print_search_common import PrintSearchMixin


class TestSalesQuotationTour(PrintSearchMixin, DiscountCase, HttpCase):
    partner_view = domain = None

    def test_a_discount_is_approved(self):
        order = self._quote(15, user_id=self.user_sales_own.id)
        for tour, login in (
            ("crm_custom_discount_ask", "user_sales_own"),
            ("crm_custom_discount_approve", "team_leader"),
            ("crm_custom_discount_confirm", "user_sales_own"),
        ):
            self.start_tour(f"/odoo/sales/{order.id}", tour, login=login, timeout=180)
            self.env.invalidate_all()
        self.assertEqual(order.sudo().state, "sale")
        decision = order.sudo().discount_approval_ids
        self.assertEqual(decision.user_id, self.leader)

    def test_from_the_list_to_the_pivot(self):
        self.env["crm.lost.reason"].create({"name": "Price of the tour"})
        self._quote(user_id=self.user_sales_all.id).sudo().action_confirm()
        order = self._quote(user_id=self.user_sales_all.id).sudo()
        order.action_quotation_sent()
        order.date_quotation_sent = datetime.now() - timedelta(days=8)
        self.start_tour(
            "/odoo/crm-quotations",
            "crm_custom_quotation_lost",
            login="user_sales_all",
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual(order.quotation_state, "lost")

    def test_print(self):
        """The sheet has the groups and totals of the screen."""
        won = self._quote(user_id=self.user_sales_all.id).sudo()
        won.action_confirm()
        self._quote(user_id=self.user_sales_own.id).sudo().action_cancel()
        sheet = self._sheet(
            self.user_sales_manager,
            model="crm.quotation.analysis",
            view="crm_custom.crm_quotation_analysis_view_list_print",
            domain=[["commercial_partner_id", "=", self.customer.id]],
            groupby=["quotation_state"],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        groups = [line for line in sheet.lines() if isinstance(line, Group)]
        self.assertEqual(
            [(group.label, group.count) for group in groups],
            [("Lost quotation", 1), ("Won", 1)],
        )
        sheet = self._sheet(
            self.user_sales_own,
            model="sale.order",
            view="crm_custom.sale_order_view_list_quotation_print",
            domain=[["quotation_state", "=", "lost"]],
            groupby=[],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        self.assertEqual(self._rows(sheet, "quotation_state"), ["Lost quotation"])
