from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .sales_target_common import SalesTeamCase


@freeze_time("2026-03-16 10:00:00")
class TestSalesTargetRules(SalesTeamCase):
    """Who sees which targets, what is refused, what is copied, and what it costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._target(user_id=cls.user_sales_own.id)
        cls.others = cls._target(user_id=cls.user_sales_all.id)
        cls.of_team = cls._target(team_id=cls.team.id)
        cls.targets = cls.own + cls.others + cls.of_team

    @classmethod
    def _target(cls, **vals):
        return cls.env["crm.sales.target"].create(
            {"date": "2026-03-10", "amount": 1000, **vals}
        )

    def test_each_sees_his_own(self):
        for user, seen in {
            self.user_sales_own: self.own,
            self.user_sales_all: self.others,
            self.leader: self.own + self.of_team,
            self.user_sales_manager: self.targets,
            self.user_crm_admin: self.targets,
        }.items():
            with self.subTest(user.login):
                found = (
                    self.env["crm.sales.target"]
                    .with_user(user)
                    .search([("id", "in", self.targets.ids)])
                )
                self.assertEqual(found.sudo().sorted("id"), seen.sorted("id"))
                self.assertEqual(found.mapped("attained"), [0] * len(seen))
        for user in (self.user_portal, self.user_invoicing):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["crm.sales.target"].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.others.with_user(self.user_sales_own).read(["attained"])

    def test_a_former_member_is_none_of_the_leaders(self):
        member = self.own.with_user(self.leader)
        self.assertEqual(member.read(["amount"])[0]["amount"], 1000)
        self.team.crm_team_member_ids.active = False
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            member.read(["amount"])

    def test_only_managers_write(self):
        for user in (self.user_sales_own, self.user_sales_all, self.leader):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.own.with_user(user).amount = 1
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["crm.sales.target.copy"].with_user(user).create({})
        self.own.with_user(self.user_sales_manager).amount = 2000
        self.assertEqual(self.own.amount, 2000)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        model = self.env["crm.sales.target"].with_user(stranger)
        self.assertFalse(model.search([("id", "in", self.targets.ids)]))
        with self.assertRaises(AccessError):
            self.own.with_user(stranger).read(["attained"])
        self._order((self.prepaid, 2), date_order="2026-03-02")
        self.assertFalse(self.env["crm.sales.result"].with_user(stranger).search([]))
        with self.assertRaises(UserError):
            self._target(company_id=other.id, team_id=self.team.id)

    def test_no_two_overlap(self):
        """A month is refused beside its month and its quarter; which one is named."""
        there = "User Sales Own · Ordered · March 2026"
        later = self._target(user_id=self.user_sales_own.id, date="2026-04-01")

        def make(**vals):
            return self._target(user_id=self.user_sales_own.id, **vals)

        for name, change in (
            (there, lambda: make(date="2026-03-31")),
            (
                "User Sales Own · Ordered · Q1 2026",
                lambda: make(period_type="quarter"),
            ),
            (there, lambda: later.write({"date": "2026-03-01"})),
        ):
            with self.assertRaises(ValidationError) as refused, self.cr.savepoint():
                change()
            self.assertEqual(
                str(refused.exception),
                f"{name} overlaps a target that is there already: {there}."
                " Change that one, or choose another period.",
            )
        self.assertEqual(str(later.date_from), "2026-04-01")
        # another measure, another time, another one: none of them overlaps
        others = make(measure="invoiced")
        others += make(date="2026-07-01", period_type="quarter")
        others += self._target(user_id=self.leader.id)
        self.assertEqual(len(others), 3)

    def test_the_database_refuses_an_overlap(self):
        """What two do at once meets at the constraint, where no check sees it."""
        later = self._target(user_id=self.user_sales_own.id, date="2026-04-01")
        self.env.flush_all()
        with (
            self.assertRaises(ExclusionViolation) as refused,
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE crm_sales_target SET date_from = '2026-03-01' WHERE id = %s",
                [later.id],
            )
            self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        message = self.env["crm.sales.target"]._sql_error_to_message(refused.exception)
        self.assertIn("There is a target", message)

    def test_someone_and_something(self):
        for vals in (
            {},
            {"user_id": self.user_sales_all.id, "team_id": self.team.id},
            {"user_id": self.user_sales_all.id, "amount": 0},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._target(measure="margin", **vals)
                self.env.flush_all()

    def test_copy_to_the_next_period(self):
        counted = self._target(
            user_id=self.user_sales_own.id, measure="contacts", amount=11
        )
        there = self._target(user_id=self.user_sales_all.id, date="2026-04-10")
        copy = (
            self.env["crm.sales.target.copy"]
            .with_user(self.user_sales_manager)
            .create({"date": "2026-03-31", "percent": 10})
        )
        self.assertEqual((copy.target_count, copy.skipped_count), (3, 1))
        self.assertEqual(copy.next_period, "April 2026")
        result = copy.action_copy()
        self.assertIn("3 targets", result["params"]["message"])
        made = self.env["crm.sales.target"].search(
            result["params"]["next"]["domain"], order="id"
        )
        self.assertEqual(
            {
                (each.user_id or each.team_id, each.measure): each.amount
                for each in made
            },
            {
                (self.user_sales_own, "ordered"): 1100,
                (self.team, "ordered"): 1100,
                (self.user_sales_own, "contacts"): 13,
                (self.user_sales_all, "ordered"): there.amount,
            },
        )
        self.assertEqual(counted.amount, 11)
        with self.assertRaisesRegex(UserError, "Nothing is copied"):
            copy.action_copy()

    def test_pace_by_working_days(self):
        """On Monday, the 16th of March, 11 of 22 working days have passed."""
        self._order((self.prepaid, 10), date_order="2026-03-02")
        target = self.own.with_user(self.user_sales_own)
        self.assertEqual(target.time_percent, 50)
        self.assertEqual((target.attained, target.forecast), (500, 1000))
        self.assertEqual(target.pace, "on_track")
        self.own.amount = 1001
        self.assertEqual(target.pace, "behind")
        self.own.amount = 500
        self.assertEqual(target.pace, "reached")
        self.own.amount = 1001
        with freeze_time("2026-04-01 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual((target.pace, target.forecast), ("missed", 500))
        with freeze_time("2026-02-27 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual((self.others.pace, self.others.forecast), ("upcoming", 0))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "company_id": self.env.company.id,
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": "2026-03-16 00:00:00",
                "date_to": "2026-03-17 23:59:59",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(target.time_percent, 50)
        with freeze_time("2026-03-18 10:00:00"):
            self.env.invalidate_all()
            self.assertAlmostEqual(target.time_percent, 55, places=4)

    def test_searched_grouped_and_sorted_as_shown(self):
        self._order((self.prepaid, 10), date_order="2026-03-02")
        self.others.amount = 10
        self._order(
            (self.prepaid, 1), date_order="2026-03-02", user_id=self.user_sales_all.id
        )
        self.env.flush_all()
        model = self.env["crm.sales.target"].with_user(self.user_sales_manager)
        ours = [("id", "in", self.targets.ids)]
        targets = model.search(ours)
        for pace in ("missed", "behind", "on_track", "reached", "upcoming"):
            shown = targets.filtered(lambda each, pace=pace: each.pace == pace)
            self.assertEqual(model.search([("pace", "=", pace), *ours]), shown, pace)
        self.assertEqual(
            model.search([("attained", ">", 100), *ours]), self.of_team + self.own
        )
        self.assertEqual(
            model.search(ours, order="attained_percent desc, id").ids,
            [self.others.id, *(self.own + self.of_team).sorted("id").ids],
        )
        groups = model._read_group(
            ours, ["user_id"], ["attained:sum", "attained_percent:avg", "amount:sum"]
        )
        self.assertEqual(
            {user: values for user, *values in groups},
            {
                self.user_sales_own: [500, 50, 1000],
                self.user_sales_all: [50, 500, 10],
                self.env["res.users"]: [500, 50, 1000],
            },
        )
        (pivot,) = model.formatted_read_grouping_sets(
            ours, [["user_id"]], ["attained:sum"]
        )
        self.assertEqual(sorted(row["attained:sum"] for row in pivot), [50, 500, 500])
        by_pace = dict(model._read_group(ours, ["pace"], ["__count"]))
        self.assertEqual(by_pace, {"on_track": 2, "reached": 1})

    def test_money_and_counts_do_not_add_up(self):
        """A group that has both has no sum; one that has one of them has it."""
        contacts = self._target(
            user_id=self.user_sales_own.id, measure="contacts", amount=12
        )
        model = self.env["crm.sales.target"].with_user(self.user_sales_manager)
        both = [("id", "in", (self.own + self.others + contacts).ids)]
        for how in ("sum", "sum_currency"):
            groups = model.formatted_read_group(
                both, ["measure"], [f"amount:{how}", "attained_percent:avg"]
            )
            self.assertEqual(
                {row["measure"]: row[f"amount:{how}"] for row in groups},
                {"contacts": 12, "ordered": 2000},
            )
            groups = model.formatted_read_group(
                both, ["user_id"], [f"amount:{how}", "attained_percent:avg"]
            )
            self.assertEqual(
                [(row[f"amount:{how}"], row["attained_percent:avg"]) for row in groups],
                [(1000, 0), (False, False)],
            )

    def test_a_figure_beside_other_terms(self):
        """Any of them, with limits, and in the order of a figure."""
        self._order((self.prepaid, 10), date_order="2026-03-02")
        self.env.flush_all()
        model = self.env["crm.sales.target"].with_user(self.user_sales_manager)
        ours = [("id", "in", self.targets.ids)]
        found = model.search(
            [
                *ours,
                "|",
                ("attained", ">", 100),
                ("user_id", "=", self.others.user_id.id),
            ]
        )
        self.assertEqual(found.sorted("id"), self.targets.sorted("id"))
        for offset in (0, 1, 2):
            page = model.search(
                [*ours, ("attained", ">=", 0)],
                order="attained desc, id",
                offset=offset,
                limit=1,
            )
            expected = [self.own.id, self.of_team.id, self.others.id][offset]
            self.assertEqual(page.id, expected)
        self.assertEqual(model.search_count([*ours, ("attained", "=", 500)]), 2)
        self.assertFalse(model.search([("id", "in", []), ("attained", ">=", 0)]))

    def test_history(self):
        before = [
            self._target(user_id=self.user_sales_own.id, date=day)
            for day in ("2026-01-10", "2026-02-10", "2026-04-10")
        ]
        self._target(
            user_id=self.user_sales_own.id, date="2026-02-10", measure="margin"
        )
        self.assertEqual(self.own.history_ids, before[1] + before[0])
        self._order((self.prepaid, 3), date_order="2025-03-31")
        self._order((self.prepaid, 4), date_order="2026-02-28")
        target = self.own.with_user(self.user_sales_own)
        self.assertEqual(target.attained_last_year, 150)
        self.assertEqual(target.attained_previous, 200)

    def test_queries_do_not_grow(self):
        """The list, the groups and the board of 10 targets and of 100 cost the same."""
        users = self.env["res.users"].create(
            [
                {"name": f"Seller {number}", "login": f"seller{number}"}
                for number in range(100)
            ]
        )
        names = [
            "attained",
            "attained_percent",
            "time_percent",
            "forecast",
            "pace",
            "attained_previous",
            "attained_last_year",
            "period",
        ]
        sums = ["amount:sum", "attained:sum", "attained_percent:avg", "forecast:sum"]
        model = self.env["crm.sales.target"].with_user(self.user_sales_manager)
        domain = [("measure", "=", "invoiced")]
        looks = {
            "list": lambda: model.search(domain).read(names),
            "groups": lambda: model.formatted_read_group(domain, ["user_id"], sums),
            "pivot": lambda: model.formatted_read_grouping_sets(
                domain, [[], ["user_id"], ["user_id", "date_from:month"]], sums
            ),
            "board": lambda: model.read_progress_bar(
                domain, "user_id", {"field": "pace", "colors": {"behind": "warning"}}
            ),
            "behind": lambda: model.search([*domain, ("pace", "=", "behind")]).ids,
        }
        counts = []
        for some in (users[:10], users[:0], users[10:]):
            for user in some:
                self._target(user_id=user.id, measure="invoiced")
            counts.append({})
            for name, look in looks.items():
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.assertTrue(look())
                counts[-1][name] = self.cr.sql_log_count - before
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(max(counts[2].values()), 16, counts[2])
