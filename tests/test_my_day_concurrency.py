"""The jobs at once, on real connections: what is told is told once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

WAIT = 20
KEY = "concurrency"


@tagged("standard", "post_install", "-at_install")
class TestMyDayConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.addCleanup(self.pool.shutdown)

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '%ss'", [WAIT])
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _forget(self):
        with self._transaction() as env:
            env["crm.notice"].search([("key", "=", KEY)]).unlink()

    def _claim(self, env):
        partner = env.ref("base.main_partner")
        return env["crm.notice"]._claim("res.partner", [(partner.id, KEY)])

    def _in_thread(self, work):
        def run():
            with self._transaction() as env:
                return bool(work(env))

        return self.pool.submit(run)

    def _count(self):
        with self._transaction() as env:
            return env["crm.notice"].search_count([("key", "=", KEY)])

    def test_of_two_jobs_at_once_one_works(self):
        with self._transaction() as env:
            self.assertTrue(env["crm.notice"]._is_alone(KEY))
            second = self._in_thread(lambda env: env["crm.notice"]._is_alone(KEY))
            self.assertFalse(second.result(WAIT))
            env.cr.commit()
            third = self._in_thread(lambda env: env["crm.notice"]._is_alone(KEY))
            self.assertTrue(third.result(WAIT))

    def test_two_that_claim_the_same_tell_it_once(self):
        with self._transaction() as env:
            # both have looked already when the first one claims
            env.cr.execute("SELECT 1")
            other = self.registry.cursor()
            self.addCleanup(other.close)
            other_env = api.Environment(other, SUPERUSER_ID, {})
            other.execute("SELECT count(*) FROM crm_notice")
            self.assertTrue(self._claim(env))
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._claim(other_env)
        other.rollback()
        self.assertFalse(self._claim(other_env))
        self.assertEqual(self._count(), 1)

    def test_what_was_rolled_back_is_told_by_the_next(self):
        with self._transaction() as env:
            self.assertTrue(self._claim(env))
            env.cr.rollback()
        self.assertEqual(self._count(), 0)
        with self._transaction() as env:
            self.assertTrue(self._claim(env))
            self.assertFalse(self._claim(env))
        self.assertEqual(self._count(), 1)
