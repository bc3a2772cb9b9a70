"""How jobs work in batches: past a bad record, alone, and again after a kill."""

from unittest.mock import patch

from odoo.tools import mute_logger

from .common import CrmCustomCase
from .concurrency_common import ConcurrencyCase

LOGGER = "odoo.addons.crm_custom.models.ir_cron"


class TestJobBatches(CrmCustomCase):
    def setUp(self):
        super().setUp()
        self.done = []

    def _work(self, ids):
        """Write each; 3 and 7 are bad, and 3 only when it is flushed."""
        partners = self.env["res.partner"].browse(self.ids[i] for i in ids)
        for number, partner in zip(ids, partners, strict=True):
            partner.comment = f"done {number}"
            if number == 7:
                raise ValueError("bad")
            if number == 3:
                partner.name = False
        self.done += ids

    def _run(self, count, size, **options):
        self.ids = (
            self.env["res.partner"]
            .create([{"name": f"Item {number}"} for number in range(count)])
            .ids
        )
        cron = self.env["ir.cron"]
        with (
            # in a test nothing may be committed; there is time for more
            patch.object(type(cron), "_commit_progress", return_value=1),
            mute_logger("odoo.sql_db"),
        ):
            return cron._crm_run_in_batches(
                list(range(count)), size, self._work, **options
            )

    def test_a_bad_record_is_logged_and_the_rest_is_done(self):
        failed = []
        with self.assertLogs(LOGGER, "ERROR") as logs:
            self.assertTrue(self._run(10, 5, failed=failed))
        self.assertEqual(failed, [3, 7])
        self.assertEqual(len(logs.records), 2)
        self.assertIn("ValueError: bad", logs.output[1])
        self.env.invalidate_all()
        comments = self.env["res.partner"].browse(self.ids).mapped("comment")
        self.assertEqual(
            [bool(comment) for comment in comments],
            [number not in failed for number in range(10)],
        )


class TestJobsAtOnce(ConcurrencyCase):
    def test_a_second_job_leaves_the_work_to_the_first(self):
        works = []

        def work(ids):
            works.append(ids)
            if len(works) == 1:
                with self._transaction() as other:
                    self.assertFalse(run(other, [9]), "the lock is taken")
                    self.assertTrue(run(other, [8], lock="another"))

        def run(env, ids, lock="test"):
            return env["ir.cron"]._crm_run_in_batches(ids, 1, work, lock=lock)

        with self._transaction() as env:
            self.assertTrue(run(env, [1, 2]))
            self.assertTrue(run(env, [3]), "a batch that is done gives the lock back")
        self.assertEqual(works, [[1], [8], [2], [3]])
