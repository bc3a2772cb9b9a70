"""Receipts, payments, who owes, how fast a company collects: worked out by hand."""

import io
import json
from ast import literal_eval

import openpyxl
from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.crm_custom.report.print_search_pdf import HtmlTables
from odoo.addons.crm_custom.report.print_search_request import PrintSearchRequest
from odoo.addons.crm_custom.report.print_search_sheet import PrintSearchSheet
from odoo.addons.crm_custom.report.print_search_xlsx import write_xlsx

from .receivable_common import ReceivableCase


class TestReceivableAnalysis(ReceivableCase):
    def _rows(self, model, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env[model].with_user(user or self.user_accountant)
        return model.search([("company_id", "=", self.env.company.id)])

    def test_receipts_and_payments(self):
        received = self._payment("2026-02-10", 80.0)
        self._payment("2026-02-11", 30.0, payment_type="outbound")
        draft = self._payment("2026-02-12", 99.0)
        draft.button_draft()
        rows = self._rows("crm.cash.report")
        self.assertEqual(
            [(r.direction, r.amount_received, r.amount_paid) for r in rows],
            [("payment", 0.0, 30.0), ("receipt", 80.0, 0.0)],
        )
        receipt = rows[1]
        self.assertEqual(receipt.move_id, received)
        self.assertEqual(receipt.journal_id, self.company_data["default_journal_bank"])
        self.assertEqual(receipt.payment_method_id.code, "manual")
        self.assertEqual(receipt.partner_id, self.customer)
        self.assertEqual(receipt.user_id, self.user_sales_own)

    def _bank_line(self, date, amount):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": date,
                "amount": amount,
                "partner_id": self.customer.id,
                "payment_ref": "transfer",
            }
        )

    def _match_bank_line(self, line, invoice):
        suspense = line.line_ids.filtered(
            lambda item: item.account_id == line.journal_id.suspense_account_id
        )
        suspense.account_id = self.receivable
        (suspense + self._open_lines(invoice)).reconcile()

    def test_a_bank_line_counts_once(self):
        invoice = self._invoice("2026-01-10", 70.0)
        line = self._bank_line("2026-02-01", 70.0)
        self.assertFalse(self._rows("crm.cash.report"))
        self._match_bank_line(line, invoice)
        rows = self._rows("crm.cash.report")
        self.assertEqual(
            [(r.source, r.amount_received, str(r.date)) for r in rows],
            [("bank", 70.0, "2026-02-01")],
        )

    def _chart(self, *filters):
        """{labels: figures} of a chart grouped by filters of its search view."""
        model = self.env["crm.cash.report"].with_user(self.user_accountant)
        search = etree.fromstring(model.get_view(view_type="search")["arch"])
        groupby = [
            literal_eval(search.find(f".//filter[@name='{name}']").get("context"))
            for name in filters
        ]
        groupby = [context["group_by"] for context in groupby]
        measures = ["amount_received", "amount_paid", "amount_net"]
        groups = model.formatted_read_group(
            [("company_id", "=", self.env.company.id)],
            groupby,
            [f"{name}:sum" for name in measures],
        )
        return {
            tuple(group[name] and group[name][1] for name in groupby): tuple(
                group[f"{name}:sum"] for name in measures
            )
            for group in groups
        }

    def test_charts_of_receipts_and_payments(self):
        """Five times money came or went: 100, 80, 40 and 25 came, 30 went."""
        cash = self.company_data["default_journal_cash"]
        nobodys = self._create_customer(name="Customer of Nobody", user_id=False)
        refund = self.env.ref("account.account_payment_method_manual_out")
        refund.name = "By hand, out"
        self._payment("2025-12-30", 100.0)
        self._payment("2026-01-10", 80.0)
        self._payment("2026-01-15", 40.0, nobodys, journal_id=cash.id)
        self._payment("2026-02-02", 30.0, payment_type="outbound")
        line = self._bank_line("2026-02-20", 25.0)
        self._match_bank_line(line, self._invoice("2026-02-01", 25.0))
        self.env.flush_all()
        received = self.env.ref("account.account_payment_method_manual_in").name
        bank = self.company_data["default_journal_bank"].display_name
        user = self.user_sales_own.name
        self.assertEqual(
            self._chart("group_method"),
            {
                (received,): (220.0, 0.0, 220.0),
                ("By hand, out",): (0.0, 30.0, -30.0),
                # a bank line has none
                (False,): (25.0, 0.0, 25.0),
            },
        )
        self.assertEqual(
            self._chart("group_journal"),
            {
                (bank,): (205.0, 30.0, 175.0),
                (cash.display_name,): (40.0, 0.0, 40.0),
            },
        )
        self.assertEqual(
            self._chart("group_user"),
            {(user,): (205.0, 30.0, 175.0), (False,): (40.0, 0.0, 40.0)},
        )
        self.assertEqual(
            self._chart("group_month"),
            {
                ("December 2025",): (100.0, 0.0, 100.0),
                ("January 2026",): (120.0, 0.0, 120.0),
                ("February 2026",): (25.0, 30.0, -5.0),
            },
        )
        self.assertEqual(
            self._chart("group_year", "group_user"),
            {
                ("2025", user): (100.0, 0.0, 100.0),
                ("2026", user): (105.0, 30.0, 75.0),
                ("2026", False): (40.0, 0.0, 40.0),
            },
        )

    @freeze_time("2026-03-31")
    def test_collection_by_month(self):
        january = self._invoice("2026-01-10", 100.0, invoice_date_due="2026-01-31")
        february = self._invoice("2026-02-05", 200.0, invoice_date_due="2026-03-15")
        self._match(january, self._payment("2026-02-20", 60.0))
        self._match(february, self._payment("2026-03-10", 200.0))
        rows = {
            str(row.month)[:7]: (
                row.amount_opening,
                row.amount_sales,
                row.amount_closing,
                row.amount_overdue,
                round(row.collection_rate, 2),
            )
            for row in self._rows("crm.collection.report")
        }
        self.assertEqual(
            rows,
            {
                "2026-01": (0, 100, 100, 100, 0.0),
                # 300 to collect, 200 not due: 60 of 100
                "2026-02": (100, 200, 240, 40, 60.0),
                # 240 to collect, all due: 200 of 240
                "2026-03": (240, 0, 40, 40, 83.33),
            },
        )
        days = {
            str(row.month)[:7]: round(row.days_outstanding, 2)
            for row in self._rows("crm.collection.report")
        }
        self.assertEqual(
            days,
            {"2026-01": 31.0, "2026-02": round(240 / 300 * 59, 2), "2026-03": 12.0},
        )

    def test_a_ratio_of_nothing_is_empty(self):
        """A payment in advance, months before anything is invoiced."""
        self._payment("2025-06-10", 50.0)
        invoice = self._invoice("2026-03-05", 50.0)
        with freeze_time("2026-03-20"):
            rows = {
                str(row["month"])[:7]: (row["days_outstanding"], row["collection_rate"])
                for row in self._rows("crm.collection.report").read()
            }
            self.assertTrue(invoice)
            self.assertEqual(rows["2025-06"][0], False)
            self.assertEqual(rows["2026-02"][0], False)
            # nothing is outstanding: that is a figure
            self.assertEqual(rows["2026-03"], (0.0, False))
            self.assertIsNot(rows["2026-03"][0], False)
            request = {
                "model": "crm.collection.report",
                "view": "crm_custom.crm_collection_report_view_list",
                "domain": [["company_id", "=", self.env.company.id]],
            }
            sheet = PrintSearchSheet(
                PrintSearchRequest(
                    self.env(user=self.user_accountant), json.dumps(request)
                )
            )
            last = HtmlTables(sheet).parts[1]
            self.assertIn('<td class="n">0.0</td><td class="n"></td>', last)
            file = io.BytesIO()
            write_xlsx(sheet, file)
            book = openpyxl.load_workbook(file)
            days, rate = [cell.value for cell in book.worksheets[0][2]][-2:]
            self.assertEqual((days, rate), (0, None))

    def test_for_accounting_alone(self):
        for model in ("crm.cash.report", "crm.collection.report"):
            for user in (self.user_sales_manager, self.user_portal):
                with self.assertRaises(AccessError):
                    self._rows(model, user)
            self._rows(model, self.user_invoicing)

    # ------------------------------------------------------------------
    # The customers who owe
    # ------------------------------------------------------------------

    def _found(self, name, user=None, value=True, **context):
        """Names of the customers that the filter finds, which the field agrees with."""
        self.env.flush_all()
        self.env.invalidate_all()
        customers = self.env["res.partner"].with_user(user or self.user_accountant)
        customers = customers.with_context(**context).search(
            [("is_crm_customer", "=", True), ("id", "in", self.world.ids)]
        )
        found = customers.search([("id", "in", customers.ids), (name, "=", value)])
        self.assertEqual(found, customers.filtered(lambda c: c[name] == value))
        return set(found.mapped("name"))

    @freeze_time("2026-03-01")
    def test_customers_who_owe(self):
        names = (
            "Late",
            "Due",
            "Settled",
            "Paid ahead",
            "Supplier",
            "Person's",
            "Later",
        )
        late, due, settled, ahead, supplier, persons, later = (
            self._create_customer(name=name) for name in names
        )
        late.user_id = self.user_sales_own
        self.world = late + due + settled + ahead + supplier + persons + later
        self._invoice("2026-02-01", 100.0, customer=late)
        self._payment("2026-02-05", 99.0, customer=late)  # not matched: owes 1.00
        self._invoice("2026-02-20", 10.0, due, invoice_date_due="2026-03-01")
        invoice = self._invoice("2026-02-01", 60.0, customer=settled)
        self._match(invoice, self._payment("2026-02-02", 60.0, customer=settled))
        self._invoice("2026-02-01", 50.0, customer=ahead)
        self._payment("2026-02-02", 50.0, customer=ahead)
        self._invoice("2026-02-01", 70.0, customer=supplier, move_type="in_invoice")
        contact = self._create_contact(persons)
        self._invoice("2026-01-01", 5.0, customer=contact)
        self._invoice("2026-02-28", 5.0, later, invoice_date_due="2026-03-31")
        owing, overdue = {"Late", "Due", "Person's", "Later"}, {"Late", "Person's"}
        self.assertEqual(self._found("is_owing"), owing)
        self.assertEqual(self._found("is_owing", value=False), set(names) - owing)
        self.assertEqual(self._found("is_owing_overdue"), overdue)
        self.assertEqual(
            self._found("is_owing_overdue", value=False), set(names) - overdue
        )
        # a list of the past that the user came from is not this one
        self.assertEqual(
            self._found("is_owing", crm_receivable_date="2025-01-01"), owing
        )
        # due today, where the user's day is already the next
        with freeze_time("2026-03-01 23:30:00"):
            found = self._found("is_owing_overdue", tz="Asia/Shanghai")
        self.assertEqual(found, overdue | {"Due"})
        # whose items he does not see, a salesperson does not find
        self.assertEqual(self._found("is_owing", self.user_sales_own), {"Late"})
        self.assertEqual(self._found("is_owing", self.user_invoicing), owing)
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "owing_stranger",
            "account.group_account_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertEqual(self._found("is_owing", stranger), set())
        partners = self.env["res.partner"].with_user(self.user_portal)
        with self.assertRaises(AccessError):
            partners.search([("is_owing", "=", True)])

    @freeze_time("2026-03-01")
    def test_customers_who_owe_in_one_query(self):
        counts = []
        for size in (10, 1_000):
            self._make_many_owe(size)
            model = self.env["res.partner"].with_user(self.user_accountant)
            for _read in ("first", "counted"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                # as many as the ORM reads at once
                found = model.search([("is_owing", "=", True)], limit=1_000)
                found.read(["name", "is_owing_overdue"])
            self.assertGreaterEqual(len(found), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
