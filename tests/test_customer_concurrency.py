"""Two people at once: real connections and commits, cleaned up afterwards."""

from odoo.exceptions import ValidationError

from .concurrency_common import WAIT, ConcurrencyCase


class TestCustomerConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        self.names = []

    def _create(self, env, name, **vals):
        self.names.append(name)
        return env["res.partner"].create(
            {"name": name, "is_company": True, "is_crm_customer": True, **vals}
        )

    def _clean_up(self):
        with self._transaction() as env:
            partners = env["res.partner"].with_context(active_test=False)
            partners.search([("name", "in", self.names)]).unlink()

    def _create_in_thread(self, name, **vals):
        return self._in_thread(lambda env: bool(self._create(env, name, **vals)))

    def test_the_second_of_two_is_refused(self):
        with self._transaction() as env:
            self._create(env, "Concurrent 1", ref="CONCURRENT")
            second = self._create_in_thread("Concurrent 2", ref="CONCURRENT")
            self._wait_for_a_waiting_lock(env.cr)
        with self.assertRaisesRegex(ValidationError, "another customer already"):
            second.result(WAIT)

    def test_the_second_goes_on_when_the_first_gives_up(self):
        with self._transaction() as env:
            self._create(env, "Concurrent 1", ref="CONCURRENT")
            second = self._create_in_thread("Concurrent 2", ref="CONCURRENT")
            self._wait_for_a_waiting_lock(env.cr)
            env.cr.rollback()
        second.result(WAIT)

    def test_change_of_code_is_seen_too(self):
        with self._transaction() as env:
            first = self._create(env, "Concurrent 1", ref="CONCURRENT 1")
        with self._transaction() as env:
            env["res.partner"].browse(first.id).ref = "CONCURRENT 2"
            second = self._create_in_thread("Concurrent 2", ref="CONCURRENT 2")
            self._wait_for_a_waiting_lock(env.cr)
        with self.assertRaises(ValidationError):
            second.result(WAIT)

    def test_own_changes_are_seen_before_they_are_saved(self):
        with self._transaction() as env:
            first = self._create(env, "Concurrent 1", ref="CONCURRENT 1")
            second = self._create(env, "Concurrent 2", ref="CONCURRENT 2")
        with self._transaction() as env:
            first, second = first.with_env(env), second.with_env(env)
            first.ref = "CONCURRENT 3"
            second.ref = "CONCURRENT 1"
            second.unlink()
            first.ref = "CONCURRENT 2"
            first.is_crm_customer = False
            self._create(env, "Concurrent 3", ref="CONCURRENT 2")

    def test_other_codes_do_not_wait(self):
        with self._transaction() as env:
            self._create(env, "Concurrent 1", ref="CONCURRENT 1")
            self._create_in_thread("Concurrent 2", ref="CONCURRENT 2").result(WAIT)

    def test_drawn_code_is_not_one_that_somebody_is_typing(self):
        with self._transaction() as env:
            sequence = env.ref("crm_custom.ir_sequence_crm_customer_code")
            code = sequence.get_next_char(sequence.number_next_actual)
            self._create(env, "Concurrent 1", ref=code)
            second = self._create_in_thread("Concurrent 2")
            self._wait_for_a_waiting_lock(env.cr)
        second.result(WAIT)
        with self._transaction() as env:
            customers = env["res.partner"].search([("name", "in", self.names)])
            self.assertEqual(len(set(customers.mapped("ref"))), 2)

    def test_big_import_keeps_other_codes_waiting_and_orders_not(self):
        def buy(env):
            buyer = self._create(env, "Concurrent buyer", is_crm_customer=False)
            buyer._register_customer_business()

        with self._transaction() as env:
            env["res.partner"]._lock_customer_codes(
                [f"IMPORT {number}" for number in range(501)]
            )
            self._in_thread(buy).result(WAIT)
            second = self._create_in_thread("Concurrent 2", ref="CONCURRENT")
            self._wait_for_a_waiting_lock(env.cr)
        second.result(WAIT)
