"""Two at once: real connections and commits, cleaned up afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

from odoo import SUPERUSER_ID, api
from odoo.fields import Command, Datetime
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from odoo.addons.crm_custom.models import crm_interaction_jobs

WAIT = 20


@tagged("standard", "post_install", "-at_install")
class TestInteractionConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.addCleanup(self.pool.shutdown)
        self.addCleanup(self._clean_up)
        with self._transaction() as env:
            self.customer_id = (
                env["res.partner"]
                .create({"name": "Concurrent customer", "is_company": True})
                .id
            )
            start = Datetime.now() - timedelta(hours=2)
            self.event_ids = (
                env["calendar.event"]
                .with_context(no_mail_to_attendees=True, dont_notify=True)
                .create(
                    [
                        {
                            "name": f"Concurrent {number}",
                            "start": start,
                            "stop": start + timedelta(hours=1),
                            "partner_ids": [Command.set([self.customer_id])],
                        }
                        for number in range(3)
                    ]
                )
                .ids
            )

    def _transaction(self):
        return _Transaction(self.registry)

    def _clean_up(self):
        with self._transaction() as env:
            env["calendar.event"].browse(self.event_ids).exists().unlink()
            env["res.partner"].browse(self.customer_id).unlink()
            env["ir.config_parameter"].search(
                [("key", "=", crm_interaction_jobs.MEETINGS_UNTIL)]
            ).unlink()

    def _count(self):
        with self._transaction() as env:
            return env["crm.interaction"].search_count(
                [("partner_id", "=", self.customer_id)]
            )

    def test_two_who_take_in_the_same_make_one_entry_each(self):
        """The second has read before the first commits, and waits at the key."""
        has_read, may_go_on = Event(), Event()

        def second():
            with self._transaction() as env:
                # the snapshot is taken here
                env["res.partner"].search_count([])
                has_read.set()
                may_go_on.wait(WAIT)
                env["crm.interaction"]._log_meetings(self.event_ids)

        with self._transaction() as env:
            running = self.pool.submit(second)
            self.assertTrue(has_read.wait(WAIT))
            env["crm.interaction"]._log_meetings(self.event_ids[:2])
        may_go_on.set()
        try:
            running.result(WAIT)
        except Exception as error:
            # the dates of the customer, written by both: Odoo tries such a one again
            self.assertIn("could not serialize", str(error))
            with self._transaction() as env:
                env["crm.interaction"]._log_meetings(self.event_ids)
        self.assertEqual(self._count(), 3)

    def test_a_second_job_leaves_the_work_to_the_first(self):
        works = []

        def work(ids):
            works.append(ids)
            if len(works) == 1:
                with self._transaction() as other:
                    done = other["crm.interaction"]._run_capture("test", [9], work)
                self.assertFalse(done, "the lock is taken")

        with self._transaction() as env:
            self.assertTrue(env["crm.interaction"]._run_capture("test", [1], work))
        self.assertEqual(works, [[1]])

    def test_two_calls_with_one_customer_do_not_wait_for_who_edits_him(self):
        """The dates lie in a table of their own."""

        def log():
            with self._transaction() as env:
                env["crm.interaction"].create({"partner_id": self.customer_id})

        with self._transaction() as env:
            customer = env["res.partner"].browse(self.customer_id)
            customer.write({"comment": "Being edited"})
            env.flush_all()
            self.pool.submit(log).result(WAIT)
        self.assertEqual(self._count(), 1)


class _Transaction:
    """A transaction of its own, committed at the end; waits for no lock for ever."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        self.cursor.execute("SET LOCAL lock_timeout = '%ss'", [WAIT])
        return api.Environment(self.cursor, SUPERUSER_ID, {"tracking_disable": True})

    def __exit__(self, error, *_):
        if error is None:
            self.cursor.commit()
        self.cursor.close()
