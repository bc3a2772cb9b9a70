"""When customers were contacted, will be and should be: in the reader's own days."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from .interaction_common import InteractionCase

SHANGHAI, LOS_ANGELES = "Asia/Shanghai", "America/Los_Angeles"
BUCKETS = ("overdue", "today", "tomorrow", "this_week", "later", "none")


class TestInteractionDates(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._lang_get("en_US").week_start = "1"

    def _as_reader(self, tz, partners=None):
        self.env.flush_all()
        self.env.invalidate_all()
        partners = self.customer if partners is None else partners
        return partners.with_user(self.user_sales_all).with_context(tz=tz)

    def _search(self, partners, domain):
        return partners.search([("id", "in", partners.ids), *domain])

    def test_the_last_contact_is_one_in_which_somebody_was_reached(self):
        self._log(date_start=datetime(2026, 1, 5, 9))
        self._log(date_start=datetime(2026, 1, 3, 9))
        attempt = self._log(
            date_start=datetime(2026, 1, 8, 9), outcome_id=self.not_reached.id
        )
        customer = self._as_reader("UTC")
        self.assertEqual(customer.date_last_contact, datetime(2026, 1, 5, 9))
        # a later look at it changes it, and so does the list of outcomes
        self.not_reached.is_contact = True
        self.assertEqual(customer.date_last_contact, datetime(2026, 1, 8, 9))
        attempt.active = False
        self.assertEqual(customer.date_last_contact, datetime(2026, 1, 5, 9))
        self._log_of(self.customer).unlink()
        self.assertFalse(customer.date_last_contact)

    def test_the_next_contact_is_the_first_that_is_planned(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.contact.id}
        )
        order = self._create_order(self.customer)
        day = date.today()
        plans = [
            self._plan(document, user=self.user_sales_all, date_deadline=day + delta)
            for document, delta in (
                (self.customer, timedelta(days=9)),
                (self.contact, timedelta(days=8)),
                (lead, timedelta(days=7)),
                (order, timedelta(days=6)),
            )
        ]
        self._plan(
            self.customer, activity_type_id=self.to_do_type.id, date_deadline=day
        )
        for delta in (6, 7, 8, 9):
            self.assertEqual(
                self.customer.date_next_contact, day + timedelta(days=delta)
            )
            plans.pop().unlink()
        self.assertFalse(self.customer.date_next_contact)
        other = self._create_customer(name="Else")
        plan = self._plan(lead, user=self.user_sales_all, date_deadline=day)
        lead.partner_id = other
        self.assertFalse(self.customer.date_next_contact)
        self.assertEqual(other.date_next_contact, plan.date_deadline)

    def test_cadence_of_the_type_and_of_the_customer(self):
        with freeze_time("2026-03-02 09:00:00"):
            kind = self.env["crm.customer.type"].create(
                {"name": "Key", "contact_cadence_days": 14}
            )
            self.customer.customer_type_id = kind
            self._log()
            customer = self._as_reader("UTC")
            self.assertEqual(customer.date_contact_due, date(2026, 3, 16))
            self.customer.contact_cadence_days = 7
            self.assertEqual(customer.date_contact_due, date(2026, 3, 9))
            kind.contact_cadence_days = 30
            self.assertEqual(customer.date_contact_due, date(2026, 3, 9))
            self.customer.contact_cadence_days = 0
            self.assertEqual(customer.date_contact_due, date(2026, 4, 1))
            self.customer.customer_type_id = False
            self.assertFalse(customer.date_contact_due)
            self.assertEqual(customer.contact_due_state, "none")

    def test_no_regular_contact_whatever_the_type_says(self):
        kind = self.env["crm.customer.type"].create(
            {"name": "Key", "contact_cadence_days": 14}
        )
        self.customer.customer_type_id = kind
        self._log()
        customer = self._as_reader("UTC")
        self.assertTrue(customer.date_contact_due)
        self.customer.no_regular_contact = True
        for partner in (customer, self._as_reader("UTC", self.contact)):
            self.assertFalse(partner.date_contact_due)
            self.assertEqual(partner.contact_due_state, "none")
            self.assertTrue(self._search(partner, [("date_contact_due", "=", False)]))
        # neither the type nor a cadence of his own brings him back
        kind.contact_cadence_days = 7
        self.customer.contact_cadence_days = 5
        self.assertFalse(customer.date_contact_due)
        # what is planned is planned
        plan = self._plan(self.customer)
        self.assertEqual(customer.date_next_contact, plan.date_deadline)
        self.customer.no_regular_contact = False
        self.assertEqual(customer.date_contact_due, date.today() + timedelta(days=5))

    def test_who_is_lost_or_blacklisted_is_not_due_in_that_company(self):
        other_company = self.env["res.company"].create({"name": "Company B"})
        self.customer.contact_cadence_days = 5
        with freeze_time("2026-03-02 09:00:00"):
            self._log()
        both = self.customer | self.contact
        with freeze_time("2026-03-20 09:00:00"):
            for status in ("blacklist", "lost"):
                self.customer.customer_status = status
                for partner in self._as_reader("UTC", both).sudo():
                    found = {}
                    for company in (self.env.company, other_company):
                        here = partner.with_company(company)
                        due = here.date_contact_due
                        found[company] = (due, here.contact_due_state)
                        domain = [("date_contact_due", "=", due)]
                        self.assertTrue(self._search(here, domain))
                        overdue = [("contact_due_state", "=", "overdue")]
                        self.assertEqual(bool(self._search(here, overdue)), bool(due))
                    self.assertEqual(
                        list(found.values()),
                        [(False, "none"), (date(2026, 3, 7), "overdue")],
                    )
                self.customer.customer_status = "active"
                customer = self._as_reader("UTC")
                self.assertEqual(customer.contact_due_state, "overdue")

    def test_who_was_never_contacted_is_due_from_the_day_he_came(self):
        customer = self._create_customer(name="New", contact_cadence_days=10)
        self.assertEqual(
            customer.with_context(tz="UTC").date_contact_due,
            customer.create_date.date() + timedelta(days=10),
        )

    def test_buckets_follow_the_reader_s_own_day(self):
        """The same moments, two readers: noon of the 4th here, the 5th begun there.

        The call of 2 March 17:00 UTC was on the 3rd in Shanghai and the 2nd in Los
        Angeles; 4 March 2026 is a Wednesday.
        """
        customers = self.env["res.partner"]
        cadences = (1, 2, 3, 4, 5, 6, 7, 30)
        with freeze_time("2026-03-02 17:00:00"):
            for cadence in cadences:
                customers |= self._create_customer(
                    name=f"Every {cadence}", contact_cadence_days=cadence
                )
            for customer in customers:
                self._log(partner_id=customer.id)
        expected = {
            # today is Thursday the 5th; due on 4 5 6 7 8 9 10 March, 2 April
            SHANGHAI: ["overdue", "today", "tomorrow"]
            + ["this_week"] * 2
            + ["later"] * 3,
            # today is Wednesday the 4th; due on 3 4 5 6 7 8 9 March, 1 April
            LOS_ANGELES: ["overdue", "today", "tomorrow"]
            + ["this_week"] * 3
            + ["later"] * 2,
        }
        with freeze_time("2026-03-04 20:00:00"):
            for tz, buckets in expected.items():
                readers = self._as_reader(tz, customers)
                with self.subTest(tz=tz):
                    self.assertEqual(
                        [partner.contact_due_state for partner in readers], buckets
                    )
                    by_bucket = {
                        bucket: self._search(
                            readers, [("contact_due_state", "=", bucket)]
                        ).sorted("id")
                        for bucket in BUCKETS
                    }
                    self.assertEqual(
                        by_bucket,
                        {
                            bucket: readers.filtered(
                                lambda partner, bucket=bucket: (
                                    partner.contact_due_state == bucket
                                )
                            ).sorted("id")
                            for bucket in BUCKETS
                        },
                    )
                    groups = readers.formatted_read_group(
                        [("id", "in", readers.ids)], ["contact_due_state"], ["__count"]
                    )
                    # in the order of the days
                    self.assertEqual(
                        [(g["contact_due_state"], g["__count"]) for g in groups],
                        [
                            (bucket, buckets.count(bucket))
                            for bucket in BUCKETS
                            if bucket in buckets
                        ],
                    )
                    several = readers._get_contact_due_domain(["overdue", "today"])
                    self.assertEqual(
                        self._search(readers, several).sorted("id"), readers[:2]
                    )
                    self.assertEqual(set(readers.mapped("days_since_contact")), {2})

    def test_buckets_are_ordered_by_their_days(self):
        customers = self.env["res.partner"]
        sellers = (self.user_sales_own, self.user_sales_all)
        with freeze_time("2026-03-02 12:00:00"):
            for cadence in (0, 1, 2, 3, 4, 30):
                customer = self._create_customer(
                    name=f"Every {cadence}",
                    contact_cadence_days=cadence,
                    user_id=sellers[bool(cadence)].id,
                )
                self._log(partner_id=customer.id)
                customers |= customer
        with freeze_time("2026-03-04 12:00:00"):
            readers = self._as_reader("UTC", customers)
            ours = [("id", "in", readers.ids)]
            for order, expected in (
                ("contact_due_state", list(BUCKETS)),
                ("contact_due_state DESC", list(reversed(BUCKETS))),
            ):
                found = readers.search(ours, order=order)
                self.assertEqual(found.mapped("contact_due_state"), expected)
                # as the list and the board ask, with a limit and other groups, too
                groups = readers.web_read_group(
                    ours, ["contact_due_state"], ["__count"], order=order, limit=80
                )["groups"]
                self.assertEqual(
                    [group["contact_due_state"] for group in groups], expected
                )
                groups = readers._read_group(
                    ours,
                    ["user_id", "contact_due_state"],
                    ["__count"],
                    order=f"user_id, {order}",
                )
                self.assertEqual(
                    [state for _user, state, _count in groups if state != "none"],
                    [state for state in expected if state != "none"],
                )

    def test_a_day_is_a_day_where_the_clocks_change(self):
        """8 March 2026 has 23 hours in Los Angeles."""
        with freeze_time("2026-03-08 07:30:00"):  # 23:30 on the 7th
            self.customer.contact_cadence_days = 2
            self._log()
        with freeze_time("2026-03-09 20:00:00"):
            customer = self._as_reader(LOS_ANGELES)
            self.assertEqual(customer.date_contact_due, date(2026, 3, 9))
            self.assertEqual(customer.contact_due_state, "today")
            self.assertIn(
                customer, self._search(customer, [("contact_due_state", "=", "today")])
            )

    def test_filters_and_orders_by_every_figure(self):
        with freeze_time("2026-03-04 10:00:00"):
            other = self._create_customer(name="Else", contact_cadence_days=5)
            self._log(date_start=datetime(2026, 3, 1, 9))
            self._log(date_start=datetime(2025, 11, 1, 9))
            self._log(
                partner_id=other.id,
                date_start=datetime(2026, 2, 1, 9),
                next_step="Call",
                next_date=date(2026, 3, 6),
            )
            both = self._as_reader("UTC", self.customer | other)
            mine, other = both
            for domain, found in (
                ([("date_last_contact", "<", "2026-02-15")], other),
                ([("date_last_contact", ">=", "today -7d")], mine),
                ([("date_next_contact", "=", "today +2d")], other),
                ([("date_next_contact", "=", False)], mine),
                ([("date_contact_due", "<", "today")], other),
                ([("days_since_contact", ">=", 4)], other),
                ([("days_since_contact", "=", 3)], mine),
                ([("interaction_count_90", "=", 1)], both),
                ([("contact_due_state", "not in", ["none", "later"])], other),
            ):
                with self.subTest(domain=domain):
                    self.assertEqual(self._search(both, domain).sorted("id"), found)
            for order, first in (
                ("date_last_contact", other),
                ("days_since_contact", mine),
            ):
                found = both.search([("id", "in", both.ids)], order=order)
                self.assertEqual(found[0], first)
            groups = both.formatted_read_group(
                [("id", "in", both.ids)], ["date_last_contact:month"], ["__count"]
            )
            self.assertEqual([group["__count"] for group in groups], [1, 1])

    def test_a_contact_shows_the_dates_of_his_customer(self):
        entry = self._log()
        self.assertEqual(self.contact.date_last_contact, entry.date_start)
        self.assertIn(
            self.contact,
            self.contact.search([("date_last_contact", "=", entry.date_start)]),
        )

    def test_many_rows_cost_no_more_queries_than_ten(self):
        names = ["contact_due_state", "date_last_contact", "interaction_count"]
        names += ["date_next_contact", "interaction_count_90"]

        def cost(count):
            customers = self.env["res.partner"].create(
                [
                    {
                        "name": f"Many {number}",
                        "is_company": True,
                        "is_crm_customer": True,
                        "ref": f"{count}-{number}",
                        "contact_cadence_days": 5,
                    }
                    for number in range(count)
                ]
            )
            self._log_many(customers)
            readers = self._as_reader(SHANGHAI, customers)
            readers.env.user.has_group("base.group_user")
            start = self.env.cr.sql_log_count
            readers.read(names)
            readers.formatted_read_group(
                [("id", "in", readers.ids), ("contact_due_state", "!=", "none")],
                ["contact_due_state"],
                ["__count"],
            )
            self._search(readers, [("contact_due_state", "in", ["today", "overdue"])])
            return self.env.cr.sql_log_count - start

        cost(2)
        self.assertEqual(cost(10), cost(1000))

    def test_logging_many_costs_no_more_queries_than_two(self):
        """Odoo inserts a hundred rows at a time."""

        def cost(count):
            customers = self.env["res.partner"].create(
                [{"name": f"{count} {n}", "is_company": True} for n in range(count)]
            )
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self._log_many(customers)
            return self.env.cr.sql_log_count - start

        cost(1)
        self.assertEqual(cost(2), cost(100))

    def _log_many(self, customers):
        self.env["crm.interaction"].with_user(self.user_sales_all).create(
            [
                {"partner_id": customer.id, "channel_id": self.phone.id}
                for customer in customers
            ]
        )
        self.env.flush_all()
