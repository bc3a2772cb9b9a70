"""The stage *disputed* of sales records."""

from freezegun import freeze_time

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestDisputeSales(SalesCase):
    def _dispute(self, invoice, amount=None):
        reason = self.env.ref("crm_custom.crm_dispute_reason_price")
        # sudo: the test's user has no right but to keep the books
        return invoice.sudo()._crm_dispute(reason, amount=amount)

    def _assert_stage(self, order, stage):
        """By the column, and by each way of searching it."""
        record = self._of(order)
        self.assertEqual(record.stage, stage)
        mine = ("order_id", "=", order.id)
        for value in ("disputed", "overdue"):
            found = self._records([mine, ("stage", "=", value)])
            self.assertEqual(bool(found), value == stage, value)
            found = self._records([mine, ("stage", "!=", value)])
            self.assertEqual(bool(found), value != stage, value)
        (group,) = record._read_group([mine], ["stage"], ["__count"])
        self.assertEqual(group, (stage, 1))

    def test_what_is_overdue_and_not_disputed_stays_overdue(self):
        order = self._order((self.prepaid, 2))
        invoice = self._invoice_order(order)
        total = invoice.amount_total
        self._assert_stage(order, "overdue")
        first = self._dispute(invoice, total / 2)
        self._assert_stage(order, "overdue")
        second = self._dispute(invoice)
        self._assert_stage(order, "disputed")
        # what is left is disputed
        first._end("upheld")
        self._pay(invoice, total / 2)
        self._assert_stage(order, "disputed")
        second._end("withdrawn")
        self._assert_stage(order, "overdue")

    def test_what_is_disputed_before_it_is_due(self):
        order = self._order((self.prepaid, 2))
        invoice = self._invoice_order(
            order, "2026-02-28", invoice_date_due="2026-03-30"
        )
        dispute = self._dispute(invoice, 1)
        self._assert_stage(order, "disputed")
        self._pay(invoice)
        self.assertEqual(dispute.state, "open")
        self._assert_stage(order, "to_deliver")
