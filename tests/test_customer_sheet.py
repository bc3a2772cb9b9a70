"""The customer sheet: what it holds, for whom, at what cost, and its real PDF."""

import io
import json
from datetime import timedelta

from pypdf import PdfReader

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user

from .common import CrmCustomAccountCase, CrmCustomHttpCase

REPORT = "crm_custom.report_res_partner_customer_sheet"


class CustomerSheetCase(CrmCustomAccountCase):
    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        groups |= cls.env.ref("sales_team.group_sale_manager")
        return groups | cls.env.ref("stock.group_stock_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(name="Sheet Ltd", lang="en_US")
        cls.boss = cls._create_contact(cls.customer, name="Zoe Boss")
        cls.clerk = cls._create_contact(cls.customer, name="Abel Clerk")
        cls.customer.primary_contact_id = cls.boss
        cls.own_order = cls._create_order(
            cls.boss,
            user_id=cls.user_sales_own.id,
            date_order="2026-03-14 12:00:00",
            confirm=True,
        )
        cls.other_order = cls._create_order(
            cls.customer, user_id=cls.user_sales_all.id, confirm=True
        )
        cls.quotation = cls._create_order(cls.customer, user_id=cls.user_sales_own.id)

    def _get_sections(self, user, customers=None):
        report = self.env[f"report.{REPORT}"].with_user(user)
        ids = (customers or self.customer).ids
        return report._get_report_values(ids)["sections"]

    def _render(self, user, customers=None):
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(lang=user.lang)
        html, _type = report._render_qweb_html(REPORT, (customers or self.customer).ids)
        return html.decode()

    def _get_rows(self, user, section):
        return self._get_sections(user)[section].get(self.customer.id, {}).get("rows")


class TestCustomerSheetRows(CustomerSheetCase):
    def test_the_primary_contact_comes_first(self):
        rows = self._get_rows(self.user_sales_all, "contacts")
        self.assertEqual(rows, self.boss + self.clerk)

    def test_orders_of_the_contacts_count_and_quotations_do_not(self):
        rows = self._get_rows(self.user_sales_all, "orders")
        self.assertEqual(rows, self.other_order + self.own_order)

    def test_the_last_ten_of_more(self):
        now = Datetime.now()
        orders = self.env["sale.order"]
        for day in range(1, 13):
            order = self._create_order(self.customer, confirm=True)
            order.date_order = now + timedelta(days=day)
            orders += order
        part = self._get_sections(self.user_sales_all)["orders"][self.customer.id]
        self.assertEqual(part["rows"], orders[:-11:-1])
        self.assertEqual(part["note"], "10 of 14")
        self.assertIn("10 of 14", self._render(self.user_sales_all))

    def test_a_delivery_belongs_to_the_buyer(self):
        stranger = self.env["res.partner"].create({"name": "Building Site"})
        goods = self.env["product.product"].create({"name": "Crate", "type": "consu"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "partner_shipping_id": stranger.id,
                "order_line": [Command.create({"product_id": goods.id})],
            }
        )
        order.action_confirm()
        self.assertEqual(
            self._get_rows(self.user_sales_all, "deliveries"), order.picking_ids
        )
        self.assertFalse(
            self._get_sections(self.user_sales_all, stranger)["deliveries"]
        )

    def test_open_amounts_add_up_with_credit_notes_by_currency(self):
        self._create_invoice_of(self.customer, post=True)
        draft = self._create_invoice_of(self.customer)
        self._create_invoice_of(self.customer, move_type="out_refund", post=True)
        euro = self.setup_other_currency("EUR")
        self._create_invoice_of(self.customer, currency_id=euro.id, post=True)
        for _number in range(11):
            self._create_invoice_of(self.customer, post=True)
        part = self._get_sections(self.user_invoicing)["invoices"][self.customer.id]
        self.assertNotIn(draft, part["rows"])
        self.assertEqual(part["total"], 14)
        # more invoices than are printed: the sum is of all
        self.assertEqual(
            part["open"], {self.env.company.currency_id: 1100.0, euro: 100.0}
        )

    def test_a_contact_prints_its_customer(self):
        docs = self.env[f"report.{REPORT}"]._get_report_values(
            (self.boss + self.clerk + self.customer).ids
        )["docs"]
        self.assertEqual(docs, self.customer)

    def test_nothing_chosen_is_told(self):
        with self.assertRaises(UserError):
            self.env[f"report.{REPORT}"]._get_report_values([])

    def test_the_action_is_offered_for_customers_and_their_people_alone(self):
        action = self.env.ref("crm_custom.action_report_res_partner_customer_sheet")
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        for partner, offered in (
            (self.customer, True),
            (self.boss, True),
            (vendor, False),
        ):
            ids = action.get_valid_action_reports("res.partner", partner.ids)
            self.assertEqual(ids, action.ids if offered else [], partner.name)

    def test_a_room_adds_a_section_by_inheritance(self):
        self.env["ir.ui.view"].create(
            {
                "name": "test section",
                "type": "qweb",
                "mode": "extension",
                "inherit_id": self.env.ref(f"{REPORT}_document").id,
                "arch": """<xpath expr="//div[@name='orders']" position="before">
                    <div name="test">A later room</div>
                </xpath>""",
            }
        )
        html = self._render(self.user_sales_all)
        self.assertLess(html.index("A later room"), html.index("Last orders"))

    def test_the_paper_speaks_its_readers_language(self):
        """It stays in the house: not the customer's."""
        languages = self.env["res.lang"]
        languages._activate_lang("en_US").date_format = "%m/%d/%Y"
        languages._activate_lang("zh_CN").date_format = "%Y!%m!%d"
        for lang, day in (("zh_CN", "2026!03!14"), ("en_US", "03/14/2026")):
            self.user_sales_all.lang = lang
            html = self._render(self.user_sales_all)
            self.assertTrue(day in html, lang)

    def test_ten_sheets_cost_as_many_queries_as_one(self):
        customers = self.customer
        for number in range(9):
            customer = self._create_customer(name=f"Copy {number}", lang="en_US")
            self._create_contact(customer, name=f"Person {number}")
            self._create_order(customer, user_id=self.user_sales_all.id, confirm=True)
            self._create_invoice_of(customer, post=True)
            customers += customer
        self._create_invoice_of(self.customer, post=True)

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._render(self.user_sales_manager, partners)
            return self.env.cr.sql_log_count - before

        count(customers)  # what the registry keeps is read once
        self.assertEqual(count(customers), count(self.customer))


class TestCustomerSheetRights(CustomerSheetCase):
    def test_a_salesperson_sees_his_own_documents(self):
        invoice = self._create_invoice_of(
            self.customer, invoice_user_id=self.user_sales_all.id, post=True
        )
        self.assertEqual(self._get_rows(self.user_sales_own, "orders"), self.own_order)
        self.assertFalse(self._get_rows(self.user_sales_own, "invoices"))
        html = self._render(self.user_sales_own)
        self.assertIn(self.own_order.name, html)
        self.assertNotIn(self.other_order.name, html)
        self.assertNotIn(invoice.name, html)

    def test_an_invoicing_user_sees_the_invoices(self):
        invoice = self._create_invoice_of(self.customer, post=True)
        self.assertIn(invoice.name, self._render(self.user_invoicing))

    def test_sections_without_access_are_left_out(self):
        employee = new_test_user(
            self.env,
            "sheet_employee",
            groups="base.group_user",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        self.assertEqual(list(self._get_sections(employee)), ["contacts"])
        html = self._render(employee)
        self.assertIn("Zoe Boss", html)
        for title in ("Last orders", "Last deliveries", "Last invoices"):
            self.assertNotIn(title, html)

    def test_a_portal_user_gets_no_sheet_of_himself(self):
        self.user_portal.partner_id.parent_id = self.customer
        with self.assertRaises(AccessError):
            self._render(self.user_portal)

    def test_documents_of_a_company_that_is_not_chosen_stay_out(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        user = new_test_user(
            self.env,
            "sheet_two_companies",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.env.company.id,
            company_ids=[Command.set((self.env.company + other).ids)],
        )
        elsewhere = self._create_order(self.customer, company_id=other.id)
        elsewhere.action_confirm()
        report = self.env[f"report.{REPORT}"].with_user(user)
        for companies, found in ((self.env.company, False), (other, True)):
            values = report.with_context(
                allowed_company_ids=companies.ids
            )._get_report_values(self.customer.ids)
            part = values["sections"]["orders"][self.customer.id]
            self.assertEqual(elsewhere in part["rows"], found)


class TestCustomerSheetPdf(CrmCustomHttpCase):
    def _download(self, login, customers):
        self.authenticate(login, login)
        ids = ",".join(map(str, customers.ids))
        return self.url_open(
            "/report/download",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps([f"/report/pdf/{REPORT}/{ids}", "qweb-pdf"]),
                "context": json.dumps(
                    {"force_report_rendering": True, "lang": "en_US"}
                ),
            },
        )

    def test_the_pdf(self):
        customer = self._create_customer(
            name="深圳 & Sons", lang="en_US", ref="PDF-1", phone_area_code="0755"
        )
        self._create_contact(customer, name="Zoe Boss", mobile="+32 470 00 00 01")
        order = self._create_order(
            customer, user_id=self.user_sales_own.id, confirm=True
        )
        other = self._create_customer(name="Second Sheet", lang="en_US")
        response = self._download("user_sales_own", customer + other)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = [
            " ".join(page.extract_text().split())
            for page in PdfReader(io.BytesIO(response.content)).pages
        ]
        # one page each, with what belongs to it
        self.assertEqual(len(pages), 2)
        for text in ("深圳 & Sons", "PDF-1", "0755", "Zoe Boss", order.name, "100.00"):
            self.assertIn(text, pages[0])
        self.assertIn("Second Sheet", pages[1])
        self.assertNotIn(order.name, pages[1])

    def test_the_file_is_named_after_the_customer(self):
        customer = self._create_customer(name="File Name Ltd")
        contact = self._create_contact(customer)
        response = self._download("user_sales_own", contact)
        self.assertIn("File%20Name%20Ltd.pdf", response.headers["Content-Disposition"])

    def test_a_portal_user_is_refused(self):
        customer = self._create_customer()
        self.user_portal.partner_id.parent_id = customer
        self.authenticate("user_portal", "user_portal")
        with self.assertLogs("odoo.http", "WARNING"):
            response = self.url_open(f"/report/html/{REPORT}/{customer.id}")
        self.assertEqual(response.status_code, 403)
        self.assertNotIn(customer.ref, response.text)
