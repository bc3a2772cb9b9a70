import io
import random

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Date

from odoo.addons.crm_custom.report.crm_commission_sheet import CommissionSheet
from odoo.addons.crm_custom.report.print_search_xlsx import write_xlsx

from .sales_common import SalesCase

MONTHS = [f"2026-0{month}-01" for month in range(1, 7)]


@freeze_time("2026-06-30 10:00:00")
class TestCommissionFiles(SalesCase):
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

    def test_paper_and_workbook(self):
        self._plan("invoiced")
        invoice = self._invoice_order(self._order((self.prepaid, 10)), "2026-01-10")
        self._credit(invoice, 100, date="2026-01-20")
        statement = self._make("2026-01-01").with_user(self.user_sales_own)
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.user_sales_own)
            ._render_qweb_html("crm_custom.report_crm_commission", statement.ids)
        )
        text = html.decode()
        for part in ("January 2026", "Buying Customer", invoice.name, "12.50", "10.00"):
            self.assertIn(part, text)
        with self.assertRaises(AccessError):
            self.env["report.crm_custom.report_crm_commission"].with_user(
                self.user_sales_all
            )._get_report_values(statement.ids)
        with io.BytesIO() as file:
            write_xlsx(CommissionSheet(statement), file)
            rows = list(openpyxl.load_workbook(file).worksheets[0].values)
        lines = [
            row for row in rows if row[3] in statement.line_ids.mapped("move_name")
        ]
        self.assertEqual(
            [row[7:] for row in lines], [(500, 2.5, 12.5), (-100, 2.5, -2.5)]
        )

    def test_over_all_months_the_base_is_the_sales_records(self):
        """Random flows in two currencies, months closed while documents still come."""
        rng = random.Random(61)
        plans = self._plan("invoiced") + self._plan("collected")
        currency = self.setup_other_currency(
            "EUR", rounding=0.01, rates=[("2026-01-01", 1.37), ("2026-03-01", 1.21)]
        )
        price_list = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        invoices = self.env["account.move"]
        for number, month in enumerate(MONTHS):
            for _each in range(3):
                foreign = rng.random() < 0.4
                price = rng.choice((33.33, 7.77))
                order = self._order(
                    (self.prepaid, rng.randint(1, 9), {"price_unit": price}),
                    (self.prepaid, rng.randint(1, 9), {"price_unit": 10.01}),
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
            self.assertGreater(amount, 0)
        self.assertTrue(any(lines.mapped("is_late")))
