"""Credit in a browser: held and released, signed in the portal and held, printed."""

from odoo.tests import HttpCase

from .credit_common import CreditCase
from .print_search_common import PrintSearchMixin


class TestCreditTour(PrintSearchMixin, CreditCase, HttpCase):
    partner_view = domain = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000)

    def _sheet_of(self, model, view, domain):
        sheet = self._sheet(
            self.user_credit,
            model=model,
            view=f"crm_custom.{view}",
            domain=domain,
            groupby=[],
            order="",
            context={"allowed_company_ids": self.env.company.ids},
        )
        return list(sheet.lines())

    def test_held_and_released(self):
        order = self._quote(1001)
        self.start_tour(
            f"/odoo/sales/{order.id}",
            "crm_custom_credit_held",
            login="user_sales_own",
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual(order.sudo().credit_state, "held")
        held = [("credit_state", "=", "held"), ("company_id", "=", order.company_id.id)]
        lines = self._sheet_of("sale.order", "sale_order_view_list_print_credit", held)
        self.assertEqual(len(lines), 1)
        for tour, login, path in (
            ("crm_custom_credit_release", "user_credit", "crm-held-orders"),
            ("crm_custom_credit_confirm", "user_sales_own", f"sales/{order.id}"),
        ):
            self.start_tour(f"/odoo/{path}", tour, login=login, timeout=180)
            self.env.invalidate_all()
        self.assertEqual(order.sudo().state, "sale")
        for model, view, domain, count in (
            (
                "crm.credit.decision",
                "crm_credit_decision_view_list_print",
                [("partner_id", "=", self.customer.id)],
                2,
            ),
            (
                "res.partner",
                "res_partner_view_list_print_credit",
                [("credit_hold", "=", True)],
                1,
            ),
        ):
            self.assertEqual(len(self._sheet_of(model, view, domain)), count)

    def test_signed_and_held(self):
        person = self.user_portal.partner_id
        person.write({"parent_id": self.customer.id, "name": "Buying Person"})
        order = self._quote(1001, partner_id=person.id).sudo()
        order.write({"require_signature": True, "require_payment": False})
        order.action_quotation_sent()
        self.start_tour(
            order.get_portal_url(),
            "crm_custom_credit_signed",
            login="user_portal",
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual((order.state, order.credit_state), ("sent", "held"))
        self.assertTrue(order.signature)
        self.assertTrue(order._get_credit_requests())

    def test_settings_and_rules(self):
        """What the administrator saves holds; thresholds below nothing are refused."""
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        settings.create(
            {
                "account_use_credit_limit": True,
                "credit_limit_action": "warn",
                "credit_overdue_action": "hold",
                "credit_overdue_days": 45,
                "credit_disputed_counts": False,
            }
        ).execute()
        company = self.env.company
        self.assertEqual(
            (company.credit_limit_action, company.credit_overdue_days), ("warn", 45)
        )
        self.assertFalse(company.credit_disputed_counts)
        action = self.customer.with_user(self.user_credit).action_view_credit_rules()
        self.env["crm.credit.rule"].with_user(self.user_credit).with_context(
            **action["context"]
        ).create({"credit_limit_action": "none"})
        self.assertEqual(self._credit_of().limit_action, "none")
