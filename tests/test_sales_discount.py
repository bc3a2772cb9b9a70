from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .discount_common import DiscountCase


@freeze_time("2026-03-01 10:00:00")
class TestSalesDiscount(DiscountCase):
    """What counts as a discount, who may grant it, and what was let through."""

    # ------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------

    def test_off_by_default(self):
        company = self.env["res.company"].create({"name": "New Company"})
        self.assertFalse(company.crm_discount_limited)
        self.env.company.crm_discount_limited = False
        order = self._quote(90)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.discount_cleared)

    def test_the_field(self):
        order = self._quote(10, 25, 10.01, 0)
        self.assertHeld(order, 25, 10.01)
        self.assertEqual(order.discount_hold, "ask")
        self.assertIn("25.00 %", order.discount_hold_text)

    def test_a_price_typed_by_hand(self):
        order = self._quote()
        order.order_line.price_unit = 89
        self.assertHeld(order, 11)
        order.order_line.write({"price_unit": 120, "discount": 20})
        self.assertHeld(order)
        order.order_line.write({"price_unit": 50, "technical_price_unit": 50})
        self.assertHeld(order, 60)
        order.order_line.write({"price_unit": 0, "discount": 0})
        self.assertHeld(order, 100)

    def test_what_the_pricelist_grants(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half price",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 50,
                            "applied_on": "3_global",
                            "min_quantity": 5,
                        }
                    )
                ],
            }
        )
        order = self._quote(pricelist_id=pricelist.id)
        line = order.order_line
        self.assertEqual(line.price_unit * (1 - line.discount / 100), 50)
        self.assertHeld(order)
        line.write({"price_unit": 100, "discount": 56})
        self.assertHeld(order, 12)
        line.write({"product_uom_qty": 1, "price_unit": 100, "discount": 50})
        self.assertHeld(order, 50)

    def test_a_price_of_another_day(self):
        """What a pricelist granted in February is no price of March."""
        rule = {
            "compute_price": "fixed",
            "fixed_price": 60,
            "applied_on": "3_global",
            "date_end": "2026-02-28 23:00:00",
        }
        pricelist = self.env["product.pricelist"].create(
            {"name": "February", "item_ids": [Command.create(rule)]}
        )
        vals = {"pricelist_id": pricelist.id, "date_order": "2026-02-10 10:00:00"}
        order = self._quote(**vals)
        self.assertEqual(order.order_line.price_unit, 60)
        self.assertHeld(order, 40)
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = date_order WHERE id = %s", (order.id,)
        )
        self.env.invalidate_all()
        self.assertHeld(order)
        pricelist.item_ids.write({"date_start": "2026-04-01", "date_end": False})
        order = self._quote(**{**vals, "date_order": "2026-04-10"})
        self.assertEqual(order.order_line.price_unit, 60)
        self.assertHeld(order, 40)

    def test_unit_and_currency(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        order = self._quote(pricelist_id=pricelist.id)
        order.order_line.product_uom_id = dozen
        self.assertEqual(order.order_line.price_unit, 2400)
        self.assertHeld(order)
        order.order_line.price_unit = 1800
        self.assertHeld(order, 25)

    def test_taxes_in_the_price(self):
        tax = self.env["account.tax"].create(
            {
                "name": "25 % included",
                "amount": 25,
                "price_include_override": "tax_included",
                "type_tax_use": "sale",
            }
        )
        self.goods.taxes_id = tax
        order = self._quote(5)
        order.order_line.tax_ids = tax
        self.assertHeld(order)

    def test_global_discounts_and_negative_lines(self):
        """A share of what is taken off falls on each line, on top of its own."""
        product = self._product("Discount", type="service", invoice_policy="order")
        self.env.company.sale_discount_product_id = product
        order = self._quote(0, 5)
        wizard = self.env["sale.order.discount"].with_user(self.user_sales_own)
        wizard = wizard.create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.08,
            }
        )
        wizard.action_apply_discount()
        self.assertHeld(order, 12.6)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.prepaid.id,
                    "product_uom_qty": -10,
                    "price_unit": 50,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        taken = 156 + 500
        shares = [(1 - price * (1 - taken / 1950) / 100) * 100 for price in (100, 95)]
        self.assertHeld(order, *(round(each, 2) for each in shares))

    def test_a_product_without_price(self):
        free = self._product("Free price", list_price=0)
        order = self._order(
            (free, 1, {"price_unit": 70, "discount": 30}), confirm=False
        )
        self.assertHeld(order, 30)
        order.order_line.discount = 0
        self.assertHeld(order)
        note = [Command.create({"display_type": "line_note", "name": "A note"})]
        order.order_line = note
        self.assertHeld(order)

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_limits_by_role(self):
        for user, discount, state in (
            (self.user_sales_own, 10, "sale"),
            (self.user_sales_own, 11, "draft"),
            (self.user_sales_all, 11, "draft"),
            (self.leader, 20, "sale"),
            (self.leader, 21, "draft"),
            (self.user_sales_manager, 80, "sale"),
        ):
            with self.subTest(user=user.login, discount=discount):
                order = self._quote(discount, user=user)
                order.action_confirm()
                self.assertEqual(order.state, state)
                decisions = order.sudo().discount_approval_ids
                by_himself = state == "sale" and discount > 10
                self.assertEqual(
                    decisions.user_id, user if by_himself else decisions.user_id[:0]
                )

    def test_leads_another_team(self):
        order = self._quote(15, user=self.leader)
        order.sudo().team_id = False
        order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_settings(self):
        settings = self.env["crm.custom.settings"].with_user(self.user_crm_admin)
        settings.create({"crm_discount_limit": 12.5}).execute()
        self.assertEqual(self.env.company.crm_discount_limit, 12.5)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            settings.create({"crm_discount_limit": 120}).execute()
        with self.assertRaises(AccessError):
            settings.with_user(self.user_sales_manager).create({})

    # ------------------------------------------------------------
    # Asked for, approved, refused
    # ------------------------------------------------------------

    def test_asked_for_and_approved(self):
        order = self._quote(15, 18)
        action = order.action_quotation_send()
        self.assertEqual(action["res_model"], "crm.discount.decision")
        form = Form(
            self.env["crm.discount.decision"]
            .with_user(self.user_sales_own)
            .with_context(**action["context"])
        )
        self.assertEqual((form.limit, form.discount_hold), (10, "ask"))
        form.reason = "He buys for the whole group"
        form.save().action_ask()
        request = self._requests(order)
        self.assertEqual(request.user_id, self.leader)
        self.assertIn("18.00 %", request.note)
        self.assertIn("He buys for the whole group", request.note)
        self.env.invalidate_all()
        self.assertEqual(order.discount_hold, "asked")
        order._ask_for_discount()
        self.assertEqual(self._requests(order), request, "asked once")

        with self.assertRaises(AccessError):
            self._approve(order, self.user_sales_own)
        with self.assertRaises(UserError):
            self._approve(order, self.leader, reason=" ")
        self._approve(order, self.leader)
        self.assertFalse(self._requests(order))
        self.assertHeld(order)
        decision = order.discount_approval_ids
        self.assertEqual(
            (decision.user_id, decision.is_approved, decision.discount),
            (self.leader, True, 18),
        )
        self.assertIn("18.00 %", decision.lines)
        message = order.message_ids[0]
        self.assertIn("Big deal", message.body)
        self.assertTrue(message.subtype_id.internal)
        self.assertIn(self.user_sales_own.partner_id, message.notified_partner_ids)
        with self.assertRaises(UserError):
            self._approve(order, self.leader)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_beyond_the_leader(self):
        """What the leader may not grant goes to the sales managers."""
        order = self._quote(30)
        order._ask_for_discount()
        people = self._requests(order).user_id
        self.assertIn(self.user_sales_manager, people)
        self.assertNotIn(self.leader, people)
        self.assertNotIn(self.env.ref("base.user_root"), people)
        with self.assertRaises(AccessError):
            self._approve(order, self.leader)
        self._approve(order, self.user_sales_manager)
        self.assertFalse(self._requests(order))

    def test_the_leader_asks_the_managers(self):
        order = self._quote(15, user_id=self.leader.id, user=self.leader)
        order._ask_for_discount()
        self.assertIn(self.user_sales_manager, self._requests(order).user_id)

    def test_refused(self):
        order = self._quote(30)
        order._ask_for_discount()
        self._approve(order, self.user_sales_manager, "Too much", refuse=True)
        self.assertHeld(order, 30)
        self.assertFalse(self._requests(order))
        self.assertFalse(order.discount_approval_ids.is_approved)
        self.assertIn("Too much", order.message_ids[0].body)
        self.env.invalidate_all()
        self.assertEqual(order.discount_hold, "ask")

    def test_what_was_approved(self):
        """These prices for this customer, and no others."""
        order = self._quote(30, 0)
        self._approve(order, self.user_sales_manager)
        first, second = order.order_line
        first.discount = 20
        self.assertHeld(order)
        first.discount = 30
        self.assertHeld(order)
        first.discount = 31
        self.assertHeld(order, 31)
        first.discount = 30
        second.discount = 30
        self.assertHeld(order, 30)
        second.discount = 0
        order.partner_id = self._create_customer(name="Somebody else")
        self.assertHeld(order, 30)
        order.partner_id = self.customer
        first.product_uom_qty = 1
        self.assertHeld(order)
        first.write({"product_id": self.prepaid.id, "discount": 30})
        self.assertHeld(order, 30)

    def test_a_pricelist_that_changes_later(self):
        """What may be sent may be confirmed, whatever the product costs by then."""
        order = self._quote(10)
        order.action_quotation_sent()
        self.goods.list_price = 200
        self.assertHeld(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        order.order_line.write({"product_uom_qty": 20, "price_unit": 100})
        with self.assertRaises(UserError):
            order.order_line.price_unit = 99

    def test_what_a_confirmation_costs(self):
        """At most ten queries more than without limits, for any number of lines."""
        counts = {}
        for limited in (False, True, False, True):
            self.env.company.crm_discount_limited = limited
            for size in (2, 40):
                order = self._quote(*([5] * size))
                before = self.env.cr.sql_log_count
                order.action_confirm()
                self.env.flush_all()
                counts[limited, size] = self.env.cr.sql_log_count - before
                self.assertEqual(order.state, "sale")
        for size in (2, 40):
            more = counts[True, size] - counts[False, size]
            self.assertLessEqual(more, 10, counts)

    def test_queries_do_not_grow(self):
        counts = []
        for size in (10, 200):
            order = self._order(
                *(
                    (self._product(f"P {n}", list_price=10), n + 1, {"discount": 15})
                    for n in range(size)
                ),
                confirm=False,
            )
            for _read in ("first", "counted"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                held = order.with_user(self.user_sales_own).discount_hold
                count = self.env.cr.sql_log_count - before
            self.assertEqual(held, "ask")
            counts.append(count)
        self.assertEqual(*counts)
