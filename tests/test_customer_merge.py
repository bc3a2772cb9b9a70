"""Odoo's merge goes on working, and what is left of it has one code."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .test_customer_code import CustomerCodeCase


class TestCustomerMerge(CustomerCodeCase):
    def _merge(self, source, destination, user=None):
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user or self.env.user)
            .create(
                {
                    "state": "selection",
                    "partner_ids": [Command.set((source | destination).ids)],
                    "dst_partner_id": destination.id,
                }
            )
        )
        wizard.action_merge()
        self.assertFalse(source.exists())

    def test_code_moves_to_the_destination(self):
        source = self._create_customer(ref="A-1")
        destination = self._create_partner(is_company=True)
        self._merge(source, destination)
        self.assertTrue(destination.is_crm_customer)
        self.assertEqual(destination.ref, "A-1")

    def test_destination_keeps_its_own_code(self):
        source = self._create_customer(ref="A-1")
        destination = self._create_customer(ref="A-2")
        self._merge(source, destination)
        self.assertEqual(destination.ref, "A-2")
        self._create_customer(ref="A-1")

    def test_duplicates_of_old_data_can_be_merged(self):
        source, destination = (self._insert_customer("A-1") for _n in range(2))
        third = self._insert_customer("A-1")
        self._merge(source, destination)
        self.assertEqual(destination.ref, "A-1")
        self._merge(third, destination)
        self.assertFalse(destination.has_duplicate_ref)

    def test_check_is_on_again_after_the_merge(self):
        source = self._create_customer(ref="A-1")
        destination = self._create_customer(ref="A-2")
        self._merge(source, destination)
        with self.assertRaises(ValidationError):
            self._create_customer(ref="A-2")

    def test_customer_merged_into_a_contact_hands_the_flag_over(self):
        company = self._create_partner(is_company=True, name="Azure")
        contact = self._create_contact(company, email="a@b.example")
        source = self._create_customer(is_company=False, ref="A-1", email="a@b.example")
        self._merge(source, contact)
        self.assertFalse(contact.is_crm_customer)
        self.assertTrue(company.is_crm_customer)

    def test_salesperson_with_the_right_can_merge(self):
        self.user_sales_manager.group_ids += self.env.ref("base.group_partner_manager")
        source = self._create_customer(ref="A-1", email="a@b.example")
        destination = self._create_customer(ref="A-2", email="a@b.example")
        self._merge(source, destination, self.user_sales_manager)
        self.assertTrue(destination.is_crm_customer)

    def test_stock_refusal_still_stands(self):
        company = self._create_customer()
        with self.assertRaises(UserError):
            self._merge(self._create_contact(company), company)
        self.assertTrue(company.exists())
