"""Receipts, payments, and how fast a company collects: figures worked out by hand."""

from freezegun import freeze_time

from odoo.exceptions import AccessError

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

    def test_a_bank_line_counts_once(self):
        invoice = self._invoice("2026-01-10", 70.0)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-02-01",
                "amount": 70.0,
                "partner_id": self.customer.id,
                "payment_ref": "transfer",
            }
        )
        self.assertFalse(self._rows("crm.cash.report"))
        suspense = line.line_ids.filtered(
            lambda item: item.account_id == line.journal_id.suspense_account_id
        )
        suspense.account_id = self.receivable
        (suspense + self._open_lines(invoice)).reconcile()
        rows = self._rows("crm.cash.report")
        self.assertEqual(
            [(r.source, r.amount_received, str(r.date)) for r in rows],
            [("bank", 70.0, "2026-02-01")],
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

    def test_for_accounting_alone(self):
        for model in ("crm.cash.report", "crm.collection.report"):
            for user in (self.user_sales_manager, self.user_portal):
                with self.assertRaises(AccessError):
                    self._rows(model, user)
            self._rows(model, self.user_invoicing)
