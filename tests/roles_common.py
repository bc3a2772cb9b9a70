"""The world of the tests of the own-customers limit."""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT


class OwnCustomersMixin:
    """Two salespeople with own documents, their customers, and the setting on."""

    @classmethod
    def _set_up_own_customers(cls):
        cls.user_colleague = cls._new_user("user_colleague", cls.user_sales_own)
        cls.customer_own = cls._create_customer_with_people(
            "Own", user_id=cls.user_sales_own.id
        )
        cls.customer_hidden = cls._create_customer_with_people(
            "Hidden", user_id=cls.user_colleague.id
        )
        cls.customer_of_nobody = cls._create_customer_with_people("Nobody")
        cls._limit_to_own_customers()

    @classmethod
    def _new_user(cls, login, like, *groups):
        return new_test_user(
            cls.env,
            login,
            ",".join(("base.group_user", "sales_team.group_sale_salesman", *groups)),
            context=DISABLED_MAIL_CONTEXT,
            password=login,
            company_id=like.company_id.id,
            company_ids=[Command.set(like.company_ids.ids)],
        )

    @classmethod
    def _create_customer_with_people(cls, name, **vals):
        return cls._create_customer(
            name=f"{name} Customer",
            email=f"{name.lower()}@customer.example.com",
            child_ids=[
                Command.create(
                    {"name": f"{name} Person", "email": f"{name.lower()}@p.example.com"}
                ),
                Command.create({"name": f"{name} Delivery", "type": "delivery"}),
            ],
            **vals,
        )

    @classmethod
    def _limit_to_own_customers(cls, limit=True):
        """As the CRM administrator does."""
        settings = cls.env["crm.custom.settings"].with_user(cls.user_crm_admin)
        settings.create({"crm_restrict_own_customers": limit}).execute()
        cls.env.invalidate_all()

    def _as(self, user, record):
        """The record as the user meets it: nothing of it is in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user)

    def assertVisible(self, user, partners):
        """By each door: search, name, read."""
        found = self._as(user, partners).search([("id", "in", partners.ids)])
        self.assertEqual(found, partners)
        self.assertTrue(self._as(user, partners).has_access("read"))
        for values in self._as(user, partners).read(["name", "email", "parent_id"]):
            self.assertTrue(values["name"])

    def assertHidden(self, user, partners):
        found = self._as(user, partners).search([("id", "in", partners.ids)])
        self.assertFalse(found)
        self.assertFalse(self._as(user, partners)._filtered_access("read"))
