from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """What is authorized frees an order, too, and no entry tells of it."""
        result = super()._post_process()
        orders = self.filtered(lambda tx: tx.state == "authorized").sale_order_ids
        if orders:
            orders.crm_look_at_credit_soon([("id", "in", orders.ids)])
        return result

    def _check_amount_and_confirm_order(self):
        """Without the orders that wait: who paid is told that he has, as for others."""
        orders = super()._check_amount_and_confirm_order()
        return orders.filtered(lambda order: order.state == "sale")

    def _get_amount_to_be_booked(self):
        """What of these was paid or authorized, and is in no entry yet.

        In the currency of the order. Odoo confirms an order, and only then books. A
        transaction for several orders is left out, as Odoo does when it confirms.
        """
        amount = 0.0
        for tx in self:
            if (
                tx.state in ("authorized", "done")
                and tx.operation != "validation"
                and len(tx.sale_order_ids) == 1
                and not tx.payment_id.move_id
                and tx.payment_id.state not in ("paid", "canceled", "rejected")
            ):
                # captured parts have payments of their own; a refund is negative
                parts = tx.child_transaction_ids.filtered(
                    lambda part: part.state in ("cancel", "done")
                )
                amount += tx.amount - sum(abs(part.amount) for part in parts)
        return amount
