"""Several at once: real connections and commits. A test cleans up after itself."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

#: seconds until somebody who waits for somebody else gives up
WAIT = 20


@tagged("standard", "post_install", "-at_install")
class ConcurrencyCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean_up)
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.addCleanup(self.pool.shutdown)

    def _clean_up(self):
        """Delete what the test has committed."""

    @contextmanager
    def _transaction(self):
        """The environment of a transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '%ss'", [WAIT])
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _in_thread(self, work):
        """Begin the work in a transaction of another connection."""

        def run():
            with self._transaction() as env:
                return work(env)

        return self.pool.submit(run)

    def _in_thread_that_has_read(self, work):
        """Begin the work in a transaction that knows nothing of what is done from now.

        :return: its future, and the function that lets it go on
        """
        has_read, may_go_on = Event(), Event()

        def run(env):
            # the snapshot is taken here
            env.cr.execute("SELECT 1")
            has_read.set()
            may_go_on.wait(WAIT)
            return work(env)

        running = self._in_thread(run)
        self.assertTrue(has_read.wait(WAIT))
        return running, may_go_on.set

    def _wait_for_a_waiting_lock(self, cr):
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            cr.execute(
                """
                SELECT count(*)
                  FROM pg_locks
                 WHERE locktype = 'advisory' AND NOT granted
                   AND database = (
                        SELECT oid FROM pg_database WHERE datname = current_database()
                   )
                """
            )
            if cr.fetchone()[0]:
                return
            time.sleep(0.05)
        self.fail("The second transaction does not wait for the first one.")

    def _kill(self, env):
        """End the connection of this environment, as a kill of its process does."""
        pid = env.cr._cnx.info.backend_pid
        with self._transaction() as other:
            other.cr.execute("SELECT pg_terminate_backend(%s)", [pid])
