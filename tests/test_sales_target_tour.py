import io
import json

import openpyxl

from odoo import http
from odoo.fields import Date
from odoo.tests import HttpCase

from .sales_common import SalesCase


class TestSalesTargetTour(SalesCase, HttpCase):
    def test_attained_and_copied(self):
        """In the browser: the card, the list, the copy with a raise, the history."""
        today = Date.today()
        self._order((self.prepaid, 10), date_order=f"{today} 10:00:00")
        self.env["crm.sales.target"].create(
            [
                {
                    "user_id": self.user_sales_own.id,
                    "measure": measure,
                    "date": today,
                    "amount": amount,
                }
                for measure, amount in (("ordered", 1000), ("contacts", 12))
            ]
        )
        self.start_tour(
            "/odoo/crm-sales-targets",
            "crm_custom_sales_target",
            login="user_sales_manager",
            timeout=180,
        )

    def test_the_list_as_a_workbook(self):
        """Each his own, whole numbers where it is counted; not without the right."""
        for user in (self.user_sales_own, self.user_sales_all):
            self._order((self.prepaid, 10), date_order="2026-03-02", user_id=user.id)
        self.env["crm.sales.target"].create(
            [
                {
                    "user_id": user.id,
                    "measure": measure,
                    "date": "2026-03-10",
                    "amount": amount,
                }
                for user in (self.user_sales_own, self.user_sales_all)
                for measure, amount in (("ordered", 1000), ("contacts", 12))
            ]
        )
        export = self.env.ref("base.group_allow_export")
        for user in (self.user_sales_own, self.user_sales_manager):
            user.group_ids += export
        self.env.flush_all()

        def download(login):
            self.authenticate(login, login)
            payload = {
                "model": "crm.sales.target",
                "view": "crm_custom.crm_sales_target_view_list_print",
                "domain": [["company_id", "=", self.env.company.id]],
                "groupby": ["user_id"],
                "title": "Targets",
                "context": {"lang": "en_US", "tz": "UTC"},
            }
            data = {
                "data": json.dumps(payload),
                "csrf_token": http.Request.csrf_token(self),
            }
            return self.url_open("/crm_custom/print_search/xlsx", data=data, timeout=60)

        for login, count in (("user_sales_own", 1), ("user_sales_manager", 2)):
            response = download(login)
            self.assertEqual(response.status_code, 200, login)
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            rows = {
                row[0].row: row
                for row in book.worksheets[0].iter_rows()
                if row[1].value in ("User Sales Own", "User Sales All")
            }
            cells = [(row[3].value, row[4], row[5]) for row in rows.values()]
            self.assertEqual(len(cells), 2 * count)
            for measure, amount, attained in cells:
                if measure == "Ordered":
                    self.assertEqual((amount.value, attained.value), (1000, 500))
                    self.assertIn("0.00", amount.number_format)
                else:
                    self.assertEqual((amount.value, attained.value), (12, 0))
                    self.assertEqual(amount.number_format, "General")
            # money and contacts are not added up
            (group,) = [
                row
                for row in book.worksheets[0].iter_rows()
                if str(row[0].value).startswith("User Sales Own")
            ]
            self.assertIsNone(group[4].value)
        for login in ("user_sales_all", "user_portal", "user_invoicing"):
            with self.subTest(login):
                self.assertEqual(download(login).status_code, 403)
