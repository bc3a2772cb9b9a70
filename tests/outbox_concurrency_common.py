"""Runs of the outbox that are killed, and two jobs at once."""

from unittest.mock import patch

from odoo.addons.crm_custom.models import crm_outbox_run as jobs

from .concurrency_common import WAIT, ConcurrencyCase

COUNT = 5


class Killed(BaseException):
    """What ends a process: no handler of errors sees it."""


class OutboxConcurrencyCase(ConcurrencyCase):
    """A test prepares a run of `COUNT` customers, and keeps its id as ``run_id``."""

    #: model, job and name of the run; its customers are called so, too
    run_model = None
    job = None
    name = None

    def setUp(self):
        super().setUp()
        self.patch(jobs, "BATCH", 2)

    def _clean_up(self):
        with self._transaction() as env:
            self._mails(env).attachment_ids.unlink()
            self._mails(env).unlink()
            for run in env[self.run_model].search([("name", "=", self.name)]):
                run.state = "draft"
                lines = self._lines(run)
                env["mail.activity"].search(
                    [("res_model", "=", lines._name), ("res_id", "in", lines.ids)]
                ).unlink()
                run.unlink()
            self._clean_up_entries(env)
            env["res.partner"].search([("name", "=like", f"{self.name}%")]).unlink()
            job = env.ref(self.job) + env.ref("mail.ir_cron_mail_scheduler_action")
            env["ir.cron.trigger"].search([("cron_id", "in", job.ids)]).unlink()

    def _clean_up_entries(self, env):
        """Delete what the customers owe."""

    def _create_partners(self, env):
        return env["res.partner"].create(
            [
                {
                    "name": f"{self.name} {number}",
                    "is_company": True,
                    "email": f"concurrency{number}@example.com",
                }
                for number in range(COUNT)
            ]
        )

    def _run(self, env):
        return env[self.run_model].browse(self.run_id)

    def _lines(self, run):
        """What goes out, each by an e-mail."""
        raise NotImplementedError

    def _mails(self, env):
        lines = self._lines(env[self.run_model].search([("name", "=", self.name)]))
        return env["mail.mail"].search(
            [("model", "=", lines._name), ("res_id", "in", lines.ids)]
        )

    def _work(self):
        with self._transaction() as env:
            env[self.run_model]._cron_send()

    def assertEachOnce(self):
        with self._transaction() as env:
            run, mails = self._run(env), self._mails(env)
            lines = self._lines(run)
            self.assertEqual(len(lines), COUNT)
            self.assertEqual(sorted(mails.mapped("res_id")), sorted(lines.ids))
            self.assertEqual(lines.mail_mail_id, mails)
            self.assertEqual(set(lines.mapped("state")), {"queued"})
            self.assertTrue(all(mail.attachment_ids for mail in mails))
            self.assertEqual(run.state, "done")

    def assertKilledHalfWay(self):
        model = self.registry[self.run_model]
        make, batches = model._make_lines, []

        def killed(run, lines):
            make(run, lines)
            batches.append(lines.ids)
            if len(batches) == 2:
                raise Killed

        with patch.object(model, "_make_lines", killed), self.assertRaises(Killed):
            self._work()
        with self._transaction() as env:
            self.assertEqual(len(self._mails(env)), 2, "one batch was committed")
        self._work()
        self.assertEachOnce()
        self._work()
        self.assertEachOnce()

    def assertTwoJobsAtOnce(self):
        model = self.registry[self.run_model]
        make = model._make_lines

        def while_another_comes(run, lines):
            make(run, lines)
            # it finds the first one at work, and leaves it to it
            self.pool.submit(self._work).result(WAIT)

        with patch.object(model, "_make_lines", while_another_comes):
            self._work()
        self.assertEachOnce()
