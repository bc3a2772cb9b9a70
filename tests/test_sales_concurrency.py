"""Two people at once: real connections and commits, cleaned up afterwards."""

from odoo.exceptions import ValidationError

from .concurrency_common import WAIT, ConcurrencyCase


class TestSalesConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            env.company.crm_contract_number_unique = True
            partner = env["res.partner"].create({"name": "Concurrent contract"})
            self.partner_id = partner.id

    def _clean_up(self):
        with self._transaction() as env:
            env.company.crm_contract_number_unique = False
            orders = env["sale.order"].search([("partner_id", "=", self.partner_id)])
            orders.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def _create(self, env, number):
        return bool(
            env["sale.order"].create(
                {"partner_id": self.partner_id, "contract_number": number}
            )
        )

    def test_the_second_order_of_a_contract_is_refused(self):
        with self._transaction() as env:
            self._create(env, "HT-1")
            second = self._in_thread(lambda env: self._create(env, "HT-1"))
            self._wait_for_a_waiting_lock(env.cr)
        with self.assertRaisesRegex(ValidationError, "another order of contract"):
            second.result(WAIT)

    def test_another_contract_does_not_wait(self):
        with self._transaction() as env:
            self._create(env, "HT-1")
            self._in_thread(lambda env: self._create(env, "HT-2")).result(WAIT)
