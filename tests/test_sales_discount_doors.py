from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .discount_common import DiscountCase
from .order_online_common import OrderOnlineCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesDiscountDoors(DiscountCase, OrderOnlineCase):
    """No door lets a discount through that nobody has approved."""

    def assertWaits(self, order, state="draft"):
        self.env.invalidate_all()
        self.assertEqual(order.sudo().state, state)
        self.assertFalse(order.sudo().discount_approval_ids)

    def test_confirming(self):
        held, free = self._quote(30), self._quote(5)
        result = (held + free).action_confirm()
        self.assertEqual(free.state, "sale", "the others go on")
        self.assertEqual(result["res_model"], "crm.discount.decision")
        self.assertWaits(held)
        second = self._quote(30)
        result = (held + second).action_confirm()
        self.assertEqual(result["tag"], "display_notification")
        self.assertIn(second.name, result["params"]["message"])
        self.assertTrue(self._requests(second))
        self.assertWaits(held)

    def test_writing_the_state(self):
        order = self._quote(30)
        for vals in ({"state": "sale"}, {"state": "sent"}):
            with self.assertRaises(UserError) as caught:
                order.write(vals)
            self.assertIn(order.name, str(caught.exception))
            self.assertIn("30.00 %", str(caught.exception))
            self.assertWaits(order)
        line = [Command.update(order.order_line.id, {"discount": 40})]
        free = self._quote(0)
        with self.assertRaises(UserError):
            free.write(
                {
                    "state": "sent",
                    "order_line": [
                        Command.update(free.order_line.id, {"discount": 40})
                    ],
                }
            )
        with self.assertRaises(UserError):
            order.write({"state": "sale", "order_line": line})

    def test_creating_and_importing(self):
        orders = self.env["sale.order"].with_user(self.user_sales_own)
        line = {"product_id": self.goods.id, "discount": 40}
        for state in ("sent", "sale"):
            with self.assertRaises(UserError):
                orders.create(
                    {
                        "partner_id": self.customer.id,
                        "state": state,
                        "order_line": [Command.create(line)],
                    }
                )
        result = orders.load(
            [
                "partner_id/.id",
                "state",
                "order_line/product_id/.id",
                "order_line/discount",
            ],
            [[str(self.customer.id), "sale", str(self.goods.id), "40"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("40.00 %", result["messages"][0]["message"])

    def test_what_was_let_through_is_not_for_a_client(self):
        order = self._quote(30)
        cleared = {
            "customer": self.customer.id,
            "currency": order.currency_id.id,
            "lines": {
                str(order.order_line.id): [self.goods.id, self.goods.uom_id.id, 0]
            },
        }
        order.write({"discount_cleared": cleared})
        self.assertFalse(order.discount_cleared)
        line = {"product_id": self.goods.id, "discount": 40}
        forged = order.with_context(default_discount_cleared=cleared).create(
            {
                "partner_id": self.customer.id,
                "discount_cleared": cleared,
                "order_line": [Command.create(line)],
            }
        )
        self.assertFalse(forged.discount_cleared)
        with self.assertRaises(AccessError):
            self.env["crm.discount.approval"].with_user(self.user_sales_manager).create(
                {"order_id": order.id, "user_id": self.user_sales_manager.id}
            )
        decision = self.env["crm.discount.decision"].with_user(self.user_sales_own)
        with self.assertRaises(AccessError):
            decision.create({"order_id": order.id, "reason": "x"}).action_approve()
        others = self._quote(30, user_id=self.user_sales_all.id)
        with self.assertRaises(AccessError):
            decision.create({"order_id": others.id, "reason": "x"}).action_ask()
        for user in (self.user_portal, self.user_invoicing):
            with self.assertRaises(AccessError):
                decision.with_user(user).create({"order_id": order.id})

    def test_a_copy(self):
        order = self._quote(30)
        self._approve(order, self.user_sales_manager)
        order.action_confirm()
        copy = order.copy()
        self.assertFalse(copy.discount_cleared)
        copy.action_confirm()
        self.assertWaits(copy)

    def test_a_confirmed_order(self):
        order = self._quote(10)
        order.action_confirm()
        line = order.order_line
        for vals in ({"discount": 11}, {"price_unit": 80}):
            with self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(UserError):
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.prepaid.id,
                        "price_unit": -200,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
        with self.assertRaises(UserError):
            self.env["sale.order.line"].with_user(self.user_sales_own).create(
                {"order_id": order.id, "product_id": self.goods.id, "discount": 50}
            )
        line.product_uom_qty = 12
        line.with_user(self.user_sales_manager).discount = 30
        self.assertEqual(order.discount_approval_ids.user_id, self.user_sales_manager)
        line.discount = 30

    def test_what_was_confirmed_before_stands(self):
        """Orders from before the limit keep their prices, and get no lower ones."""
        self.env.company.crm_discount_limited = False
        order, other = self._quote(50), self._quote(50)
        (order + other).action_confirm()
        self.env.company.crm_discount_limited = True
        order.order_line.product_uom_qty = 20
        with self.assertRaises(UserError):
            order.order_line.discount = 51
        self.env["sale.order.line"].with_user(self.user_sales_own).create(
            {"order_id": other.id, "product_id": self.goods.id, "discount": 10}
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.env["sale.order.line"].with_user(self.user_sales_own).create(
                {"order_id": other.id, "product_id": self.goods.id, "discount": 11}
            )

    # ------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------

    def _send(self, order):
        action = order.action_quotation_send()
        composer = (
            self.env["mail.compose.message"]
            .with_user(order.env.user)
            .with_context(**action["context"])
            .create({})
        )
        composer.action_send_mail()

    def test_sending(self):
        self.customer.email = "customer@example.com"
        order = self._quote(30)
        self.assertEqual(
            order.action_quotation_send()["res_model"], "crm.discount.decision"
        )
        with self.assertRaises(UserError):
            (order + self._quote(0)).action_quotation_send()
        with self.assertRaises(UserError):
            order.with_context(mark_so_as_sent=True).message_post(body="Our offer")
        self.assertWaits(order)
        self._approve(order, self.user_sales_manager)
        self._send(order)
        self.assertEqual(order.state, "sent")
        order.order_line.discount = 35
        self.assertHeld(order, 35)

    def test_a_manager_sends(self):
        """Who may grant it grants it by sending, and that is recorded once."""
        self.customer.email = "customer@example.com"
        order = self._quote(30, user=self.user_sales_manager)
        self._send(order)
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.discount_approval_ids.user_id, self.user_sales_manager)
        order.action_confirm()
        self.assertEqual(len(order.discount_approval_ids), 1)

    def test_on_paper(self):
        order = self._quote(30)
        report = self.env["ir.actions.report"].with_user(self.user_sales_own)
        name = "sale.report_saleorder"
        self.assertIn(
            "Draft, not an offer", report._render_qweb_html(name, order.ids)[0].decode()
        )
        self._approve(order, self.user_sales_manager)
        self.assertNotIn(
            "Draft, not an offer", report._render_qweb_html(name, order.ids)[0].decode()
        )

    # ------------------------------------------------------------
    # The portal
    # ------------------------------------------------------------

    def _portal_page(self, order):
        order.sudo().write({"validity_date": False})
        self.env.flush_all()
        return self.url_open(order.sudo().get_portal_url()).text

    def test_signing(self):
        order = self._quote(0)
        order.action_quotation_sent()
        order.order_line.discount = 30
        self.assertIn("still checking these prices", self._portal_page(order))
        self.assertIn("error", self._sign(order))
        self.assertWaits(order, "sent")
        self.assertFalse(order.signature)
        self._approve(order, self.user_sales_manager)
        self.assertNotIn("still checking these prices", self._portal_page(order))
        self.assertNotIn("error", self._sign(order))
        self.assertEqual(order.sudo().state, "sale")
        self.assertTrue(order.sudo().signature)

    def test_paying(self):
        """A payment is kept: the order waits, and those who decide are told."""
        order = self._quote(0)
        order.action_quotation_sent()
        order.order_line.discount = 15
        transaction = self._pay_online(order)
        self.assertEqual(transaction.state, "done")
        self.assertWaits(order, "sent")
        self.assertEqual(self._requests(order).user_id, self.leader)
        draft = self._quote(30)
        self._pay_online(draft, "pending")
        self.assertWaits(draft)
        self.assertTrue(self._requests(draft))
        free = self._quote(0)
        self._pay_online(free)
        self.assertEqual(free.state, "sale")
