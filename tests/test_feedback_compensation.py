"""Making it good: through Odoo's own documents, once, and what it costs."""

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
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
        # 10 x (90 - 60); the replacement is an order that earns 60 less than nothing
        manager = self.user_sales_manager
        self.assertEqual(
            self.customer.with_user(manager).margin_after_feedback,
            300 - 60 - (215 - 60),
        )
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
