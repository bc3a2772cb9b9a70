"""The customers' and contacts' screens, in a browser and without one."""

import io
import re
import unicodedata
from unittest.mock import patch

from lxml import etree
from pypdf import PdfReader

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, new_test_user
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_custom.controllers import download
from odoo.addons.crm_custom.report import print_search_pdf

from .common import CrmCustomCase, CrmCustomHttpCase

CUSTOMERS = "crm_custom.res_partner_customer_action"
CONTACTS = "crm_custom.res_partner_contact_action"


class TestCustomerViews(CrmCustomCase):
    def _get_context(self, action, user):
        return safe_eval(self.env.ref(action).context, {"uid": user.id})

    def _get_views(self, action, user):
        """The views as the client of this user gets them."""
        action = self.env.ref(action)
        views = [(view.view_id.id, view.view_mode) for view in action.view_ids]
        return (
            self.env["res.partner"]
            .with_user(user)
            .get_views([*views, (action.search_view_id.id, "search")])["views"]
        )

    def _get_search(self, action, user):
        return etree.fromstring(self._get_views(action, user)["search"]["arch"])

    def _search_field(self, node, value, user):
        """The domain that the search bar makes of a field of the search view."""
        domain = node.get("filter_domain")
        if domain:
            return safe_eval(domain, {"self": value, "uid": user.id})
        return [(node.get("name"), node.get("operator") or "ilike", value)]

    def test_every_role_gets_every_view(self):
        employee = new_test_user(self.env, "view_employee", groups="base.group_user")
        users = (
            self.user_sales_own,
            self.user_sales_manager,
            self.user_crm_admin,
            self.user_invoicing,
            self.user_accountant,
            employee,
        )
        customer = self._create_customer()
        contact = self._create_contact(customer)
        for user in users:
            for action, partner in ((CUSTOMERS, customer), (CONTACTS, contact)):
                views = self._get_views(action, user)
                for view_type in ("list", "kanban", "form"):
                    arch = etree.fromstring(views[view_type]["arch"])
                    # the fields of the view itself, not of the lists in it
                    names = {
                        node.get("name")
                        for node in arch.iter("field")
                        if not any(p.tag == "field" for p in node.iterancestors())
                    }
                    with self.subTest(user=user.login, view=view_type):
                        partner.with_user(user).web_read({name: {} for name in names})

    def test_days_to_remember_are_for_the_sales_people(self):
        for user, shown in ((self.user_sales_own, True), (self.user_invoicing, False)):
            arch = self._get_views(CONTACTS, user)["form"]["arch"]
            self.assertEqual('name="special_day_ids"' in arch, shown, user.login)

    def test_text_fields_are_searched_by_a_part_and_exactly(self):
        user = self.user_sales_own
        text = {
            "name": "Zebra Trading",
            "ref": "ZT-4711",
            "city": "Zebraville",
            "street": "Zebra Street",
            "zip": "Z-9",
            "email": "zebra@example.com",
            "website": "http://zebra.example.com",
            "fax": "zebra fax",
            "phone_area_code": "0999",
            "vat": "ZEBRA1",
            "company_registry": "ZEBRA2",
        }
        customer = self._create_customer(**text, phone="+32 2 290 34 90")
        person = {
            "name": "Zeno Zander",
            "function": "Zoologist",
            "department": "Zoo",
            "email": "zeno@example.com",
            "fax": "zeno fax",
        }
        contact = self._create_contact(customer, **person, mobile="+32 470 12 34 56")
        person["commercial_partner_id"] = text["name"]
        # a contact's address is its company's
        person |= {name: text[name] for name in ("city", "street", "zip")}
        text["customer_contact_ids"] = "Zeno Zander"
        for action, partner, values in (
            (CUSTOMERS, customer, {**text, "phone_mobile_search": "+32 2 290 34 90"}),
            (CONTACTS, contact, {**person, "phone_mobile_search": "+32 470 12 34 56"}),
        ):
            search = self._get_search(action, user)
            for name, value in values.items():
                nodes = search.findall(f"./field[@name='{name}']")
                with self.subTest(action=action, field=name):
                    self.assertEqual(len(nodes), 2)
                    part, exact = (
                        lambda typed, node=node: (
                            self.env["res.partner"]
                            .with_user(user)
                            .search(self._search_field(node, typed, user))
                        )
                        for node in nodes
                    )
                    self.assertIn(partner, part(value[1:-1]))
                    self.assertIn(partner, exact(value))
                    self.assertNotIn(partner, exact(value[:-1]))

    def test_every_filter_and_grouping_works(self):
        customer = self._create_customer(user_id=self.user_sales_own.id)
        self._create_contact(customer)
        for action in (CUSTOMERS, CONTACTS):
            partners = self.env["res.partner"].with_user(self.user_sales_own)
            for node in self._get_search(action, self.user_sales_own).iter("filter"):
                with self.subTest(action=action, filter=node.get("name")):
                    scope = {"uid": self.user_sales_own.id}
                    if node.get("domain"):
                        partners.search(safe_eval(node.get("domain"), scope))
                    if node.get("context"):
                        groupby = safe_eval(node.get("context"), scope)["group_by"]
                        partners.formatted_read_group(
                            [("id", "in", customer.ids)], [groupby], ["__count"]
                        )

    def _filter(self, name, action=CUSTOMERS, user=None):
        user = user or self.user_sales_own
        node = self._get_search(action, user).find(f".//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"), {"uid": user.id})
        return self.env["res.partner"].with_user(user).search(domain)

    def test_filters_of_a_salesperson(self):
        mine = self._create_customer(name="Mine", user_id=self.user_sales_own.id)
        nobodys = self._create_customer(name="Nobody's")
        bare = self._create_customer(name="Bare", country_id=False)
        person = self._create_contact(mine)
        person.special_day_ids = [
            Command.create(
                {
                    "name": "Soon",
                    "date": Date.add(Date.today(), days=20),
                    "recurrence": "once",
                }
            )
        ]
        other = self._create_contact(nobodys)
        other.special_day_ids = [
            Command.create(
                {
                    "name": "Later",
                    "date": Date.add(Date.today(), days=40),
                    "recurrence": "once",
                }
            )
        ]
        for name, found, not_found in (
            ("my_customers", mine, nobodys),
            ("unassigned", nobodys, mine),
            ("incomplete", bare, mine),
            ("special_day_soon", mine, nobodys),
            ("no_contact", bare, mine),
            ("created_this_month", mine, self.env["res.partner"]),
            ("status_prospect", mine, self.env["res.partner"]),
        ):
            with self.subTest(filter=name):
                partners = self._filter(name)
                self.assertIn(found, partners)
                self.assertFalse(partners & not_found)
        self.assertIn(person, self._filter("special_day_soon", CONTACTS))
        self.assertNotIn(other, self._filter("special_day_soon", CONTACTS))
        self.assertIn(person, self._filter("my_customers", CONTACTS))

    def test_the_default_filter_is_for_those_who_have_customers(self):
        for user, shown in ((self.user_sales_own, True), (self.user_invoicing, False)):
            search = self._get_search(CUSTOMERS, user)
            self.assertEqual(
                search.find(".//filter[@name='my_customers']") is not None, shown
            )

    def test_a_customer_with_contacts_from_the_form(self):
        context = self._get_context(CUSTOMERS, self.user_sales_own)
        # a browser hands the defaults of the action to the customer alone
        context.pop("default_is_company")
        partners = self.env["res.partner"].with_user(self.user_sales_own)
        form = Form(partners.with_context(**context), view="base.view_partner_form")
        form.company_type = "company"
        form.name = "From The Form"
        with self.assertRaises(AssertionError):
            form.save()
        form.country_id = self.env.ref("base.de")
        for name, primary in (("Ada", False), ("Bob", True)):
            with form.child_ids.new() as child:
                child.name = name
                child.department = "Sales"
                child.is_primary_contact = primary
        customer = form.save()
        self.assertTrue(customer.is_crm_customer)
        self.assertTrue(customer.ref)
        self.assertEqual(customer.user_id, self.user_sales_own)
        self.assertEqual(customer.primary_contact_id.name, "Bob")
        self.assertEqual(customer.child_ids.mapped("department"), ["Sales", "Sales"])
        self.assertFalse(any(customer.child_ids.mapped("is_company")))
        self.assertFalse(any(customer.child_ids.mapped("is_crm_customer")))

    def test_out_of_range_input_is_refused(self):
        customer = self._create_customer()
        for name in ("headcount", "annual_revenue"):
            with self.subTest(field=name), self.assertRaises(Exception) as caught:
                customer[name] = -1
                self.env.flush_all()
            self.assertNotIsInstance(caught.exception, AssertionError)
            self.env.invalidate_all()

    def test_the_paper_lists(self):
        for name in ("customer", "contact"):
            view = self.env.ref(f"crm_custom.res_partner_view_list_print_{name}")
            context = self._get_context(
                f"crm_custom.res_partner_{name}_action", self.user_sales_own
            )
            self.assertEqual(context["crm_print_view"], view.get_external_id()[view.id])
            columns = etree.fromstring(view.arch).findall("field")
            self.assertLessEqual(len(columns), 9)

    def test_an_employee_may_look_and_not_change(self):
        employee = new_test_user(self.env, "look_employee", groups="base.group_user")
        customer = self._create_customer()
        self.assertEqual(customer.with_user(employee).customer_status, "prospect")
        with self.assertRaises(AccessError):
            customer.with_user(employee).headcount = 1

    def test_country_is_asked_in_the_addons_form_alone(self):
        partners = self.env["res.partner"].with_user(self.user_sales_own)
        form = Form(partners, view="base.view_partner_form")
        form.name = "From Contacts"
        form.is_crm_customer = True
        partner = form.save()
        self.assertTrue(partner.is_customer_incomplete)
        with self.assertRaises(ValidationError):
            partner.with_context(crm_customer_form=True).country_id = False


class TestCustomerTours(CrmCustomHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.hobby"].create({"name": "Tour Hobby"})
        cls.env.ref("base.EUR").active = True

    def _set_lang(self, code):
        self.env["res.lang"]._activate_lang(code)
        for user in (self.user_sales_own, self.user_sales_manager):
            user.lang = code

    def _create_tour_customer(self):
        customer = self._create_customer(
            name="Tour Customer", user_id=self.user_sales_own.id
        )
        self._create_contact(customer, name="Tour First", mobile="+32 470 12 34 56")
        second = self._create_contact(customer, name="Tour Second", phone="022903490")
        customer.primary_contact_id = second
        return customer

    def _check_customer(self):
        customer = self.env["res.partner"].search([("name", "=", "Tour Customer")])
        self.assertEqual(len(customer), 1)
        self.assertEqual(customer.country_id.code, "BE")
        self.assertEqual(customer.user_id, self.user_sales_own)
        self.assertEqual(
            set(customer.customer_contact_ids.mapped("name")),
            {"Tour First", "Tour Second"},
        )
        self.assertEqual(customer.primary_contact_id.name, "Tour Second")
        self.assertEqual(customer.annual_revenue, 1000)

    def _run_customer_tour(self, lang):
        """:return: the text of the PDF that the tour has printed"""
        self._set_lang(lang)
        other = self._create_customer(
            name="Tour Customer Two", user_id=self.user_sales_own.id
        )
        printed = []

        def render_pdf(sheet):
            printed.append(print_search_pdf.render_pdf(sheet))
            return printed[-1]

        with patch.object(download, "render_pdf", render_pdf):
            self.start_tour("/odoo", "crm_custom_customer", login="user_sales_own")
        self._check_customer()
        (content,) = printed
        pages = PdfReader(io.BytesIO(content)).pages
        text = " ".join(page.extract_text() for page in pages)
        # the paper's Chinese font has look-alikes of some characters
        text = " ".join(unicodedata.normalize("NFKC", text).split())
        codes = self.env["res.partner"].search([("name", "like", "Tour Custom")])
        self.assertEqual(len(codes), 2)
        for customer in codes:
            self.assertIn(f"{customer.ref} {customer.name}", text)
        # the rows are these two: no other code is on the paper
        self.assertEqual(len(re.findall(r"\bC\d{6}\b", text)), 2)
        self.assertIn(other.ref, text)
        return text

    def test_customer(self):
        self.assertIn("Rows 2", self._run_customer_tour("en_US"))

    def test_customer_in_chinese(self):
        self.assertIn("行数 2", self._run_customer_tour("zh_CN"))

    def test_kanban(self):
        customer = self._create_tour_customer()
        # else the credit controller alone takes him off the blacklist
        self.env.company.credit_blacklist_action = "warn"
        self.start_tour(
            "/odoo/crm-customers",
            "crm_custom_customer_kanban",
            login="user_sales_own",
        )
        self.assertEqual(customer.customer_status, "prospect")

    def test_contact(self):
        customer = self._create_tour_customer()
        self.start_tour("/odoo", "crm_custom_contact", login="user_sales_own")
        contact = customer.primary_contact_id
        self.assertEqual(contact.department, "Tour Department")
        self.assertEqual(contact.hobby_ids.name, "Tour Hobby")
        self.assertEqual(contact.special_day_ids.name, "Tour Birthday")

    def test_lists(self):
        self.start_tour("/odoo", "crm_custom_lists", login="user_sales_manager")
        for model in ("crm.customer.type", "res.partner.hobby"):
            self.assertTrue(self.env[model].search([("name", "like", "Tour %menu")]))
