from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .credit_common import CreditCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditWaysRound(CreditCase):
    """What somebody tries who knows Odoo, and may do what he does there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000)
        cls.user_readonly = cls._user("user_readonly", "account.group_account_readonly")

    def _confirmed(self, amount, **vals):
        order = self._quote(amount, **vals)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._fresh()
        return order

    # ------------------------------------------------------------
    # What Odoo works out is said to be something else
    # ------------------------------------------------------------

    def test_forged_amounts(self):
        order = self._quote(1500)
        line = order.order_line
        order.write({"amount_total": 1, "amount_untaxed": 1, "currency_rate": 5000})
        forged = {"price_total": 1, "price_subtotal": 1, "price_tax": 0}
        line.write(forged)
        self._fresh()
        self.assertEqual((order.amount_total, line.price_total), (1500, 1500))
        self.assertEqual(order.currency_rate, 1)
        order.action_confirm()
        self.assertEqual((order.state, order.sudo().credit_state), ("draft", "held"))
        default = {f"default_{name}": value for name, value in forged.items()}
        default |= {"default_currency_rate": 5000, "default_amount_total": 1}
        created = (
            self.env["sale.order"]
            .with_user(self.user_sales_own)
            .with_context(**default)
            .create(
                {
                    "partner_id": self.customer.id,
                    "amount_total": 1,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.service.id,
                                "price_unit": 1500,
                                "price_total": 1,
                            }
                        )
                    ],
                }
            )
        )
        self._fresh()
        self.assertEqual(created.order_line.price_total, 1500)
        self.assertEqual((created.amount_total, created.currency_rate), (1500, 1))

    def test_a_confirmed_line_is_said_to_be_settled(self):
        invoice = self._owe(1)
        order = self._order((self.goods, 9)).with_user(self.user_sales_own)
        self._deliver(order.sudo())
        item = invoice.invoice_line_ids
        for vals in (
            {"qty_invoiced": 9},
            {"price_total": 0},
            {"is_downpayment": True},
            {"state": "cancel"},
            {"untaxed_amount_invoiced": 900, "untaxed_amount_to_invoice": 0},
            {"invoice_lines": [Command.link(item.id)]},
            {"qty_delivered": 0},
            {"qty_delivered": -9},
            {"qty_delivered_method": "manual", "qty_delivered": 0},
        ):
            with self.subTest(vals):
                order.order_line.write(vals)
                self._fresh()
                self.assertExposure(1, 900)

    def test_another_currency(self):
        """In yen it is little, and back in dollars much."""
        yen = self.setup_other_currency(
            "JPY", rates=[("2025-01-01", 50.0), ("2026-01-01", 150.0)]
        )
        order = self._quote(90000)
        order.currency_id = yen
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError):
            order.currency_id = self.env.company.currency_id
        with self.assertRaises(UserError):
            order.date_order = "2025-12-01"

    def test_the_rate_of_today(self):
        """An old quotation is confirmed at it, so it is judged by it."""
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-02-20", 0.5)]
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": euro.id}
        )
        order = self._quote(
            900, pricelist_id=prices.id, date_order="2026-02-01 10:00:00"
        )
        self.assertEqual(order.currency_rate, 2)
        self.assertEqual(order.credit_check, "hold")
        order.action_confirm()
        self._fresh()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_decision_ids.amount_order, 1800)
        order.order_line.price_unit = 500
        order.action_confirm()
        self._fresh()
        self.assertEqual((order.state, order.currency_rate), ("sale", 0.5))
        self.assertExposure(0, 1000)

    def test_typing_what_was_delivered(self):
        hours = self._product("Hours", type="service", list_price=100)
        order = self._order((hours, 5)).with_user(self.user_sales_own)
        line = order.order_line
        line.qty_delivered = 5
        with self.assertRaises(UserError):
            line.qty_delivered = 11
        line.qty_delivered = 10
        self.assertExposure(0, 1000)

    # ------------------------------------------------------------
    # Lines and orders move
    # ------------------------------------------------------------

    def test_a_line_is_deleted(self):
        """Odoo lets a down payment go that is not invoiced; it was a discount."""
        order = self._order(
            (self.service, 1, {"price_unit": 1500}),
            (
                self.env["product.product"],
                1,
                {"price_unit": -600, "is_downpayment": True, "name": "Advance"},
            ),
        ).with_user(self.user_sales_own)
        self.assertExposure(0, 900)
        with self.assertRaises(UserError) as caught:
            order.order_line[1].unlink()
        self.assertIn("1,500.00", str(caught.exception))

    def test_prices_change_places(self):
        """An order that stays the same may owe more, when a part is invoiced."""
        order = self._order(
            (self.service, 1, {"price_unit": 800}),
            (self.service, 1, {"price_unit": 400}),
            confirm=False,
        )
        self.customer.credit_limit = 1200
        order.action_confirm()
        lines = order.order_line
        self._invoice_order(order, post=False)
        order.invoice_ids.invoice_line_ids[1].unlink()
        order.invoice_ids.action_post()
        self._pay(order.invoice_ids)
        self.assertExposure(0, 400)
        self.customer.credit_limit = 500
        with self.assertRaises(UserError):
            lines.with_user(self.user_sales_own).write({"price_unit": 600})

    def test_a_line_goes_to_another_order(self):
        payer = self._create_customer(name="Other", user_id=self.user_sales_own.id)
        theirs = self._confirmed(800, partner_id=payer.id)
        ours = self._confirmed(900)
        with self.assertRaises(UserError):
            theirs.order_line.order_id = ours
        draft = self._quote(200)
        with self.assertRaises(UserError):
            draft.order_line.order_id = ours
        # what he owes does not change
        self._confirmed(50).order_line.order_id = ours
        self.assertExposure(0, 950)

    def test_another_company(self):
        other = self.setup_other_company()["company"]
        self.customer.with_company(other).credit_limit = 100
        other.credit_limit_action = "hold"
        user = self.user_sales_all
        user.company_ids += other
        order = self._confirmed(900)
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        with self.assertRaises(UserError) as caught:
            order.with_user(user).with_context(
                allowed_company_ids=(self.env.company + other).ids
            ).write({"company_id": other.id, "warehouse_id": theirs.id})
        self.assertIn("100.00", str(caught.exception))

    def test_who_sells_takes_nobody_off_the_blacklist(self):
        mine = self.customer.with_user(self.user_sales_own)
        mine.action_blacklist()
        mine.action_unblacklist()
        self.assertEqual(mine.customer_status, "prospect")
        self.env.company.credit_blacklist_action = "hold"
        mine.action_blacklist()
        self._fresh()
        for way in (
            mine.action_unblacklist,
            lambda: mine.write({"customer_status": "active"}),
            lambda: mine.write({"customer_status": False}),
        ):
            with self.assertRaisesRegex(AccessError, "credit controller"):
                way()
        self.assertEqual(mine.customer_status, "blacklist")
        mine.write({"customer_status": "blacklist", "comment": "As before"})
        self.customer.with_user(self.user_credit).action_unblacklist()
        self.assertEqual(mine.customer_status, "prospect")

    # ------------------------------------------------------------
    # Who may not confirm
    # ------------------------------------------------------------

    def test_doors_are_closed_first(self):
        """Neither reasons nor names are told, and nothing is held."""
        self.customer.customer_status = "blacklist"
        self.env.company.credit_blacklist_action = "hold"
        self.user_portal.partner_id.parent_id = self.customer
        order = self._quote(5000)
        delivered = self._order((self.goods, 1), confirm=False)
        self.env.company.credit_blacklist_action = "none"
        delivered.action_confirm()
        self.env.company.credit_blacklist_action = "hold"
        order.message_subscribe(self.user_portal.partner_id.ids)
        delivered.picking_ids.message_subscribe(self.user_portal.partner_id.ids)
        self._fresh()
        for user in (self.user_portal, self.user_readonly):
            theirs = order.with_user(user)
            self.assertTrue(theirs.name, "may be read")
            for door in (
                theirs.action_confirm,
                theirs.action_quotation_send,
                theirs.action_quotation_sent,
                delivered.picking_ids.with_user(user).button_validate,
            ):
                with self.assertRaises(AccessError):
                    door()
        self._fresh()
        self.assertFalse(order.sudo().credit_state)
        self.assertFalse(delivered.credit_state)
        self.assertFalse(order.sudo().credit_decision_ids)

    def test_the_customer_is_not_told(self):
        self.user_portal.partner_id.parent_id = self.customer
        order = self._quote(5000)
        order.action_confirm()
        order.message_subscribe(self.user_portal.partner_id.ids)
        self._fresh()
        theirs = order.with_user(self.user_portal)
        self.assertEqual(theirs.state, "draft")
        for name in ("credit_held_text", "credit_held_since", "credit_state"):
            with self.assertRaises(AccessError):
                theirs.read([name])
            self.assertTrue(order.read([name])[0][name])

    def test_the_customer_signs(self):
        """What the house does for him is done as superuser."""
        order = self._quote(500)
        order.with_user(self.user_portal).sudo()._validate_order()
        self.assertEqual(order.state, "sale")

    # ------------------------------------------------------------
    # Many
    # ------------------------------------------------------------

    def test_queries_of_many(self):
        """The list of those that wait, and the job: as many for 1,000 as for 10."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.customer.id, "user_id": self.user_sales_own.id}
                for _number in range(1000)
            ]
        )
        orders[::2].currency_id = euro
        for order in orders[:20:4] + orders[-3:]:
            order.order_line = [
                Command.create({"product_id": self.goods.id, "product_uom_qty": 0.01})
            ]
            order.action_confirm()
        self.customer.customer_status = "blacklist"
        self.env.company.credit_blacklist_action = "hold"
        orders._pass_credit_gate("confirm")
        self.assertEqual(set(orders.mapped("credit_state")), {"held"})
        names = [
            "name",
            "credit_held_text",
            "credit_held_since",
            "credit_check_text",
            "credit_releasers",
        ]
        listed, looked = [], []
        few = orders[:5] + orders[-5:]
        for some in (few, few, orders):
            self._fresh()
            before = self.env.cr.sql_log_count
            some.with_user(self.user_credit).read(names)
            listed.append(self.env.cr.sql_log_count - before)
            self._fresh()
            self.assertFalse(self.env.user.tz)
            before = self.env.cr.sql_log_count
            orders._look_again(some.ids)
            looked.append(self.env.cr.sql_log_count - before)
        self.assertEqual(listed[2], listed[1])
        self.assertEqual(looked[2], looked[1])
