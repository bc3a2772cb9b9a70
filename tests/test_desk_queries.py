"""The lists of the desk ask as often for a thousand rows as for ten."""

from datetime import timedelta

from odoo.fields import Datetime

from odoo.addons.crm_custom.models.crm_partner_key_lookup import Subject

from .interaction_common import InteractionCase
from .query_common import FEW, MANY, ListQueriesMixin


class TestDeskQueries(ListQueriesMixin, InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Query {number}",
                    "is_company": True,
                    "is_crm_customer": True,
                    "ref": f"QUERY-{number}",
                    "user_id": cls.user_sales_own.id,
                    "contact_cadence_days": 1 + number % 20,
                    "country_id": cls.env.ref("base.be").id,
                }
                for number in range(MANY)
            ]
        )
        people = cls.env["res.partner"].create(
            [
                {"name": f"Person {customer.id}", "parent_id": customer.id}
                for customer in cls.customers
            ]
        )
        now = Datetime.now()
        cls.entries = (
            cls.env["crm.interaction"]
            .with_user(cls.user_sales_own)
            .create(
                [
                    {
                        "partner_id": person.parent_id.id,
                        "contact_id": person.id,
                        "channel_id": cls.phone.id,
                        "date_start": now - timedelta(days=number % 30),
                        "next_step": "Call",
                        "next_date": (now + timedelta(days=number % 9 + 1)).date(),
                    }
                    for number, person in enumerate(people)
                ]
            )
        )
        cls.pairs = cls.env["crm.duplicate"].create(
            [
                {
                    "partner_a_id": cls.customers[number].id,
                    "partner_b_id": people[number].id,
                    "score": 0.8,
                    "kinds": {"name": 1},
                }
                for number in range(MANY)
            ]
        )
        cls.env.flush_all()

    def test_contact_log(self):
        self._check_list(
            self.entries,
            "crm_interaction_action",
            self.user_sales_own,
            ("user_id", "channel_id", "outcome_id", "date_start:day", "partner_id"),
        )

    def test_customers_by_when_they_are_due(self):
        self._check_list(
            self.customers,
            "res_partner_customer_action",
            self.user_sales_own,
            ("contact_due_state", "date_last_contact:month", "date_next_contact:day"),
        )

    def test_review_list(self):
        self._check_list(
            self.pairs, "crm_duplicate_action", self.user_sales_manager, ("state",)
        )

    def test_look_up_of_many(self):
        keys = self.env["crm.partner.key"]

        def look_up(rows):
            subjects = [
                Subject(keys=keys._get_partner_keys(customer)[0], entity_id=customer.id)
                for customer in self.customers[:rows]
            ]
            return len(keys._look_up(subjects, {"name", "email", "phone"}))

        self.assertEqual(self._count(look_up, FEW), self._count(look_up, MANY))
