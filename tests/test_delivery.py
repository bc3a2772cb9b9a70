from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .sales_common import SalesCase

NOW = "2026-03-04 10:00:00"  # a Wednesday


class DeliveryCase(SalesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "UTC"
        cls.user_stock = new_test_user(
            cls.env,
            "user_stock",
            "stock.group_stock_user",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _promised(cls, day, *lines, **vals):
        """An order of ten that is promised for a moment."""
        lines = lines or ((cls.goods, 10),)
        return cls._order(*lines, commitment_date=day, **vals)

    def _deliveries(self, domain=(), user=None, **context):
        model = self.env["crm.delivery"].with_user(user or self.user_sales_manager)
        return model.with_context(**context).search(list(domain))

    def _performance(self, order, user=None):
        model = self.env["crm.delivery.performance"]
        model = model.with_user(user or self.user_sales_manager)
        return model.search([("order_id", "=", order.id)], order="id")


@freeze_time(NOW)
class TestDelivery(DeliveryCase):
    """What must leave the house, and when, to whom and for whom."""

    def test_due_by_the_scheduled_day(self):
        orders = {
            due: self._promised(f"2026-03-{day:02} 12:00:00")
            for due, day in (
                ("overdue", 3),
                ("today", 4),
                ("tomorrow", 5),
                ("week", 7),
                ("later", 9),
            )
        }
        for due, order in orders.items():
            found = self._deliveries([("due_state", "=", due)])
            self.assertEqual(found.order_id, order, due)
            self.assertEqual(found.picking_id, order.picking_ids)
            self.assertEqual(found.due_state, due)
        self.assertEqual(
            self._deliveries().order_id.ids, [order.id for order in orders.values()]
        )
        self.assertEqual(self._deliveries().mapped("days_late"), [1, 0, 0, 0, 0])
        self.assertEqual(
            self._deliveries([("days_late", ">", 0)]).order_id, orders["overdue"]
        )
        work_day_rows = self.env["crm.my.day.delivery"].with_user(self.user_sales_own)
        self.assertEqual(
            self.env["stock.picking"].search(
                work_day_rows.env["stock.picking"]._get_open_delivery_domain()
            ),
            self._deliveries().picking_id.sorted(),
            "as on My day",
        )

    def test_the_day_is_the_readers_own(self):
        """20:00 UTC on the 4th is the 5th in Shanghai, and his week begins Monday."""
        order = self._promised("2026-03-04 20:00:00")
        for tz, due in (
            ("Europe/Brussels", "today"),
            ("Asia/Shanghai", "tomorrow"),
            ("America/Los_Angeles", "today"),
        ):
            delivery = self._deliveries([("order_id", "=", order.id)], tz=tz)
            self.assertEqual(delivery.due_state, due, tz)
            self.assertEqual(
                self._deliveries([("due_state", "=", due)], tz=tz), delivery
            )
        sunday = self._promised("2026-03-08 12:00:00")
        for lang, due in (("en_US", "later"), ("zh_CN", "week")):
            week_start = "7" if lang == "en_US" else "1"
            self.env["res.lang"]._lang_get(lang).week_start = week_start
            found = self._deliveries([("order_id", "=", sunday.id)], lang=lang)
            self.assertEqual(found.due_state, due, lang)

    def test_partial_delivery_backorder_cancel_and_return(self):
        order = self._promised("2026-03-03 12:00:00")
        first = self._deliver(order, 4)
        delivery = self._deliveries()
        self.assertEqual(delivery.picking_id.backorder_id, first)
        self.assertEqual(delivery.due_state, "overdue")
        back = self._return(first, 1)
        self.assertEqual(self._deliveries(), delivery, "what comes back is none")
        self.assertEqual(back.state, "done")
        delivery.picking_id.sudo().action_cancel()
        self.assertFalse(self._deliveries())
        self._promised("2026-03-03 12:00:00")._action_cancel()
        self.assertFalse(self._deliveries())

    def test_a_delivery_in_two_steps_is_its_last(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._promised("2026-03-04 12:00:00")
        self._deliver(order)
        delivery = self._deliveries()
        self.assertEqual(delivery.picking_id.picking_type_code, "outgoing")
        self.assertEqual(delivery.warehouse_id, self.warehouse)
        self.assertEqual(len(order.picking_ids), 2)

    def test_stock(self):
        scarce = self._product("Scarce")
        waiting = self._promised("2026-03-04 12:00:00", (scarce, 1))
        ready = self._promised("2026-03-04 12:00:00")
        for order, state in ((waiting, "confirmed"), (ready, "assigned")):
            order.picking_ids.action_assign()
            self.assertEqual(self._deliveries([("state", "=", state)]).order_id, order)

    def test_who_sees_what(self):
        own = self._promised("2026-03-03 12:00:00")
        others = self._promised("2026-03-03 12:00:00", user_id=self.user_sales_all.id)
        nobody = self._promised("2026-03-03 12:00:00", user_id=False)
        nobody.user_id = False
        orders = own + others + nobody
        for user, seen in {
            self.user_sales_own: own + nobody,
            self.user_sales_all: orders,
            self.user_sales_manager: orders,
            self.user_stock: orders,
        }.items():
            with self.subTest(user.login):
                found = self._deliveries(user=user)
                self.assertEqual(found.sudo().order_id, seen)
                self.assertTrue(found.read(["order_name", "commercial_partner_id"]))
                action = found[:1].action_open_picking()
                self.assertEqual(
                    action["res_id"], found[:1].sudo().order_id.picking_ids.id
                )
                self._deliveries(user=user).action_print_slips()
        for user in (self.user_portal, self.user_invoicing):
            with self.assertRaises(AccessError):
                self._deliveries(user=user)
            with self.assertRaises(AccessError):
                self._performance(own, user=user)
        hidden = self._deliveries([("order_id", "=", others.id)])
        with self.assertRaises(AccessError):
            hidden.with_user(self.user_sales_own).read(["name"])
        slips = (hidden + self._deliveries([("order_id", "=", own.id)])).with_user(
            self.user_sales_own
        )
        self.assertEqual(
            slips.action_print_slips()["context"]["active_ids"], own.picking_ids.ids
        )
        for order in orders:
            self._deliver(order)
        for user, seen in (
            (self.user_sales_own, own + nobody),
            (self.user_sales_all, orders),
            (self.user_stock, orders),
        ):
            model = self.env["crm.delivery.performance"].with_user(user)
            self.assertEqual(
                model.search([("order_id", "in", orders.ids)]).sudo().order_id.sorted(),
                seen.sorted(),
            )

    def test_another_company(self):
        order = self._promised("2026-03-03 12:00:00")
        done = self._promised("2026-03-03 12:00:00")
        self._deliver(done)
        other = self.env["res.company"].create({"name": "Other Company"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertTrue(self._deliveries([("order_id", "=", order.id)]))
        self.assertFalse(self._deliveries(user=stranger))
        self.assertFalse(self._performance(done, user=stranger))

    def test_the_slip_of_a_salesperson(self):
        """He has no rights on stock, and prints the slip of his order."""
        self._promised("2026-03-03 12:00:00")
        action = self._deliveries(user=self.user_sales_own).action_print_slips()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.user_sales_own)
            ._render_qweb_html(action["report_name"], action["context"]["active_ids"])
        )
        self.assertIn("Goods", html.decode())


@freeze_time(NOW)
class TestDeliveryPerformance(DeliveryCase):
    """What was delivered in time, in the company's days."""

    def _figures(self, order):
        rows = self._performance(order)
        return [
            (row.quantity, row.days_late, row.is_on_time, row.on_time_rate)
            for row in rows
        ]

    def _deliver_at(self, moment, order, *quantities):
        with freeze_time(moment):
            return self._deliver(order, *quantities)

    def test_each_part_is_judged(self):
        order = self._promised("2026-03-04 12:00:00")
        self._deliver_at("2026-03-04 18:00:00", order, 4)
        self._deliver_at("2026-03-07 08:00:00", order, 6)
        self.assertEqual(
            self._figures(order), [(4, 0, True, 100.0), (6, 3, False, 0.0)]
        )
        ((customer, count, rate, delay),) = (
            self.env["crm.delivery.performance"]
            .with_user(self.user_sales_manager)
            ._read_group(
                [("commercial_partner_id", "=", self.customer.id)],
                ["commercial_partner_id"],
                ["__count", "on_time_rate:avg", "days_late:avg"],
            )
        )
        self.assertEqual((customer, count), (self.customer, 2))
        self.assertAlmostEqual(rate, 50)
        self.assertAlmostEqual(delay, 1.5)

    def test_the_promise_is_the_one_when_the_goods_left(self):
        order = self._promised("2026-03-02 12:00:00")
        self._deliver(order, 4)
        order.commitment_date = "2026-03-20 12:00:00"
        self._deliver(order, 6)
        rows = self._performance(order)
        self.assertEqual(rows.mapped("days_late"), [2, 0])
        self.assertEqual(rows.mapped("is_on_time"), [False, True])

    def test_to_another_company_of_the_database(self):
        """Its goods go to a place between the companies, as Odoo sets it up."""
        self.env.user.sudo().group_ids += self.env.ref("base.group_multi_company")
        sister = self.env["res.company"].create({"name": "Sister Company"})
        order = self._promised("2026-03-02 12:00:00", partner_id=sister.partner_id.id)
        self.assertEqual(order.picking_ids.location_dest_id.usage, "transit")
        self.assertEqual(order._get_waiting_moves(), order.picking_ids.move_ids)
        picking = self._deliver(order, 10)
        self.assertEqual(self._figures(order), [(10, 2, False, 0.0)])
        self._return(picking, 3)
        self.assertRecord(
            self._of(order),
            qty_delivered=7,
            qty_returned=3,
            date_delivered=picking.date_done,
            days_late=2,
        )

    def test_without_a_date_the_lead_time_is_the_promise(self):
        order = self._order((self.goods, 1))
        self._deliver_at("2026-03-10 12:00:00", order)
        row = self._performance(order)
        self.assertEqual(row.date_promised.isoformat(), "2026-03-09")
        self.assertEqual((row.days_late, row.is_on_time), (1, False))

    def test_the_day_is_the_companys(self):
        """23:00 UTC on the 4th is the 5th in Shanghai, whoever asks."""
        order = self._promised("2026-03-04 12:00:00")
        self._deliver_at("2026-03-04 23:00:00", order)
        for tz, late in (("UTC", 0), ("Asia/Shanghai", 1), ("America/New_York", 0)):
            self.env.company.partner_id.tz = tz
            self.env.invalidate_all()
            for reader in ("Europe/Brussels", "Asia/Tokyo"):
                row = self._performance(order).with_context(tz=reader)
                self.assertEqual(row.days_late, late, tz)

    def test_what_came_back_and_went_out_again(self):
        order = self._promised("2026-03-04 12:00:00")
        picking = self._deliver(order)
        back = self._return(picking, 2, refund=False)
        self.assertEqual(self._figures(order), [(10, 0, True, 100.0)])
        with freeze_time("2026-03-20 12:00:00"):
            again = self._return(back, 2, refund=False)
        self.assertEqual(again.location_dest_id.usage, "customer")
        self.assertEqual(self._figures(order), [(10, 0, True, 100.0)])

    def test_cancelled_is_no_delivery(self):
        order = self._promised("2026-03-04 12:00:00")
        self._deliver(order, 4, backorder=False)
        self.assertEqual(self._figures(order), [(4, 0, True, 100.0)])

    def test_units_and_two_warehouses(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": self.env.company.id}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.goods, second.lot_stock_id, 100
        )
        here = self._promised(
            "2026-03-04 12:00:00", (self.goods, 2, {"product_uom_id": dozen.id})
        )
        there = self._promised("2026-03-03 12:00:00", warehouse_id=second.id)
        for order in (here, there):
            self._deliver(order)
        self.assertEqual(self._performance(here).quantity, 24)
        self.assertEqual(self._performance(here).warehouse_id, self.warehouse)
        self.assertEqual(self._performance(there).warehouse_id, second)
        self.assertEqual(self._performance(there).days_late, 1)

    def test_on_the_customer(self):
        """One query for a list; each salesperson counts what he may see."""
        for day, user in ((3, self.user_sales_own), (4, self.user_sales_all)):
            self._deliver(self._promised(f"2026-03-{day:02} 12:00:00", user_id=user.id))
        old = self._promised("2026-03-01 12:00:00")
        with freeze_time("2025-02-04 10:00:00"):
            self._deliver(old)
        for user, figures in (
            (self.user_sales_own, (1, 0.0)),
            (self.user_sales_all, (2, 50.0)),
        ):
            partners = (self.customer + self.contact).with_user(user)
            for partner in partners:
                self.assertEqual(
                    (partner.delivery_count_year, partner.delivery_on_time_rate),
                    figures,
                )
            action = partners[0].action_view_delivery_performance()
            found = self.env["crm.delivery.performance"].with_user(user)
            self.assertEqual(found.search_count(action["domain"]), figures[0])
        costs = []
        for size in (10, 10, 100):  # the first one fills caches
            partners = self.env["res.partner"].create(
                [{"name": f"Partner {number}"} for number in range(size)]
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.with_user(self.user_sales_all).mapped("delivery_on_time_rate")
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])
        with self.assertRaises(AccessError):
            self.customer.with_user(self.user_portal).read(["delivery_count_year"])
