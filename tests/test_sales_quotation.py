from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools import SQL

from .sales_common import SalesCase

STATES = ("open", "expired", "won", "lost", "replaced", "cancelled")


@freeze_time("2026-03-04 10:00:00")
class TestSalesQuotation(SalesCase):
    """What became of quotations, and which are to be followed up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Price"})
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "user_id": cls.user_sales_own.id,
            }
        )

    def _quote(self, *, user=None, **vals):
        vals = {"validity_date": "2026-03-31", **vals}
        order = self._order((self.goods, 1), confirm=False, **vals)
        return order.with_user(user or self.user_sales_own)

    def _lose(self, orders, note=False):
        """As the user does it: by the button and its form."""
        action = orders.action_mark_quotation_lost()
        form = Form(
            self.env[action["res_model"]]
            .with_user(orders.env.user)
            .with_context(
                **action["context"], tracking_disable=False, mail_notrack=False
            )
        )
        form.lost_reason_id = self.reason
        if note:
            form.note = note
        form.save().action_mark_lost()

    def _track(self):
        """Write down what has changed, as the end of a request does."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def assertState(self, orders, state):
        """The field, the search, the grouping and the analysis say the same."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(orders.mapped("quotation_state")), {state})
        for name in STATES:
            domain = [("id", "in", orders.ids), ("quotation_state", "=", name)]
            found = orders.search(domain)
            self.assertEqual(found, orders if name == state else orders.browse())
        rows = self.env["crm.quotation.analysis"].with_user(orders.env.user)
        rows = rows.browse(orders.ids)
        self.assertEqual(set(rows.mapped("quotation_state")), {state})

    # ------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------

    def test_won(self):
        order = self._quote()
        self.assertState(order, "open")
        order.action_quotation_sent()
        self.assertEqual(order.date_quotation_sent, datetime(2026, 3, 4, 10))
        with freeze_time("2026-03-08"):
            order.action_quotation_send()
            order.write({"state": "sent"})
            self.assertEqual(order.date_quotation_sent, datetime(2026, 3, 4, 10))
            order.action_confirm()
            self.assertEqual(order.date_quotation_won, datetime(2026, 3, 8))
        self.assertState(order, "won")

    def test_sent_by_mail(self):
        self.customer.email = "customer@example.com"
        order = self._quote()
        action = order.action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.user_sales_own)
        composer.with_context(**action["context"]).create({}).action_send_mail()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.date_quotation_sent, datetime(2026, 3, 4, 10))

    def test_lost_with_a_reason(self):
        orders = self._quote() + self._quote()
        orders[1].action_quotation_sent()
        self._track()
        self._lose(orders, "He bought from a neighbour")
        self._track()
        self.assertState(orders, "lost")
        self.assertEqual(orders.lost_reason_id, self.reason)
        for order in orders:
            bodies = " ".join(order.message_ids.mapped("body"))
            self.assertIn("He bought from a neighbour", bodies)
            changed = order.message_ids.sudo().tracking_value_ids.field_id
            self.assertIn("lost_reason_id", changed.mapped("name"))
        orders.action_draft()
        self.assertFalse(orders.lost_reason_id)
        self.assertState(orders, "open")

    def test_lost_without_a_reason(self):
        order = self._quote()
        order.action_cancel()
        self.assertState(order, "lost")

    def test_a_cancelled_order_is_no_lost_quotation(self):
        order = self._quote()
        order.action_confirm()
        order.action_cancel()
        self.assertState(order, "cancelled")
        with self.assertRaises(UserError):
            order.action_mark_quotation_lost()
        order.action_draft()
        self.assertFalse(order.date_quotation_won)

    def test_cancelled_before_the_addon_came(self):
        """A delivery or an invoice tells that there was an order."""
        delivered, invoiced, quoted = (self._quote().sudo() for _each in range(3))
        delivered.action_confirm()
        invoiced.order_line.product_id = self._product(
            "Service", type="service", invoice_policy="order"
        )
        invoiced.action_confirm()
        invoiced._create_invoices()
        orders = delivered + invoiced + quoted
        orders.action_cancel()
        orders.date_quotation_won = False
        self.assertState(delivered + invoiced, "cancelled")
        self.assertState(quoted, "lost")

    def test_versions_of_one_quotation(self):
        """What another quotation of the opportunity has replaced was not lost."""
        vals = {"opportunity_id": self.lead.id}
        first, old, open_, won, refused = (self._quote(**vals) for _each in range(5))
        first.action_cancel()
        self._lose(refused)
        old.validity_date = "2026-03-01"
        self.assertState(first, "lost")
        self.assertState(old, "expired")
        won.action_confirm()
        self.assertState(first + old, "replaced")
        self.assertState(open_, "open")
        self.assertState(refused, "lost")

    def test_the_wizard_refuses(self):
        order, confirmed = self._quote(), self._quote()
        confirmed.action_confirm()
        with self.assertRaises(UserError) as caught:
            (order + confirmed).action_mark_quotation_lost()
        self.assertIn(confirmed.name, str(caught.exception))
        lost = self.env["crm.quotation.lost"].with_user(self.user_sales_own)
        vals = {"lost_reason_id": self.reason.id}
        with self.assertRaises(UserError):
            lost.create({**vals, "order_ids": [Command.set(confirmed.ids)]}).sudo(
                False
            ).action_mark_lost()
        colleagues = self._quote(user_id=self.user_sales_all.id)
        with self.assertRaises(AccessError):
            lost.create(
                {**vals, "order_ids": [Command.set(colleagues.ids)]}
            ).action_mark_lost()
        self.assertEqual(colleagues.sudo().state, "draft")
        for user in (self.user_portal, self.user_invoicing):
            with self.assertRaises(AccessError):
                lost.with_user(user).create(vals)

    def test_extend(self):
        orders = self._quote(validity_date="2026-03-01") + self._quote()
        self.assertState(orders[0], "expired")
        action = orders.action_extend_quotation()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.user_sales_own)
            .with_context(**action["context"])
        )
        self.assertEqual(form.validity_date, date(2026, 4, 3))
        form.validity_date = "2026-03-03"
        wizard = form.save()
        with self.assertRaises(UserError):
            wizard.action_extend()
        wizard.validity_date = "2026-03-20"
        wizard.action_extend()
        self.assertEqual(set(orders.mapped("validity_date")), {date(2026, 3, 20)})
        self.assertState(orders, "open")
        self.assertIn("03/20/2026", orders[0].message_ids[0].body)

    # ------------------------------------------------------------
    # To follow up, by the reader's day
    # ------------------------------------------------------------

    def _found(self, name, user=None, **context):
        orders = self.env["sale.order"].with_user(user or self.user_sales_own)
        orders = orders.with_context(**context)
        found = orders.search(
            [(name, "=", True), ("partner_id", "=", self.customer.id)]
        )
        self.env.invalidate_all()
        self.assertEqual(found.filtered(name), found)
        rest = orders.search([("partner_id", "=", self.customer.id)]) - found
        self.assertFalse(rest.filtered(name))
        return found

    def _sent(self, days, **vals):
        order = self._quote(**vals)
        order.sudo().write(
            {
                "state": "sent",
                "date_quotation_sent": datetime.now() - timedelta(days=days),
            }
        )
        return order

    def test_to_follow_up(self):
        due, recent = self._sent(7), self._sent(6)
        from_before = self._sent(0, date_order="2026-02-20")
        from_before.sudo().date_quotation_sent = False
        self._sent(9, validity_date="2026-03-03")
        planned, logged = self._sent(9), self._sent(9)
        planned.activity_schedule("mail.mail_activity_data_call")
        draft = self._quote(date_order="2026-02-01")
        self.assertEqual(draft.state, "draft")
        interaction = logged.action_log_interaction()
        form = Form(
            self.env[interaction["res_model"]]
            .with_user(self.user_sales_own)
            .with_context(**interaction["context"])
        )
        form.save()
        name = "is_quotation_to_follow_up"
        self.assertEqual(self._found(name), from_before + due)
        self.env.company.crm_quotation_follow_up_days = 6
        self.assertEqual(self._found(name), from_before + recent + due)
        with freeze_time("2026-03-11 10:00:00"):
            self.assertIn(logged, self._found(name))

    def test_expiring(self):
        """Wednesday in Belgium: the week ends on Sunday, or on Saturday."""
        days = ("2026-03-03", "2026-03-04", "2026-03-07", "2026-03-08", "2026-03-09")
        past, today, saturday, sunday, monday = (
            self._quote(validity_date=day) for day in days
        )
        name = "is_quotation_expiring"
        self.assertEqual(self._found(name), saturday + today)
        self.env["res.lang"]._lang_get("en_US").sudo().week_start = "1"
        self.assertEqual(self._found(name), sunday + saturday + today)
        self.assertState(past, "expired")
        # already Thursday in Auckland, and still Tuesday evening in Honolulu
        late = datetime(2026, 3, 4, 12)
        with freeze_time(late):
            self.assertNotIn(today, self._found(name, tz="Pacific/Auckland"))
            states = today.with_context(tz="Pacific/Auckland")
            self.assertEqual(states.quotation_state, "expired")
        with freeze_time(datetime(2026, 3, 4, 5)):
            self.assertIn(past, self._found(name, tz="Pacific/Honolulu"))
        self.assertNotIn(monday, self._found(name))

    def test_my_day_means_the_same(self):
        """What expires there expires here."""
        orders = self._quote(validity_date="2026-03-04")
        orders += self._quote(validity_date="2026-03-02")
        confirmed = self._quote(validity_date="2026-03-04")
        confirmed.action_confirm()
        source = self.env["crm.my.day.quotation"].with_user(self.user_sales_own)
        day = self.env["crm.my.day"].with_user(self.user_sales_own)._get_work_day("me")
        found = self.env["sale.order"].search(source._get_domain(day))
        self.assertEqual(found & (orders + confirmed).sudo(False), orders)

    # ------------------------------------------------------------
    # The analysis
    # ------------------------------------------------------------

    def _created(self, order, day):
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE sale_order SET create_date = %s WHERE id = %s", day, order.id)
        )
        self.env.invalidate_all()

    def test_rates_and_days(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        vals = {"source_id": source.id}
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        won = self._quote(**vals, pricelist_id=pricelist.id)
        self.assertEqual(won.amount_untaxed, 200)
        won2, lost, expired, _open = (self._quote(**vals) for _each in range(4))
        expired.validity_date = "2026-03-01"
        self._lose(lost)
        (won + won2).action_confirm()
        self._created(won, "2026-03-02 10:00:00")
        self._created(won2, "2026-03-03 22:00:00")
        other = self._quote(user_id=self.user_sales_all.id)
        other.sudo().action_cancel()
        groups = self.env["crm.quotation.analysis"]._read_group(
            [("commercial_partner_id", "=", self.customer.id)],
            ["user_id"],
            [
                "__count",
                "conversion_rate:avg",
                "conversion_rate_ended:avg",
                "days_to_win:avg",
                "amount:sum",
                "amount_won:sum",
                "amount_lost:sum",
            ],
        )
        figures = {user: row for user, *row in groups}
        mine = figures[self.user_sales_own]
        self.assertEqual(mine[0], 5)
        self.assertAlmostEqual(mine[1], 2 / 3)
        self.assertAlmostEqual(mine[2], 2 / 4)
        self.assertAlmostEqual(mine[3], (2 + 0.5) / 2)
        self.assertEqual(mine[4:], [500, 200, 100])
        self.assertEqual(figures[self.user_sales_all][1:4], [0, 0, False])
        row = self.env["crm.quotation.analysis"].browse(won.id)
        self.assertEqual(row.source_id, source)
        self.assertEqual(row.action_open()["res_id"], won.id)
        self.assertFalse(expired.sudo().lost_reason_id)

    def test_who_sees_what(self):
        own = self._quote()
        others = self._quote(user_id=self.user_sales_all.id)
        nobody = self._quote()
        nobody.sudo().user_id = False
        domain = [("commercial_partner_id", "=", self.customer.id)]
        rows = self.env["crm.quotation.analysis"]
        for user, seen in (
            (self.user_sales_own, own + nobody),
            (self.user_sales_all, own + others + nobody),
            (self.user_sales_manager, own + others + nobody),
        ):
            self.assertEqual(set(rows.with_user(user).search(domain).ids), {*seen.ids})
        with self.assertRaises(AccessError):
            rows.with_user(self.user_portal).search(domain)
        company = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(rows.with_user(stranger).search(domain))
        self.assertFalse(self._found("is_quotation_to_follow_up", stranger))

    def test_queries_do_not_grow(self):
        names = [
            "quotation_state",
            "is_quotation_expiring",
            "is_quotation_to_follow_up",
            "lost_reason_id",
        ]
        domain = [("partner_id", "=", self.customer.id)]
        counts = []
        for size in (10, 190):
            self.env["sale.order"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "user_id": self.user_sales_own.id,
                        "state": "sent",
                    }
                    for _each in range(size)
                ]
            )
            for _read in ("first", "counted"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                orders = self.env["sale.order"].with_user(self.user_sales_own)
                orders.search_read(domain, names)
                rows = self.env["crm.quotation.analysis"].with_user(self.user_sales_own)
                rows.search_read([], ["quotation_state", "days_to_win"], limit=size)
                count = self.env.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)
