"""The people of a customer, and the one to call."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .common import CrmCustomCase


class TestCustomerContact(CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(name="Azure")
        cls.anna = cls._create_contact(cls.customer, name="Anna")
        cls.berta = cls._create_contact(cls.customer, name="Berta")

    def _assert_primary(self, contact, customer=None):
        customer = customer or self.customer
        self.assertEqual(customer.primary_contact_id, contact)
        # what is stored, not what is remembered
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT primary_contact_id FROM res_partner WHERE id = %s", [customer.id]
        )
        self.assertEqual(self.env.cr.fetchone()[0], contact.id)

    def test_first_person_is_whom_to_call(self):
        self._assert_primary(self.anna)
        self.assertEqual(
            (self.anna | self.berta).mapped("is_primary_contact"), [True, False]
        )

    def test_customer_himself_when_there_is_nobody_else(self):
        alone = self._create_customer()
        self._assert_primary(alone, alone)
        person = self._create_customer(is_company=False)
        self._create_contact(person)
        self._assert_primary(person, person)
        contact = self._create_contact(alone)
        self._assert_primary(contact, alone)
        contact.unlink()
        self._assert_primary(alone, alone)

    def test_addresses_and_companies_are_no_contacts(self):
        customer = self._create_customer()
        self._create_contact(customer, type="delivery")
        self._create_contact(customer, is_company=True)
        self._create_contact(customer, active=False)
        self.assertFalse(customer.customer_contact_ids)
        self._assert_primary(customer, customer)

    def test_contacts_of_contacts_belong_to_the_customer(self):
        assistant = self._create_contact(self.anna)
        self.assertEqual(
            self.customer.customer_contact_ids, self.anna | self.berta | assistant
        )
        assistant.is_primary_contact = True
        self._assert_primary(assistant)

    def test_choosing_one_takes_it_off_the_other(self):
        self.berta.is_primary_contact = True
        self._assert_primary(self.berta)
        self.assertFalse(self.anna.is_primary_contact)
        self.customer.primary_contact_id = self.anna
        self.assertTrue(self.anna.is_primary_contact)
        self.assertFalse(self.berta.is_primary_contact)

    def test_chosen_one_stays_when_others_come_and_go(self):
        self.berta.is_primary_contact = True
        carla = self._create_contact(self.customer, name="Carla")
        self.anna.unlink()
        carla.active = False
        self._assert_primary(self.berta)

    def test_taking_it_off_picks_the_next(self):
        self.anna.is_primary_contact = False
        self._assert_primary(self.berta)
        self.anna.unlink()
        self.berta.is_primary_contact = False
        self._assert_primary(self.berta)

    def test_clearing_it_picks_the_first(self):
        self.berta.is_primary_contact = True
        self.customer.primary_contact_id = False
        self._assert_primary(self.anna)

    def test_new_contact_can_come_as_the_primary_one(self):
        carla, dora = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": self.customer.id,
                    "is_primary_contact": name == "Carla",
                }
                for name in ("Carla", "Dora")
            ]
        )
        self._assert_primary(carla)
        self.assertFalse(dora.is_primary_contact)

    def test_next_one_when_the_primary_contact_is_gone(self):
        other = self._create_customer()
        for name, leave in (
            ("archived", lambda contact: contact.action_archive()),
            ("deleted", lambda contact: contact.unlink()),
            ("moved", lambda contact: contact.write({"parent_id": other.id})),
            ("on his own", lambda contact: contact.write({"parent_id": False})),
            ("an address", lambda contact: contact.write({"type": "invoice"})),
            ("a company", lambda contact: contact.write({"is_company": True})),
        ):
            with self.subTest(name):
                carla = self._create_contact(self.customer, name="Carla")
                carla.is_primary_contact = True
                self._assert_primary(carla)
                leave(carla)
                self._assert_primary(self.anna)

    def test_moved_contact_becomes_the_first_of_its_new_company(self):
        other = self._create_customer()
        self.anna.parent_id = other
        self._assert_primary(self.anna, other)
        self._assert_primary(self.berta)

    def test_archived_contact_who_comes_back(self):
        (self.anna | self.berta).action_archive()
        self._assert_primary(self.customer)
        self.berta.action_unarchive()
        self._assert_primary(self.berta)

    def test_contact_who_may_not_be_chosen(self):
        stranger = self._create_contact(self._create_customer())
        delivery = self._create_contact(self.customer, type="delivery")
        for contact in (stranger, delivery):
            with self.subTest(contact.type), self.assertRaises(ValidationError):
                self.customer.primary_contact_id = contact
        with self.assertRaises(UserError):
            delivery.is_primary_contact = True

    def test_search(self):
        people = self.anna | self.berta
        search = self.env["res.partner"].with_user(self.user_sales_own).search
        domain = [("id", "in", people.ids)]
        primary = ("is_primary_contact", "=", True)
        self.assertEqual(search([*domain, primary]), self.anna)
        self.assertEqual(search([*domain, "!", primary]), self.berta)

    def test_merged_contacts(self):
        twin = self._create_contact(self.customer, name="Anna's twin")
        twin.is_primary_contact = True
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.anna | twin).ids, self.anna
        )
        self._assert_primary(self.anna)

    def test_contact_merged_into_one_of_another_customer(self):
        other = self._create_customer()
        carla = self._create_contact(other, name="Carla")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.anna | carla).ids, carla
        )
        self._assert_primary(self.berta)
        self._assert_primary(carla, other)

    def test_people_below_a_merged_contact_move_with_him(self):
        other = self._create_customer()
        carla = self._create_contact(other, name="Carla")
        assistant = self._create_contact(self.anna, name="Assistant")
        assistant.is_primary_contact = True
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.anna | carla).ids, carla
        )
        self.assertEqual(assistant.commercial_partner_id, other)
        self.assertEqual(other.customer_contact_ids, carla | assistant)
        self._assert_primary(self.berta)
        self._assert_primary(carla, other)

    def test_merged_customers(self):
        other = self._create_customer(name="Azure Ltd")
        carla = self._create_contact(other, name="Carla")
        self.berta.is_primary_contact = True
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | other).ids, self.customer
        )
        self._assert_primary(self.berta)
        self.assertIn(carla, self.customer.customer_contact_ids)
        alone = self._create_customer(name="Azure Inc")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | alone).ids, alone
        )
        self._assert_primary(self.anna, alone)

    def test_customer_merged_into_a_contact(self):
        source = self._create_customer(name="Source", is_company=False)
        carla = self._create_contact(source, name="Carla")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | self.berta).ids, self.berta
        )
        self.assertEqual(carla.commercial_partner_id, self.customer)
        self._assert_primary(self.anna)

    def test_cost_does_not_grow_with_the_customers(self):
        def cost(count):
            customers = self.env["res.partner"].create(
                [
                    {
                        "name": f"Customer {number}",
                        "is_company": True,
                        "is_crm_customer": True,
                        "child_ids": [Command.create({"name": "Anna"})],
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            customers.child_ids.write({"type": "other"})
            self.env.flush_all()
            self.assertEqual(customers.primary_contact_id, customers)
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertEqual(cost(2), cost(20))

    def test_salesperson_keeps_hobbies_and_special_days(self):
        self.user_sales_own.group_ids += self.env.ref("base.group_partner_manager")
        hobby = self.env["res.partner.hobby"].create({"name": "Curling"})
        anna = self.anna.with_user(self.user_sales_own)
        anna.write(
            {
                "salutation": "dr",
                "department": "Purchase",
                "hobby_ids": [Command.link(hobby.id)],
                "special_day_ids": [
                    Command.create({"name": "Birthday", "date": "1980-02-29"})
                ],
            }
        )
        self.assertEqual(anna.hobby_ids.name, "Curling")
        self.assertEqual(anna.special_day_ids.notice_days, 7)
        anna.unlink()
        self.assertFalse(
            self.env["res.partner.special.day"].search([("partner_id", "=", anna.id)])
        )

    def test_who_may_not_read_hobbies_copies_contacts(self):
        hobby = self.env["res.partner.hobby"].create({"name": "Curling"})
        self.anna.hobby_ids = hobby
        self.user_invoicing.group_ids += self.env.ref("base.group_partner_manager")
        copy = self.anna.with_user(self.user_invoicing).copy()
        self.assertEqual(copy.parent_id, self.customer)
        self.assertFalse(copy.sudo().hobby_ids)
        self.assertEqual(self.anna.hobby_ids, hobby)

    def test_form_of_the_customer(self):
        with Form(self.customer) as form:
            form.name = "Azure Interior"
        self._assert_primary(self.anna)
