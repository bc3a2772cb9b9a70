"""Two orders at once that use one limit: real connections and commits."""

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .concurrency_common import WAIT, ConcurrencyCase

SETTINGS = ("credit_limit_action", "account_use_credit_limit")


class TestCreditConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            company = env.company
            self.settings = {name: company[name] for name in SETTINGS}
            company.credit_limit_action = "hold"
            customer = env["res.partner"].create(
                {"name": "Concurrent credit", "credit_limit": 1000}
            )
            product = env["product.product"].create(
                {"name": "Concurrent", "type": "service"}
            )
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": customer.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "price_unit": price,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for price in (400, 600, 600)
                ]
            )
            # the first order of a customer writes his status, the others do not
            orders[0].action_confirm()
            self.made = [(r._name, r.ids) for r in (orders, product, customer)]
            self.order_ids = orders.ids

    def _clean_up(self):
        with self._transaction() as env:
            for model, ids in self.made:
                records = env[model].browse(ids)
                if model == "sale.order":
                    records._action_cancel()
                records.unlink()
            env.company.write(self.settings)

    def _confirm(self, env, number):
        env["sale.order"].browse(self.order_ids[number]).action_confirm()

    def _states(self):
        with self._transaction() as env:
            return env["sale.order"].browse(self.order_ids).mapped("state")

    def assertSecondFails(self, first, second):
        """The second has read before the first commits."""
        with mute_logger("odoo.sql_db"):
            running, go_on = self._in_thread_that_has_read(second)
            with self._transaction() as env:
                first(env)
            go_on()
            # Odoo calls again whatever fails by this
            with self.assertRaises(SerializationFailure):
                running.result(WAIT)

    def test_two_at_once_do_not_pass_one_limit(self):
        self.assertSecondFails(
            lambda env: self._confirm(env, 1), lambda env: self._confirm(env, 2)
        )
        self._in_thread(lambda env: self._confirm(env, 2)).result(WAIT)
        self.assertEqual(self._states(), ["sale", "sale", "draft"])

    def test_one_is_raised_while_another_is_confirmed(self):
        def raise_price(env):
            line = env["sale.order"].browse(self.order_ids[0]).order_line
            line.price_unit = 500

        self.assertSecondFails(lambda env: self._confirm(env, 1), raise_price)
        with self.assertRaisesRegex(UserError, "1,100.00"):
            self._in_thread(raise_price).result(WAIT)
