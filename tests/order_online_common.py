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

    def _pay_online(self, order, state="done", amount=None, book=False):
        provider = self.env["payment.provider"].create(
            {"name": "Dummy", "code": "none", "state": "test"}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": f"PAY-{order.id}-{provider.id}",
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        public = self.env.ref("base.public_user")
        transaction = transaction.with_user(public).sudo()
        getattr(transaction, f"_set_{state}")()
        if book:
            self._set_up_booking(provider)
            transaction._post_process()
        else:
            # where a company without a chart of accounts sells
            with patch.object(
                type(transaction), "_create_payment", lambda *a, **k: None
            ):
                transaction._post_process()
        return transaction

    def _set_up_booking(self, provider):
        """As a provider is set up by the module that brings it."""
        self.env["account.payment.method.line"].create(
            {
                "name": provider.name,
                "payment_method_id": self.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "payment_provider_id": provider.id,
                "journal_id": provider.journal_id.id,
            }
        )
