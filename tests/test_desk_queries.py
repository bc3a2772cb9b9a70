"""The lists of the desk ask as often for a thousand rows as for ten."""

from datetime import timedelta

from odoo.fields import Datetime

from odoo.addons.crm_custom.models.crm_partner_key_lookup import Subject

from benchmarks.views import list_specification, load_view

from .interaction_common import InteractionCase

FEW, MANY = 10, 1000


class TestDeskQueries(InteractionCase):
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

    def _count(self, ask, rows):
        # once, so that what Odoo caches for all is there
        ask(rows)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = ask(rows)
        self.assertEqual(found, rows)
        return self.env.cr.sql_log_count - before

    def _check_list(self, records, action, user, groupings):
        """The list as it opens, its page as long as it is, and its groupings."""
        action = self.env.ref(f"crm_custom.{action}")
        views = {view.view_mode: view.view_id for view in action.view_ids}
        view = views.get("list", action.view_id)
        records = records.with_user(user)
        model = records.browse()
        arch = load_view(model.env, model._name, "list", view.id)
        specification = list_specification(model.env, model._name, arch)

        def page(rows):
            answer = model.web_search_read(
                [("id", "in", records[:rows].ids)], specification, limit=2 * MANY
            )
            return len(answer["records"])

        def groups(rows):
            found = 0
            for groupby in groupings:
                answer = model.web_read_group(
                    [("id", "in", records[:rows].ids)], [groupby], ["__count"]
                )
                found = sum(group["__count"] for group in answer["groups"])
            return found

        for ask in (page, groups):
            with self.subTest(ask.__name__):
                self.assertEqual(self._count(ask, FEW), self._count(ask, MANY))

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
