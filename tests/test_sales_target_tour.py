from odoo.fields import Date
from odoo.tests import HttpCase

from .sales_common import SalesCase


class TestSalesTargetTour(SalesCase, HttpCase):
    def test_attained_and_copied(self):
        """In the browser: the card, the list, the copy with a raise, the history."""
        today = Date.today()
        self._order((self.prepaid, 10), date_order=f"{today} 10:00:00")
        self.env["crm.sales.target"].create(
            {"user_id": self.user_sales_own.id, "date": today, "amount": 1000}
        )
        self.start_tour(
            "/odoo/crm-sales-targets",
            "crm_custom_sales_target",
            login="user_sales_manager",
            timeout=180,
        )

    def test_result_sheet(self):
        """What stands on it; a colleague's is refused, to the portal too."""
        self._order((self.prepaid, 10), date_order="2026-03-02")
        self._order((self.prepaid, 4), date_order="2025-03-02")
        target = self.env["crm.sales.target"].create(
            {"user_id": self.user_sales_own.id, "date": "2026-03-10", "amount": 1000}
        )
        self.env.flush_all()
        report = "crm_custom.report_crm_sales_target_sheet"
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.user_sales_own)
            ._render_qweb_html(report, target.ids)
        )
        text = html.decode()
        for part in ("User Sales Own", "March 2026", "500.00", "200.00", "150.0"):
            self.assertIn(part, text)
        for login in ("user_sales_all", "user_portal"):
            self.authenticate(login, login)
            refused = self.url_open(f"/report/pdf/{report}/{target.id}")
            self.assertNotEqual(refused.status_code, 200, login)
