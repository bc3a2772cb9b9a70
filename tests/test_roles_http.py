"""What a browser may get: the same limits, from outside."""

from odoo.fields import Command
from odoo.tests import JsonRpcException

from .common import CrmCustomHttpCase
from .roles_common import OwnCustomersMixin


class TestRolesHttp(OwnCustomersMixin, CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.env.flush_all()

    def _call(self, login, model, method, *args, **kwargs):
        self.authenticate(login, login)
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
            timeout=60,
        )

    def assertRefused(self, *args, **kwargs):
        with self.assertRaisesRegex(JsonRpcException, "AccessError"):
            self._call(*args, **kwargs)

    def test_salesperson(self):
        me, hidden = self.user_sales_own.login, self.customer_hidden
        self.assertRefused(me, "res.partner", "read", hidden.ids, ["name"])
        self.assertRefused(me, "res.partner", "web_read", hidden.ids, {"name": {}})
        self.assertRefused(
            me,
            "res.partner",
            "write",
            self.customer_own.ids,
            {"child_ids": [Command.link(hidden.child_ids[0].id)]},
        )
        self.assertFalse(self._call(me, "res.partner", "name_search", "Hidden"))
        self.assertFalse(
            self._call(me, "res.partner", "get_mention_suggestions", "Hidden").get(
                "res.partner"
            )
        )
        self.assertTrue(self._call(me, "res.partner", "name_search", "Own Person"))
        # what is no method of his is none from outside either
        self.assertRefused(me, "crm.custom.settings", "default_get", ["company_id"])

    def test_settings(self):
        me = self.user_crm_admin.login
        page = self._call(
            me,
            "crm.custom.settings",
            "web_save",
            [],
            {
                "crm_status_lost_days": 400,
                "crm_restrict_own_customers": False,
                "crm_status_at_risk_days": 90,
                "crm_status_dormant_days": 180,
            },
            specification={"crm_status_lost_days": {}},
        )
        self._call(me, "crm.custom.settings", "execute", [page[0]["id"]])
        self.env.invalidate_all()
        self.assertEqual(self.env.company.crm_status_lost_days, 400)
        self.assertVisible(self.user_sales_own, self.customer_hidden)
        self.assertRefused(me, "res.config.settings", "create", {})
        self.assertRefused(
            me, "res.company", "write", self.env.company.ids, {"name": "x"}
        )

    def test_portal(self):
        me, customer = self.user_portal.login, self.customer_own
        for model in (
            "crm.customer.type",
            "res.partner.hobby",
            "res.partner.special.day",
            "crm.custom.settings",
        ):
            self.assertRefused(me, model, "search_read", [], ["display_name"])
        self.assertRefused(me, "res.partner", "read", customer.ids, ["name"])
        own = self.user_portal.partner_id.ids
        for name in ("hobby_ids", "special_day_ids"):
            self.assertRefused(me, "res.partner", "read", own, [name])
        self.assertTrue(self._call(me, "res.partner", "read", own, ["name"]))
        response = self.url_open("/odoo/crm-customers")
        self.assertNotIn("/odoo", response.url, "a portal user has no back office")

    def test_public(self):
        for route in ("/odoo/crm-customers", "/odoo/crm-customer-settings"):
            response = self.url_open(route)
            self.assertIn("/web/login", response.url)
        with self.assertRaisesRegex(JsonRpcException, "SessionExpired"):
            self.make_jsonrpc_request(
                "/web/dataset/call_kw",
                {
                    "model": "res.partner",
                    "method": "search_read",
                    "args": [[]],
                    "kwargs": {},
                },
            )
