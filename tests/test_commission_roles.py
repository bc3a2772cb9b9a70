from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .commission_common import CommissionCase
from .common import load_migration


@freeze_time("2026-04-20 10:00:00")
class TestCommissionRoles(CommissionCase):
    """Who sees which plans and statements, and who opens a month again."""

    def test_reopening_needs_a_manager_and_a_reason(self):
        self._plan((0, 2))
        self._sell(self.prepaid, 10, "2026-01-10")
        january = self._close("2026-01-01")
        wizard = self.env["crm.commission.reopen"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_sales_own).create({})
        with self.assertRaises(AccessError):
            january.with_user(self.user_sales_own).reopen("I want more")
        with self.assertRaises(UserError):
            january.reopen("  ")
        wizard = wizard.with_user(self.user_sales_manager).with_context(
            active_ids=january.ids
        )
        wizard.create({"reason": "Wrong rate"}).action_reopen()
        self.assertEqual(january.state, "open")
        self.assertIn("Wrong rate", "".join(january.message_ids.mapped("body")))
        self.env["crm.commission.tier"].search([]).rate = 4
        self.assertEqual(self._close("2026-01-01").commission, 20)

    def test_each_sees_his_own(self):
        self._plan((0, 2), user_ids=False)
        self._sell(self.prepaid, 10, "2026-01-10")
        self._sell(self.prepaid, 4, "2026-01-10", user_id=self.user_sales_all.id)
        own = self._make("2026-01-01")
        model = self.env["crm.commission.statement"]
        both = model.search([("month", "=", "2026-01-01")])
        self.assertEqual(both.user_id, self.user_sales_own + self.user_sales_all)
        leader = new_test_user(
            self.env,
            "team_leader",
            "sales_team.group_sale_salesman",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        self.env["crm.team"].create(
            {
                "name": "North",
                "company_id": self.env.company.id,
                "user_id": leader.id,
                "member_ids": [Command.set(self.user_sales_own.ids)],
            }
        )
        for user, seen in {
            self.user_sales_own: own,
            self.user_sales_all: both - own,
            leader: own,
            self.user_sales_manager: both,
        }.items():
            with self.subTest(user.login):
                found = model.with_user(user).search([("id", "in", both.ids)])
                self.assertEqual(found.sudo(), seen.sudo())
                lines = self.env["crm.commission.line"].with_user(user).search([])
                self.assertEqual(lines.sudo(), seen.sudo().line_ids)
        for user in (self.user_portal, self.user_invoicing):
            with self.subTest(user.login), self.assertRaises(AccessError):
                model.with_user(user).search([])
        statement = own.with_user(self.user_sales_own)
        for change in (
            statement.action_close,
            statement.action_make,
            lambda: statement.line_ids.write({"base": 1}),
            lambda: statement.write({"month": "2026-02-01"}),
        ):
            with self.assertRaises(AccessError):
                change()
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(model.with_user(stranger).search([("id", "in", both.ids)]))

    def test_a_leader_reads_the_plan_of_his_team(self):
        """He sees its statements, so he has to be able to explain them."""
        leader, outsider = (
            new_test_user(
                self.env,
                login,
                "sales_team.group_sale_salesman",
                company_id=self.env.company.id,
                company_ids=[Command.set(self.env.company.ids)],
            )
            for login in ("team_leader", "outsider")
        )
        team = self.env["crm.team"].create(
            {
                "name": "North",
                "company_id": self.env.company.id,
                "user_id": leader.id,
                "member_ids": [Command.set(self.user_sales_own.ids)],
            }
        )
        of_member = self._plan((0, 2))
        of_team = self._plan((0, 3), user_ids=False, team_ids=[Command.link(team.id)])
        plans = of_member + of_team
        self._sell(self.prepaid, 10, "2026-01-10")
        self._make("2026-01-01")

        def seen(user):
            self.env.invalidate_all()
            found = self.env["crm.commission.plan"].with_user(user).search([])
            self.assertEqual(found.tier_ids.plan_id, found)
            return (found & plans.with_user(user)).sudo()

        self.assertEqual(seen(leader), plans)
        self.assertEqual(seen(self.user_sales_own), plans)
        self.assertFalse(seen(outsider))
        lines = self.env["crm.commission.line"].with_user(leader)
        self.assertEqual(lines.search([]).plan_id.sudo(), plans)
        # who has left the team is none of his any more
        team.crm_team_member_ids.active = False
        self.assertEqual(seen(leader), of_team)
        self.assertEqual(seen(self.user_sales_own), of_member)
        self.assertFalse(lines.search([]))
        for model in ("plan", "tier"):
            records = self.env[f"crm.commission.{model}"].with_user(leader).search([])
            with self.assertRaises(AccessError):
                records.unlink()

    def test_the_rules_of_old_databases_are_migrated(self):
        names = {
            f"crm_{name}_rule_own": self.env.ref(f"crm_custom.crm_{name}_rule_own")
            for name in (
                "sales_target",
                "commission_statement",
                "commission_line",
                "commission_plan",
                "commission_tier",
            )
        }
        script = load_migration("19.0.1.2.0", "post-sales-team-leader")
        self.assertEqual(set(script.RULES), set(names))
        for name, rule in names.items():
            old, new = script.RULES[name]
            self.assertIn(new, rule.domain_force)
            expected = rule.domain_force
            rule.domain_force = expected.replace(new, old)
            script.migrate(self.env.cr, "19.0.1.1.0")
            self.assertEqual(rule.domain_force, expected)
            # what somebody has written anew stays
            rule.domain_force = "[('id', '>', 0)]"
            script.migrate(self.env.cr, "19.0.1.1.0")
            self.assertEqual(rule.domain_force, "[('id', '>', 0)]")
