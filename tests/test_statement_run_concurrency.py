"""A run that is killed, and two jobs at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from odoo.addons.crm_custom.models import crm_outbox_run as jobs

WAIT = 60
COUNT = 5
NAME = "Statement concurrency"


class Killed(BaseException):
    """What no code catches."""


@tagged("standard", "post_install", "-at_install")
class TestStatementRunConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.patch(jobs, "BATCH", 2)
        # these customers have no entries, which could not be taken back
        self.patch(
            self.registry["crm.statement.run"],
            "_get_owing",
            lambda run, partners: dict.fromkeys(partners.ids, (10, 0)),
        )
        self.addCleanup(self._clean_up)
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.addCleanup(self.pool.shutdown)
        with self._transaction() as env:
            partners = env["res.partner"].create(
                [
                    {
                        "name": f"{NAME} {number}",
                        "is_company": True,
                        "email": f"concurrency{number}@example.com",
                    }
                    for number in range(COUNT)
                ]
            )
            run = env["crm.statement.run"].create(
                {
                    "name": NAME,
                    "line_ids": [
                        (0, 0, {"partner_id": partner.id, "contact_id": partner.id})
                        for partner in partners
                    ],
                }
            )
            run.action_send()
            self.run_id = run.id

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '%ss'", [WAIT])
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self._transaction() as env:
            partners = env["res.partner"].search([("name", "=like", f"{NAME}%")])
            mails = self._mails(env)
            mails.attachment_ids.unlink()
            mails.unlink()
            run = env["crm.statement.run"].search([("name", "=", NAME)])
            run.state = "draft"
            run.unlink()
            partners.unlink()
            job = env.ref("crm_custom.ir_cron_crm_statement_run")
            jobs_ = job + env.ref("mail.ir_cron_mail_scheduler_action")
            env["ir.cron.trigger"].search([("cron_id", "in", jobs_.ids)]).unlink()

    def _mails(self, env):
        lines = env["crm.statement.run.line"].search([("run_id.name", "=", NAME)])
        return env["mail.mail"].search(
            [("model", "=", lines._name), ("res_id", "in", lines.ids)]
        )

    def _work(self):
        with self._transaction() as env:
            env["crm.statement.run"]._cron_send()

    def assertEachOnce(self):
        with self._transaction() as env:
            run = env["crm.statement.run"].browse(self.run_id)
            mails = self._mails(env)
            self.assertEqual(sorted(mails.mapped("res_id")), sorted(run.line_ids.ids))
            self.assertEqual(run.line_ids.mail_mail_id, mails)
            self.assertEqual(set(run.line_ids.mapped("state")), {"queued"})
            self.assertTrue(all(mail.attachment_ids for mail in mails))
            self.assertEqual(run.state, "done")

    def test_killed_half_way(self):
        make, batches = self.registry["crm.statement.run"]._make_lines, []

        def killed(run, lines):
            make(run, lines)
            batches.append(lines.ids)
            if len(batches) == 2:
                raise Killed

        model = self.registry["crm.statement.run"]
        with patch.object(model, "_make_lines", killed), self.assertRaises(Killed):
            self._work()
        with self._transaction() as env:
            self.assertEqual(len(self._mails(env)), 2, "one batch was committed")
        self._work()
        self.assertEachOnce()
        self._work()
        self.assertEachOnce()

    def test_two_jobs_at_once(self):
        make = self.registry["crm.statement.run"]._make_lines

        def while_another_comes(run, lines):
            make(run, lines)
            # it finds the first one at work, and leaves it to it
            self.pool.submit(self._work).result(WAIT)

        with patch.object(
            self.registry["crm.statement.run"], "_make_lines", while_another_comes
        ):
            self._work()
        self.assertEachOnce()
