"""The ageing of several companies, which keep their books in two currencies."""

from odoo.fields import Command

from odoo.addons.crm_custom.report.crm_ageing_sheet import AgeingSheet
from odoo.addons.crm_custom.report.print_search_data import Group

from .receivable_common import ReceivableCase

DAY = "2026-05-31"
NOTE = "In USD; books kept in EUR at the rate of today"


class TestReceivableCompanies(ReceivableCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.account_use_credit_limit = True
        cls.customer.credit_limit = 250.0
        cls._invoice("2026-05-20", 300.0)
        paid = cls._invoice("2026-03-01", 60.0)
        cls._match(paid, cls._payment("2026-03-21", 60.0))
        # a dollar is two euros
        euro = cls.setup_other_currency("EUR", rates=[("2025-01-01", 2.0)])
        data = cls.setup_other_company(name="House", currency_id=euro.id)
        cls.house = data["company"]
        env = cls.env(context={"allowed_company_ids": cls.house.ids})
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.customer.id,
                    "invoice_date": day,
                    "invoice_date_due": day,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Work", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
                for day, amount in (("2026-05-20", 80.0), ("2026-04-01", 60.0))
            ]
        )
        moves.action_post()
        payment = env["account.payment"].create(
            {
                "partner_id": cls.customer.id,
                "amount": 60.0,
                "date": "2026-04-11",
                "journal_id": data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        (moves[1] + payment.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        cls.user_accountant.company_ids += cls.house
        cls.env.flush_all()
        cls.both = cls.env(
            user=cls.user_accountant,
            context={"allowed_company_ids": (cls.env.company + cls.house).ids},
        )

    def _report(self, **options):
        return self.both["crm.ageing.report"].get_report({"date": DAY, **options})

    def test_what_is_owed_in_euros_counts_half(self):
        report = self._report()
        (row,) = report["rows"]
        self.assertEqual((row["total"], report["total"]["total"]), (340.0, 340.0))
        # 60 after 20 days, and 30 after 10
        self.assertEqual(row["days_to_pay"], 17)
        self.assertEqual(report["currency_note"], NOTE)
        by_company = self._report(groupby="company_id")["rows"]
        self.assertEqual(
            [(row["name"], row["total"]) for row in by_company],
            [(self.env.company.name, 300.0), ("House", 40.0)],
        )

    def test_each_ledger_is_told_in_its_currency(self):
        self.assertEqual(
            {
                (row["company_currency"], row["open"], row["difference"])
                for row in self._report()["ledger"]
            },
            {("USD", 300.0, 0.0), ("EUR", 80.0, 0.0)},
        )
        sheet = AgeingSheet(self.both, {"date": DAY})
        self.assertIn(("Currency", NOTE), sheet.facts)
        labels = [line.label for line in sheet.lines() if isinstance(line, Group)]
        self.assertTrue(any(label.startswith("House (EUR) · ") for label in labels))

    def test_a_limit_is_what_one_company_lends(self):
        report = self._report()
        self.assertEqual((report["rows"][0]["limit"], report["has_limits"]), (0, False))
        # what can't be compared finds nobody, and hides nobody
        self.assertEqual(len(self._report(only="limit")["rows"]), 1)
        report = self._report(company_ids=self.env.company.ids)
        (row,) = report["rows"]
        self.assertEqual((row["limit"], row["over_limit"]), (250.0, 50.0))
        self.assertEqual((report["has_limits"], report["currency_note"]), (True, ""))
