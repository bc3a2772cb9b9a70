from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from .credit_common import CreditCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditCustomer(CreditCase):
    """What the rules say of a customer, and who sees which of his figures."""

    # ------------------------------------------------------------
    # The rules
    # ------------------------------------------------------------

    def assertSaid(self, **said):
        self.assertEqual(self._credit_of().said(), said)

    def test_off_by_default(self):
        company = self.setup_other_company()["company"]
        self.assertFalse(company.crm_checks_credit())
        self._owe(1000, due="2025-01-01")
        self.customer.customer_status = "blacklist"
        self.assertSaid()

    def test_each_rule(self):
        company = self.env.company
        self.customer.credit_limit = 100
        self._owe(101, due="2026-02-19")
        company.credit_limit_action = "warn"
        self.assertTrue(company.account_use_credit_limit)
        self.assertSaid(limit="warn")
        company.account_use_credit_limit = False
        self.assertSaid()
        company.write({"credit_limit_action": "none", "credit_overdue_action": "hold"})
        company.credit_overdue_days = 10
        self.assertSaid()
        company.credit_overdue_days = 9
        self.assertSaid(overdue="hold")
        company.credit_overdue_action = "none"
        company.write(
            {"credit_overdue_amount_action": "warn", "credit_overdue_amount": 101}
        )
        self.assertSaid()
        company.credit_overdue_amount = 100.99
        self.assertSaid(amount="warn")
        company.credit_overdue_amount_action = "none"
        company.write({"credit_promise_action": "hold", "credit_promise_count": 2})
        for day, until in (("2026-01-02", 50), ("2026-01-20", 10)):
            with freeze_time(day):
                promise = self.env["crm.promise"].create(
                    {
                        "partner_id": self.customer.id,
                        "amount": until,
                        "date_promised": day,
                    }
                )
            self.assertSaid()
            promise.sudo()._settle(promise.ids)
        self.assertSaid(promise="hold")
        with freeze_time("2027-03-02"):
            self.assertSaid()
        company.credit_promise_action = "none"
        company.credit_blacklist_action = "hold"
        self.assertSaid()
        self.customer.customer_status = "blacklist"
        self.assertSaid(blacklist="hold")

    def test_rules_of_a_customer(self):
        """His own rule goes with its own threshold; the others are the company's."""
        company = self.env.company
        company.write(
            {
                "credit_overdue_action": "hold",
                "credit_overdue_days": 5,
                "credit_blacklist_action": "warn",
            }
        )
        self._owe(100, due="2026-02-19")
        self.customer.customer_status = "blacklist"
        self.assertSaid(overdue="hold", blacklist="warn")
        rules = self.env["crm.credit.rule"].with_user(self.user_credit)
        rule = rules.create(
            {"partner_id": self.customer.id, "credit_overdue_action": "none"}
        )
        self.assertSaid(blacklist="warn")
        rule.write({"credit_overdue_action": "warn", "credit_overdue_days": 10})
        self.assertSaid(blacklist="warn")
        rule.credit_overdue_days = 8
        self.assertSaid(overdue="warn", blacklist="warn")
        with self.assertRaises(ValidationError):
            rules.create({"partner_id": self.contact.id})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            rules.create({"partner_id": self.customer.id})
            self.env.flush_all()
        for user in (self.user_sales_manager, self.user_invoicing, self.user_portal):
            with self.assertRaises(AccessError):
                rules.with_user(user).search([])

    def test_merging_keeps_the_rules(self):
        """What one of them alone has stays as it is; of two, the stricter."""
        rules = self.env["crm.credit.rule"]
        double = self._create_customer(name="Double")
        rules.create(
            {
                "partner_id": double.id,
                "credit_limit_action": "warn",
                "credit_overdue_action": "hold",
                "credit_overdue_days": 20,
                "note": "Insured",
            }
        )
        self._merge(double)
        rule = rules.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(rule.credit_limit_action, "warn")
        self.env.company.write(
            {
                "credit_limit_action": "hold",
                "credit_promise_action": "warn",
                "credit_promise_count": 2,
            }
        )
        double = self._create_customer(name="Double")
        rules.create(
            {
                "partner_id": double.id,
                # the limit is as the company has it, which is stricter
                "credit_overdue_action": "hold",
                "credit_overdue_days": 5,
                "credit_overdue_amount_action": "warn",
                "credit_overdue_amount": 100,
                # and this is milder than the company's
                "credit_promise_action": "warn",
                "credit_promise_count": 9,
                "note": "Late twice",
            }
        )
        self._merge(double)
        self.assertEqual(rules.search([("partner_id", "=", self.customer.id)]), rule)
        self.assertEqual(
            (
                rule.credit_limit_action,
                rule.credit_overdue_action,
                rule.credit_overdue_days,
                rule.credit_overdue_amount_action,
                rule.credit_overdue_amount,
                rule.credit_promise_action,
                rule.note,
            ),
            (False, "hold", 5, "warn", 100, False, "Insured / Late twice"),
        )

    def test_merging_into_a_person(self):
        """The rules are the customer's whose person it is; blacklisted is so still."""
        double = self._create_customer(name="Double", is_company=False)
        rule = self.env["crm.credit.rule"].create(
            {"partner_id": double.id, "credit_blacklist_action": "hold"}
        )
        double.action_blacklist()
        self._merge(double, self.contact)
        self.assertEqual(rule.partner_id, self.customer)
        self.assertEqual(self._credit_of().said(), {"blacklist": "hold"})

    def _merge(self, double, stays=None):
        stays = stays or self.customer
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [stays.id, double.id], stays
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # On the customer
    # ------------------------------------------------------------

    def test_fields(self):
        self._order((self.service, 1, {"price_unit": 300}))
        self._limit(1000)
        worst = self._owe(700, due="2026-02-01")
        self._owe(100, due="2026-02-20")
        customer = self._fields_of(self.customer, self.user_sales_own)
        self.assertEqual(
            (
                customer.credit_exposure,
                customer.credit_limit_amount,
                customer.credit_left,
                customer.credit_overdue,
                customer.credit_days_overdue,
                customer.credit_worst_item_id.move_name,
                customer.credit_verdict,
            ),
            (1100, 1000, -100, 800, 28, worst.name, "hold"),
        )
        found = customer.search([("credit_hold", "=", True), ("credit_left", "<", 0)])
        self.assertEqual(found, customer)
        for domain, is_found in (
            ([("credit_exposure", "=", 1100)], True),
            ([("credit_exposure", ">", 1100)], False),
            ([("credit_overdue", ">=", 800)], True),
            ([("credit_days_overdue", "!=", 28)], False),
            ([("credit_limit_amount", "in", [1000, 5])], True),
            ([("credit_verdict", "=", "none")], False),
            ([("credit_verdict", "!=", "none")], True),
            ([("credit_hold", "=", False)], False),
        ):
            mine = [("id", "=", customer.id), *domain]
            with self.subTest(domain=domain):
                self.assertEqual(bool(customer.search(mine)), is_found)

    def test_a_list_as_the_client_reads_it(self):
        """Whoever owes nothing has no worst item."""
        good = self._create_customer(name="Owes nothing", credit_limit=70)
        self._owe(100, due="2026-02-01")
        rows = (
            self._fields_of(good + self.customer, self.user_credit)
            .with_context(allowed_company_ids=self.env.company.ids)
            .web_read(
                {
                    "credit_exposure": {},
                    "credit_worst_item_id": {"fields": {"display_name": {}}},
                }
            )
        )
        self.assertEqual([row["credit_exposure"] for row in rows], [0, 100])
        self.assertFalse(rows[0]["credit_worst_item_id"])
        self.assertTrue(rows[1]["credit_worst_item_id"]["display_name"])

    def test_who_sees_what(self):
        """As open items: a salesperson of his own customers, others of all."""
        self._limit(50)
        self._owe(100)
        for user, sees in (
            (self.user_sales_own, True),
            (self.user_sales_all, True),
            (self.user_invoicing, True),
            (self.user_credit, True),
        ):
            customer = self._fields_of(self.customer, user)
            self.assertEqual(
                (customer.credit_known, customer.credit_hold), (sees, sees)
            )
        self.customer.user_id = self.user_sales_all
        customer = self._fields_of(self.customer, self.user_sales_own)
        self.assertEqual((customer.credit_known, customer.credit_exposure), (False, 0))
        self.assertFalse(customer.search([("credit_hold", "=", True)]))
        with self.assertRaises(AccessError):
            self._fields_of(self.customer, self.user_portal).read(["credit_exposure"])

    def test_query_counts(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Debtor {n}", "credit_limit": 5} for n in range(1000)]
        )
        self._limit(50)
        names = ["credit_exposure", "credit_limit_amount", "credit_verdict"]
        for count in (10, 1000):
            some = self._fields_of(customers[:count], self.user_credit)
            some.read(names, load=None)
            some.invalidate_recordset()
            with self.subTest(count=count), self.assertQueryCount(3):
                rows = some.read(names, load=None)
            self.assertEqual(len(rows), count)
            with self.subTest(count=count), self.assertQueryCount(2):
                some.search([("id", "in", some.ids), ("credit_hold", "=", True)])
