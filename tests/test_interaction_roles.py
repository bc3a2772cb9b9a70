"""Who may read and write which entry of the contact log."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .interaction_common import InteractionCase
from .roles_common import OwnCustomersMixin


class TestInteractionRoles(OwnCustomersMixin, InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_own_customers()
        cls._limit_to_own_customers(False)
        cls.user_employee = new_test_user(cls.env, "user_employee")
        cls.mine = cls._log(partner_id=cls.customer_own.id)
        cls.of_nobody = cls._log(
            cls.user_colleague, partner_id=cls.customer_of_nobody.id
        )
        cls.with_mine = cls._log(cls.user_colleague, partner_id=cls.customer_own.id)
        cls.hidden = cls._log(cls.user_colleague, partner_id=cls.customer_hidden.id)
        cls.entries = cls.mine | cls.of_nobody | cls.with_mine | cls.hidden

    def assertEntries(self, user, operation, expected):
        entries = self._as(user, self.entries)
        self.assertEqual(entries._filtered_access(operation), expected, user.login)
        if operation == "read":
            found = entries.search([("id", "in", entries.ids)])
            self.assertEqual(found.sorted("id"), expected.sorted("id"), user.login)

    def test_own_documents_salespeople(self):
        """Their own entries and those with customers who are not a colleague's."""
        user = self.user_sales_own
        for limit in (False, True):
            self._limit_to_own_customers(limit)
            self.assertEntries(user, "read", self.entries - self.hidden)
            self.assertEntries(user, "write", self.mine)
            self.assertEntries(user, "unlink", self.mine)
        order = self._create_order(self.customer_hidden, user_id=user.id)
        self.assertEntries(user, "read", self.entries)
        order.user_id = self.user_colleague
        with self.assertRaises(AccessError):
            self._log(user, partner_id=self.customer_own.id, user_id=self.env.uid)

    def test_wider_roles(self):
        for user in (self.user_sales_all, self.user_sales_manager, self.user_crm_admin):
            for operation in ("read", "write", "unlink"):
                self.assertEntries(user, operation, self.entries)
        for user in (self.user_invoicing, self.user_accountant):
            self.assertEntries(user, "read", self.entries)
            self.assertFalse(self._as(user, self.mine).has_access("write"))
            self.assertFalse(self._as(user, self.mine).has_access("create"))
        both = new_test_user(
            self.env,
            "user_both",
            "sales_team.group_sale_salesman,account.group_account_invoice",
        )
        self.assertEntries(both, "read", self.entries)

    def test_nobody_else(self):
        public = self.env.ref("base.public_user")
        for user in (self.user_employee, self.user_portal, public):
            entries = self._as(user, self.entries)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(entries.has_access(operation), user.login)
            self.assertFalse(
                self._as(user, self.env["crm.contact.schedule"]).has_access("read")
            )

    def test_portal_customers_learn_no_dates(self):
        self.user_portal.partner_id.parent_id = self.customer_own
        customer = self._as(self.user_portal, self.customer_own)
        for name in ("date_last_contact", "contact_due_state", "interaction_count"):
            self.assertNotIn(name, customer.fields_get())
            with self.assertRaises(AccessError):
                customer.read([name])
            with self.assertRaises(AccessError):
                customer.search([(name, "!=", False)])
        employee = self._as(self.user_employee, self.customer_own)
        self.assertTrue(employee.date_last_contact)

    def test_companies_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.user_sales_manager.company_ids += other
        there = self.env["crm.interaction"].with_user(self.user_sales_manager)
        entry = there.with_company(other).create({"partner_id": self.customer_own.id})
        self.assertEqual(entry.company_id, other)
        entry = entry.with_context(allowed_company_ids=None)
        self.assertFalse(self._as(self.user_sales_all, entry).has_access("read"))
        theirs = self._create_customer(name="Theirs", company_id=other.id)
        entry = there.with_context(
            allowed_company_ids=(self.env.company | other).ids
        ).create({"partner_id": theirs.id})
        self.assertEqual(entry.company_id, other, "the customer's own company")

    def test_a_limited_salesperson_names_no_hidden_customer(self):
        self._limit_to_own_customers()
        user = self.user_sales_own
        person = self.customer_hidden.child_ids[0]
        for vals in (
            {"partner_id": self.customer_hidden.id},
            {"partner_id": person.id},
            {"partner_id": self.customer_own.id, "contact_id": person.id},
        ):
            with self.assertRaises(AccessError):
                self._log(user, **vals)
        with self.assertRaises(AccessError):
            self._as(user, self.mine).partner_id = self.customer_hidden
        with self.assertRaises(AccessError):
            self.env["crm.interaction"].with_user(user).with_context(
                default_partner_id=self.customer_hidden.id
            ).create({})

    def test_documents_that_the_author_cannot_read_are_not_named(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Secret",
                "type": "opportunity",
                "partner_id": self.customer_own.id,
                "user_id": self.user_colleague.id,
            }
        )
        with self.assertRaises(AccessError):
            self._log(partner_id=self.customer_own.id, lead_id=lead.id)
        # nor is an activity taken for one's own step, to be changed and deleted
        activity = self._plan(self.customer_own, user=self.user_colleague)
        with self.assertRaises(AccessError):
            self._as(self.user_sales_own, self.mine).write(
                {"next_activity_id": activity.id}
            )

    def test_an_entry_opens_whose_customer_was_handed_over(self):
        self._limit_to_own_customers()
        entry = self._log(partner_id=self.customer_own.id, contact_id=False)
        self.customer_own.with_user(
            self.user_sales_manager
        ).user_id = self.user_colleague
        entry = self._as(self.user_sales_own, entry)
        form = Form(entry, view="crm_custom.crm_interaction_view_form")
        self.assertEqual(form.channel_id, self.phone)
        entry.web_read(
            {"display_name": {}, "partner_id": {"fields": {"display_name": {}}}}
        )

    def test_lists_are_the_managers(self):
        for record in (self.phone, self.not_reached):
            for user, operations in (
                (self.user_sales_manager, "rwcu"),
                (self.user_crm_admin, "rwcu"),
                (self.user_sales_all, "r"),
                (self.user_employee, "r"),
                (self.user_portal, ""),
            ):
                allowed = "".join(
                    operation[0]
                    for operation in ("read", "write", "create", "unlink")
                    if record.with_user(user).has_access(operation)
                )
                self.assertEqual(allowed, operations, user.login)

    def test_a_salesperson_without_the_right_to_a_document_sees_no_step_of_it(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Secret",
                "type": "opportunity",
                "partner_id": self.customer_own.id,
                "user_id": self.user_colleague.id,
            }
        )
        secret = self._plan(lead, user=self.user_colleague)
        open_step = self._plan(self.customer_own)
        entry = self._as(self.user_sales_own, self.mine)
        self.assertIn(open_step, entry.open_activity_ids)
        self.assertNotIn(secret, entry.open_activity_ids)

    def test_a_wizard_for_many_keeps_to_the_rules(self):
        self._limit_to_own_customers()
        wizard = (
            self.env["crm.interaction.log"]
            .with_user(self.user_sales_own)
            .create({"partner_ids": [Command.set(self.customer_own.ids)]})
        )
        wizard.sudo().partner_ids |= self.customer_hidden
        action = self._as(self.user_sales_own, wizard).action_log()
        entries = self.env["crm.interaction"].search(action["domain"])
        self.assertEqual(entries.partner_id, self.customer_own)
