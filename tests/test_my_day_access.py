"""My day: who sees whose work, what a client may ask, and what it costs."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .my_day_common import MOMENT, SHANGHAI, MyDayCase


@freeze_time(MOMENT)
class TestMyDayAccess(MyDayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user_sales_manager
        for user in (cls.manager, cls.colleague):
            user.tz = SHANGHAI
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Team East",
                "user_id": cls.colleague.id,
                "member_ids": [Command.set(cls.salesperson.ids)],
            }
        )

    def test_one_sees_his_own_day(self):
        self._quote("2026-03-10")
        self._quote("2026-03-10", user=self.colleague)
        self._quote("2026-03-10", user=self.manager)
        for user in (self.salesperson, self.colleague, self.manager):
            self.assertEqual(self._counts("quotation", user), (0, 1, 0, 0))

    def test_a_manager_sees_everybody_a_team_or_one(self):
        self._quote("2026-03-10")
        self._quote("2026-03-10", user=self.colleague)
        self._create_order(self.customer, validity_date="2026-03-10").user_id = False
        whose = {
            "all": 3,
            f"team-{self.team.id}": 2,
            f"user-{self.salesperson.id}": 1,
            "me": 0,
        }
        for key, count in whose.items():
            counts = self._counts("quotation", self.manager, whose=key)
            self.assertEqual(counts, (0, count, 0, 0), key)
        rows = self._rows("quotation", "today", self.manager, whose="all")
        owners = {self.salesperson.name, self.colleague.name, ""}
        self.assertEqual({row["owner"] for row in rows}, owners)
        keys = {c["key"] for c in self._my_day(self.manager).get_day()["choices"]}
        self.assertLessEqual(whose.keys(), keys)

    def test_a_leader_sees_his_team_alone(self):
        self._quote("2026-03-10")
        own = f"user-{self.salesperson.id}"
        for key in (f"team-{self.team.id}", own):
            self.assertEqual(
                self._counts("quotation", self.colleague, whose=key), (0, 1, 0, 0)
            )
        other = self.env["crm.team"].create({"name": "Team West"})
        for key in ("all", f"team-{other.id}", f"user-{self.manager.id}"):
            with self.assertRaises(AccessError):
                self._my_day(self.colleague).get_day(key)

    def test_a_salesperson_may_choose_nobody(self):
        self.assertEqual(self._my_day().get_day()["choices"], [])
        keys = ("all", f"team-{self.team.id}", f"user-{self.colleague.id}", "", "user-")
        for key in (*keys, "user-1 or 1=1", "user-²", None, 7):
            with self.assertRaises(AccessError):
                self._my_day().get_day(key)
            with self.assertRaises(AccessError):
                self._my_day().get_rows("today", key)

    def test_a_leader_of_own_documents_sees_nobodys(self):
        self.team.user_id = self.salesperson
        with self.assertRaises(AccessError):
            self._my_day().get_day(f"team-{self.team.id}")

    def test_others_have_no_day(self):
        employee = new_test_user(self.env, "day_employee", groups="base.group_user")
        quotation = self._quote("2026-03-10")
        for user in (self.user_portal, self.user_invoicing, employee):
            with self.assertRaises(AccessError):
                self._my_day(user).get_day()
            with self.assertRaises(AccessError):
                self._my_day(user).get_rows("today")
            with self.assertRaises(AccessError):
                self._my_day(user).run_action("quotation", quotation.id, "open")

    def test_an_action_is_one_of_the_sources_on_a_record_of_the_user(self):
        other = self._quote("2026-03-10", user=self.colleague)
        with self.assertRaises(AccessError):
            self._run("quotation", other, "open")
        mine = self._quote("2026-03-10")
        my_day = self._my_day()
        for source, record_id, action in (
            ("quotation", mine.id, "unlink"),
            ("quotation", mine.id, "_do_open"),
            ("source", mine.id, "open"),
            ("nothing", mine.id, "open"),
            ("quotation", 0, "open"),
            ("quotation", 2**31 - 1, "open"),
        ):
            with self.assertRaises(UserError):
                my_day.run_action(source, record_id, action)
        with self.assertRaises(UserError):
            my_day.get_rows("later")
        with self.assertRaises(AccessError):
            activity = self._plan(other, "2026-03-10", user=self.colleague)
            self._run("activity", activity, "done")

    def test_hidden_customers_are_not_named(self):
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        settings.create({"crm_restrict_own_customers": True}).execute()
        hidden = self._create_customer(name="Hidden", user_id=self.colleague.id)
        contact = self._create_contact(hidden, name="Hidden contact")
        self._special_day("1980-03-10", contact)
        self._order_on(
            "2025-12-01 10:00:00",
            "2025-12-11 10:00:00",
            "2025-12-21 10:00:00",
            customer=hidden,
            user=self.colleague,
        )
        for bucket in ("overdue", "today", "tomorrow", "week"):
            self.assertNotIn("Hidden", str(self._my_day().get_rows(bucket)))

    def test_the_companies_chosen(self):
        company_b = self.env["res.company"].create({"name": "Company B"})
        self.salesperson.company_ids += company_b
        self._quote("2026-03-10")
        self._create_order(
            self.customer, company_id=company_b.id, user_id=self.salesperson.id
        ).validity_date = "2026-03-10"
        for companies, count in ((company_b, 1), (self.env.company | company_b, 2)):
            day = (
                self._my_day().with_context(allowed_company_ids=companies.ids).get_day()
            )
            (source,) = [s for s in day["sources"] if s["key"] == "quotation"]
            self.assertEqual(source["counts"]["today"], count)

    def test_a_page_of_a_long_list(self):
        quotations = [self._quote("2026-03-10") for _number in range(23)]
        my_day = self._my_day()
        first = my_day.get_rows("today", "me", ["quotation"])["quotation"]
        second = my_day.get_rows("today", "me", ["quotation"], {"quotation": 20})
        ids = [row["id"] for row in (*first, *second["quotation"])]
        self.assertEqual(len(first), 20)
        self.assertEqual(ids, [quotation.id for quotation in quotations])
        self.assertFalse(
            my_day.get_rows("today", offsets={"quotation": 40})["quotation"]
        )
        self.assertTrue(
            my_day.get_rows("today", offsets={"quotation": -5})["quotation"]
        )

    def test_queries_do_not_grow_with_the_rows(self):
        self.env.company.crm_large_deal_amount = 50
        lead = self.env["crm.lead"].create(
            {
                "name": "Large",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.salesperson.id,
                "expected_revenue": 500,
            }
        )
        self.patterns = {
            self._plan(self.customer, "2026-03-10"): "res_id",
            self._quote("2026-03-10"): "partner_id",
            self._deliver("2026-03-10 03:00:00"): "partner_id",
            self._special_day("1980-03-10"): "partner_id",
            self._broken_promise(): "partner_id",
            self._instalment(): "partner_id",
            self._feedback(): "partner_id",
            lead: "partner_id",
        }
        self._order_on(
            "2026-01-01 10:00:00", "2026-01-11 10:00:00", "2026-01-21 10:00:00"
        )
        self.orders = self.env["sale.order"].search(
            [("partner_id", "=", self.customer.id), ("date_order", "<", "2026-02-01")]
        )
        with freeze_time("2026-03-05 03:00:00"):
            due = self._create_customer(contact_cadence_days=5)
            self.env["crm.interaction"].create({"partner_id": due.id})
        schedules = self.env["crm.contact.schedule"]
        self.schedule = schedules.search([("partner_id", "=", due.id)])
        # who was contacted within the month is not among the quiet
        self.schedule.write({"date_last": False, "last_interaction_id": False})
        self._fill(10)
        few = self._count_queries()
        counts = {s["key"]: s["counts"] for s in self._my_day().get_day()["sources"]}
        self.assertTrue(all(any(count.values()) for count in counts.values()), counts)
        self._fill(1000)
        many = self._count_queries()
        self.assertEqual(few, many)
        self.assertLess(max(many), 10 * len(counts))

    def _count_queries(self):
        my_day = self._my_day()
        spent = []
        for name, arguments in (
            ("get_day", ()),
            ("get_rows", ("overdue",)),
            ("get_rows", ("today",)),
        ):
            # once, so that what Odoo caches for all is there
            getattr(my_day, name)(*arguments)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            getattr(my_day, name)(*arguments)
            spent.append(self.env.cr.sql_log_count - before)
        return spent

    def _broken_promise(self):
        with freeze_time("2026-03-05 03:00:00"):
            promise = self.env["crm.promise"].create(
                {
                    "partner_id": self.customer.id,
                    "amount": 5,
                    "date_promised": "2026-03-09",
                }
            )
        promise.sudo().state = "broken"
        return promise

    def _feedback(self):
        return self.env["crm.feedback"].create(
            {
                "subject": "Scratched",
                "partner_id": self.customer.id,
                "user_id": self.salesperson.id,
                "date_deadline": "2026-03-10 09:00:00",
            }
        )

    def _instalment(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-02-10",
                "invoice_date_due": "2026-03-10",
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 9, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        return invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _fill(self, count):
        """So many rows for today of each source, each of another customer.

        Rows are multiplied past the ORM, for speed.
        """
        customers = self._multiply_customers("Busy", count)
        for record, column in self.patterns.items():
            self._multiply(record, column, customers)
        # who has a next step is not among those who have not ordered for long
        customers = self._multiply_customers("Quiet", count)
        for record in (*self.orders, self.schedule):
            self._multiply(record, "partner_id", customers)
        self.env.invalidate_all()

    def _multiply_customers(self, name, count):
        names = [f"{name} {number}" for number in range(count)]
        customers = self._multiply(self.customer, "name", names)
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)",
            [customers],
        )
        return customers

    def _multiply(self, record, column, values):
        """Copy the row for each value of the column; names must differ."""

        def take(name):
            if name == column:
                return SQL("value")
            if name == "name":
                return SQL("pattern.name || value")
            return SQL.identifier("pattern", name)

        self.env.flush_all()
        columns = [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        query = SQL(
            """INSERT INTO %(table)s (%(columns)s)
                    SELECT %(taken)s
                      FROM %(table)s AS pattern, unnest(%(values)s) AS each(value)
                     WHERE pattern.id = %(id)s
                 RETURNING id""",
            table=SQL.identifier(record._table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            taken=SQL(", ").join(map(take, columns)),
            values=values,
            id=record.id,
        )
        return [row[0] for row in self.env.execute_query(query)]
