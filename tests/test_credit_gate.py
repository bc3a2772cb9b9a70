from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .credit_common import CreditCase
from .order_online_common import OrderOnlineCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditGate(CreditCase, OrderOnlineCase):
    """No door lets an order go that the rules hold, and what was decided stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000)

    def assertHeld(self, order, state="draft", decisions=1):
        self.env.flush_all()
        self.env.invalidate_all()
        order = order.sudo()
        self.assertEqual((order.state, order.credit_state), (state, "held"))
        held = order.credit_decision_ids.filtered(lambda d: d.decision == "held")
        self.assertEqual(len(held), decisions)
        self.assertTrue(self._requests(order))

    def _requests(self, order):
        return (
            order.sudo()
            ._get_credit_requests()
            .filtered(lambda activity: activity.user_id == self.user_credit)
        )

    def _release(self, order, user=None, refuse=False, **vals):
        user = user or self.user_credit
        action = order.with_user(user).action_release_credit()
        release = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": "Bank guarantee", **vals})
        )
        return release.action_refuse() if refuse else release.action_release()

    # ------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------

    def test_confirming(self):
        """The held one stays, the others go, and the user is told in figures."""
        held, free = self._quote(1001), self._quote(400)
        self.assertEqual(held.credit_check, "hold")
        self.assertIn("1,001.00", held.credit_check_text)
        self.assertIn(self.user_credit.name, held.credit_releasers)
        self.assertFalse(free.credit_check)
        self.assertEqual(free.credit_limit_amount, 1000)
        result = (held + free).with_context(send_email=True).action_confirm()
        self.assertEqual(free.state, "sale")
        self.assertEqual(result["tag"], "display_notification")
        for text in (held.name, "1,001.00", "1,000.00", self.user_credit.name):
            self.assertIn(text, result["params"]["message"])
        self.assertHeld(held)
        decision = held.credit_decision_ids
        self.assertEqual(
            (
                decision.decision,
                decision.door,
                decision.user_id,
                decision.amount_order,
                decision.exposure,
                decision.credit_limit,
            ),
            ("held", "confirm", self.user_sales_own, 1001, 1001, 1000),
        )
        self.assertFalse(
            held.message_ids.filtered(lambda m: m.message_type == "comment")
        )
        # once, however often somebody tries
        held.action_confirm()
        self.assertHeld(held, decisions=2)
        held.action_confirm()
        self.assertHeld(held, decisions=2)
        self.assertEqual(len(self._requests(held)), 1)

    def test_one_after_the_other(self):
        """Orders of one call add up."""
        orders = self._quote(600) + self._quote(600) + self._quote(400)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
        self.assertEqual(orders[1].credit_decision_ids.exposure, 1200)

    def test_warning(self):
        self.env.company.credit_limit_action = "warn"
        order = self._quote(1001)
        self.assertEqual(order.credit_check, "warn")
        self.assertIs(order.action_confirm(), True)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_decision_ids.decision, "warned")
        self.assertFalse(order.credit_state)

    def test_off(self):
        """A house that does nothing about it does not notice."""
        self.env.company.credit_limit_action = "none"
        self._owe(5000)
        order = self._quote(1001)
        self.assertFalse(order.credit_check)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.credit_decision_ids)

    def test_queries(self):
        """At most ten more than without."""
        counts = {}
        for action in ("none", "none", "hold"):
            self.env.company.credit_limit_action = action
            order = self._quote(10)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            counts[action] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts["hold"] - counts["none"], 8)

    def test_queries_of_further_orders(self):
        """The gates ask as much about six orders as about two."""
        company = self.env.company
        counts = {}
        for number in (2, 2, 6):
            for gates in (False, True):
                company.credit_limit_action = "hold" if gates else "none"
                company.crm_discount_limited = gates
                orders = self.env["sale.order"].concat(
                    *(
                        self._order((self.goods, 0.1, {}), confirm=False)
                        for _number in range(number)
                    )
                )
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                orders.with_user(self.user_sales_own).action_confirm()
                self.env.flush_all()
                counts[number, gates] = self.env.cr.sql_log_count - before
                self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual(
            counts[6, True] - counts[6, False], counts[2, True] - counts[2, False]
        )

    def test_what_a_document_compensates_is_looked_up_once(self):
        """However often it is written while it is confirmed."""
        order = self._order((self.goods, 1, {}), (self.service, 1, {}), confirm=False)
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            asked.append("crm_feedback_compensation" in str(query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            order.action_confirm()
            self.env.flush_all()
        self.assertEqual(sum(asked), 1)

    def test_queries_of_what_is_told(self):
        """As many for all that wait as for one."""
        orders = self._quote(1001) + self._quote(1002) + self._quote(1003)
        orders.action_confirm()
        self.env.flush_all()
        counts = []
        for waiting in (orders[0], orders[0], orders):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            message = waiting._get_hold_message("sale")
            self.assertEqual(message.count(self.user_credit.name), len(waiting))
            waiting.mapped("credit_releasers")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])

    def test_each_reason_and_who_orders(self):
        company = self.env.company
        company.write({"credit_limit_action": "none", "credit_overdue_action": "hold"})
        self._owe(10, due="2026-01-01")
        order = self._quote(1)
        order.action_confirm()
        self.assertHeld(order)
        self.assertIn("59", order.credit_held_text)
        payer = self._create_customer(name="Payer", user_id=self.user_sales_own.id)
        at_anothers = self._quote(1, partner_invoice_id=payer.id)
        at_anothers.action_confirm()
        self.assertHeld(at_anothers)

    # ------------------------------------------------------------
    # Other doors
    # ------------------------------------------------------------

    def test_writing_creating_and_importing(self):
        order = self._quote(1001)
        for vals in (
            {"state": "sale"},
            {
                "state": "sale",
                "order_line": [
                    Command.update(order.order_line.id, {"price_unit": 1002})
                ],
            },
        ):
            with self.assertRaises(UserError) as caught:
                order.write(vals)
            self.assertIn("1,000.00", str(caught.exception))
        self.assertEqual(order.state, "draft")
        orders = self.env["sale.order"].with_user(self.user_sales_own)
        with self.assertRaises(UserError):
            orders.create(
                {
                    "partner_id": self.customer.id,
                    "state": "sale",
                    "order_line": [
                        Command.create(
                            {"product_id": self.service.id, "price_unit": 1001}
                        )
                    ],
                }
            )
        result = orders.load(
            [
                "partner_id/.id",
                "state",
                "order_line/product_id/.id",
                "order_line/price_unit",
            ],
            [[str(self.customer.id), "sale", str(self.service.id), "1001"]],
        )
        self.assertFalse(result["ids"])

    def test_not_for_a_client(self):
        order = self._quote(1001)
        order.write({"credit_state": "released"})
        self.assertFalse(order.credit_state)
        order.with_context(
            crm_gates_passed=order.ids, crm_gates_ahead=order.ids
        ).action_confirm()
        self.assertHeld(order)
        forged = order.with_context(default_credit_state="released").copy(
            {"credit_state": "released"}
        )
        self.assertFalse(forged.credit_state)
        decisions = self.env["crm.credit.decision"]
        with self.assertRaises(AccessError):
            decisions.with_user(self.user_credit).create({"order_id": order.id})
        for user in (self.user_credit, self.user_sales_own, self.user_accountant):
            self.assertWritten(order.sudo().credit_decision_ids, user, ())

    def test_a_copy(self):
        order = self._quote(1001)
        order.action_confirm()
        self._release(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        copy = order.copy()
        copy.action_confirm()
        self.assertHeld(copy)

    def test_raising_a_confirmed_order(self):
        order = self._quote(900)
        order.action_confirm()
        line = order.order_line
        with self.assertRaises(UserError) as caught:
            line.write({"product_uom_qty": 2, "price_unit": 900})
        self.assertIn("1,800.00", str(caught.exception))
        with self.assertRaises(UserError):
            order.order_line = [
                Command.create({"product_id": self.service.id, "price_unit": 101})
            ]
        with self.assertRaises(UserError):
            self.env["sale.order.line"].with_user(self.user_sales_own).create(
                {
                    "order_id": order.id,
                    "product_id": self.service.id,
                    "price_unit": 101,
                }
            )
        line.price_unit = 1000
        line.price_unit = 500
        debtor = self._create_customer(name="Other debtor", credit_limit=100)
        with self.assertRaises(UserError):
            order.partner_invoice_id = debtor

    # ------------------------------------------------------------
    # Releasing
    # ------------------------------------------------------------

    def test_releasing(self):
        order = self._quote(1001)
        order.action_confirm()
        with self.assertRaises(UserError):
            self._release(order, reason=" ")
        with self.assertRaises(UserError):
            self._release(order, amount_covered=1000)
        for user in (self.user_sales_own, self.user_sales_manager, self.user_invoicing):
            with self.assertRaises(AccessError):
                self._release(order, user=user)
            with self.assertRaises(AccessError):
                order.with_user(user)._decide_on_credit("x", 5000)
        self._release(order, refuse=True)
        self.env.invalidate_all()
        self.assertEqual(order.credit_state, "held")
        self.assertEqual(order.credit_decision_ids[0].decision, "refused")
        self.assertFalse(order._get_credit_requests())
        self._release(order)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.credit_state, "released")
        released = order.credit_decision_ids[0]
        self.assertEqual(
            (released.decision, released.user_id, released.reason),
            ("released", self.user_credit, "Bank guarantee"),
        )
        self.assertIn(
            self.user_sales_own.partner_id,
            order.sudo().message_ids[0].notified_partner_ids,
        )
        self.assertEqual(order.credit_check, "released")
        # it covers no more than was released
        self._owe(1)
        order.action_confirm()
        self.assertHeld(order, decisions=2)
        self._release(order, amount_covered=1500)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.price_unit = 1499
        with self.assertRaises(UserError):
            order.order_line.price_unit = 1500

    def test_nothing_to_release(self):
        order = self._quote(500)
        with self.assertRaises(UserError):
            self._release(order)

    # ------------------------------------------------------------
    # The portal
    # ------------------------------------------------------------

    def test_signing(self):
        """The signature stays, the order waits, and nobody is left in the dark."""
        self.env.company.portal_confirmation_sign = True
        order = self._quote(1001)
        order.action_quotation_sent()
        self.assertNotIn("error", self._sign(order))
        self.assertHeld(order, "sent")
        self.assertTrue(order.sudo().signature)
        told = order.sudo().message_ids.notified_partner_ids
        self.assertIn(self.user_sales_own.partner_id, told)
        self.assertNotIn(self.customer, told)
        page = self.url_open(order.sudo().get_portal_url()).text
        self.assertIn("Your order has reached us", page)
        self.assertNotIn("1,000.00", page)

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_figures_are_for_own_customers(self):
        """Another's customer: the salesperson learns that it waits, and no amount."""
        self.customer.user_id = self.user_sales_all
        self._owe(777)
        order = self._quote(500)
        self.assertEqual((order.credit_check, order.credit_known), ("hold", False))
        self.assertNotIn("777", order.credit_check_text)
        result = order.action_confirm()
        self.assertNotIn("777", result["params"]["message"])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("777", order.credit_held_text)
        self.assertFalse(order.credit_decision_ids)
        self.assertNotIn("777", str(order.sudo().message_ids.mapped("body")))
        self.env.invalidate_all()
        order = order.with_user(self.user_invoicing)
        self.assertIn("777", order.credit_held_text)
        self.assertEqual(len(order.credit_decision_ids), 1)
        order = order.with_user(self.user_portal).sudo()
        self.assertFalse(order.credit_check)

    def test_merging_keeps_the_decisions(self):
        order = self._quote(1001)
        order.action_confirm()
        stays = self._create_customer(name="Stays")
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [stays.id, self.customer.id], stays
        )
        self.env.invalidate_all()
        self.assertEqual(order.sudo().credit_decision_ids.partner_id, stays)
