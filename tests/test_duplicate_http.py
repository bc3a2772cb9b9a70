"""From outside: the forms in the browser, and each door of a program."""

import xmlrpc.client

from odoo import fields
from odoo.fields import Command
from odoo.tests import JsonRpcException

from .common import CrmCustomHttpCase
from .duplicate_common import DuplicateMixin


class TestDuplicateHttp(DuplicateMixin, CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.known = cls._create_company(
            "Tour Meridian Optics Ltd", email="sales@tour-meridian.test"
        )
        cls._set_policy(email="refuse")
        cls.same = {"name": "Another", "email": "sales@tour-meridian.test"}
        cls.env.flush_all()

    def _call(self, method, *args, path="res.partner/method", **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{path}",
            {"model": "res.partner", "method": method, "args": args, "kwargs": kwargs},
            timeout=60,
        )

    def assertRefused(self, *args, **kwargs):
        with self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self._call(*args, **kwargs)

    def test_calls_of_the_web_client(self):
        login = self.user_sales_own.login
        self.authenticate(login, login)
        new = {"name": "New", "child_ids": [Command.create(self.same)]}
        for method, args in (
            ("create", [[self.same]]),
            ("web_save", [[], self.same, {}]),
            ("web_save", [[], new, {}]),
            ("load", [["name", "email"], [["Y", self.same["email"]]]]),
        ):
            with self.subTest(method):
                if method == "load":
                    result = self._call(method, *args)
                    self.assertIn("exists already", result["messages"][0]["message"])
                    continue
                self.assertRefused(method, *args)
        # whatever the address says
        self.assertRefused("create", [self.same], path="res.partner.create")

    def test_program_with_a_password(self):
        login = self.user_sales_own.login
        with self.assertRaisesRegex(xmlrpc.client.Fault, "exists already"):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                self.user_sales_own.id,
                login,
                "res.partner",
                "create",
                [[self.same]],
            )

    def test_program_with_a_key(self):
        keys = self.env["res.users.apikeys"].with_user(self.user_sales_own)
        key = keys._generate(
            "rpc", "Test", fields.Datetime.add(fields.Datetime.now(), days=1)
        )
        answer = self.url_open(
            "/json/2/res.partner/create",
            json={"vals_list": [self.same]},
            headers={"Authorization": f"bearer {key}"},
        )
        self.assertIn("exists already", answer.text)
        self.assertFalse(answer.ok)

    def test_forms(self):
        url = "/odoo/crm-customers"
        self.start_tour(url, "crm_custom_duplicate_refused", login="user_sales_own")
        self.start_tour(
            url, "crm_custom_duplicate_override", login="user_sales_manager"
        )
        partner = self.env["res.partner"].search([("name", "=", "Tour Subsidiary")])
        self.assertEqual(self._find_pair(partner, self.known).state, "distinct")

    def test_forms_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_sales_own.lang = "zh_CN"
        self.start_tour(
            "/odoo/crm-customers",
            "crm_custom_duplicate_refused",
            login="user_sales_own",
        )

    def test_review_list(self):
        self.user_sales_manager.group_ids += self.env.ref("base.group_partner_manager")
        first = self._create_company("Tour Merge A", city="Brugge")
        second = self._create_company("Tour Merge A GmbH", city="Gent")
        two = self._create_company("Tour Apart", email="one@tour-apart.test")
        two += self._create_company("Tour Apart Ltd", email="one@tour-apart.test")
        self.env["crm.duplicate"]._review((first | second | two).ids)
        self.start_tour(
            "/odoo/crm-duplicates",
            "crm_custom_duplicate_merge",
            login="user_sales_manager",
        )
        self.assertFalse(first.exists())
        self.assertEqual(second.city, "Brugge")
        self.assertEqual(self._find_pair(*two).state, "distinct")
