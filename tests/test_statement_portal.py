"""A customer's own statement in the portal, and nobody else's."""

import io

import openpyxl
from pypdf import PdfReader

from odoo.tests import HttpCase, new_test_user

from .statement_common import StatementCase

PAGE = "/my/statement"


class TestStatementPortal(StatementCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls._write_year()
        cls.person = cls._create_contact(cls.customer, name="Person")
        cls.portal = cls._portal_user("statement_portal", cls.person)
        cls.other = cls._create_customer(name="Other Customer")
        cls.foreign_invoice = cls._invoice("2026-01-05", 777, cls.other)
        cls._portal_user("statement_other", cls._create_contact(cls.other))
        cls._portal_user("statement_none", cls._create_customer(name="None"))

    @classmethod
    def _portal_user(cls, login, partner):
        return new_test_user(
            cls.env, login, "base.group_portal", partner_id=partner.id, password=login
        )

    def _get(self, path=PAGE, login="statement_portal"):
        self.env.flush_all()
        self.authenticate(login, login)
        return self.url_open(path, timeout=60)

    @staticmethod
    def _amounts(response):
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return [row[-1] for row in book.worksheets[0].values]

    def test_open_items(self):
        page = self._get(f"{PAGE}?date=2026-04-20")
        self.assertEqual(page.status_code, 200)
        halves, _payment, euro, _refund, _unmatched, last = self.documents
        for text in (halves.name, euro.name, last.name, "180.00", "80.00"):
            self.assertIn(text, page.text)
        self.assertNotIn(self.foreign_invoice.name, page.text)
        self.assertNotIn("777.00", page.text)

    def test_activity(self):
        page = self._get(
            f"{PAGE}?kind=activity&date_from=2026-02-01&date=2026-03-31"
        ).text
        for text in ("Opening balance", "300.00", "Closing balance", "130.00"):
            self.assertIn(text, page)

    def test_files(self):
        pdf = self._get(f"{PAGE}/pdf?date=2026-04-20")
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
        self.assertIn("180.00", text)
        self.assertIn("Owing Customer", text)
        xlsx = self._get(f"{PAGE}/xlsx?date=2026-04-20")
        amounts = self._amounts(xlsx)
        self.assertIn(180, amounts)
        self.assertNotIn(777, amounts)

    def test_nobody_elses(self):
        company = self.setup_other_company()["company"]
        for query in (
            f"partner_id={self.customer.id}",
            f"partner_ids={self.customer.id}&access_token=abc",
            f"id={self.customer.id}",
            f"company={company.id}",
        ):
            text = self._get(f"{PAGE}?{query}", login="statement_other").text
            self.assertIn("777.00", text)
            self.assertNotIn(self.documents[0].name, text)
            response = self._get(f"{PAGE}/xlsx?{query}", login="statement_other")
            if query == f"company={company.id}":
                # back to the page: he has no account there
                self.assertTrue(response.url.endswith(PAGE))
                continue
            amounts = self._amounts(response)
            self.assertIn(777, amounts)
            self.assertNotIn(180, amounts)
        for path in (f"{PAGE}/{self.customer.id}", f"{PAGE}/pdf/{self.customer.id}"):
            self.assertEqual(self._get(path, login="statement_other").status_code, 404)
        # the addresses of employees
        path = f"/report/pdf/crm_custom.report_crm_statement/{self.customer.id}"
        for login in ("statement_portal", "statement_other"):
            self.assertEqual(self._get(path, login=login).status_code, 403)

    def test_who_owes_nothing_and_who_is_nobody(self):
        page = self._get(login="statement_none")
        self.assertIn("Nothing is open on your account", page.text)
        self.authenticate(None, None)
        page = self.url_open(PAGE, allow_redirects=False)
        self.assertIn("/web/login", page.headers["Location"])

    def test_dates_that_are_none(self):
        self.assertEqual(self._get(f"{PAGE}?date=yesterday").status_code, 200)

    def test_home(self):
        self.assertIn(PAGE, self._get("/my").text)
        self.authenticate("statement_portal", "statement_portal")
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["crm_statement_count"]}
        )
        self.assertEqual(answer, {"crm_statement_count": 1})
