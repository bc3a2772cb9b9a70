"""Large deals are told to managers and leaders, once."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from .my_day_common import JOB_LOGGER, MOMENT, MyDayJobCase


@freeze_time(MOMENT)
class TestLargeDealNotice(MyDayJobCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.crm_large_deal_amount = 1000
        cls.manager = cls.user_sales_manager

    def _lead(self, amount, **vals):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.salesperson.id,
                "company_id": self.company.id,
                "expected_revenue": amount,
                **vals,
            }
        )

    def _large_quote(self, amount, **vals):
        order = self._quote(False, **vals)
        order.order_line.price_unit = amount
        return order

    def _told_of(self, record, user=None):
        """How often the manager was told of the deal."""
        return self.env["mail.notification"].search_count(
            [
                ("res_partner_id", "=", (user or self.manager).partner_id.id),
                ("mail_message_id.model", "=", record._name),
                ("mail_message_id.res_id", "=", record.id),
                ("mail_message_id.message_type", "=", "user_notification"),
            ]
        )

    def _run(self):
        with self.mock_mail_gateway():
            self._run_job("large_deal")

    def test_told_once_also_when_it_grows(self):
        large, growing = self._lead(1000), self._lead(999)
        for _time in range(2):
            self._run()
            self.assertEqual(self._told_of(large), 1)
            self.assertEqual(self._told_of(growing), 0)
        growing.expected_revenue = 5000
        large.expected_revenue = 9000
        for _time in range(2):
            self._run()
            self.assertEqual(self._told_of(large), 1)
            self.assertEqual(self._told_of(growing), 1)

    def test_quotations_and_orders(self):
        large, small = self._large_quote(1000), self._large_quote(999)
        confirmed = self._large_quote(2000)
        confirmed.action_confirm()
        old = self._large_quote(2000)
        old.action_confirm()
        old.date_order = datetime(2026, 2, 1)
        self._run()
        self.assertEqual(self._told_of(large), 1)
        self.assertEqual(self._told_of(confirmed), 1)
        self.assertEqual(self._told_of(small), 0)
        self.assertEqual(self._told_of(old), 0)

    def test_an_opportunity_and_its_orders_are_one_deal(self):
        lead = self._lead(2000)
        order = self._large_quote(2000, opportunity_id=lead.id)
        self._run()
        self.assertEqual(self._told_of(lead) + self._told_of(order), 1)
        small = self._lead(10)
        order = self._large_quote(2000, opportunity_id=small.id)
        self._run()
        small.expected_revenue = 3000
        self._run()
        self.assertEqual((self._told_of(small), self._told_of(order)), (0, 1))

    def test_the_leader_is_told_and_who_sells_it_is_not(self):
        team = self.env["crm.team"].create(
            {"name": "East", "user_id": self.colleague.id}
        )
        deal = self._lead(2000, team_id=team.id, user_id=self.manager.id)
        self._run()
        self.assertEqual(self._told_of(deal, self.colleague), 1)
        self.assertEqual(self._told_of(deal), 0)
        self.assertEqual(self._told_of(deal, self.salesperson), 0)

    def test_a_deal_that_fails_keeps_no_other_from_being_told(self):
        bad, good = self._lead(2000), self._lead(3000)
        model = self.env.registry["crm.lead"]
        tell = model._tell_large_deal

        def fail(deal, company):
            if deal == bad:
                raise ValueError("bad")
            tell(deal, company)

        with (
            patch.object(model, "_tell_large_deal", fail),
            self.assertLogs(JOB_LOGGER, "ERROR"),
        ):
            self._run()
        self.assertEqual((self._told_of(bad), self._told_of(good)), (0, 1))
        self._run()
        self.assertEqual((self._told_of(bad), self._told_of(good)), (1, 1))

    def test_off_lost_and_another_companys(self):
        lost = self._lead(2000)
        lost.action_set_lost()
        company_b = self.env["res.company"].create({"name": "Company B"})
        other = self._lead(2000, company_id=company_b.id, team_id=False, user_id=False)
        self._run()
        self.assertEqual(self._told_of(lost) + self._told_of(other), 0)
        company_b.crm_large_deal_amount = 1000
        self._run()
        # the manager is not of that company
        self.assertEqual(self._told_of(other), 0)
        self.company.crm_large_deal_amount = 0
        deal = self._lead(2000)
        self._run()
        self.assertEqual(self._told_of(deal), 0)
