"""Two at once: real connections and commits, cleaned up afterwards."""

from datetime import timedelta
from threading import Event
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError

from odoo.fields import Command, Datetime
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models import crm_interaction_jobs

from .concurrency_common import WAIT, ConcurrencyCase


class TestInteractionConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
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

        def second(env):
            # the snapshot is taken here
            env["res.partner"].search_count([])
            has_read.set()
            may_go_on.wait(WAIT)
            env["crm.interaction"]._log_meetings(self.event_ids)

        running = self._in_thread(second)
        self.assertTrue(has_read.wait(WAIT))
        with self._transaction() as env:
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

    def test_killed_half_way_it_goes_on_and_of_two_at_once_one_works(self):
        model = self.registry["crm.interaction"]
        log_meetings, runs = model._log_meetings, []

        def work(log, event_ids):
            log_meetings(log, event_ids)
            # the database may have meetings of its own
            own = [id_ for id_ in event_ids if id_ in self.event_ids]
            runs.extend(own)
            if own and len(runs) == 2:
                # of this one nothing is left
                log.env.flush_all()
                self._kill(log.env)

        def job(env):
            env["crm.interaction"]._cron_log_meetings()

        with (
            patch.object(crm_interaction_jobs, "JOB_BATCH", 1),
            patch.object(model, "_log_meetings", work),
            mute_logger("odoo.sql_db"),
        ):
            with self.assertRaises((InterfaceError, OperationalError)):
                self._in_thread(job).result(WAIT)
            self.assertEqual(self._count(), 1)

            def and_another(log, event_ids):
                self._in_thread(job).result(WAIT)
                work(log, event_ids)

            with (
                patch.object(model, "_log_meetings", and_another),
                self._transaction() as env,
            ):
                job(env)
        self.assertEqual(self._count(), 3)
        self.assertEqual(len(runs), 4)

    def test_two_calls_with_one_customer_do_not_wait_for_who_edits_him(self):
        """The dates lie in a table of their own."""

        def log(env):
            return env["crm.interaction"].create({"partner_id": self.customer_id}).id

        with self._transaction() as env:
            customer = env["res.partner"].browse(self.customer_id)
            customer.write({"comment": "Being edited"})
            env.flush_all()
            self._in_thread(log).result(WAIT)
        self.assertEqual(self._count(), 1)
