from datetime import datetime

from odoo.tests import HttpCase

from odoo.addons.crm_custom.report.print_search_data import Group

from .print_search_common import PrintSearchMixin
from .sales_common import SalesCase


class TestSalesTour(PrintSearchMixin, SalesCase, HttpCase):
    partner_view = domain = None

    def test_from_quotation_to_settled(self):
        """In the browser, by the steps of the record; its stage is watched."""
        self.user_sales_all.group_ids += self.env.ref("stock.group_stock_user")
        self.user_sales_all.group_ids += self.env.ref("account.group_account_invoice")
        self._order((self.goods, 10), confirm=False, user_id=self.user_sales_all.id)
        self.start_tour(
            "/odoo/crm-sales",
            "crm_custom_sales_record",
            login="user_sales_all",
            timeout=180,
        )

    def test_print_with_subtotals(self):
        """What the sheet shows is what the screen shows, by customer."""
        other = self._create_customer(name="Another Customer")
        self._order((self.prepaid, 2), contract_number="HT-1")
        self._order((self.prepaid, 3), partner_id=other.id)
        self._order((self.goods, 1), confirm=False, partner_id=other.id)
        sheet = self._sheet(
            self.user_sales_manager,
            model="crm.sales.record",
            view="crm_custom.crm_sales_record_view_list_print",
            domain=[["company_id", "=", self.env.company.id]],
            groupby=["commercial_partner_id"],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        lines = list(sheet.lines())
        names = [column.name for column in sheet.columns]
        untaxed = names.index("price_subtotal")
        groups = [line for line in lines if isinstance(line, Group)]
        self.assertEqual(
            [(group.label, group.count, group.totals[untaxed][0]) for group in groups],
            [("Another Customer", 2, 250), ("Buying Customer", 1, 100)],
        )
        dates = self._rows(sheet, "date")
        self.assertFalse(any(isinstance(day, datetime) for day in dates))
        self.assertEqual(self._rows(sheet, "contract_number"), ["", "", "HT-1"])
        self.assertEqual(
            sum(row[0] for row in self._rows(sheet, "price_subtotal")), 350
        )
