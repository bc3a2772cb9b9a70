"""Making it good: through Odoo's own documents, once, and what it costs."""

from datetime import datetime

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .compensation_common import CompensationCase


class TestFeedbackCompensation(CompensationCase):
    # ------------------------------------------------------------
    # Credit note and price reduction
    # ------------------------------------------------------------

    def test_a_credit_note_of_the_disputed_lines(self):
        """3 of 10 pieces: 3 x 90 = 270, and 56.70 of tax."""
        case = self._complaint(3, 4)
        given, action = self._propose(case, "credit", self.clerk, 3, 0)
        self.assertEqual(action["res_model"], "account.move.reversal")
        self.assertEqual((given.state, given.amount, given.cost), ("proposed", 270, 0))
        note = self._reverse(action, self.clerk)
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(note.reversed_entry_id, self.invoice)
        line = note.invoice_line_ids
        self.assertEqual((line.product_id, line.quantity), (self.goods, 3))
        self.assertEqual(
            (note.amount_untaxed, note.amount_tax, note.amount_total),
            (270, 56.70, 326.70),
        )
        self.assertEqual(line.sale_line_ids, self.order.order_line[0])
        self.assertIn(case.name, note.ref)
        self.assertEqual(given.credit_note_id, note)
        self.assertEqual((given.state, given.amount, given.cost), ("draft", 270, 0))
        note.invoice_date = "2026-02-01"
        note.action_post()
        self.assertEqual((given.state, given.cost), ("done", 270))
        self.assertEqual(self._rows(case), {("credit", "Goods"): (270, 270)})
        self.assertEqual((case.compensation_amount, case.cost), (270, 270))
        self.assertEqual(self.invoice.amount_residual, 1289 - 326.70)
        # from the note to the case
        action = note.with_user(self.clerk).action_view_crm_feedback()
        self.assertEqual(action["res_id"], case.id)

    def test_a_second_one_is_refused_until_the_first_is_gone(self):
        case = self._complaint(3)
        _given, action = self._propose(case, "credit", self.clerk, 2)
        note = self._reverse(action, self.clerk)
        with self.assertRaisesRegex(UserError, "no more than 1 .*Credit note"):
            self._propose(case, "credit", self.clerk, 2)
        with self.assertRaisesRegex(UserError, "no more than 1 "):
            self._propose(case, "replacement", self.seller, 2)
        # the same pieces of the same invoice in another case
        other = self._complaint(9, user=self.manager)
        with self.assertRaisesRegex(UserError, "no more than 8 "):
            self._propose(other, "credit", self.manager, 9, **self._asking())
        # cancelled, deleted, withdrawn: free again
        note.button_cancel()
        self.assertEqual(case.compensation_ids.state, "cancel")
        second, action = self._propose(case, "credit", self.clerk, 3)
        # the cancelled one comes back: refused by the database
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            note.button_draft()
            self.env.flush_all()
        second_note = self._reverse(action, self.clerk)
        second_note.unlink()
        self.assertEqual(second.state, "withdrawn")
        third, _action = self._propose(case, "credit", self.clerk, 3)
        third.action_withdraw()
        self.assertEqual(third.state, "withdrawn")
        self.assertEqual(self._rows(case), {})
        self.assertEqual(case.line_ids.quantity_made_good, 0)

    def _asking(self):
        return {"asked": self.clerk}

    def test_what_was_credited_by_hand_counts(self):
        case = self._complaint(10)
        note = self._credit(self.invoice)
        with self.assertRaisesRegex(UserError, "no more than 0 "):
            self._propose(case, "credit", self.clerk, 1)
        self.assertEqual(note.state, "posted")

    def test_what_is_asked_for_must_be_of_the_case(self):
        case = self._complaint(3)
        with self.assertRaisesRegex(UserError, "how much of which"):
            self._propose(case, "credit", self.clerk, 0)
        with self.assertRaisesRegex(UserError, "no more than 3 "):
            self._propose(case, "credit", self.clerk, -1)
        with self.assertRaisesRegex(UserError, "no more than 3 "):
            self._propose(case, "credit", self.clerk, 3.5)
        other = self._complaint(1)
        wizard = self._wizard(case, "credit", self.clerk).save()
        wizard.line_ids.feedback_line_id = other.line_ids
        with self.assertRaisesRegex(UserError, "how much of which"):
            wizard.action_propose()
        case.stage_id = self._stage("closed")
        with self.assertRaisesRegex(UserError, "closed"):
            self._propose(case, "credit", self.clerk, 1)

    def test_a_price_reduction_is_an_amount_and_no_goods(self):
        """90 off of 3 pieces that cost 270: 90 and 18.90 of tax."""
        case = self._complaint(3, 4)
        with self.assertRaisesRegex(UserError, "by up to.*270"):
            self._propose(case, "reduction", self.clerk, (3, 270.01), (0, 0))
        with self.assertRaisesRegex(UserError, "by up to"):
            self._propose(case, "reduction", self.clerk, (3, 0), (0, 0))
        given, action = self._propose(
            case, "reduction", self.clerk, (3, 90), (4, 12.34)
        )
        self.assertEqual(given.amount, 102.34)
        note = self._reverse(action, self.clerk)
        self.assertEqual(
            [(line.quantity, line.price_total) for line in note.invoice_line_ids],
            [(1, 108.90), (1, 12.34)],
        )
        note.invoice_date = "2026-02-01"
        note.action_post()
        self.assertEqual(
            self._rows(case),
            {
                ("reduction", "Goods"): (90, 90),
                ("reduction", "Prepaid goods"): (12.34,) * 2,
            },
        )
        # he keeps the goods: nothing is to be invoiced again
        self.assertEqual(self.order.order_line.mapped("qty_invoiced"), [10, 4])

    def test_prices_with_tax_and_a_foreign_currency(self):
        """121 with 21 % in it, 2 EUR to the unit of the company: 100 without, 50."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.assertNotEqual(self.env.company.currency_id, euro)
        self.env["res.currency.rate"].create(
            {"name": "2026-01-01", "currency_id": euro.id, "rate": 2}
        )
        included = self.tax_21.copy(
            {"name": "21 % included", "price_include_override": "tax_included"}
        )
        order = self._order(
            (
                self.goods,
                4,
                {"tax_ids": [Command.set(included.ids)], "price_unit": 121},
            ),
            pricelist_id=self.env["product.pricelist"]
            .create({"name": "EUR", "currency_id": euro.id})
            .id,
        )
        order.order_line.price_unit = 121
        self._deliver(order)
        invoice = self._invoice_order(order)
        self.assertEqual((invoice.currency_id, invoice.amount_untaxed), (euro, 400))
        case = self._case(
            line_ids=[
                self._line(self.goods, quantity=4, order_line_id=order.order_line.id)
            ]
        )
        given, action = self._propose(case, "reduction", self.clerk, (1, 60.50))
        self.assertEqual(given.amount, 25)
        note = self._reverse(action, self.clerk)
        self.assertEqual((note.amount_total, note.amount_untaxed), (60.50, 50))
        note.invoice_date = "2026-02-01"
        note.action_post()
        self.assertEqual(given.cost, 25)
        given, action = self._propose(case, "credit", self.clerk, 3)
        self.assertEqual(given.amount, 150)
        note = self._reverse(action, self.clerk)
        self.assertEqual(note.amount_total, 363)
        self.assertEqual(case.compensation_amount, 175)

    # ------------------------------------------------------------
    # Return, replacement, repair
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------

    def test_one_figure_by_case_product_cause_and_customer(self):
        cause = self.env.ref("crm_custom.crm_feedback_cause_product_material")
        case = self._complaint(3, 4, cause_id=cause.id)
        _given, action = self._propose(case, "credit", self.clerk, 1, 1)
        note = self._reverse(action, self.clerk)
        note.invoice_date = "2026-02-01"
        note.action_post()
        _given, action = self._propose(case, "return", self.keeper, 1, 1)
        self._done(self._take_back(action, self.keeper))
        _given, action = self._propose(case, "replacement", self.seller, 1, 0)
        order = self.env["sale.order"].browse(action["res_id"])
        order.action_confirm()
        self._deliver(order)
        # 90 + 7.5 + 60 and 50 + 7.5
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(case.cost, 215)
        self.assertEqual(self.goods.feedback_cost, 157.5)
        self.assertEqual(self.prepaid.feedback_cost, 57.5)
        self.assertEqual(cause.feedback_cost, 215)
        self.assertEqual(self.customer.feedback_cost, 215)
        self.assertEqual(sum(case.compensation_ids.mapped("cost")), 215)
        with self.assertQueryCount(1):
            self.env["crm.feedback"].browse(case.id)._get_costs()

    def test_documents_keep_their_case_and_products(self):
        case = self._complaint(3)
        given, action = self._propose(case, "credit", self.clerk, 2)
        self._reverse(action, self.clerk)
        case = case.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "is kept"):
            case.unlink()
        for change in (
            case.line_ids.unlink,
            lambda: case.line_ids.write({"product_id": self.prepaid.id}),
        ):
            with self.assertRaisesRegex(UserError, "compensated already"):
                change()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            case.line_ids.quantity = 1
            self.env.flush_all()
        with self.assertRaisesRegex(UserError, "There is a document"):
            given.action_withdraw()
        target = self._case(user=self.manager)
        self.env["crm.feedback.merge"].with_user(self.manager).with_context(
            active_ids=(case | target).ids
        ).create({"target_id": target.id}).action_merge()
        self.assertEqual(given.feedback_id, target)
        self.assertEqual(given.line_ids.feedback_line_id.feedback_id, target)
        with self.assertRaises(AccessError):
            given.write({"note": "x"})

    def test_the_same_invoice_line_in_two_cases_at_once(self):
        """Both have read what is left, and take the same number."""
        first, _action = self._propose(self._complaint(3), "credit", self.clerk, 3)
        second, _action = self._propose(self._complaint(3), "credit", self.clerk, 3)
        lines = (first | second).sudo().line_ids
        self.assertEqual(lines.mapped("slot"), [1, 2])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            lines[1].slot = 1
            self.env.flush_all()
