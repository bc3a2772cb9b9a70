from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user

from .sales_common import SalesCase


@freeze_time("2026-04-20 10:00:00")
class TestCommission(SalesCase):
    """Statements of months, against figures worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.categ_id = cls.env["product.category"].create({"name": "Desks"})
        cls.oak = cls._product(
            "Oak desk",
            list_price=200,
            invoice_policy="order",
            categ_id=cls.env["product.category"]
            .create({"name": "Oak", "parent_id": cls.goods.categ_id.id})
            .id,
        )

    def _plan(self, *tiers, **vals):
        return self.env["crm.commission.plan"].create(
            {
                "name": "Plan",
                "date_from": "2026-01-01",
                "user_ids": [Command.set(self.user_sales_own.ids)],
                "tier_ids": [
                    Command.create(
                        {
                            "threshold": start,
                            "rate": rate,
                            "categ_id": categ[0].id if categ else False,
                        }
                    )
                    for start, rate, *categ in tiers
                ],
                **vals,
            }
        )

    def _make(self, month):
        """The statement of the salesperson for a month, made by a manager."""
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["crm.commission.statement"].with_user(self.user_sales_manager)
        statements = model._make_month(self.env.company, Date.to_date(month))
        return statements.filtered(lambda each: each.user_id == self.user_sales_own)

    def _close(self, month):
        statement = self._make(month)
        statement.action_close()
        return statement

    def _of(self, statement):
        return [(line.base, line.rate, line.commission) for line in statement.line_ids]

    def _sell(self, product, quantity, date, **vals):
        return self._invoice_order(self._order((product, quantity), **vals), date)

    def test_tiers_by_amount_hold_for_the_whole_month(self):
        self._plan((0, 2), (1000, 3))
        self._sell(self.prepaid, 10, "2026-01-10")
        self._sell(self.prepaid, 9, "2026-01-31")
        self.assertEqual(
            self._of(self._make("2026-01-01")), [(500, 2, 10), (450, 2, 9)]
        )
        self._sell(self.prepaid, 1, "2026-01-20")
        statement = self._make("2026-01-01")
        self.assertEqual(
            self._of(statement), [(500, 3, 15), (50, 3, 1.5), (450, 3, 13.5)]
        )
        self.assertEqual((statement.base, statement.commission), (1000, 30))

    def test_tiers_by_target(self):
        self._plan((0, 1), (100, 5), tier_by="target")
        target = self.env["crm.sales.target"].create(
            {
                "user_id": self.user_sales_own.id,
                "measure": "invoiced",
                "date": "2026-01-01",
                "amount": 600,
            }
        )
        self._sell(self.prepaid, 10, "2026-01-10")
        self.assertEqual(self._make("2026-01-01").commission, 5)
        target.amount = 500
        self.assertEqual(self._make("2026-01-01").commission, 25)
        # of a quarter, what is attained to the end of the month
        target.write({"period_type": "quarter", "amount": 900})
        self._sell(self.prepaid, 8, "2026-02-10")
        self.assertEqual(self._make("2026-01-01").commission, 5)
        self.assertEqual(self._make("2026-02-01").commission, 20)

    def test_categories(self):
        """The nearest category counts; a category's first tier may be out of reach."""
        desks = self.goods.categ_id
        self._plan((0, 1), (0, 4, desks), (10_000, 9, self.oak.categ_id))
        order = self._order((self.prepaid, 2), (self.oak, 1))
        self._invoice_order(order, "2026-01-10")
        self.assertEqual(self._of(self._make("2026-01-01")), [(100, 1, 1), (200, 0, 0)])
        self.env["crm.commission.tier"].search(
            [("categ_id", "=", self.oak.categ_id.id)]
        ).unlink()
        self.assertEqual(self._of(self._make("2026-01-01")), [(100, 1, 1), (200, 4, 8)])

    def test_a_credit_note_is_paid_back_at_its_rate(self):
        self._plan((0, 2), (1000, 3))
        invoice = self._sell(self.prepaid, 20, "2026-01-10")
        january = self._close("2026-01-01")
        self.assertEqual(self._of(january), [(1000, 3, 30)])
        self._credit(invoice, 400, date="2026-02-05")
        self._sell(self.prepaid, 4, "2026-02-06")
        february = self._make("2026-02-01")
        self.assertEqual(self._of(february), [(-400, 3, -12), (200, 2, 4)])
        self.assertEqual(february.commission, -8)

    def test_collected_by_payment(self):
        self._plan((0, 10), basis="collected")
        order = self._order((self.prepaid, 10, {"tax_ids": self.tax_21.ids}))
        invoice = self._invoice_order(order, "2026-01-10")
        self._pay(invoice, 105, "2026-01-20")
        payment = self._pay(invoice, 500, "2026-02-20")
        january = self._close("2026-01-01")
        self.assertEqual(self._of(january), [(105, 10, 10.5)])
        self.assertEqual(january.line_ids.move_id, invoice)
        self.assertEqual(str(january.line_ids.date), "2026-01-20")
        february = self._close("2026-02-01")
        self.assertEqual(self._of(february), [(500, 10, 50)])
        # the cheque bounced: what was paid for it is paid back
        payment.action_draft()
        payment.action_cancel()
        march = self._make("2026-03-01")
        self.assertEqual(self._of(march), [(-500, 10, -50)])
        self.assertTrue(march.line_ids.is_late)
        self.assertEqual(self._of(february), [(500, 10, 50)])

    def test_closed_months_do_not_change(self):
        self._plan((0, 2))
        first = self._sell(self.prepaid, 10, "2026-01-10")
        january, february = self._close("2026-01-01"), self._make("2026-02-01")
        self.assertFalse(february)
        before = january.line_ids.read()
        late = self._sell(self.prepaid, 2, "2026-01-31")
        self._credit(first, 50, date="2026-01-31")
        self.assertFalse(self._make("2026-01-01"), "closed ones are left alone")
        february = self._make("2026-02-01")
        self.assertEqual(sorted(self._of(february)), [(-50, 2, -1), (100, 2, 2)])
        self.assertEqual(february.line_ids.mapped("is_late"), [True, True])
        self.assertIn(late, february.line_ids.move_id)
        self.env.invalidate_all()
        self.assertEqual(january.line_ids.read(), before)
        february.action_close()
        self.assertFalse(self._make("2026-03-01"), "each counts once")
        for change in (
            lambda: january.line_ids.sudo().write({"base": 1}),
            lambda: january.line_ids.sudo().unlink(),
            lambda: january.sudo().unlink(),
            lambda: january.sudo().write({"state": "open"}),
            lambda: january.sudo().write({"month": "2026-05-01"}),
            lambda: january.with_context(crm_commission_by=True).write(
                {"state": "open"}
            ),
            january.action_make,
        ):
            with self.assertRaises(UserError):
                change()

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

    def test_a_changed_plan_pays_nothing_back(self):
        plan = self._plan((0, 2))
        self._sell(self.prepaid, 10, "2026-01-10")
        january = self._close("2026-01-01")
        plan.user_ids = self.user_sales_all
        self.assertFalse(self._make("2026-02-01").line_ids)
        plan.date_from = "2026-03-01"
        self.assertFalse(self._make("2026-02-01").line_ids)
        plan.active = False
        self.assertFalse(self._make("2026-02-01").line_ids)
        self.assertEqual(january.commission, 10)
        with self.assertRaises(UserError):
            plan.basis = "collected"

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

    def test_queries_do_not_grow(self):
        self._plan((0, 2))
        counts = []
        for month, orders in (("2026-01-01", 2), ("2026-02-01", 2), ("2026-03-01", 20)):
            for _each in range(orders):
                self._sell(self.prepaid, 1, month)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._make(month)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        # whether a user's row is read once more is up to the cache
        self.assertLessEqual(counts[2], counts[1] + 1)
