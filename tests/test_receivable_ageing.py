"""The ageing report: one set of figures for the screen, the PDF and the workbook."""

import io
import json

import openpyxl
from freezegun import freeze_time
from pypdf import PdfReader

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase

from odoo.addons.crm_custom.report.crm_ageing_sheet import AgeingSheet
from odoo.addons.crm_custom.report.print_search_data import Group
from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest
from odoo.addons.crm_custom.report.print_search_sheet import PrintSearchSheet

from .receivable_common import ReceivableCase

DAY = "2026-05-31"


class TestReceivableAgeing(ReceivableCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        cls.user_accountant.group_ids += export
        cls.tag = cls.env["res.partner.category"].create({"name": "Tagged"})
        cls.other = cls._create_customer(
            name="Other & Sons",
            user_id=cls.user_sales_all.id,
            category_id=cls.tag.ids,
            country_id=cls.env.ref("base.fr").id,
        )
        cls.creditor = cls._create_customer(name="Creditor")
        cls.env.company.account_use_credit_limit = True
        cls.other.credit_limit = 250.0
        cls.old = cls._invoice("2026-01-31", 100.0)
        cls.paid_since = cls._invoice("2026-05-01", 40.0)
        cls._match(cls.paid_since, cls._payment("2026-06-10", 40.0))
        cls.others = cls._invoice("2026-05-20", 300.0, customer=cls.other)
        paid = cls._invoice("2026-03-01", 60.0, customer=cls.other)
        cls._match(paid, cls._payment("2026-03-21", 60.0, customer=cls.other))
        cls._payment("2026-05-30", 25.0, customer=cls.creditor)
        cls._invoice("2026-08-01", 1000.0)  # posted for later

    def _report(self, user=None, **options):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["crm.ageing.report"].with_user(user or self.user_accountant)
        return report.with_company(self.env.company).get_report(
            {"date": DAY, "company_ids": self.env.company.ids, **options}
        )

    @staticmethod
    def _by_name(report):
        columns = [column["name"] for column in report["columns"]]
        return {
            row["name"]: {
                name: amount
                for name, amount in zip(columns, row["amounts"], strict=True)
                if amount
            }
            for row in report["rows"]
        }

    def assertTiesOut(self, report):
        self.assertTrue(report["ledger"])
        for row in report["ledger"]:
            self.assertEqual((row["difference"], row["difference_currency"]), (0, 0))
        total = sum(row["open"] for row in report["ledger"])
        self.assertAlmostEqual(total, report["total"]["total"], 2)

    def test_by_customer_on_a_day(self):
        report = self._report()
        self.assertEqual(
            self._by_name(report),
            {
                "Other & Sons": {"3_late_1": 300.0},
                "Owing Customer": {"3_late_1": 40.0, "6_late_4": 100.0},
                "Creditor": {"8_credit": -25.0},
            },
        )
        rows = {row["name"]: row for row in report["rows"]}
        other, owing = rows["Other & Sons"], rows["Owing Customer"]
        self.assertEqual((other["limit"], other["over_limit"]), (250.0, 50.0))
        self.assertEqual(other["days_to_pay"], 20)
        self.assertEqual(owing["oldest"], "2026-01-31")
        self.assertAlmostEqual(owing["share"], 140 / 415)
        self.assertEqual(report["total"]["total"], 415.0)
        self.assertTiesOut(report)

    def test_now(self):
        with freeze_time("2026-06-30"):
            report = self._report(date=False)
        self.assertEqual(
            self._by_name(report)["Owing Customer"],
            {"6_late_4": 100.0, "9_future": 1000.0},
        )
        self.assertTiesOut(report)

    def test_credit_balances_left_out_are_told(self):
        report = self._report(with_credit=False)
        self.assertNotIn("Creditor", self._by_name(report))
        self.assertEqual(report["hidden"]["total"], -25.0)
        self.assertEqual((report["count"], report["total"]["total"]), (2, 415.0))
        self.assertTiesOut(report)

    def test_where_the_risk_is(self):
        self._invoice("2025-05-01", 7.0, customer=self.creditor)
        for only, names in (
            ("share", {"Other & Sons", "Owing Customer"}),
            ("limit", {"Other & Sons"}),
            ("aged", {"Creditor"}),
        ):
            with self.subTest(only=only):
                report = self._report(only=only)
                self.assertEqual(set(self._by_name(report)), names)
                self.assertEqual(report["total"]["total"], 422.0)
                self.assertTiesOut(report)

    def test_a_large_share_is_what_the_company_says(self):
        self.env.company.crm_large_share = 50
        report = self._report(only="share")
        self.assertEqual(set(self._by_name(report)), {"Other & Sons"})
        self.assertEqual(report["large_share"], 50)
        for percent in (0, -10, 101):
            with self.assertRaises(ValidationError):
                self.env.company.crm_large_share = percent

    def test_filters(self):
        for options, names in (
            ({"partner_ids": self.customer.ids}, {"Owing Customer"}),
            ({"user_ids": self.user_sales_all.ids}, {"Other & Sons"}),
            ({"category_ids": self.tag.ids}, {"Other & Sons"}),
            ({"country_ids": self.env.ref("base.fr").ids}, {"Other & Sons"}),
            ({"customer_type_ids": [0]}, set()),
            ({"team_ids": [0]}, set()),
            ({"account_ids": [0]}, set()),
            ({"account_ids": self.payable.ids}, set()),
            (
                {"account_ids": self.receivable.ids},
                {"Other & Sons", "Owing Customer", "Creditor"},
            ),
            ({"account_ids": self.receivable.ids, "user_ids": [0]}, set()),
        ):
            with self.subTest(options=options):
                report = self._report(**options)
                self.assertEqual(set(self._by_name(report)), names)
                if names:
                    self.assertTiesOut(report)

    def test_groupings(self):
        for groupby, names in (
            ("user_id", {"User Sales Own", "User Sales All", "None"}),
            ("country_id", {"Belgium", "France"}),
            ("company_id", {self.env.company.name}),
            ("currency_id", {self.env.company.currency_id.name}),
        ):
            with self.subTest(groupby=groupby):
                report = self._report(groupby=groupby)
                self.assertEqual(set(self._by_name(report)), names)
                self.assertEqual(report["total"]["total"], 415.0)

    def test_drill_down_lists_what_was_summed(self):
        report = self._report()
        for row in report["rows"]:
            options = {"date": DAY, "company_ids": self.env.company.ids}
            action = (
                self.env["crm.ageing.report"]
                .with_user(self.user_accountant)
                .get_drill_down(options, row["id"])
            )
            json.dumps(action)
            items = self.env["crm.receivable"].with_context(**action["context"])
            found = items.search(action["domain"])
            self.assertEqual(sum(found.mapped("amount_aged")), row["total"])

    def test_the_drill_down_prints_its_day(self):
        self.env.flush_all()
        env = self.env(user=self.user_accountant, context={})
        options = {"date": DAY, "company_ids": self.env.company.ids}
        action = env["crm.ageing.report"].get_drill_down(options, self.customer.id)
        context = action["context"]

        def printed(**values):
            request = PrintSearchRequest(
                env,
                json.dumps(
                    {
                        "model": action["res_model"],
                        "view": context["crm_print_view"],
                        "domain": action["domain"],
                        "context": {**context, **values},
                    }
                ),
            )
            sheet = PrintSearchSheet(request)
            names = [column.name for column in sheet.columns]
            number, days = names.index("move_name"), names.index("days_overdue")
            return {line[number]: line[days] for line in sheet.lines()}

        self.assertEqual(printed(), {self.old.name: 120, self.paid_since.name: 30})
        with freeze_time("2026-09-01"):
            now = printed(crm_receivable_date=False)
        self.assertNotIn(self.paid_since.name, now)
        self.assertEqual(now[self.old.name], 213)
        for hostile in (
            {"crm_receivable_date": "yesterday'; --"},
            {"crm_receivable_date": {"a": 1}},
            {"crm_receivable_date": 7},
            {"crm_receivable_partner_ids": "x"},
            {"crm_receivable_partner_ids": 7},
        ):
            with self.subTest(hostile), self.assertRaises(UserError):
                printed(**hostile)

    def test_a_salesperson_sees_his_own(self):
        report = self._report(self.user_sales_own)
        self.assertEqual(set(self._by_name(report)), {"Owing Customer"})
        self.assertTiesOut(report)
        self.assertFalse(self._report(self.user_sales_own, payable=True)["rows"])
        self.assertFalse(report["may_read_entries"])
        everything = self._report(self.user_sales_all)
        self.assertEqual(len(everything["rows"]), 3)

    def test_hostile_options(self):
        for options in (
            {"groupby": "partner_id.user_id.password"},
            {"date": "yesterday"},
            {"user_ids": ["1; DROP TABLE"]},
            {"offset": "x"},
            {"only": "everything"},
        ):
            with self.subTest(options=options), self.assertRaises(UserError):
                self._report(**options)

    def test_queries_do_not_grow(self):
        counts = []
        for more in (7, 990):
            self._make_many_owe(more)
            # the first fills caches that the making of the customers may have emptied
            for _read in ("first", "counted"):
                before = self.env.cr.sql_log_count
                report = self._report()
                sheet = self._sheet(details=True)
                rows = [line for line in sheet.lines() if not isinstance(line, Group)]
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(report["count"], 1000)
        self.assertEqual(len(rows), 1001)
        self.assertEqual(*counts)

    # ------------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------------

    def _sheet(self, **options):
        self.env.flush_all()
        env = self.env(user=self.user_accountant)
        return AgeingSheet(
            env, {"date": DAY, "company_ids": self.env.company.ids, **options}
        )

    def test_the_sheet_says_what_the_screen_says(self):
        sheet = self._sheet()
        lines = list(sheet.lines())
        rows = [line for line in lines if not isinstance(line, Group)]
        self.assertEqual(rows[0][0], "Other & Sons")
        report = self._report()
        total_column = len(report["columns"]) + 1
        self.assertEqual(
            [row[total_column] for row in rows],
            [row["total"] for row in report["rows"]],
        )
        groups = [line for line in lines if isinstance(line, Group)]
        self.assertEqual(groups[0].totals[total_column], 415.0)
        self.assertEqual(
            [group.totals[total_column] for group in groups[1:]], [415.0, 415.0, 0.0]
        )

    def test_the_sheet_with_items(self):
        sheet = self._sheet(details=True)
        self.assertTrue(sheet.is_landscape)
        lines = list(sheet.lines())
        groups = [isinstance(line, Group) and line.label for line in lines]
        owing = groups.index("Owing Customer")
        self.assertEqual(
            [line[0] for line in lines[owing + 1 : owing + 3]],
            [self.old.name, self.paid_since.name],
        )
        self.assertEqual([line[-1] for line in lines[owing + 1 : owing + 3]], [100, 40])

    def _download(self, output, **options):
        self.env.flush_all()
        self.authenticate("user_accountant", "user_accountant")
        data = {
            "options": {"date": DAY, "company_ids": self.env.company.ids, **options},
            "context": {"allowed_company_ids": self.env.company.ids},
        }
        return self.url_open(
            f"/crm_custom/ageing/{output}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def test_xlsx(self):
        response = self._download("xlsx")
        self.assertEqual(response.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = [[cell.value for cell in row] for row in book.worksheets[0]]
        self.assertEqual(cells[1][0], "Other & Sons")
        total = next(row for row in cells if row[0] == "Total")
        self.assertIn(415, total)
        self.assertEqual(cells[-1][0].strip(), "Difference")
        self.assertIn(0, cells[-1])

    def test_pdf(self):
        for details in (False, True):
            response = self._download("pdf", details=details)
            self.assertEqual(response.status_code, 200)
            pages = PdfReader(io.BytesIO(response.content)).pages
            text = " ".join(page.extract_text() for page in pages)
            self.assertIn("Other & Sons", text)
            self.assertIn("Difference", text)
            # a cell of nothing is empty: what is left are the zeros of the tie-out
            tie_out = self._report()["ledger"]
            self.assertEqual(text.count(" 0.00") + text.count("\n0.00"), len(tie_out))
            width, height = pages[0].mediabox[2:]
            self.assertEqual(width > height, details, "few columns stand upright")

    def test_download_refuses_nonsense(self):
        self.authenticate("user_accountant", "user_accountant")
        nothing = {"options": 1, "context": {"allowed_company_ids": [1]}}
        for data in ("", "[]", '{"options": {}}', json.dumps(nothing)):
            response = self.url_open(
                "/crm_custom/ageing/xlsx",
                data={"data": data, "csrf_token": http.Request.csrf_token(self)},
            )
            self.assertEqual(response.status_code, 400)

    def test_tour_payment(self):
        """A payment is registered from the list, by who invoices."""
        self.start_tour(
            "/odoo/crm-receivables",
            "crm_custom_receivable_payment",
            login="user_invoicing",
        )
        self.assertEqual(self.others.payment_state, "paid")

    def test_tour(self):
        """From the ageing to the items behind a row, and back; then a filter."""
        self.start_tour(
            "/odoo/crm-ageing", "crm_custom_ageing", login="user_accountant"
        )
