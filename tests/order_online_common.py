"""What a customer does with his quotation: he signs it, or pays it online."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class OrderOnlineCase(HttpCase):
    def _sign(self, order):
        # the server that answers has the real date
        order.sudo().write({"validity_date": False, "require_signature": True})
        self.env.flush_all()
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order.sudo()._portal_ensure_token(),
                "name": "The Customer",
                "signature": SIGNATURE,
            },
        )

    def _pay_online(self, order, state="done"):
        provider = self.env["payment.provider"].create(
            {"name": "Dummy", "code": "none", "state": "test"}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": f"PAY-{order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        public = self.env.ref("base.public_user")
        transaction = transaction.with_user(public).sudo()
        getattr(transaction, f"_set_{state}")()
        # the entry of the payment is not what is asked here
        with patch.object(type(transaction), "_create_payment", lambda *a, **k: None):
            transaction._post_process()
        return transaction
