"""A call logged, its next step planned and settled, in a browser."""

from datetime import date, timedelta

from .common import CrmCustomHttpCase


class TestInteractionTour(CrmCustomHttpCase):
    def test_log_a_call_and_plan_the_next_step(self):
        customer = self._create_customer(
            name="Tour Customer", user_id=self.user_sales_own.id
        )
        contact = self._create_contact(customer, name="Tour Contact")
        self.user_sales_own.tz = "Asia/Shanghai"
        self.start_tour(
            f"/odoo/crm-customers/{customer.id}",
            "crm_custom_log_a_call",
            login="user_sales_own",
        )
        entry = self.env["crm.interaction"].search([("partner_id", "=", customer.id)])
        self.assertEqual(entry.contact_id, contact)
        self.assertEqual(
            entry.outcome_id,
            self.env.ref("crm_custom.crm_interaction_outcome_interested"),
        )
        activity = entry.next_activity_id
        self.assertEqual(activity.summary, "Send the offer")
        self.assertEqual(activity.user_id, self.user_sales_own)
        self.start_tour(
            "/odoo/crm-contact-log", "crm_custom_contact_log", login="user_sales_own"
        )

        # the day has come: in Chinese, from the list of customers
        activity.date_deadline = date.today() - timedelta(days=1)
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_sales_own.lang = "zh_CN"
        self.start_tour(
            "/odoo/crm-customers", "crm_custom_settle_a_step", login="user_sales_own"
        )
        self.assertEqual(entry.next_step_state, "done")
        self.assertEqual(customer.interaction_count, 2)
