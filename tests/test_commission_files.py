import io
import json
import random

import openpyxl
from freezegun import freeze_time
from pypdf import PdfReader

from odoo import http
from odoo.fields import Command, Date
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .sales_common import SalesCase

PDF = "/report/pdf/crm_custom.report_crm_commission/{id}"
XLSX = "/crm_custom/commission/xlsx?statements={id}"
MONTHS = [f"2026-0{month}-01" for month in range(1, 7)]


@freeze_time("2026-06-30 10:00:00")
class TestCommissionFiles(SalesCase, HttpCase):
    """Commission on paper, as a workbook, and summed over random flows."""

    def _plan(self, basis):
        return self.env["crm.commission.plan"].create(
            {
                "name": basis,
                "basis": basis,
                "date_from": "2026-01-01",
                "user_ids": [Command.set(self.user_sales_own.ids)],
                "tier_ids": [Command.create({"rate": 2.5})],
            }
        )

    def _make(self, month):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["crm.commission.statement"].with_user(self.user_sales_manager)
        return model._make_month(self.env.company, Date.to_date(month))

    def _statement(self):
        """500 invoiced and 100 of it credited, at 2.5 %."""
        self._plan("invoiced")
        self.invoice = self._invoice_order(
            self._order((self.prepaid, 10)), "2026-01-10"
        )
        self._credit(self.invoice, 100, date="2026-01-20")
        statement = self._make("2026-01-01").with_user(self.user_sales_own)
        export = self.env.ref("base.group_allow_export")
        for user in self.user_sales_own + self.user_sales_all + self.user_sales_manager:
            user.group_ids += export
        self.env.flush_all()
        return statement

    def _download(self, login, statement, url):
        self.authenticate(login, login)
        return self.url_open(url.format(id=statement.id), timeout=120)

    def _print(self, login, statement):
        self.authenticate(login, login)
        return self.url_open(
            "/report/download",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "data": json.dumps([PDF.format(id=statement.id), "qweb-pdf"]),
                # Odoo's tests get HTML else
                "context": json.dumps({"force_report_rendering": True}),
            },
            timeout=120,
        )

    def test_paper(self):
        statement = self._statement()
        for login in ("user_sales_own", "user_sales_manager"):
            response = self._print(login, statement)
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
            (page,) = PdfReader(io.BytesIO(response.content)).pages
            # between a sign and its number Odoo has a space without width
            text = "".join(page.extract_text().replace("\u200b", "").split())
            for part in (
                "UserSalesOwn",
                "January2026",
                "BuyingCustomer",
                "Prepaidgoods",
                self.invoice.name,
                "12.50",
                "-2.50",
                "10.00",
            ):
                self.assertIn(part, text)
        for login in ("user_sales_all", "user_invoicing", "user_portal"):
            with self.subTest(login), mute_logger("odoo.http"):
                response = self._download(login, statement, PDF)
                self.assertEqual(response.status_code, 403)

    def test_workbook(self):
        statement = self._statement()
        for login in ("user_sales_own", "user_sales_manager"):
            response = self._download(login, statement, XLSX)
            self.assertEqual(response.status_code, 200)
            book = openpyxl.load_workbook(io.BytesIO(response.content))
            rows = list(book.worksheets[0].values)
            names = statement.line_ids.mapped("move_name")
            self.assertEqual(
                [row[7:] for row in rows if row[3] in names],
                [(500, 2.5, 12.5), (-100, 2.5, -2.5)],
            )
        for login in ("user_sales_all", "user_invoicing", "user_portal"):
            with self.subTest(login):
                response = self._download(login, statement, XLSX)
                self.assertEqual(response.status_code, 403)
                self.assertNotIn(self.invoice.name, response.text)
        # who may not export has no button either
        self.user_sales_own.group_ids -= self.env.ref("base.group_allow_export")
        response = self._download("user_sales_own", statement, XLSX)
        self.assertEqual(response.status_code, 403)
        self.assertIn("You may not export data", response.text)
        for ids in ("", "x", f"{statement.id + 1000}"):
            url = f"/crm_custom/commission/xlsx?statements={ids}"
            response = self._download("user_sales_manager", statement, url)
            self.assertEqual(response.status_code, 400, ids)

    def test_over_all_months_the_base_is_the_sales_records(self):
        """Random flows in two currencies, with taxes and prices that do not come out
        even; months closed while documents still come. Targets of the months attain the
        same, to the cent.
        """
        rng = random.Random(61)
        plans = self._plan("invoiced") + self._plan("collected")
        currency = self.setup_other_currency(
            "EUR", rounding=0.01, rates=[("2026-01-01", 1.37), ("2026-03-01", 1.21)]
        )
        price_list = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        invoices = self.env["account.move"]
        no_tax = self.env["account.tax"]
        tax_in_price = no_tax.create(
            {
                "name": "6 % in the price",
                "amount": 6,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        targets = self.env["crm.sales.target"].create(
            [
                {
                    "user_id": self.user_sales_own.id,
                    "measure": measure,
                    "date": month,
                    "amount": 1000,
                }
                for measure in ("invoiced", "collected")
                for month in MONTHS
            ]
        )
        for number, month in enumerate(MONTHS):
            for _each in range(3):
                foreign = rng.random() < 0.4
                price = rng.choice((33.33, 7.77))
                taxes = rng.choice((self.tax_21, self.tax_21 + tax_in_price, no_tax))
                order = self._order(
                    (
                        self.prepaid,
                        rng.randint(1, 9),
                        {"price_unit": price, "tax_ids": taxes.ids},
                    ),
                    (
                        self.prepaid,
                        rng.randint(1, 9),
                        {"price_unit": 10.01, "discount": 3.3, "tax_ids": no_tax.ids},
                    ),
                    **({"pricelist_id": price_list.id} if foreign else {}),
                )
                # some are dated in months that are closed
                day = MONTHS[rng.randint(max(0, number - 1), number)][:8] + "15"
                invoices += self._invoice_order(order, day)
            for invoice in rng.sample(list(invoices), 3):
                if invoice.payment_state in ("not_paid", "partial") and (
                    invoice.amount_residual
                ):
                    part = round(invoice.amount_residual * rng.choice((0.3, 0.5, 1)), 2)
                    self._pay(invoice, part, month[:8] + "20")
            if rng.random() < 0.7:
                self._credit(rng.choice(invoices), 5.55, date=month[:8] + "25")
            self._make(month).action_close()
        records = self._records([("user_id", "=", self.user_sales_own.id)])
        expected = {
            "invoiced": sum(records.mapped("untaxed_invoiced")),
            "collected": sum(records.mapped("amount_collected")),
        }
        lines = self.env["crm.commission.line"].search([("plan_id", "in", plans.ids)])
        for basis, amount in expected.items():
            base = sum(
                lines.filtered(lambda line, b=basis: line.basis == b).mapped("base")
            )
            self.assertAlmostEqual(base, amount, places=2, msg=basis)
            attained = targets.filtered(lambda each, b=basis: each.measure == b).mapped(
                "attained"
            )
            self.assertAlmostEqual(sum(attained), amount, places=2, msg=basis)
            self.assertGreater(amount, 0)
        self.assertTrue(any(lines.mapped("is_late")))
