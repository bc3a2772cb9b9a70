"""The own-customers limit: whom it hides, from whom, and by which door."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common import CrmCustomCase
from .roles_common import OwnCustomersMixin

UNLIMITED = (
    "account.group_account_invoice",
    "account.group_account_readonly",
    "stock.group_stock_user",
    "base.group_erp_manager",
    "sales_team.group_sale_salesman_all_leads",
)


class TestOwnCustomers(OwnCustomersMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls.hidden = cls.customer_hidden | cls.customer_hidden.child_ids

    # ------------------------------------------------------------
    # Whom it hides
    # ------------------------------------------------------------

    def test_off_everybody_sees_every_customer(self):
        self._limit_to_own_customers(False)
        self.assertVisible(self.user_sales_own, self.hidden)

    def test_own_customers_and_those_of_nobody_stay(self):
        for customer in self.customer_own, self.customer_of_nobody:
            self.assertVisible(self.user_sales_own, customer | customer.child_ids)
        self.assertVisible(self.user_colleague, self.hidden)

    def test_a_colleague_s_customers_are_hidden_with_their_people(self):
        self.assertHidden(self.user_sales_own, self.hidden)
        self.assertHidden(self.user_colleague, self.customer_own)

    def test_the_salesperson_of_the_company_counts_not_the_contact_s(self):
        self.customer_hidden.child_ids.user_id = self.user_sales_own
        self.assertHidden(self.user_sales_own, self.hidden)
        self.customer_own.child_ids.user_id = self.user_colleague
        self.assertVisible(self.user_sales_own, self.customer_own.child_ids)

    def test_archived_customers_are_hidden_too(self):
        self.hidden.active = False
        partners = self.env["res.partner"].with_context(active_test=False)
        found = self._as(self.user_sales_own, partners).search(
            [("id", "in", self.hidden.ids)]
        )
        self.assertFalse(found)
        self.assertHidden(self.user_sales_own, self.hidden)

    def test_handing_a_customer_over_moves_it(self):
        self.customer_hidden.with_user(
            self.user_sales_manager
        ).user_id = self.user_sales_own
        self.assertVisible(self.user_sales_own, self.hidden)
        self.assertHidden(self.user_colleague, self.hidden)

    def test_who_is_no_customer_is_never_hidden(self):
        partner = self._create_partner_of(self.user_colleague, is_crm_customer=False)
        self.assertVisible(self.user_sales_own, partner)

    def test_vendors_are_never_hidden(self):
        vendor = self._create_partner_of(self.user_colleague)
        self.assertHidden(self.user_sales_own, vendor)
        vendor.supplier_rank = 1
        self.assertVisible(self.user_sales_own, vendor)

    def test_colleagues_and_companies_are_never_hidden(self):
        company = self.env.company.partner_id
        company.write({"is_crm_customer": True, "user_id": self.user_colleague.id})
        branch = self._create_contact(company)
        self.assertVisible(self.user_sales_own, company | branch)
        self.user_colleague.partner_id.parent_id = self.customer_hidden
        self.assertVisible(self.user_sales_own, self.user_colleague.partner_id)
        self.assertVisible(self.user_sales_own, self.user_sales_own.partner_id)

    def _create_partner_of(self, user, **vals):
        return self._create_customer(name="Somebody", user_id=user.id, **vals)

    # ------------------------------------------------------------
    # From whom
    # ------------------------------------------------------------

    def test_wider_roles_see_every_customer(self):
        partners = self.hidden | self.customer_own
        for user in (
            self.user_sales_all,
            self.user_sales_manager,
            self.user_crm_admin,
            self.user_invoicing,
            self.user_accountant,
            new_test_user(self.env, "user_employee"),
        ):
            with self.subTest(user=user.login):
                self.assertVisible(user, partners)

    def test_a_second_role_lifts_the_limit(self):
        for role in UNLIMITED:
            with self.subTest(role=role):
                login = f"user_{role}"
                user = self._new_user(login, self.user_sales_own, role)
                self.assertVisible(user, self.hidden)
                self.assertTrue(self._as(user, self.hidden).has_access("write"))

    def test_the_right_to_create_contacts_does_not_lift_it(self):
        user = self._new_user(
            "user_contacts", self.user_sales_own, "base.group_partner_manager"
        )
        self.assertHidden(user, self.hidden)
        self.assertFalse(self._as(user, self.hidden).has_access("unlink"))

    def test_companies_still_keep_their_partners_apart(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        mine_there = self._create_partner_of(self.user_sales_own, company_id=other.id)
        self.assertHidden(self.user_sales_own, mine_there)
        self.assertHidden(self.user_sales_all, mine_there)
        there = self._new_user("user_there", self.user_sales_own)
        there.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.customer_own.company_id = self.env.company
        self.assertHidden(there, self.customer_own)
        self.assertHidden(there, self.hidden)

    def test_portal_customers_see_themselves_alone(self):
        self.user_portal.partner_id.parent_id = self.customer_hidden
        self.assertVisible(self.user_portal, self.hidden)
        self.assertHidden(self.user_portal, self.customer_own)

    # ------------------------------------------------------------
    # By which door
    # ------------------------------------------------------------

    def test_searches_and_figures_leave_the_hidden_out(self):
        partners = self._as(self.user_sales_own, self.env["res.partner"])
        names = [("name", "like", "% Customer")]
        mine = {self.customer_own.id, self.customer_of_nobody.id}
        self.assertEqual(set(partners.search(names).ids) - mine, set())
        self.assertFalse(partners.name_search("Hidden"))
        self.assertFalse(partners.search_count([("email", "like", "hidden@")]))
        self.assertFalse(partners.search([("child_ids", "in", self.hidden.ids)]))
        self.assertFalse(
            partners.web_search_read([("name", "=", "Hidden Person")], {"email": {}})[
                "records"
            ]
        )
        groups = partners.formatted_read_group(
            [("id", "in", (self.hidden | self.customer_own).ids)],
            ["user_id"],
            ["__count"],
        )
        self.assertEqual(
            [(group["user_id"], group["__count"]) for group in groups],
            [((self.user_sales_own.id, self.user_sales_own.name), 1)],
        )

    def test_paths_through_other_records_do_not_leak(self):
        """A domain on a field of the hidden partner finds nothing."""
        order = self._create_order(self.customer_hidden)
        self.env["res.partner.bank"].create(
            {"acc_number": "BE1", "partner_id": self.customer_hidden.id}
        )
        self.customer_hidden.message_subscribe(self.customer_hidden.ids)
        event = self.env["calendar.event"].create(
            {
                "name": "Their meeting",
                "start": "2026-03-02 09:00:00",
                "stop": "2026-03-02 10:00:00",
                "user_id": self.user_colleague.id,
                "partner_ids": [Command.set(self.customer_hidden.ids)],
            }
        )
        order.user_id = self.user_colleague
        for model, name in (
            ("res.partner.bank", "partner_id"),
            ("mail.followers", "partner_id"),
            ("calendar.attendee", "partner_id"),
            ("res.partner.special.day", "partner_id"),
            ("sale.order", "partner_id"),
        ):
            records = self.env[model]
            if model == "res.partner.special.day":
                records.create(
                    {
                        "partner_id": self.customer_hidden.id,
                        "name": "Founded",
                        "date": "1999-01-01",
                    }
                )
            domain = [(name, "=", self.customer_hidden.id)]
            self.assertTrue(records.search(domain), model)
            found = self._as(self.user_sales_own, records).search(domain)
            self.assertFalse(found, model)
        event = self._as(self.user_sales_own, event)
        self.assertFalse(event.partner_ids)
        self.assertFalse(event.attendee_ids)

    def test_hidden_customers_are_not_exported(self):
        user = self._new_user(
            "user_export", self.user_sales_own, "base.group_allow_export"
        )
        with self.assertRaises(AccessError):
            self._as(user, self.customer_hidden).export_data(["name", "email"])
        exported = self._as(user, self.customer_of_nobody).export_data(["name"])
        self.assertEqual(exported["datas"], [["Nobody Customer"]])

    def test_hidden_customers_are_not_written(self):
        customer = self._as(self.user_sales_own, self.customer_hidden)
        with self.assertRaises(AccessError):
            customer.write({"name": "Mine now"})
        with self.assertRaises(AccessError):
            customer.write({"user_id": self.user_sales_own.id})
        with self.assertRaises(AccessError):
            self._as(self.user_sales_own, self.env["res.partner"]).create(
                {"name": "Spy", "parent_id": self.customer_hidden.id}
            )
        with self.assertRaises(AccessError):
            customer.message_post(body="Hello")

    def test_nobody_is_slipped_into_a_hidden_customer(self):
        """It would copy the hidden address, and let him choose whom they call."""
        person = self._as(self.user_sales_own, self.customer_own.child_ids[0])
        with self.assertRaises(AccessError):
            person.parent_id = self.customer_hidden.id
        with self.assertRaises(AccessError):
            person.write(
                {"parent_id": self.customer_hidden.id, "is_primary_contact": True}
            )
        person.parent_id = self.customer_of_nobody.id
        self.assertEqual(person.commercial_partner_id, self.customer_of_nobody)

    # ------------------------------------------------------------
    # Whom he may make a customer of
    # ------------------------------------------------------------

    def test_he_creates_customers_of_his_own_and_of_nobody(self):
        for salesperson in self.user_sales_own, self.env["res.users"]:
            form = Form(
                self._as(self.user_sales_own, self.env["res.partner"]).with_context(
                    default_is_crm_customer=True, default_is_company=True
                )
            )
            form.name = "New Customer"
            form.user_id = salesperson
            self.assertVisible(self.user_sales_own, form.save().sudo())

    def test_a_customer_for_a_colleague_is_refused_in_clear_words(self):
        partners = self._as(self.user_sales_own, self.env["res.partner"])
        vals = {
            "name": "For Colleague",
            "is_company": True,
            "is_crm_customer": True,
            "user_id": self.user_colleague.id,
        }
        with self.assertRaisesRegex(AccessError, "sales manager"):
            partners.create(vals)
        with self.assertRaisesRegex(AccessError, "sales manager"):
            self._as(
                self.user_sales_own, self.customer_own
            ).user_id = self.user_colleague
        with self.assertRaisesRegex(AccessError, "sales manager"):
            self._as(
                self.user_sales_own, self.customer_of_nobody
            ).user_id = self.user_colleague
        self._as(
            self.user_sales_own, self.customer_of_nobody
        ).user_id = self.user_sales_own
        self._limit_to_own_customers(False)
        self.assertTrue(self._as(self.user_sales_own, partners).create(vals))

    # ------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------

    def test_many_partners_cost_no_more_queries_than_two(self):
        def cost(count):
            customers = self.env["res.partner"].create(
                [
                    {"name": f"C{n}", "is_crm_customer": True, "is_company": True}
                    for n in range(count)
                ]
            )
            customers = self._as(self.user_sales_own, customers)
            customers.env.user.has_group("base.group_user")
            start = self.env.cr.sql_log_count
            customers.check_access("read")
            customers.search([("id", "in", customers.ids)]).mapped("name")
            return self.env.cr.sql_log_count - start

        cost(1)
        self.assertEqual(cost(2), cost(200))

    def test_who_is_not_limited_pays_nothing(self):
        partners = self._as(self.user_sales_all, self.env["res.partner"])
        query = partners._search([("name", "=", "x")])
        self.assertNotIn("res_company", query.select().code)
