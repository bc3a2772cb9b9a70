"""Disputed amounts where they are shown: ageing, statement, lists; the tour."""

import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase

from odoo.addons.crm_custom.report.crm_ageing_sheet import AgeingSheet
from odoo.addons.crm_custom.report.crm_statement_options import StatementOptions
from odoo.addons.crm_custom.report.crm_statement_sheet import StatementSheet
from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest
from odoo.addons.crm_custom.report.print_search_sheet import PrintSearchSheet

from .dispute_common import DisputeCase


class TestDisputeViews(DisputeCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice("2026-01-10")

    def _open_dispute(self, amount=40):
        with freeze_time("2026-02-01"):
            return self._dispute(self._instalments(self.invoice), amount)

    def _options(self, **options):
        return {"company_ids": self.env.company.ids, **options}

    def test_the_ageing_tells_what_is_disputed(self):
        self._invoice("2026-01-20", 30)
        report = self.env["crm.ageing.report"].with_user(self.user_accountant)
        self.assertEqual(report.get_report(self._options())["more"], [])
        self._open_dispute()
        self.env.flush_all()
        found = report.get_report(self._options())
        self.assertEqual(
            found["more"], [{"name": "disputed", "label": "Of this disputed"}]
        )
        (row,) = found["rows"]
        self.assertEqual((row["total"], row["disputed"]), (130, 40))
        self.assertEqual(found["total"]["disputed"], 40)
        # by other fields too, and on its day alone
        for groupby in ("user_id", "account_id", "currency_id"):
            (row,) = report.get_report(self._options(groupby=groupby))["rows"]
            self.assertEqual(row["disputed"], 40, groupby)
        for date, more in (("2026-01-31", []), ("2026-02-01", found["more"])):
            past = report.get_report(self._options(date=date))
            self.assertEqual(past["more"], more)
        payables = report.get_report(self._options(payable=True))
        self.assertEqual(payables["more"], [])

    def test_the_columns_of_the_ageing_fit_on_a_laptop(self):
        """As many as there can be but what is posted for later; and chosen."""
        # the server that answers has the real date
        today = fields.Date.today()
        self.env.company.account_use_credit_limit = True
        self.customer.credit_limit = 5000
        for days in (-30, 0, 10, 45, 75, 120, 400):
            day = today - timedelta(days=days)
            invoice = self._invoice(min(day, today), 123_456.78, invoice_date_due=day)
        self._dispute(self._instalments(invoice), 23_456.78)
        self._payment(today, 34_567.89)
        self.start_tour(
            "/odoo/crm-ageing", "crm_custom_ageing_columns", login="user_accountant"
        )

    def test_chinese_statuses_are_no_amounts_and_no_days(self):
        """One English word, which is several in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["crm_custom"], ["zh_CN"])

        def labels(model, name):
            model = self.env[model].with_context(lang="zh_CN")
            return dict(model._fields[name]._description_selection(model.env))

        self.assertEqual(labels("crm.dispute", "state")["open"], "未结")
        self.assertEqual(labels("crm.promise", "state")["open"], "未结")
        reasons = labels("crm.dunning.line", "reason")
        self.assertEqual(reasons["promised"], "已承诺付款")

    def test_the_sheet_of_the_ageing_tells_it(self):
        self._open_dispute()
        self.env.flush_all()
        env = self.env(user=self.user_accountant)
        sheet = AgeingSheet(env, self._options())
        labels = [column.label for column in sheet.columns]
        at = labels.index("Of this disputed")
        customer, total, *_tie_out = sheet.lines()
        self.assertEqual(len(customer), len(labels))
        self.assertEqual(customer[at], 40)
        self.assertEqual(total.totals[at], 40)
        with_items = AgeingSheet(env, self._options(details=True))
        self.assertEqual(with_items.columns[-1].label, "Of this disputed")
        customer, item, *_total = with_items.lines()
        self.assertEqual(customer.totals[len(with_items.columns) - 1], 40)
        self.assertEqual(item[-1], 40)

    def _statement(self, date):
        env = self.env(user=self.user_accountant)
        model = env["crm.statement"].with_context(
            allowed_company_ids=self.env.company.ids
        )
        options = StatementOptions(model.env, {"date": date})
        statements = model._get_statements(self.customer.with_env(model.env), options)
        return model.env, statements, options

    def test_the_statement_marks_what_is_disputed_on_its_day(self):
        self._invoice("2026-01-20", 30)
        self._open_dispute()
        self.env.flush_all()
        for date, marks in (("2026-01-31", {}), ("2026-02-01", {"disputed": 40})):
            env, statements, options = self._statement(date)
            (section,) = statements[0].sections
            self.assertEqual(section.marked, marks)
            self.assertEqual(section.open_amount, 130)
            lines = list(StatementSheet(env, statements, options).lines())
            told = [line.label for line in lines if hasattr(line, "label")]
            self.assertEqual("Disputed" in told, bool(marks))
            # sudo: as whoever prints it
            reports = env["ir.actions.report"].sudo()
            html, _type = reports._render_qweb_html(
                "crm_custom.report_crm_statement",
                self.customer.ids,
                data={"report_type": "pdf", "statements": statements, "pages": {}},
            )
            self.assertEqual(b"Disputed" in html, bool(marks))

    def test_the_printed_list_has_the_column(self):
        self._open_dispute()
        self._invoice("2026-01-20", 30)
        self.env.flush_all()
        env = self.env(user=self.user_accountant, context={})
        request = {
            "model": "crm.receivable",
            "view": "crm_custom.crm_receivable_view_list_print",
            "domain": [["is_disputed", "=", True]],
            "context": {},
        }
        sheet = PrintSearchSheet(PrintSearchRequest(env, json.dumps(request)))
        names = [column.name for column in sheet.columns]
        number, disputed = names.index("move_name"), names.index("amount_disputed")
        (row,) = sheet.lines()
        self.assertEqual(row[number], self.invoice.name)
        self.assertEqual(row[disputed][0], 40)

    def test_tour(self):
        self.start_tour(
            "/odoo/crm-receivables", "crm_custom_dispute", login="user_sales_own"
        )
        dispute = self.env["crm.dispute"].search([("move_id", "=", self.invoice.id)])
        self.assertEqual((dispute.amount, dispute.outcome), (40, "upheld"))
