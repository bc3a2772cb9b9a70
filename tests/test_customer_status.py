"""How lively the business is: by hand, at once, each night, after the install."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import CrmCustomAccountCase, CrmCustomCase

NOON = "2026-06-30 12:00:00"


class CustomerStatusCase(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.company.write(
            {
                "crm_status_at_risk_days": 90,
                "crm_status_dormant_days": 180,
                "crm_status_lost_days": 365,
            }
        )
        cls.company_b = cls.env["res.company"].create({"name": "Company B"})

    def _order(self, customer, days_ago=0, **vals):
        moment = datetime.fromisoformat(NOON) - timedelta(days=days_ago)
        return self._create_order(customer, confirm=True, date_order=moment, **vals)

    def _run_job(self, name="status"):
        with self.enter_registry_test_mode():
            job = self.env.ref(f"crm_custom.ir_cron_crm_customer_{name}")
            job.method_direct_trigger()

    def _assert_status(self, customers, expected, company=None):
        customers.invalidate_recordset(["customer_status"])
        in_company = customers.with_company(company or self.company)
        self.assertEqual(in_company.mapped("customer_status"), expected)


@freeze_time(NOON)
class TestCustomerStatus(CustomerStatusCase):
    def test_new_customer_is_a_prospect_in_every_company(self):
        customer = self._create_customer()
        company_c = self.env["res.company"].create({"name": "Company C"})
        for company in (self.company, self.company_b, company_c):
            self._assert_status(customer, ["prospect"], company)
        partners = self.env["res.partner"]
        domain = [("id", "=", customer.id)]
        found = partners.search([*domain, ("customer_status", "=", "prospect")])
        self.assertEqual(found, customer)
        self.assertFalse(partners.search([*domain, ("customer_status", "=", False)]))

    def test_quotation_is_no_business_and_confirmed_order_counts_at_once(self):
        customer = self._create_customer()
        order = self._create_order(self._create_contact(customer))
        self._run_job()
        self._assert_status(customer, ["prospect"])
        order.with_user(self.user_sales_manager).action_confirm()
        self._assert_status(customer, ["active"])
        self._assert_status(customer, ["prospect"], self.company_b)

    def test_periods_of_the_company(self):
        days = [0, 90, 91, 180, 181, 365, 366]
        customers = self.env["res.partner"]
        for days_ago in days:
            customer = self._create_customer()
            self._order(customer, days_ago)
            customers += customer
        self._run_job()
        expected = ["active"] * 2 + ["at_risk"] * 2 + ["dormant"] * 2 + ["lost"]
        self._assert_status(customers, expected)
        self.company.write(
            {
                "crm_status_at_risk_days": 10,
                "crm_status_dormant_days": 20,
                "crm_status_lost_days": 30,
            }
        )
        self._run_job()
        self._assert_status(customers, ["active", *["lost"] * 6])

    def test_last_order_of_the_whole_commercial_entity_counts(self):
        customer = self._create_customer()
        self._order(customer, 400)
        self._order(self._create_contact(customer), 100)
        self._run_job()
        self._assert_status(customer, ["at_risk"])

    def test_cancelled_order_counts_no_more(self):
        customer = self._create_customer()
        order = self._order(customer)
        self._assert_status(customer, ["active"])
        order._action_cancel()
        self._run_job()
        self._assert_status(customer, ["prospect"])

    def test_each_company_looks_at_its_own_orders(self):
        shared = self._create_customer()
        own = self._create_customer(company_id=self.company_b.id)
        in_b = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": [self.company_b.id, self.company.id],
            }
        )
        self._order(shared, 200)
        for customer in (shared, own):
            self.env(context=in_b.context)["sale.order"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company_b.id,
                    "order_line": [
                        Command.create({"name": "Note", "display_type": "line_note"})
                    ],
                }
            ).action_confirm()
        self._run_job()
        self._assert_status(shared, ["dormant"])
        self._assert_status(shared | own, ["active", "active"], self.company_b)

    def test_days_end_at_midnight_of_the_company(self):
        """Ordered on 31 March 23:30 UTC: in Shanghai that is 1 April, day 90."""
        customer = self._create_customer()
        moment = datetime(2026, 3, 31, 23, 30)
        self._create_order(customer, confirm=True, date_order=moment)
        self._run_job()
        self._assert_status(customer, ["at_risk"])
        self.company.partner_id.tz = "Asia/Shanghai"
        self._run_job()
        self._assert_status(customer, ["active"])

    def test_blacklist_is_by_hand_alone(self):
        # the demo company's credit control would hold his order
        self.env.company.credit_blacklist_action = "none"
        customer = self._create_customer()
        self._order(customer, 200)
        customer.action_blacklist()
        self._run_job()
        self._assert_status(customer, ["blacklist"])
        self._order(customer)
        self._assert_status(customer, ["blacklist"])
        self._assert_status(customer, ["prospect"], self.company_b)
        customer.action_unblacklist()
        self._assert_status(customer, ["active"])

    def test_chatter_tells_who_blacklisted_and_not_what_time_did(self):
        customer = self._create_customer()
        tracked = customer.with_context(tracking_disable=False, mail_notrack=False)
        before = tracked.message_ids
        tracked._register_customer_business()
        self._order(tracked)
        self.flush_tracking()
        self.assertEqual(customer.customer_status, "active")
        self.assertEqual(tracked.message_ids, before)
        tracked.with_user(self.user_sales_manager).action_blacklist()
        self.flush_tracking()
        message = tracked.message_ids - before
        self.assertEqual(message.author_id, self.user_sales_manager.partner_id)
        self.assertEqual(
            message.sudo().tracking_value_ids.mapped("new_value_char"), ["Blacklisted"]
        )

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.flush()

    def test_unblacklisting_leaves_the_others(self):
        customer = self._create_customer()
        self._order(customer)
        customer.action_unblacklist()
        self._assert_status(customer, ["active"])

    def test_blacklisting_a_contact_is_about_its_customer(self):
        customer = self._create_customer()
        self._create_contact(customer).action_blacklist()
        self._assert_status(customer, ["blacklist"])
        with self.assertRaises(UserError):
            self._create_partner().action_blacklist()

    def test_groups_and_filters(self):
        customers = self.env["res.partner"]
        for days_ago in (0, 0, 100, 400, None):
            customer = self._create_customer()
            if days_ago is not None:
                self._order(customer, days_ago)
            customers += customer
        customers[1].action_blacklist()
        self._run_job()
        domain = [("id", "in", customers.ids)]
        groups = customers._read_group(domain, ["customer_status"], ["__count"])
        self.assertEqual(
            dict(groups),
            {"active": 1, "blacklist": 1, "at_risk": 1, "lost": 1, "prospect": 1},
        )
        in_b = customers.with_company(self.company_b)
        groups = in_b._read_group(domain, ["customer_status"], ["__count"])
        self.assertEqual(groups, [("prospect", 5)])
        status = [("customer_status", "in", ["at_risk", "lost"])]
        self.assertEqual(customers.search(domain + status), customers[2:4])
        self.assertFalse(in_b.search(domain + status))

    def test_job_writes_what_changes_alone(self):
        customer = self._create_customer()
        self._order(customer, 100)
        self._run_job()
        self._assert_status(customer, ["at_risk"])
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self._run_job()
        self.assertEqual(customer.write_date.year, 2020)

    def test_job_costs_the_same_for_a_hundred(self):
        def cost(count):
            customers = self.env["res.partner"].create(
                [{"name": f"C{n}", "is_crm_customer": True} for n in range(count)]
            )
            orders = self.env["sale.order"].create(
                [{"partner_id": customer.id} for customer in customers]
            )
            orders.write({"state": "sale", "date_order": NOON})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            customers._refresh_customer_status()
            self.env.flush_all()
            spent = self.env.cr.sql_log_count - before
            self._assert_status(customers, ["active"] * count)
            return spent

        cost(10)
        self.assertEqual(cost(10), cost(100))

    def test_job_gives_missing_codes(self):
        self.company.crm_customer_code_auto = False
        customer = self._create_customer()
        self._run_job()
        self.assertFalse(customer.ref)
        self.company.crm_customer_code_auto = True
        self._run_job()
        self.assertTrue(customer.ref)

    def test_job_stays_below_the_customers_of_a_branch_s_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company_b.id}
        )
        of_parent = self._create_customer(company_id=self.company_b.id)
        changes = self.env["res.partner"]._get_customer_status_changes(
            branch, of_parent.ids
        )
        self.assertFalse(changes)
        of_parent.with_company(branch).customer_status = "lost"
        changes = self.env["res.partner"]._get_customer_status_changes(
            branch, of_parent.ids
        )
        self.assertEqual(changes, {"prospect": of_parent.ids})


class TestCustomerStatusOfInvoice(CrmCustomAccountCase):
    def test_posted_invoice_is_business(self):
        customer = self._create_customer()
        today = date.today()
        self._create_invoice_of(
            customer, post=True, invoice_date=today - timedelta(days=200)
        )
        self.assertEqual(customer.customer_status, "dormant")
        self._create_invoice_of(customer, post=True, invoice_date=today)
        self.assertEqual(customer.customer_status, "active")
