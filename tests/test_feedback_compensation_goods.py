"""Goods that come back, are replaced or repaired, by Odoo's own documents."""

from datetime import datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .compensation_common import CompensationCase


class TestFeedbackCompensationGoods(CompensationCase):
    def test_a_return_of_the_right_delivery(self):
        case = self._complaint(3)
        given, action = self._propose(case, "return", self.keeper, 3)
        self.assertEqual(given.picking_id, self.picking)
        with self.assertRaisesRegex(UserError, "no more than 0 "):
            self._propose(case, "return", self.keeper, 1)
        picking = self._take_back(action, self.keeper)
        self.assertEqual(picking.return_id, self.picking)
        self.assertEqual(
            [
                (move.product_id, move.product_uom_qty, move.to_refund)
                for move in picking.move_ids
            ],
            [(self.goods, 3, True)],
        )
        self.assertEqual((given.state, given.amount, given.cost), ("progress", 15, 0))
        self._done(picking)
        self.assertEqual((given.state, given.cost), ("done", 15))
        self.assertEqual(self.order.order_line[0].qty_delivered, 7)
        self.env.company.crm_return_cost = 99
        self.assertEqual(self._rows(case), {("return", "Goods"): (15, 15)})
        # the credit note for what came back
        _given, action = self._propose(case, "credit", self.clerk, 3)
        self._reverse(action, self.clerk)

    def test_less_comes_back_than_was_proposed(self):
        case = self._complaint(3)
        given, action = self._propose(case, "return", self.keeper, 3)
        form = Form.from_action(self.env(user=self.keeper), action)
        with form.product_return_moves.edit(0) as line:
            self.assertEqual(line.quantity, 3)
            line.quantity = 4
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "more than was proposed"):
            wizard.action_create_returns()
        for other in (wizard.action_create_returns_all, wizard.action_create_exchanges):
            with self.assertRaisesRegex(UserError, "what was proposed"):
                other()
        wizard.product_return_moves[0].quantity = 2
        wizard.action_create_returns()
        self.assertEqual(given.line_ids.quantity, 2)
        self._propose(case, "return", self.keeper, 1)
        self.assertEqual(case.line_ids.quantity_returned, 3)

    def test_a_replacement_at_no_charge(self):
        company = self.env.company
        company.crm_discount_limited = True
        company.crm_discount_limit = 5
        case = self._complaint(2)
        given, action = self._propose(case, "replacement", self.seller, 2)
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(given.replacement_id, order)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.origin, case.name)
        goods = order.order_line.filtered("product_id")
        self.assertEqual((goods.product_id, goods.product_uom_qty), (self.goods, 2))
        self.assertEqual((order.amount_total, given.state), (0, "draft"))
        # 2 at a cost of 60
        self.assertEqual((given.amount, given.cost), (120, 0))
        # free by the case, whatever the limit on discounts; no more than that
        self.assertFalse(order.is_discount_held)
        goods.product_uom_qty = 3
        self.env.invalidate_all()
        self.assertTrue(order.with_user(self.seller)._get_held_by_discount())
        goods.product_uom_qty = 2
        order.with_user(self.seller).action_confirm()
        self.assertEqual((order.state, given.state), ("sale", "progress"))
        self.assertEqual(given.delivery_name, order.picking_ids.name)
        self._deliver(order)
        self.assertEqual((given.state, given.cost), ("done", 120))
        self.assertEqual(self._rows(case), {("replacement", "Goods"): (120, 120)})
        # what comes back of it stays sold
        _given, action = self._propose(case, "return", self.keeper, 2)
        picking = self._take_back(action, self.keeper)
        self.assertFalse(picking.move_ids.to_refund)

    def test_a_repair_with_its_booking_and_parts(self):
        part = self._product("Hinge", standard_price=7)
        self._put_in_stock(part, 10)
        case = self._complaint(1)
        moment = datetime(2026, 12, 7, 9, 30)
        with self.assertRaisesRegex((UserError, AssertionError), "when|required"):
            self._propose(case, "repair", self.keeper, 1)
        given, action = self._propose(
            case,
            "repair",
            self.keeper,
            1,
            technician_id=self.colleague,
            date_planned=moment,
            duration=2.0,
        )
        repair = self.env["repair.order"].browse(action["res_id"])
        self.assertEqual(
            (repair.product_id, repair.product_qty, repair.user_id),
            (self.goods, 1, self.colleague),
        )
        self.assertEqual(repair.schedule_date, moment)
        booking = self.env["calendar.event"].search(
            [("res_model", "=", "repair.order"), ("res_id", "=", repair.id)]
        )
        self.assertEqual(booking.partner_ids, self.colleague.partner_id)
        self.assertEqual(
            (booking.start, booking.stop), (moment, datetime(2026, 12, 7, 11, 30))
        )
        # moved in either place, it moves in the other
        repair.schedule_date = datetime(2026, 12, 8, 9, 30)
        self.assertEqual(booking.stop, datetime(2026, 12, 8, 11, 30))
        booking.write({"start": moment, "stop": datetime(2026, 12, 7, 11, 30)})
        self.assertEqual(repair.schedule_date, moment)
        repair.write(
            {
                "move_ids": [
                    Command.create(
                        {
                            "repair_line_type": "add",
                            "product_id": part.id,
                            "product_uom_qty": 3,
                        }
                    )
                ]
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((given.state, given.amount, given.cost), ("draft", 21, 0))
        repair._action_repair_confirm()
        repair.action_repair_start()
        self.assertEqual(given.state, "progress")
        repair.move_ids.quantity = 3
        repair.action_repair_end()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((given.state, given.cost), ("done", 21))
        self.assertEqual(self._rows(case), {("repair", "Goods"): (21, 21)})
        self.assertEqual(part.qty_available, 7)

    def test_a_cancelled_repair_takes_its_booking_along(self):
        case = self._complaint(1)
        given, action = self._propose(
            case, "repair", self.keeper, 1, date_planned=datetime(2026, 12, 7)
        )
        repair = self.env["repair.order"].browse(action["res_id"])
        booking = repair._get_bookings()
        self.assertTrue(booking.active)
        repair.action_repair_cancel()
        self.assertFalse(booking.active)
        self.assertEqual(given.state, "cancel")
        repair.action_repair_cancel_draft()
        self.assertTrue(booking.active)
        self.assertEqual(given.state, "draft")
        repair.action_repair_cancel()
        repair.unlink()
        self.assertFalse(booking.exists())
        self.assertEqual(given.state, "withdrawn")
