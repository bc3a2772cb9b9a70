from freezegun import freeze_time

from odoo.fields import Command

from .sales_common import SalesCase


class TestCommissionJob(SalesCase):
    """Last month's statements come by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["crm.commission.plan"].create(
            {
                "name": "Plan",
                "date_from": "2026-01-01",
                "user_ids": [Command.set(cls.user_sales_own.ids)],
                "tier_ids": [Command.create({"rate": 2})],
            }
        )

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_commission").method_direct_trigger()
        self.env.invalidate_all()

    def _sell(self, quantity, date):
        order = self._order((self.prepaid, quantity), date_order=date)
        return self._invoice_order(order, date)

    def _stated(self):
        statements = self.env["crm.commission.statement"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return [
            (str(each.month), each.state, each.commission, len(each.line_ids))
            for each in statements
        ]

    @freeze_time("2026-04-20 10:00:00")
    def test_last_months_statements_follow_the_documents_until_they_are_closed(self):
        for day in ("2026-02-10", "2026-03-10", "2026-04-10"):
            self._sell(10, day)
        for _twice in range(2):
            self._run()
            self.assertEqual(self._stated(), [("2026-03-01", "open", 10, 1)])
        self._sell(4, "2026-03-31")
        self._run()
        self.assertEqual(self._stated(), [("2026-03-01", "open", 14, 2)])
        statement = self.env["crm.commission.statement"].search(
            [("user_id", "=", self.user_sales_own.id)]
        )
        statement.with_user(self.user_sales_manager).action_close()
        self._sell(2, "2026-03-31")
        self._run()
        self.assertEqual(self._stated(), [("2026-03-01", "closed", 14, 2)])

    @freeze_time("2026-03-31 20:00:00")
    def test_a_month_ends_where_the_company_is(self):
        self.env.company.partner_id.tz = "Asia/Shanghai"
        self._sell(10, "2026-03-10")
        self._run()
        self.assertEqual(self._stated(), [("2026-03-01", "open", 10, 1)])

    @freeze_time("2026-04-20 10:00:00")
    def test_what_an_ended_plan_paid_is_paid_back(self):
        invoice = self._sell(10, "2026-02-10")
        model = self.env["crm.commission.statement"].with_user(self.user_sales_manager)
        model._make_month(self.env.company, invoice.invoice_date).action_close()
        self.plan.active = False
        self._credit(invoice, 500, date="2026-03-05")
        self._run()
        self.assertEqual(
            self._stated(),
            [("2026-03-01", "open", -10, 1), ("2026-02-01", "closed", 10, 1)],
        )
