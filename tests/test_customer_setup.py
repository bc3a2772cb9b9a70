"""The job that comes after the install into a living database."""

from datetime import datetime

from freezegun import freeze_time

from .test_customer_status import NOON, CustomerStatusCase


@freeze_time(NOON)
class TestCustomerSetUp(CustomerStatusCase):
    def _forget(self, partners):
        """As it stood before the addon was installed."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET is_crm_customer = NULL, ref = NULL,"
            " customer_status = NULL WHERE id = ANY(%s)",
            [partners.ids],
        )
        self.env.invalidate_all()

    def test_those_who_bought_before_become_customers(self):
        company = self._create_partner(is_company=True)
        self._order(self._create_contact(company), 100)
        kept = self._create_partner(is_company=True, ref="OLD-1")
        self._order(kept)
        vendor = self._create_partner(is_company=True)
        partners = company | kept | vendor
        self._forget(partners)
        self.env.cr.execute(
            "UPDATE res_partner SET ref = 'OLD-1' WHERE id = %s", [kept.id]
        )
        self._run_job("setup")
        self.assertEqual(partners.mapped("is_crm_customer"), [True, True, False])
        self.assertTrue(company.ref)
        self.assertEqual(kept.ref, "OLD-1")
        self._assert_status(company | kept, ["at_risk", "active"])

    def test_customers_of_thirty_cost_the_queries_of_three(self):
        def cost(count):
            companies = self.env["res.partner"].create(
                [
                    {"name": f"Buyer {n}", "is_company": True, "country_id": belgium}
                    for n in range(count)
                ]
            )
            for company in companies:
                self._create_contact(company)
            self._forget(companies)
            before = self.env.cr.sql_log_count
            companies._mark_as_crm_customers()
            self.env.flush_all()
            self.assertTrue(all(companies.mapped("ref")))
            return self.env.cr.sql_log_count - before

        belgium = self.env.ref("base.be").id
        cost(3)
        self.assertEqual(cost(3), cost(30))

    def test_job_puts_itself_out(self):
        job = self.env.ref("crm_custom.ir_cron_crm_customer_setup")
        job.active = True
        self._run_job("setup")
        self.assertFalse(job.active)

    def test_nobody_is_flagged_again_at_night(self):
        partner = self._create_partner(is_company=True)
        self._order(partner)
        self._forget(partner)
        self._run_job()
        self.assertFalse(partner.is_crm_customer)

    def test_night_is_night_where_the_company_is(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env["res.partner"]._schedule_customer_night()
        job = self.env.ref("crm_custom.ir_cron_crm_customer_status")
        self.assertEqual(job.nextcall, datetime(2026, 6, 30, 18, 0))
