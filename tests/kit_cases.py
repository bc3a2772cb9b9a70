"""Kits, whose moves are those of their parts: run by `test_sales_kit`."""

from freezegun import freeze_time

from odoo.fields import Command

from .sales_common import SalesCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesKit(SalesCase):
    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref("mrp.group_mrp_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top, cls.leg, cls.chair = (
            cls._product(name, standard_price=5) for name in ("Top", "Leg", "Chair")
        )
        for part in (cls.top, cls.leg, cls.chair):
            cls._put_in_stock(part, 1000)
        cls.table = cls._kit("Table", {cls.top: 1, cls.leg: 4})

    @classmethod
    def _kit(cls, name, parts):
        kit = cls._product(name, is_storable=False, list_price=100)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts.items()
                ],
            }
        )
        return kit

    def _deliver_parts(self, order, parts, **options):
        moves = order.picking_ids.filtered(lambda p: p.state == "assigned").move_ids
        quantities = [parts[move.product_id] for move in moves]
        return self._deliver(order, *quantities, **options)

    def _return_parts(self, picking, parts, refund=True):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.write({"quantity": parts.get(line.product_id, 0), "to_refund": refund})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        for move in back.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        back.button_validate()
        return back

    def test_from_order_to_settled(self):
        order = self._order((self.table, 10))
        self.assertRecord(
            self._of(order),
            stage="to_deliver",
            delivery_state="ready",
            qty_to_deliver=10,
        )
        # tops for seven, legs for six and a half
        first = self._deliver_parts(order, {self.top: 7, self.leg: 26})
        self.assertRecord(
            self._of(order),
            delivery_state="partly",
            qty_delivered=6,
            qty_to_deliver=4,
            qty_to_invoice=6,
            amount_to_invoice=600,
        )
        self._deliver(order)
        invoice = self._invoice_order(order)
        self._pay(invoice)
        self.assertRecord(
            self._of(order),
            stage="settled",
            delivery_state="done",
            qty_delivered=10,
            qty_returned=0,
            amount_collected=1000,
        )
        self._return_parts(first, {self.top: 3, self.leg: 12})
        self.assertRecord(
            self._of(order),
            stage="to_invoice",
            qty_delivered=7,
            qty_returned=3,
            qty_to_invoice=-3,
        )
        note = self._invoice_order(order, "2026-02-15")
        self._pay(note, date="2026-02-20")
        self.assertRecord(
            self._of(order),
            stage="settled",
            amount_invoiced=700,
            amount_credited=300,
            amount_collected=700,
            amount_open=0,
        )

    def test_what_comes_back_to_be_replaced(self):
        order = self._order((self.table, 10))
        picking = self._deliver(order)
        self._return_parts(picking, {self.top: 3, self.leg: 12}, refund=False)
        self.assertRecord(self._of(order), qty_delivered=10, qty_returned=3)

    def test_a_part_that_comes_back_leaves_no_whole_kit(self):
        """Delivered and returned are what went out, as Odoo counts whole kits."""
        order = self._order((self.table, 10))
        picking = self._deliver(order)
        self._return_parts(picking, {self.leg: 5})
        self.assertRecord(self._of(order), qty_delivered=8, qty_returned=2)

    def test_the_rest_is_cancelled(self):
        order = self._order((self.table, 10))
        picking = self._deliver_parts(
            order, {self.top: 6, self.leg: 24}, backorder=False
        )
        self._return_parts(picking, {self.top: 2, self.leg: 8})
        self.assertRecord(
            self._of(order), qty_delivered=4, qty_returned=2, qty_to_deliver=0
        )

    def test_what_was_left_out_comes_back(self):
        order = self._order((self.table, 10))
        first = self._deliver_parts(order, {self.top: 6, self.leg: 24})
        order.picking_ids.filtered(lambda p: p.state == "assigned").action_cancel()
        self._return_parts(first, {self.top: 6, self.leg: 24})
        self.assertRecord(self._of(order), qty_delivered=0, qty_returned=6)

    def test_less_is_ordered_after_a_return(self):
        order = self._order((self.table, 10))
        picking = self._deliver(order)
        self._return_parts(picking, {self.top: 5, self.leg: 20})
        order.order_line.product_uom_qty = 5
        self.assertRecord(self._of(order), qty_delivered=5, qty_returned=5)

    def test_confirmed_again(self):
        """What was to leave the first time is no part of what a kit takes."""
        order = self._order((self.table, 1))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        picking = self._deliver(order)
        self._return_parts(picking, {self.top: 1, self.leg: 4})
        self.assertRecord(self._of(order), qty_delivered=0, qty_returned=1)

    def test_a_kit_of_a_kit_by_the_dozen(self):
        dining = self._kit("Dining set", {self.table: 1, self.chair: 6})
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order((dining, 2, {"product_uom_id": dozen.id}))
        picking = self._deliver(order)
        self.assertRecord(self._of(order), qty_delivered=2, qty_to_deliver=0)
        self._return_parts(picking, {self.top: 6, self.leg: 24, self.chair: 36})
        self.assertRecord(self._of(order), qty_delivered=1.5, qty_returned=0.5)

    def test_ready_when_all_parts_are(self):
        scarce = self._product("Scarce top")
        order = self._order((self._kit("Bench", {scarce: 1, self.leg: 4}), 1))
        self.assertRecord(self._of(order), delivery_state="waiting")
        self._put_in_stock(scarce, 1)
        order.picking_ids.action_assign()
        self.assertRecord(self._of(order), delivery_state="ready")

    def test_kits_and_goods_on_one_order(self):
        order = self._order((self.table, 3), (self.goods, 5))
        picking = self._deliver(order)
        self._return_parts(picking, {self.top: 1, self.leg: 4, self.goods: 2})
        kit, goods = self._of(order)
        self.assertRecord(kit, qty_delivered=2, qty_returned=1)
        self.assertRecord(goods, qty_delivered=3, qty_returned=2)
        total = self._records()._read_group(
            [("order_id", "=", order.id)], [], ["qty_returned:sum"]
        )
        self.assertEqual(total, [(3,)])
