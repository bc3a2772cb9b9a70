from freezegun import freeze_time

from .credit_common import CreditCase
from .order_online_common import OrderOnlineCase


@freeze_time("2026-03-01 10:00:00")
class TestCreditOnline(CreditCase, OrderOnlineCase):
    """What was paid online for an order counts before it is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000)
        providers = type(cls.env["payment.provider"])
        stock = providers._compute_feature_support_fields

        def capturing_by_hand(self):
            # as the modules of some providers have it
            stock(self)
            self.support_manual_capture = "partial"

        cls.classPatch(providers, "_compute_feature_support_fields", capturing_by_hand)

    def _pay_order(self, order, **options):
        transaction = self._pay_online(order, book=True, **options)
        self.env.flush_all()
        self.env.invalidate_all()
        return transaction

    def test_paid_in_full(self):
        """It adds nothing to what the customer owes: it is confirmed, as Odoo does."""
        order = self._quote(1001)
        order.action_quotation_sent()
        transaction = self._pay_order(order)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.credit_state)
        self.assertFalse(order.credit_decision_ids)
        self.assertTrue(transaction.payment_id.move_id)
        # booked: the payment counts once
        self.assertExposure(-1001, 1001)
        other = self._quote(1001)
        other.action_confirm()
        self.assertEqual(other.state, "draft")

    def test_paid_in_part(self):
        order = self._quote(3000, require_payment=True, prepayment_percent=0.5)
        order.action_quotation_sent()
        self._pay_order(order, amount=1500)
        order = order.sudo()
        self.assertEqual((order.state, order.credit_state), ("sent", "held"))
        held = order.credit_decision_ids
        self.assertEqual((held.amount_order, held.exposure), (1500, 1500))
        told = order.message_ids.notified_partner_ids
        self.assertIn(self.user_sales_own.partner_id, told)
        # what is missing comes: nobody has to confirm it
        self._pay_order(order, amount=1500)
        self.assertEqual(order.state, "sale")

    def test_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        prices = self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": euro.id}
        )
        order = self._quote(600, pricelist_id=prices.id, prepayment_percent=0.1)
        order.action_quotation_sent()
        self._pay_order(order, amount=100)
        self.assertFalse(order.sudo().credit_decision_ids.exposure)
        self.assertEqual(order.state, "sale")

    def test_overdue_is_held_however_it_was_paid(self):
        self.env.company.credit_overdue_action = "hold"
        self._owe(10, due="2026-01-01")
        order = self._quote(50)
        order.action_quotation_sent()
        self._pay_order(order)
        order = order.sudo()
        self.assertEqual((order.state, order.credit_state), ("sent", "held"))

    def test_authorized(self):
        """It counts until the money is captured, or not at all."""
        order = self._order((self.goods, 11), confirm=False)
        order.action_quotation_sent()
        transaction = self._pay_order(order, state="authorized")
        self.assertEqual(order.state, "sale")
        self.assertExposure(0, 1100)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        self.assertFalse(picking.credit_check_text)
        transaction._set_canceled(extra_allowed_states=("authorized",))
        self.env.invalidate_all()
        picking.button_validate()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(order.credit_state, "held")
        # another card: no entry tells of it, and the order is looked at again
        self._pay_order(order, state="authorized")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_custom.ir_cron_crm_credit").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(order.credit_state, "freed")
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_captured_in_parts(self):
        """What was captured is in the ledger, what was given up counts no more."""
        order = self._quote(1500)
        order.action_quotation_sent()
        transaction = self._pay_order(order, state="authorized")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.sudo()._get_credit_amount(), -1500)
        part = transaction._create_child_transaction(400)
        part._set_done()
        part._post_process()
        self.assertExposure(-400, 1500)
        self.assertEqual(order.sudo()._get_credit_amount(), -1100)
        part = transaction._create_child_transaction(1100)
        part._set_canceled()
        self.assertEqual(order.sudo()._get_credit_amount(), 0)

    def test_refunded_in_part(self):
        """What went back is no payment any more."""
        order = self._quote(1500)
        order.action_quotation_sent()
        transaction = self._pay_order(order, state="authorized")
        refund = transaction._create_child_transaction(300, is_refund=True)
        self.assertEqual(refund.amount, -300)
        refund._set_done()
        self.assertEqual(order.sudo()._get_credit_amount(), -1200)
