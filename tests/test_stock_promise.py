from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from .test_delivery import DeliveryCase

NOW = datetime(2026, 3, 4, 10)


def day(number):
    """So many days from now."""
    return NOW + timedelta(days=number)


class StockCase(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scarce = cls._product("Scarce", sale_delay=0)
        cls.env.company.security_lead = 0

    @classmethod
    def _expect(cls, product, quantity, moment, warehouse=None):
        """A receipt that is on its way."""
        warehouse = warehouse or cls.warehouse
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": cls.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.scheduled_date = moment
        return picking

    @classmethod
    def _receive(cls, picking):
        picking.move_ids.write({"picked": True})
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.button_validate()

    def _quote(self, *lines, **vals):
        order = self._order(*lines, confirm=False, **vals)
        return order.with_user(self.user_sales_own)

    def assertPromise(self, order, state, date=None, missing=""):
        order.invalidate_recordset()
        self.assertEqual(
            (order.stock_promise, order.date_stock or None, order.stock_missing),
            (state, date, missing),
        )


@freeze_time(NOW)
class TestStockPromise(StockCase):
    """The promised date against what stock can do, as the salesperson sees it."""

    def test_in_stock_it_takes_the_lead_time(self):
        order = self._quote((self.goods, 10))
        self.assertPromise(order, "ok", day(5))
        order.commitment_date = day(3)
        self.assertPromise(order, "late", day(5))
        order.action_promise_stock_date()
        self.assertEqual(order.commitment_date, day(5))
        self.assertPromise(order, "ok", day(5))

    def test_from_what_is_on_its_way(self):
        self._put_in_stock(self.scarce, 4)
        order = self._quote((self.scarce, 6), (self.scarce, 4))
        self.assertPromise(order, "unknown", missing="Scarce")
        self._expect(self.scarce, 3, day(6))
        self.assertPromise(order, "unknown", missing="Scarce")
        self._expect(self.scarce, 3, day(9))
        self.assertPromise(order, "ok", day(9))
        order.commitment_date = day(8)
        self.assertPromise(order, "late", day(9))
        order.order_line[0].product_uom_qty = 3
        self.assertPromise(order, "ok", day(6))
        self.env.company.security_lead = 2
        self.assertPromise(order, "ok", day(8))

    def test_what_others_were_promised_is_not_taken(self):
        self._put_in_stock(self.scarce, 10)
        self._promised(day(7), (self.scarce, 8))
        order = self._quote((self.scarce, 5))
        self.assertPromise(order, "unknown", missing="Scarce")
        self._expect(self.scarce, 10, day(8))
        self.assertPromise(order, "ok", day(8))
        order.order_line.product_uom_qty = 2
        self.assertPromise(order, "ok", NOW)

    def test_a_receipt_that_is_late_counts_as_coming_now(self):
        self._expect(self.scarce, 5, day(-3))
        self.assertPromise(self._quote((self.scarce, 5)), "ok", NOW)

    def test_of_the_orders_own_warehouse(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": self.env.company.id}
        )
        self._put_in_stock(self.scarce, 5)
        self._expect(self.scarce, 5, day(4), second)
        self.assertPromise(self._quote((self.scarce, 5)), "ok", NOW)
        there = self._quote((self.scarce, 5), warehouse_id=second.id)
        self.assertPromise(there, "ok", day(4))

    def test_units(self):
        self._put_in_stock(self.scarce, 12)
        self._expect(self.scarce, 12, day(4))
        dozen = {"product_uom_id": self.env.ref("uom.product_uom_dozen").id}
        self.assertPromise(self._quote((self.scarce, 1, dozen)), "ok", NOW)
        self.assertPromise(self._quote((self.scarce, 2, dozen)), "ok", day(4))

    def test_what_stock_does_not_decide(self):
        service = self._quote((self.crm_product, 1))
        self.assertPromise(service, False)
        loose = self._product("Loose", is_storable=False, sale_delay=3)
        self.assertPromise(self._quote((loose, 1)), "ok", day(3))
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        made = self._product("Made", sale_delay=9, route_ids=[Command.set(mto.ids)])
        self.assertPromise(self._quote((made, 1)), "ok", day(9))
        cancelled = self._quote((self.goods, 1))
        cancelled.action_cancel()
        self.assertPromise(cancelled, False)

    def test_the_day_is_the_companys(self):
        """The same day in Shanghai, another one in UTC."""
        self._expect(self.scarce, 5, datetime(2026, 3, 9, 20))
        order = self._quote((self.scarce, 5), commitment_date=datetime(2026, 3, 10, 2))
        self.assertPromise(order, "ok", datetime(2026, 3, 9, 20))
        order.commitment_date = datetime(2026, 3, 9, 10)
        self.assertPromise(order, "ok", datetime(2026, 3, 9, 20))
        self.env.company.partner_id.tz = "Asia/Shanghai"
        self.assertPromise(order, "late", datetime(2026, 3, 9, 20))

    def test_of_a_confirmed_order(self):
        receipt = self._expect(self.scarce, 5, day(6))
        order = self._promised(day(4), (self.scarce, 5)).with_user(self.user_sales_own)
        self.assertPromise(order, "late", day(6))
        order.action_promise_stock_date()
        self.assertEqual(order.commitment_date, day(6))
        self.assertEqual(order.picking_ids.move_ids.date_deadline, day(6))
        self.assertPromise(order, "ok", day(6))
        self._receive(receipt)
        self.assertPromise(order, "ok", NOW)
        self._deliver(order.sudo())
        self.assertPromise(order, False)
        lacking = self._promised(day(4), (self.scarce, 5))
        self.assertPromise(lacking, "unknown", missing="Scarce")

    def test_queries_by_lines(self):
        """Two goods cost what forty do."""
        costs = []
        for size in (2, 2, 40):
            products = [self._product(f"Goods {number}") for number in range(size)]
            order = self._quote(*((product, 1) for product in products))
            self.env.flush_all()
            self.env.invalidate_all()
            order.order_line.product_id.mapped("name")
            order.order_line.mapped("is_mto")
            before = self.env.cr.sql_log_count
            self.assertEqual(order.stock_promise, "unknown")
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])
