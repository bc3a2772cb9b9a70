"""Print this search: whatever a browser sends, nobody sees more than he may."""

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest

from .common import CrmCustomCase
from .print_search_common import PrintSearchMixin

NAME_ARCH = '<list><field name="name"/></list>'
LOGGERS = (
    "odoo.addons.crm_custom.report.print_search_request",
    "odoo.addons.crm_custom.report.print_search_data",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.models",
    "odoo.sql_db",
)


class TestPrintSearchHostile(PrintSearchMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_partners()
        cls.admin = cls.env.ref("base.user_admin")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(*LOGGERS))

    def _forbid(self, name):
        """Hide a field of partners from all but administrators."""
        field = self.env["res.partner"]._fields[name]
        self.patch(field, "groups", "base.group_system")

    def _assert_refused(self, error=UserError, user=None, **values):
        with self.subTest(**values):
            with self.assertRaises(error) as caught:
                self._rows(self._sheet(user, **values))
            self.assertIs(type(caught.exception), error)

    def test_no_request_at_all(self):
        env = self.env(user=self.user_sales_all)
        deep = "[" * 100_000
        for payload in (None, "", "{", "[]", "1", '"x"', deep, "{}", '{"model": {}}'):
            with self.subTest(payload=payload and payload[:20]):
                with self.assertRaises(UserError) as caught:
                    PrintSearchRequest(env, payload)
                self.assertIs(type(caught.exception), UserError)

    # ------------------------------------------------------------------
    # Model and view
    # ------------------------------------------------------------------

    def test_models(self):
        self._assert_refused(model="no.such.model")
        self._assert_refused(model=["res.partner"])
        self._assert_refused(model="mail.thread")
        self._assert_refused(model=None)

    def test_model_that_the_user_may_not_read(self):
        view = self._set_up_print_view("rule", NAME_ARCH, model="ir.rule")
        values = {"model": "ir.rule", "view": view, "domain": []}
        self._assert_refused(AccessError, **values)
        self.assertTrue(self._sheet(self.admin, **values).columns)

    def test_views(self):
        form = self.env.ref("base.view_partner_form")
        self._assert_refused(view=self._set_up_xmlid(form, "form"))
        self._assert_refused(view="base.main_company")
        self._assert_refused(view="test_print_search.nothing")
        self._assert_refused(view="nothing")
        self._assert_refused(view=self.env.ref("base.view_partner_tree").id)
        self._assert_refused(view=None)

    def test_view_of_another_model(self):
        view = self._set_up_print_view("users", NAME_ARCH, model="res.users")
        self._assert_refused(view=view)
        self._assert_refused(model="res.users", view=self.partner_view)

    def test_view_of_another_group(self):
        group = self.env.ref("base.group_system")
        view = self._set_up_print_view(
            "admin", NAME_ARCH, group_ids=[(6, 0, group.ids)]
        )
        self._assert_refused(AccessError, view=view)
        self.assertTrue(self._sheet(self.admin, view=view).columns)

    def test_columns_of_other_groups(self):
        """By the groups of the node and by those of the field."""
        arch = """<list>
            <field name="name"/>
            <field name="city" groups="base.group_system"/>
            <field name="zip"/>
            <field name="street" column_invisible="True"/>
            <field name="street2" optional="hide"/>
            <field name="image_128"/>
        </list>"""
        view = self._set_up_print_view("groups", arch)
        self._forbid("zip")

        def get_names(user):
            return [column.name for column in self._sheet(user, view=view).columns]

        self.assertEqual(get_names(self.user_sales_all), ["name"])
        self.assertEqual(get_names(self.admin), ["name", "city", "zip"])

    def test_no_column_left(self):
        arch = '<list><field name="city" groups="base.group_system"/></list>'
        self._assert_refused(view=self._set_up_print_view("none", arch))

    # ------------------------------------------------------------------
    # Filter
    # ------------------------------------------------------------------

    def test_filters_that_make_no_sense(self):
        for domain in (
            None,
            "[]",
            {"a": 1},
            [["name"]],
            ["&", ["name", "=", "x"]],
            ["^", ["name", "=", "x"], ["name", "=", "y"]],
            [["no_such_field", "=", 1]],
            [["country_id.no_such_field", "=", 1]],
            [["name", "no such operator", 1]],
            [["name", ["="], 1]],
            [[["name"], "=", 1]],
            [["category_id", "any", "x"]],
            [["name", "any", [["name", "=", "x"]]]],
            [["name", "=", "x"]] * 3_000,
            [["id", "=", "x"]],
            [["color", ">", "x"]],
            [["create_date", ">", "not a date"]],
            [["name", "=", {"a": 1}]],
            # texts and numbers that JSON knows and PostgreSQL does not
            [["name", "ilike", "a\0b"]],
            [["name", "in", ["a", "\ud800"]]],
            [["country_id", "ilike", "\0"]],
            [["country_id", "=", {"a": 1}]],
            [["category_id", "child_of", ["\0"]]],
            [["phone_mobile_search", "ilike", "123456\0"]],
            [["customer_contact_ids.special_day_ids.next_date", "=", "9" * 30]],
        ):
            self._assert_refused(domain=domain)

    def test_filter_nested_too_deep(self):
        domain = [["name", "=", "x"]]
        for _level in range(40):
            domain = [["parent_id", "any", domain]]
        self._assert_refused(domain=domain)

    def test_internal_operators(self):
        """They pass record rules by; the ORM forgets about those in capitals."""
        self.user_sales_own.sudo().partner_id.ref = "SECRET"
        for operator in ("any!", "ANY!", "Any!", "not any!", "NOT ANY!"):
            self._assert_refused(domain=[["category_id", operator, []]])
            nested = [["parent_id", "any", [["category_id", operator, []]]]]
            self._assert_refused(domain=nested)

    def test_filter_by_a_field_that_the_user_may_not_read(self):
        """What can be searched can be guessed, letter by letter."""
        self.patch(
            self.env["res.partner"]._fields["vat"], "groups", "base.group_system"
        )
        for path in ("vat", "parent_id.vat", "child_ids.parent_id.vat"):
            self._assert_refused(AccessError, domain=[[path, "=like", "B%"]])
        for operator in ("any", "not any"):
            nested = [["parent_id", operator, [["vat", "=like", "B%"]]]]
            self._assert_refused(AccessError, domain=nested)
        self._sheet(self.admin, domain=[["vat", "=like", "B%"]])

    def test_filter_by_a_searched_field_that_the_user_may_not_read(self):
        """The ORM runs a search method before it looks at the field's groups."""
        self._forbid("is_customer_incomplete")
        domain = [["is_customer_incomplete", "=", True]]
        self._assert_refused(AccessError, domain=domain)

    def test_passwords(self):
        view = self._set_up_print_view("password", NAME_ARCH, model="res.users")
        for name in ("password", "api_key_ids.key", "totp_secret"):
            with self.subTest(name=name), self.assertRaises(UserError):
                domain = [[name, "=like", "a%"]]
                self._sheet(model="res.users", view=view, domain=domain)

    # ------------------------------------------------------------------
    # Order and groups
    # ------------------------------------------------------------------

    def test_orders(self):
        for order in (
            "no_such_field",
            "name; DROP TABLE res_partner",
            "name, (SELECT 1)",
            "name DESC NULLS FIRST",
            "name,,city",
            "lower(name)",
            '"name"',
            "display_name",
            "image_128",
            ["name"],
            {"name": "asc"},
            ", ".join(["name"] * 50),
            "name:sum DESC",
        ):
            self._assert_refused(order=order)

    def test_order_by_a_field_that_the_user_may_not_read(self):
        self.patch(
            self.env["res.partner"]._fields["vat"], "groups", "base.group_system"
        )
        self._assert_refused(AccessError, order="vat ASC")
        self._assert_refused(AccessError, order="vat ASC", groupby=["city"])

    def test_groupings(self):
        for groupby in (
            "city",
            ["no_such_field"],
            ["country_id.no_such_field"],
            ["create_date"],
            ["create_date:century"],
            ["city:month"],
            ["display_name"],
            ["city", ["country_id"]],
            ["city; DROP TABLE res_partner"],
            ["city"] * 20,
            ["child_ids"],
        ):
            self._assert_refused(groupby=groupby)

    def test_grouping_by_a_field_that_the_user_may_not_read(self):
        """A many2many, too, where the ORM itself does not look."""
        for name in ("vat", "category_id"):
            self._forbid(name)
            self._assert_refused(AccessError, groupby=[name])
        self._assert_refused(AccessError, groupby=["parent_id.vat"])

    def test_tags_that_the_user_may_not_read(self):
        """A record rule on tags holds in columns and in groups."""
        self.env["ir.rule"].create(
            {
                "name": "No silver",
                "model_id": self.env.ref("base.model_res_partner_category").id,
                "domain_force": "[('name', '!=', 'Silver')]",
            }
        )
        sheet = self._sheet(groupby=["category_id"])
        labels = [group.label for group in sheet.data.groups]
        self.assertEqual(labels, ["Gold", "None"])
        self.assertEqual(set(self._rows(sheet, "category_id")), {"Gold", ""})

    # ------------------------------------------------------------------
    # Context and texts
    # ------------------------------------------------------------------

    def test_companies(self):
        foreign = self.env["res.company"].create({"name": "Not mine"})
        for companies in ([foreign.id], [*self.env.company.ids, foreign.id], [0]):
            context = {"allowed_company_ids": companies}
            self._assert_refused(AccessError, context=context)
        for companies in ("1", ["1"], [True], [1.0], {"1": 1}):
            self._assert_refused(context={"allowed_company_ids": companies})

    def test_records_of_another_company(self):
        foreign = self.env["res.company"].create({"name": "Not mine"})
        self.partners[0].company_id = foreign
        self.assertEqual(self._sheet().data.count, 39)

    def test_the_rest_of_the_context_is_dropped(self):
        request = self._request(
            context={
                "lang": "xx_YY",
                "tz": "Mars/Olympus",
                "active_test": 0,
                "uid": 1,
                "su": True,
                "default_name": "x",
                "list_view_ref": "base.view_partner_tree",
            }
        )
        user = self.user_sales_all
        self.assertFalse(request.env.su)
        self.assertEqual(
            dict(request.env.context),
            {"lang": user.lang, "tz": user.tz or "UTC", "uid": user.id},
        )

    def test_texts(self):
        request = self._request(
            title={"a": 1},
            facets=[
                "x",
                {"values": "x"},
                {"values": [{}, 1, None]},
                {"title": "<b>T</b>", "values": ["a\nb\0c", "d" * 1_000]},
            ],
            token="<script>",
        )
        self.assertEqual(request.title, self.env["ir.model"]._get("res.partner").name)
        [(label, text)] = request.facets
        self.assertEqual(label, "<b>T</b>")
        self.assertEqual(len(text), 200)
        self.assertTrue(text.startswith("a b c , ddd"))
        self.assertIsNone(request.token)
        self.assertEqual(len(self._request(facets=[request.facets] * 500).facets), 0)
        many = [{"values": ["x"]}] * 500
        self.assertEqual(len(self._request(facets=many).facets), 40)

    def test_facets_are_escaped_on_paper(self):
        sheet = self._sheet(facets=[{"title": "<i>", "values": ["<script>"]}])
        _html, tables = self._html(sheet)
        reports = self.env["ir.actions.report"].with_user(self.user_sales_all)
        html, _type = reports._render_qweb_html(
            "crm_custom.print_search_document", [], data={"tables": tables}
        )
        self.assertIn(b"&lt;script&gt;", html)
        self.assertNotIn(b"<script>", html)
