"""Customers that are merged, flagged or whose people move: the status follows at once,
in each company.
"""

from freezegun import freeze_time

from odoo.fields import Command

from .test_customer_status import NOON, CustomerStatusCase


@freeze_time(NOON)
class TestCustomerStatusMoves(CustomerStatusCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids += cls.company_b

    def _order_in_b(self, customer, days_ago=0):
        line = {"name": "Note", "display_type": "line_note"}
        return self._order(
            customer,
            days_ago,
            company_id=self.company_b.id,
            order_line=[Command.create(line)],
        )

    def _merge(self, source, destination, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard = wizard.with_user(user or self.env.user).create(
            {
                "state": "selection",
                "partner_ids": [Command.set((source | destination).ids)],
                "dst_partner_id": destination.id,
            }
        )
        wizard.action_merge()

    def test_flagging_by_hand_looks_at_earlier_orders(self):
        partner = self._create_partner(is_company=True)
        self._order(partner, 100)
        self._order_in_b(partner, 200)
        partner.is_crm_customer = False
        partner.with_company(self.company).customer_status = "prospect"
        partner.with_company(self.company_b).customer_status = "prospect"
        partner.is_crm_customer = True
        self._assert_status(partner, ["at_risk"])
        self._assert_status(partner, ["dormant"], self.company_b)

    def test_merge_looks_at_the_orders_of_both_in_each_company(self):
        source, destination = self._create_customer(), self._create_customer()
        self._order(source)
        self._order(destination, 400)
        self._order_in_b(source, 100)
        self._run_job()
        self._assert_status(source | destination, ["active", "lost"])
        self._merge(source, destination)
        self._assert_status(destination, ["active"])
        self._assert_status(destination, ["at_risk"], self.company_b)

    def test_who_merges_need_not_see_the_other_company(self):
        self.user_sales_manager.group_ids += self.env.ref("base.group_partner_manager")
        source, destination = (
            self._create_customer(email="a@b.example") for _n in range(2)
        )
        self._order_in_b(source, 100)
        self._merge(source, destination, self.user_sales_manager)
        self._assert_status(destination, ["prospect"])
        self._assert_status(destination, ["at_risk"], self.company_b)

    def test_merge_keeps_the_blacklist(self):
        source = self._create_customer(email="a@b.example")
        destination = self._create_customer(email="a@b.example")
        source.action_blacklist()
        self._order(destination)
        self._merge(source, destination)
        self._assert_status(destination, ["blacklist"])
        self._assert_status(destination, ["prospect"], self.company_b)

    def test_people_take_their_orders_along(self):
        old, new = self._create_customer(), self._create_customer()
        contact = self._create_contact(old)
        self._order(contact)
        self._order_in_b(contact, 100)
        self._assert_status(old | new, ["active", "prospect"])
        contact.parent_id = new
        self._assert_status(old | new, ["prospect", "active"])
        self._assert_status(old | new, ["prospect", "at_risk"], self.company_b)

    def test_a_customer_who_gets_a_parent_brings_his_orders(self):
        parent = self._create_customer()
        customer = self._create_customer(is_company=False)
        self._order(customer, 100)
        self._run_job()
        customer.parent_id = parent
        self._assert_status(parent, ["at_risk"])

    def test_flagging_a_hundred_costs_the_queries_of_six(self):
        def flag(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{n}", "is_company": True} for n in range(count)]
            )
            for partner in partners[:3]:
                self._order(partner, 100)
            partners.is_crm_customer = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.is_crm_customer = True
            self.env.flush_all()
            self.assertEqual(partners[0].customer_status, "at_risk")
            return self.env.cr.sql_log_count - before

        flag(6)
        self.assertEqual(flag(100), flag(6))
