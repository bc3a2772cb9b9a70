"""Who is a customer, and what his card must hold."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import CrmCustomAccountCase, CrmCustomCase

CUSTOMER_FORM = {
    "default_is_crm_customer": True,
    "default_is_company": True,
    "crm_customer_form": True,
}


class TestCustomerFlag(CrmCustomCase):
    def test_odoo_s_own_partners_are_left_alone(self):
        partner = self._create_partner(is_company=True)
        self._create_order(partner)
        self.assertFalse(partner.is_crm_customer)
        self.assertFalse(partner.ref)
        self.assertFalse(partner.primary_contact_id)

    def test_first_confirmed_order_makes_a_customer_of_the_company(self):
        company = self._create_partner(is_company=True)
        contact = self._create_contact(company)
        order = self._create_order(contact)
        self.assertFalse(company.is_crm_customer)
        order.action_confirm()
        self.assertTrue(company.is_crm_customer)
        self.assertFalse(contact.is_crm_customer)
        self.assertTrue(company.ref)

    def test_salesperson_s_order_makes_a_customer_without_right_to_partners(self):
        company = self._create_partner(is_company=True)
        order = self._create_order(company, user_id=self.user_sales_own.id)
        self.assertFalse(company.with_user(self.user_invoicing).has_access("unlink"))
        order.with_user(self.user_sales_own).action_confirm()
        self.assertTrue(company.is_crm_customer)

    def test_order_of_an_unreadable_partner_is_not_refused(self):
        """Confirmed by a portal signature: the rights are those of nobody."""
        company = self._create_partner(is_company=True)
        order = self._create_order(company)
        public = self.env.ref("base.public_user")
        order.with_user(public).sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertTrue(company.is_crm_customer)

    def test_many_orders_cost_no_more_queries_than_two(self):
        def make(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{n}", "is_company": True} for n in range(count)]
            )
            self.env.flush_all()
            return partners

        def cost(count):
            partners = make(count)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners._register_customer_business()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertEqual(cost(2), cost(20))

    def test_customer_who_gets_a_parent_hands_the_flag_over(self):
        person = self._create_customer(is_company=False)
        company = self._create_partner(is_company=True)
        person.parent_id = company
        self.assertFalse(person.is_crm_customer)
        self.assertTrue(company.is_crm_customer)
        self.assertTrue(company.ref)

    def test_subsidiary_that_becomes_a_person_hands_the_flag_over(self):
        group = self._create_partner(is_company=True)
        subsidiary = self._create_customer(parent_id=group.id)
        self.assertTrue(subsidiary.is_crm_customer)
        self.assertFalse(group.is_crm_customer)
        subsidiary.company_type = "person"
        self.assertFalse(subsidiary.is_crm_customer)
        self.assertTrue(group.is_crm_customer)

    def test_contact_cannot_be_flagged(self):
        company = self._create_partner(is_company=True)
        contact = self._create_contact(company, is_crm_customer=True)
        self.assertFalse(contact.is_crm_customer)
        self.assertFalse(contact.ref)
        self.assertTrue(company.is_crm_customer)

    def test_people_made_in_the_customer_s_form_are_people(self):
        customer = (
            self.env["res.partner"]
            .with_context(**CUSTOMER_FORM)
            .create(
                {
                    "name": "Azure",
                    "country_id": self.env.ref("base.be").id,
                    "child_ids": [(0, 0, {"name": "Brandon"})],
                }
            )
        )
        self.assertTrue(customer.is_company and customer.is_crm_customer)
        self.assertFalse(customer.child_ids.is_company)
        self.assertFalse(customer.child_ids.is_crm_customer)
        self.assertEqual(customer.customer_contact_ids, customer.child_ids)

    def test_country_is_required_in_the_addon_s_form_alone(self):
        partners = self.env["res.partner"]
        with self.assertRaisesRegex(
            ValidationError, "Azure: a customer needs a country"
        ):
            partners.with_context(**CUSTOMER_FORM).create({"name": "Azure"})
        customer = partners.create({"name": "Azure", "is_crm_customer": True})
        self.assertTrue(customer.is_customer_incomplete)
        in_form = customer.with_context(crm_customer_form=True)
        in_form.email = "who@came.another.way"
        with self.assertRaisesRegex(ValidationError, "needs a country"):
            in_form.country_id = False

    def test_code_is_required_in_the_form_when_none_is_given(self):
        self.env.company.crm_customer_code_auto = False
        partners = self.env["res.partner"].with_context(**CUSTOMER_FORM)
        vals = {"name": "Azure", "country_id": self.env.ref("base.be").id}
        with self.assertRaisesRegex(ValidationError, "needs a code"):
            partners.create(vals)
        self.assertEqual(partners.create({**vals, "ref": "A-1"}).ref, "A-1")

    def test_flagging_in_the_form_draws_the_code_first(self):
        partner = self._create_partner(
            is_company=True, country_id=self.env.ref("base.be").id
        )
        partner.with_context(crm_customer_form=True).is_crm_customer = True
        self.assertTrue(partner.ref)

    def test_import_refuses_a_customer_without_country_by_its_row(self):
        partners = self.env["res.partner"].with_context(
            **CUSTOMER_FORM, import_file=True
        )
        result = partners.load(
            ["name", "country_id"],
            [["Azure", "Belgium"], ["Gemini", ""], ["Lumber", "France"]],
        )
        self.assertFalse(result["ids"])
        # Odoo says it once more of the whole file
        message = result["messages"][-1]
        self.assertEqual(message["record"], 1)
        self.assertEqual(message["message"], "Gemini: a customer needs a country.")
        result = partners.load(
            ["name", "country_id"], [["Azure", "Belgium"], ["Lumber", "France"]]
        )
        self.assertFalse(result["messages"])
        customers = partners.browse(result["ids"])
        self.assertEqual(customers.mapped("is_crm_customer"), [True, True])
        self.assertEqual(len(set(customers.mapped("ref"))), 2)

    def test_incomplete_customers_are_found(self):
        belgium = self.env.ref("base.be").id
        customers = self.env["res.partner"].create(
            [
                {"name": "Whole", "is_crm_customer": True, "country_id": belgium},
                {"name": "Nowhere", "is_crm_customer": True},
                {"name": "Nobody's", "is_crm_customer": False},
            ]
        )
        whole, nowhere, vendor = customers
        self.assertEqual(
            customers.mapped("is_customer_incomplete"), [False, True, False]
        )
        domain = [("id", "in", customers.ids)]
        search = self.env["res.partner"].search
        incomplete = ("is_customer_incomplete", "=", True)
        self.assertEqual(search([*domain, incomplete]), nowhere)
        self.assertEqual(search([*domain, "!", incomplete]), whole | vendor)
        whole.ref = False
        self.assertEqual(search([*domain, incomplete]), whole | nowhere)

    @mute_logger("odoo.sql_db")
    def test_negative_figures_are_refused(self):
        customer = self._create_customer()
        for name in ("annual_revenue", "headcount"):
            with (
                self.subTest(name),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                customer.write({name: -1})
                self.env.flush_all()
            customer.invalidate_recordset()

    def test_annual_revenue_has_a_currency(self):
        customer = self._create_customer(annual_revenue=10.0)
        self.assertEqual(
            customer.annual_revenue_currency_id, self.env.company.currency_id
        )
        euro = self.env.ref("base.EUR")
        other = self._create_customer(
            annual_revenue=10.0, annual_revenue_currency_id=euro.id
        )
        other.annual_revenue = 20.0
        self.assertEqual(other.annual_revenue_currency_id, euro)
        self.assertFalse(self._create_customer().annual_revenue_currency_id)

    def test_type_in_use_is_archived_not_deleted(self):
        customer_type = self.env["crm.customer.type"].create({"name": "Wholesaler"})
        customer = self._create_customer(
            customer_type_id=customer_type.id, active=False
        )
        with self.assertRaisesRegex(UserError, "Wholesaler: archive it instead"):
            customer_type.with_user(self.user_sales_manager).unlink()
        customer_type.action_archive()
        self.assertEqual(customer.customer_type_id, customer_type)
        customer.customer_type_id = False
        customer_type.unlink()

    def test_portal_user_does_not_read_what_we_think_of_him(self):
        partner = self.user_portal.partner_id
        partner.write({"is_crm_customer": True, "headcount": 3})
        as_portal = partner.with_user(self.user_portal)
        self.assertEqual(as_portal.read(["name"])[0]["name"], partner.name)
        for name in ("customer_status", "headcount", "annual_revenue", "hobby_ids"):
            with self.subTest(name), self.assertRaises(Exception) as caught:
                as_portal.read([name])
            self.assertEqual(type(caught.exception).__name__, "AccessError")
        self.assertNotIn("customer_status", as_portal.fields_get())

    def test_form_keeps_the_flag_of_the_default(self):
        form = Form(self.env["res.partner"].with_context(**CUSTOMER_FORM))
        form.name = "Azure"
        form.country_id = self.env.ref("base.be")
        customer = form.save()
        self.assertTrue(customer.is_crm_customer)
        self.assertTrue(customer.ref)


class TestCustomerOfInvoice(CrmCustomAccountCase):
    def test_first_posted_invoice_makes_a_customer(self):
        company = self.env["res.partner"].create({"name": "Azure", "is_company": True})
        contact = self._create_contact(company)
        invoice = self._create_invoice_of(contact)
        self.assertFalse(company.is_crm_customer)
        invoice.with_user(self.user_invoicing).action_post()
        self.assertTrue(company.is_crm_customer)
        self.assertFalse(contact.is_crm_customer)

    def test_vendor_s_bill_makes_none(self):
        vendor = self.env["res.partner"].create({"name": "Ready", "is_company": True})
        self._create_invoice_of(vendor, move_type="in_invoice", post=True)
        self._create_invoice_of(vendor, move_type="out_refund", post=True)
        self.assertFalse(vendor.is_crm_customer)
