from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from .credit_common import CreditCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditOverDelivery(CreditCase):
    """More is delivered than was ordered, or by another way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000)
        cls.user_stock = cls._user("user_stock", "stock.group_stock_user")

    def _pick(self, order, quantity, picked=True):
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.action_assign()
        picking = picking.with_user(self.user_stock)
        moves = picking.move_ids.filtered(lambda m: m.state != "cancel")
        moves.write({"quantity": quantity, "picked": picked})
        self._fresh()
        return picking

    def assertWaits(self, order, picking, exposure):
        self._fresh()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(order.credit_state, "held")
        decision = order.credit_decision_ids[0]
        self.assertEqual(
            (decision.decision, decision.door, decision.picking_id),
            ("held", "delivery", picking.sudo()),
        )
        self.assertAlmostEqual(decision.exposure, exposure, 2)

    def test_more_is_delivered(self):
        """It waits, is released with what it comes to, and goes no further."""
        order = self._order(
            (self.goods, 1, {"tax_ids": [Command.set(self.tax_21.ids)]})
        )
        picking = self._pick(order, 10)
        self.assertIn(self.user_credit.name, picking.credit_check_text)
        self.assertEqual(picking.button_validate()["tag"], "display_notification")
        self.assertWaits(order, picking, 1210)
        with self.assertRaises(UserError):
            picking._action_done()
        self.env["crm.credit.release"].with_user(self.user_credit).create(
            {"order_id": order.id, "reason": "Insured"}
        ).action_release()
        self._pick(order, 11)
        picking.button_validate()
        self.assertWaits(order, picking, 1331)
        self._pick(order, 10)
        self.assertIs(picking.button_validate(), True)
        self.assertEqual((picking.state, order.order_line.qty_delivered), ("done", 10))
        self.assertExposure(0, 1210)

    def test_nothing_is_picked(self):
        """Then Odoo delivers whatever there is."""
        order = self._order((self.goods, 1))
        picking = self._pick(order, 11, picked=False)
        picking.move_ids.picked = False
        picking.button_validate()
        self.assertWaits(order, picking, 1100)

    def test_in_parts(self):
        """What is left to deliver is in the exposure, whatever was delivered of it."""
        order = self._order((self.goods, 9))
        self._deliver(order, 4)
        picking = self._pick(order, 6)
        self.assertIs(picking.button_validate(), True)
        self.assertExposure(0, 1000)

    def test_several_at_once(self):
        """What one brings beyond uses the limit for the next."""
        orders = self._order((self.goods, 1)) + self._order((self.goods, 1))
        pickings = self._pick(orders[0], 6) + self._pick(orders[1], 6)
        pickings.button_validate()
        self._fresh()
        self.assertEqual(pickings.mapped("state"), ["done", "assigned"])

    def test_another_product(self):
        """Added to a transfer, it comes to the order with the price of its list."""
        other = self._product(
            "Other goods", list_price=100, taxes_id=[Command.set(self.tax_21.ids)]
        )
        self._put_in_stock(other, 100)
        free = self._product("For nothing", list_price=100, invoice_policy="order")
        self._put_in_stock(free, 100)
        order = self._order((self.goods, 1))
        picking = self._pick(order, 1)
        self._add(picking, free, 50)
        self.assertFalse(picking.credit_check_text)
        self._add(picking, other, 10)
        picking.button_validate()
        self.assertWaits(order, picking, 1310)
        self.assertEqual(len(order.order_line), 1)
        self.customer.credit_limit = 1310
        self.assertIs(picking.sudo().button_validate(), True)
        self.assertExposure(0, 1310)

    def _add(self, picking, product, quantity):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.sudo().action_assign()
        move.write({"quantity": quantity, "picked": True})
        self._fresh()
        return move

    def test_a_move_without_a_line(self):
        """Odoo will count it for the line of its product, whose rest was cancelled."""
        other = self._product("Other goods", list_price=100)
        self._put_in_stock(other, 100)
        order = self._order((self.goods, 10), (other, 1), confirm=False)
        self.customer.credit_limit = 2000
        order.action_confirm()
        self._deliver(order, 1, 0)
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        picking.move_ids.filtered(lambda m: m.product_id == self.goods)._action_cancel()
        self.assertExposure(0, 200)
        self.customer.credit_limit = 300
        self._pick(order, 1)
        self._add(picking, self.goods, 2)
        picking.with_user(self.user_stock).button_validate()
        self.assertWaits(order, picking, 400)

    def test_a_cancelled_delivery_comes_back(self):
        """Saying the ordered quantity again has Odoo deliver it after all."""
        order = self._order((self.goods, 9))
        order.picking_ids.action_cancel()
        self.assertExposure(0, 0)
        self._order((self.service, 1, {"price_unit": 900}))
        line = order.order_line.with_user(self.user_sales_own)
        with self.assertRaises(UserError) as caught:
            line.product_uom_qty = 9
        self.assertIn("1,800.00", str(caught.exception))

    def test_parts_of_a_kit(self):
        """As many kits as the scarcest part makes."""
        kit = self._product("Kit", is_storable=False, list_price=100)
        order = self._order((kit, 2))
        picking = order.picking_ids
        line = order.order_line
        picking.move_ids.unlink()
        for part, quantity in ((self.goods, 2), (self.prepaid, 8)):
            self._add(picking, part, quantity).sale_line_id = line
        self.assertEqual(order._get_credit_amount(), 0)
        picking.move_ids[0].quantity = 30
        self.assertEqual(order._get_credit_amount(), 0)
        picking.move_ids[1].quantity = 80
        self.assertEqual(order._get_credit_amount(), 1800)

    def test_after_it_has_left(self):
        """A transfer that is done is changed, or what it was for."""
        order = self._order((self.goods, 5))
        self._order((self.service, 1, {"price_unit": 400}))
        picking = self._deliver(order)
        move = picking.move_ids.with_user(self.user_stock)
        for change in (
            lambda: move.write({"quantity": 11}),
            lambda: move.move_line_ids.write({"quantity": 11}),
            lambda: move.move_line_ids.create(
                {
                    "move_id": move.id,
                    "picking_id": picking.id,
                    "product_id": self.goods.id,
                    "quantity": 6,
                }
            ),
        ):
            self._fresh()
            with self.assertRaises(UserError):
                change()
        move.quantity = 6
        self.assertExposure(0, 1000)

    def test_a_transfer_is_called_done(self):
        self.env.company.write(
            {"credit_overdue_action": "hold", "credit_overdue_days": 10}
        )
        order = self._order((self.goods, 1))
        self._owe(10)
        picking = self._pick(order, 1)
        with self.assertRaises(UserError):
            picking.move_ids.write({"state": "done"})

    # ------------------------------------------------------------
    # Where it goes
    # ------------------------------------------------------------

    def test_a_return_of_a_return(self):
        """What came back goes out again only if the order may."""
        order = self._order((self.goods, 5))
        back = self._return(self._deliver(order), 5)
        self.assertExposure(0, 0)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=back.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.write({"quantity": 5, "to_refund": True})
        picking = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._order((self.service, 1, {"price_unit": 500}))
        self.customer.credit_limit = 600
        self._pick(order, 5)
        picking.with_user(self.user_stock).button_validate()
        self.assertWaits(order, picking, 1000)

    def test_from_the_supplier(self):
        """He sends it to the customer himself."""
        order = self._order((self.goods, 5))
        ours = order.picking_ids
        supplier = self.env.ref("stock.stock_location_suppliers")
        picking = ours.copy(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": supplier.id,
                "location_dest_id": ours.location_dest_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 5,
                            "sale_line_id": order.order_line.id,
                            "location_id": supplier.id,
                            "location_dest_id": ours.location_dest_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        ours.action_cancel()
        self._fresh()
        delivery = self.env["crm.delivery"].search([("order_id", "=", order.id)])
        self.assertEqual(delivery.picking_id, picking)
        self.customer.credit_limit = 400
        self._pick(order, 5)
        picking.with_user(self.user_stock).button_validate()
        self.assertWaits(order, picking, 500)
