from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from .credit_common import CreditCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditDelivery(CreditCase):
    """Deliveries wait like orders; what waits is looked at again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {"credit_overdue_action": "hold", "credit_overdue_days": 10}
        )
        cls.user_stock = cls._user("user_stock", "stock.group_stock_user")

    def _ready(self, order):
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        picking.action_assign()
        picking.move_ids.picked = True
        self.env.flush_all()
        self.env.invalidate_all()
        return picking

    def _validate(self, picking, user=None):
        return picking.with_user(user or self.user_stock).button_validate()

    def assertHeld(self, order, picking):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(order.credit_state, "held")
        decision = order.credit_decision_ids[0]
        self.assertEqual(
            (decision.decision, decision.door, decision.picking_id),
            ("held", "delivery", picking),
        )

    def _run_job(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_credit").method_direct_trigger()
        self.env.invalidate_all()

    def _release(self, order, **vals):
        self.env["crm.credit.release"].with_user(self.user_credit).create(
            {"order_id": order.id, "reason": "Insured", **vals}
        ).action_release()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_delivery(self):
        """It waits by the button, elsewhere it is refused; no figures are told."""
        order = self._order((self.goods, 10))
        picking = self._ready(order)
        self._owe(777)
        self.assertIn("28", picking.with_user(self.user_credit).credit_check_text)
        text = picking.with_user(self.user_stock).credit_check_text
        self.assertIn(self.user_credit.name, text)
        self.assertNotIn("28", text)
        result = self._validate(picking)
        self.assertEqual(result["tag"], "display_notification")
        self.assertHeld(order, picking)
        self.assertTrue(order._get_credit_requests())
        with self.assertRaises(UserError):
            picking._action_done()
        self._release(order)
        self.assertFalse(picking.credit_check_text)
        self.assertIs(self._validate(picking), True)
        self.assertEqual(picking.state, "done")

    def test_lists_say_what_is_held(self):
        """Odoo's and the salesperson's, to whoever reads them: what was decided, of
        what leaves for the order. A released one is as it was.
        """
        self.warehouse.delivery_steps = "pick_ship"
        orders = self._order((self.goods, 10)), self._order((self.goods, 5))
        held, other = orders
        self._ready(held)
        pick = held.picking_ids
        pick.button_validate()
        leaving = held.picking_ids - pick
        free = other.picking_ids
        self._owe(500)
        pickings = pick + leaving + free
        self.assertListed(pickings, held=leaving.browse())
        self.assertTrue(leaving.credit_check_text)
        self._ready(held)
        self._validate(leaving)
        self.assertHeld(held, leaving)
        self.assertListed(pickings, held=leaving)
        # what was added in the warehouse leaves with the order of its transfer
        ordered = leaving.move_ids
        added = ordered.copy({"picking_id": leaving.id, "sale_line_id": False})
        added._action_confirm(merge=False)
        ordered._action_cancel()
        self.assertEqual(leaving.sale_id, held)
        self.assertListed(pickings, held=leaving)
        self._release(held)
        self.assertListed(pickings, held=leaving.browse())

    def assertListed(self, pickings, held):
        self._fresh()
        for user in (self.user_stock, self.user_sales_own):
            model = self.env["stock.picking"].with_user(user)
            for value, expected in (("held", held), (False, pickings - held)):
                found = model.search(
                    [("id", "in", pickings.ids), ("credit_state", "=", value)]
                )
                self.assertEqual(found, expected, (user.login, value))
            self.assertEqual(
                model.browse(pickings.ids).filtered("credit_state"), held, user.login
            )
        rows = self.env["crm.delivery"].with_user(self.user_sales_own)
        rows = rows.search([("picking_id", "in", pickings.ids)])
        self.assertEqual(rows.filtered("credit_state").picking_id, held)
        self.assertEqual(
            rows.search([("credit_state", "=", "held")]).picking_id & pickings, held
        )

    def test_a_release_covers_the_deliveries(self):
        """Of the order, one after the other, unless the exposure grows."""
        self._owe(500)
        order = self._order((self.goods, 10), confirm=False)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        self._release(order)
        order.action_confirm()
        self.assertEqual(order.credit_state, "released")
        self._deliver(order, 4)
        self._invoice_order(order, date="2026-02-25")
        picking = self._ready(order)
        self._owe(1, due="2026-03-20")
        self._validate(picking)
        self.assertHeld(order, picking)
        self._release(order, amount_covered=2000)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_never_a_return(self):
        order = self._order((self.goods, 10))
        picking = self._deliver(order)
        self._owe(500)
        back = self._return(picking, 3)
        self.assertEqual(back.state, "done")
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "partner_id": self.customer.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.write({"quantity": 1, "picked": True})
        receipt.button_validate()
        self.assertEqual(receipt.state, "done", "no order, no gate")

    def test_several_at_once(self):
        other = self._create_customer(name="Good payer")
        held, free = (
            self._order((self.goods, 1)),
            self._order((self.goods, 1), partner_id=other.id),
        )
        self._owe(500)
        pickings = self._ready(held) + self._ready(free)
        self._validate(pickings)
        self.assertEqual(free.picking_ids.state, "done")
        self.assertHeld(held, held.picking_ids)

    # ------------------------------------------------------------
    # Looked at again
    # ------------------------------------------------------------

    def _hold(self):
        order = self._order((self.service, 1, {"price_unit": 200}), confirm=False)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.env.flush_all()
        return order

    def _triggers(self):
        return self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.env.ref("crm_custom.ir_cron_crm_credit").id)]
        )

    def assertFreed(self, order):
        self.assertEqual(order.credit_state, "freed")
        self.assertEqual(order.credit_decision_ids[0].decision, "freed")
        self.assertIn(
            self.user_sales_own.partner_id, order.message_ids[0].notified_partner_ids
        )
        self.assertFalse(order._get_credit_requests())

    def test_a_payment(self):
        invoice = self._owe(500)
        order = self._hold()
        self._run_job()
        self.assertEqual(order.credit_state, "held")
        before = self._triggers()
        self._pay(invoice)
        self.assertGreater(self._triggers(), before)
        self._run_job()
        self.assertFreed(order)
        self.assertEqual((order.credit_check, order.credit_check_text), ("free", False))
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("sale", False))

    def test_a_credit_note(self):
        invoice = self._owe(500)
        order = self._hold()
        before = self._triggers()
        self._credit(invoice)
        self.assertGreater(self._triggers(), before)
        self._run_job()
        self.assertFreed(order)

    def test_a_limit(self):
        self.env.company.credit_overdue_action = "none"
        self._limit(100)
        order = self._hold()
        before = self._triggers()
        self.customer.credit_limit = 300
        self.assertGreater(self._triggers(), before)
        self._run_job()
        self.assertFreed(order)

    def test_rules_of_his_own(self):
        self._owe(500)
        order = self._hold()
        before = self._triggers()
        self.env["crm.credit.rule"].create(
            {"partner_id": self.customer.id, "credit_overdue_action": "warn"}
        )
        self.assertGreater(self._triggers(), before)
        self._run_job()
        self.assertFreed(order)

    def test_cancelled(self):
        self._owe(500)
        order = self._hold()
        order._action_cancel()
        self._run_job()
        self.assertFalse(order.credit_state)

    def test_nobody_waits(self):
        """Then a payment has nothing to set going."""
        before = self._triggers()
        self._pay(self._owe(500))
        self.assertEqual(self._triggers(), before)
