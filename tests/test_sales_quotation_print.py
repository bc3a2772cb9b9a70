import json

from lxml import etree

from odoo.addons.crm_custom.report.print_search_data import Group
from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest
from odoo.addons.crm_custom.report.print_search_sheet import PrintSearchSheet

from .print_search_common import PrintSearchMixin
from .sales_common import SalesCase


class TestSalesQuotationPrint(PrintSearchMixin, SalesCase):
    def test_a_rate_is_of_what_is_decided(self):
        won, lost, undecided, colleagues = (
            self._order((self.goods, 1), confirm=False) for _each in range(4)
        )
        won.action_confirm()
        lost._action_cancel()
        colleagues.user_id = self.user_sales_all
        request = {
            "model": "crm.quotation.analysis",
            "view": "crm_custom.crm_quotation_analysis_view_list_print",
            "domain": [["commercial_partner_id", "=", self.customer.id]],
            "groupby": ["user_id"],
            "order": "id",
            "title": "Quotations",
            "context": {"lang": "en_US", "tz": "UTC"},
        }
        env = self.env(user=self.user_sales_manager, context={})

        def sheet():
            return PrintSearchSheet(PrintSearchRequest(env, json.dumps(request)))

        lines = list(sheet().lines())
        groups = [line for line in lines if isinstance(line, Group)]
        rates = {group.label: list(group.totals.values())[-1] for group in groups}
        self.assertEqual(rates[self.user_sales_own.name], 0.5)
        rows, tables = self._html(sheet())
        page = etree.HTML(rows)
        cells = {
            row[1].text: row[-1].text
            for row in page.iter("tr")
            if len(row) == len(tables.sheet.columns)
        }
        self.assertEqual(cells[won.name], "100.00 %")
        self.assertEqual(cells[lost.name], "0.00 %")
        self.assertFalse(cells[undecided.name], "undecided is no 0 %")
        self.assertFalse(cells[colleagues.name])
        (group,) = (
            group for group in groups if group.label == self.user_sales_all.name
        )
        rate = [column.name for column in tables.sheet.columns].index("conversion_rate")
        self.assertNotIn(rate, group.totals, "nothing is decided")
