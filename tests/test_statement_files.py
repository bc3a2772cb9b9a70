"""Statements as PDFs and workbooks, through the buttons and addresses of users."""

import io
import json
from urllib.parse import urlencode

import openpyxl
from pypdf import PdfReader

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase

from odoo.addons.crm_custom.report import pdf_engine
from odoo.addons.crm_custom.report.crm_statement_pdf import render_pdfs
from odoo.addons.mail.tests.common import MockEmail

from .statement_common import StatementCase

ROUTE = "/crm_custom/statement"


class TestStatementFiles(StatementCase, HttpCase, MockEmail):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_accountant.group_ids += cls.env.ref("base.group_allow_export")
        cls.documents = cls._write_year()
        cls.none = cls._create_customer(name="Owes Nothing", ref="C-2")
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.env.company.partner_id.id,
                "acc_number": "BE71 0961 2345 6769",
            }
        )

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    @staticmethod
    def _pages(content):
        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    def _pdf(self, partners=None, **values):
        """[pages of the PDF of a statement]"""
        statements = self._statements(partners, **values)
        env = statements[0].partner.env
        return [self._pages(content) for _one, content in render_pdfs(env, statements)]

    def _post(self, output, user="user_accountant", **values):
        self.env.flush_all()
        self.authenticate(user, user)
        payload = {
            "company_id": self.env.company.id,
            "partner_ids": self.customer.ids,
            "date": "2026-04-20",
            **values,
        }
        data = {
            "data": json.dumps(payload),
            "csrf_token": http.Request.csrf_token(self),
        }
        return self.url_open(f"{ROUTE}/{output}", data=data)

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    def test_pdf_of_open_items(self):
        [[page]] = self._pdf(date="2026-04-20")
        halves, *_others, last = self.documents
        for text in (
            "Statement of account",
            "Owing Customer",
            halves.name,
            last.name,
            "C-1",
            "BE71 0961 2345 6769",
            "180.00",
            "80.00",
        ):
            self.assertIn(text, page)
        # the company's letterhead
        self.assertIn(self.env.company.name, page)

    def test_pdf_of_an_activity(self):
        [[page]] = self._pdf(kind="activity", date_from="2026-02-01", date="2026-03-31")
        for text in ("Opening balance", "300.00", "Closing balance", "130.00"):
            self.assertIn(text, page)

    def test_pdf_of_who_owes_nothing(self):
        [[page]] = self._pdf(self.none)
        self.assertIn("Nothing is open on your account", page)
        self.assertNotIn("How to pay", page)

    def test_pdf_in_the_language_of_each_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.none.lang = "zh_CN"
        [[english], [chinese]] = self._pdf(self.customer + self.none)
        self.assertIn("Statement of account", english)
        self.assertIn("客户对账单", chinese)
        self.assertIn("您的账户没有未清款项", chinese)

    def test_pdf_of_300_items(self):
        revenue = self.company_data["default_account_revenue"]
        partner = {"partner_id": self.none.id}
        lines = [(self.receivable, 1 + i, partner) for i in range(300)]
        self._entry("2026-01-10", [*lines, (revenue, -sum(range(1, 301)), {})])
        [pages] = self._pdf(self.none, date="2026-04-20")
        self.assertGreater(len(pages), 3)
        with_rows = [page for page in pages if "01/10/2026" in page]
        for page in with_rows:
            self.assertIn("Days", page, "the head of the table is on each page")
        # each row with its date and its due date, and none cut in two
        self.assertEqual(sum(page.count("01/10/2026") for page in with_rows), 600)
        self.assertIn("45,150.00", pages[-1])

    def test_an_engine_process_for_each_customer_some_at_once(self):
        self.env["ir.config_parameter"].set_param(pdf_engine.PROCESSES_PARAMETER, "3")
        self.assertEqual(pdf_engine.get_processes(self.env), 3)
        for value in ("0", "-4"):
            self.env["ir.config_parameter"].set_param(
                pdf_engine.PROCESSES_PARAMETER, value
            )
            self.assertEqual(pdf_engine.get_processes(self.env), 1)
        calls = []
        run = pdf_engine._run

        def counting(arguments, pages):
            calls.append(sum(option is None for option, _page in pages))
            return run(arguments, pages)

        self.patch(pdf_engine, "_run", counting)
        self._pdf(self.customer + self.none)
        self.assertEqual(calls, [1, 1])

    def test_queries_do_not_grow_with_the_documents(self):
        self.patch(pdf_engine, "_run", lambda *_args: (0, "", b"%PDF"))
        customers = self.customer + self.none
        for number in range(8):
            customers += self._create_customer(name=f"Payer {number}")
        for customer in customers - self.customer:
            self._invoice("2026-03-01", 10, customer)
        counts = []
        for some in (customers[:2], customers[:2], customers):
            statements = self._statements(some, date="2026-04-20")
            before = self.env.cr.sql_log_count
            files = list(render_pdfs(statements[0].partner.env, statements))
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(files), len(some))
        self.assertEqual(counts[1], counts[2])

    def test_an_engine_that_fails_says_why(self):
        self.patch(pdf_engine, "_run", lambda *_args: (-11, "out of memory", b""))
        with self.assertRaisesRegex(UserError, "out of memory"):
            self._pdf()

    # ------------------------------------------------------------------
    # Through the browser
    # ------------------------------------------------------------------

    def test_download_of_a_pdf(self):
        response = self._post("pdf")
        self.assertEqual(response.status_code, 200, response.text[:500])
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertIn("C-1", response.headers["Content-Disposition"])
        self.assertIn("180.00", self._pages(response.content)[0])

    def test_download_of_several(self):
        response = self._post("pdf", partner_ids=(self.customer + self.none).ids)
        first, second = self._pages(response.content)
        self.assertIn("Owing Customer", first)
        self.assertIn("Owes Nothing", second)

    def _rows(self, response):
        self.assertEqual(response.status_code, 200, response.text[:500])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return [list(row) for row in book.worksheets[0].values]

    def test_workbook_of_open_items(self):
        halves = self.documents[0]
        rows = self._rows(self._post("xlsx"))
        self.assertEqual(rows[1][0].strip(), "C-1 Owing Customer (USD)")
        self.assertEqual(rows[2][0], halves.name)
        self.assertEqual(rows[2][-2:], [150, 50])
        self.assertIn(180, [row[-1] for row in rows])
        self.assertIn(80, [row[-1] for row in rows])

    def test_workbook_of_an_activity(self):
        rows = self._rows(
            self._post(
                "xlsx", kind="activity", date_from="2026-02-01", date="2026-03-31"
            )
        )
        self.assertEqual(rows[2][0].strip(), "Opening balance")
        self.assertEqual([row[-1] for row in rows[2:7]], [300, 200, 170, 130, 130])

    def test_refusals(self):
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        own = self._post("pdf", user="user_sales_own")
        self.assertEqual(own.status_code, 200)
        response = self._post("pdf", user="user_sales_own", partner_ids=other.ids)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self._post("pdf", user="user_portal").status_code, 403)
        for values in ({"date": "x"}, {"partner_ids": []}, {"partner_ids": "abc"}):
            self.assertEqual(self._post("pdf", **values).status_code, 400)
        foreign = self.setup_other_company()["company"]
        response = self._post("pdf", company_id=foreign.id)
        self.assertEqual(response.status_code, 403)
        # a workbook is an export
        response = self._post("xlsx", user="user_sales_own")
        self.assertEqual(response.status_code, 403)

    def test_wizard(self):
        wizard = self.env["crm.statement.print"].with_user(self.user_sales_own)
        item = self._items(user=self.user_sales_own)[:1]
        for model, ids in (
            ("res.partner", self.customer.ids),
            ("crm.receivable", item.ids),
        ):
            record = wizard.with_context(active_model=model, active_ids=ids).create({})
            self.assertEqual(record.partner_ids.ids, self.customer.ids)
            action = record.action_pdf()
            self.assertEqual(action["params"]["data"]["partner_ids"], self.customer.ids)
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        with self.assertRaises(AccessError):
            wizard.create({"partner_ids": other.ids}).action_pdf()

    def test_tour_of_a_run(self):
        """From the filter to the sent e-mail, in a browser."""
        self._invoice("2026-02-01", 70, self._create_customer(name="No Mail"))
        later = self._create_customer(name="Not Due", email="later@example.com")
        self._invoice("2026-02-01", 70, later, invoice_date_due="2090-01-01")
        self.start_tour(
            "/odoo/crm-statement-runs/new",
            "crm_custom_statement_run",
            login="user_invoicing",
        )
        run = self.env["crm.statement.run"].search([], limit=1)
        self.assertEqual(run.state, "running")
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_statement_run").method_direct_trigger()
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            run.line_ids.sudo().mail_mail_id.send()
        self.assertEqual(len(self._mails), 1)
        self.assertIn("owing@example.com", self._mails[0]["email_to"][0])
        self.start_tour(
            "/odoo/crm-statement-runs",
            "crm_custom_statement_run_sent",
            login="user_invoicing",
        )

    def test_setting_of_the_engine(self):
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        default = settings.default_get(["crm_pdf_processes"])["crm_pdf_processes"]
        self.assertEqual(default, pdf_engine.DEFAULT_PROCESSES)
        settings.create({"crm_pdf_processes": 4}).execute()
        self.assertEqual(pdf_engine.get_processes(self.env), 4)
        for count in (0, -1, 1_000):
            with self.assertRaises(ValidationError):
                settings.create({"crm_pdf_processes": count})

    def test_report_by_its_address(self):
        """As a preview in a browser: open items of today, under the user's rights."""
        path = f"/report/html/crm_custom.report_crm_statement/{self.customer.id}"
        self.authenticate("user_accountant", "user_accountant")
        page = self.url_open(path).text
        self.assertIn(self.documents[-1].name, page)
        # what a client says that a statement is, is none
        forged = {"statements": [{"partner": 1}], "pages": {"en_US": {}}}
        answer = self.url_open(f"{path}?{urlencode({'options': json.dumps(forged)})}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self.documents[-1].name, answer.text)
        other = self._create_customer(name="Other", user_id=self.user_sales_all.id)
        path = f"/report/html/crm_custom.report_crm_statement/{other.id}"
        for user in ("user_sales_own", "user_portal"):
            self.authenticate(user, user)
            self.assertEqual(self.url_open(path).status_code, 403)
