"""Several at once, and jobs that are killed: real connections and commits."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_custom.models import crm_outbox_run as jobs

from .concurrency_common import WAIT, ConcurrencyCase

NAME = "Dunning concurrency"
COUNT = 5


class Killed(BaseException):
    """What ends a process: no handler of errors sees it."""


class TestDunningConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        self.patch(jobs, "BATCH", 2)
        # the pages are not what is tested, and the engine is slow
        self.startPatcher(
            patch(
                "odoo.addons.crm_custom.models.crm_dunning_run_jobs.render_letters",
                lambda env, letters: [(letter, b"%PDF-1.4") for letter in letters],
            )
        )
        with self._transaction() as env:
            company = env.company
            account = env["account.account"].search(
                [
                    ("account_type", "=", "asset_receivable"),
                    ("company_ids", "in", company.ids),
                    ("active", "=", True),
                ],
                limit=1,
            )
            partners = env["res.partner"].create(
                [
                    {
                        "name": f"{NAME} {number}",
                        "is_company": True,
                        "email": f"dunning{number}@example.com",
                    }
                    for number in range(COUNT)
                ]
            )
            income = env["account.account"].search(
                [("account_type", "=", "income"), ("company_ids", "in", company.ids)],
                limit=1,
            )
            move = env["account.move"].create(
                {
                    "ref": NAME,
                    "date": "2026-01-01",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": partner.id,
                                "balance": 100,
                                "date_maturity": "2026-01-01",
                            }
                        )
                        for partner in partners
                    ]
                    + [Command.create({"account_id": income.id, "balance": -500})],
                }
            )
            move.action_post()
            move.line_ids.no_followup = False
            run = env["crm.dunning.run"].create(
                {"name": NAME, "partner_ids": partners.ids}
            )
            run.action_propose()
            run.letter_ids.channel = "email"
            self.run_id, self.move_id = run.id, move.id
            self.assertEqual(run.pending_count, COUNT)

    def _clean_up(self):
        with self._transaction() as env:
            partners = env["res.partner"].search([("name", "=like", f"{NAME}%")])
            self._mails(env).attachment_ids.unlink()
            self._mails(env).unlink()
            for run in env["crm.dunning.run"].search([("name", "=", NAME)]):
                run.state = "draft"
                run.letter_ids.activity_ids.unlink()
                run.unlink()
            moves = env["account.move"].search([("ref", "=", NAME)])
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            partners.unlink()
            job = env.ref("crm_custom.ir_cron_crm_dunning_run")
            jobs_ = job + env.ref("mail.ir_cron_mail_scheduler_action")
            env["ir.cron.trigger"].search([("cron_id", "in", jobs_.ids)]).unlink()

    def _mails(self, env):
        letters = env["crm.dunning.letter"].search([("run_id.name", "=", NAME)])
        return env["mail.mail"].search(
            [("model", "=", letters._name), ("res_id", "in", letters.ids)]
        )

    def _work(self):
        with self._transaction() as env:
            env["crm.dunning.run"]._cron_send()

    def _confirm(self, env):
        env["crm.dunning.run"].browse(self.run_id).action_confirm()

    def assertEachOnce(self):
        with self._transaction() as env:
            run = env["crm.dunning.run"].browse(self.run_id)
            mails = self._mails(env)
            self.assertEqual(sorted(mails.mapped("res_id")), sorted(run.letter_ids.ids))
            self.assertEqual(set(run.letter_ids.mapped("state")), {"queued"})
            lines = run.letter_ids.line_ids
            self.assertEqual(lines.mapped("is_counted"), [True] * COUNT)
            self.assertEqual(run.state, "done")
            # each commit has told the invoice of its own items
            notes = (
                env["account.move"]
                .browse(self.move_id)
                .message_ids.filtered(lambda note: "Dunning:" in (note.body or ""))
            )
            told = sum(note.body.count("Dunning:") for note in notes)
            self.assertEqual(told, COUNT)

    def test_two_confirm_at_once(self):
        with self._transaction() as env:
            run = env["crm.dunning.run"].browse(self.run_id)
            run.action_confirm()
            env.flush_all()
            second = self._in_thread(self._confirm)
            with self.assertRaisesRegex(UserError, "confirming this run just now"):
                second.result(WAIT)
        # and whoever comes when the first one is through
        third = self._in_thread(self._confirm)
        with self.assertRaisesRegex(UserError, "confirmed already"):
            third.result(WAIT)
        self._work()
        self.assertEachOnce()

    def test_killed_half_way(self):
        model = self.registry["crm.dunning.run"]
        make, batches = model._make_lines, []

        def killed(run, lines):
            make(run, lines)
            batches.append(lines.ids)
            if len(batches) == 2:
                raise Killed

        with self._transaction() as env:
            self._confirm(env)
        with patch.object(model, "_make_lines", killed), self.assertRaises(Killed):
            self._work()
        with self._transaction() as env:
            self.assertEqual(len(self._mails(env)), 2, "one batch was committed")
        self._work()
        self.assertEachOnce()
        self._work()
        self.assertEachOnce()

    def test_two_jobs_at_once(self):
        model = self.registry["crm.dunning.run"]
        make = model._make_lines

        def while_another_comes(run, lines):
            make(run, lines)
            # it finds the first one at work, and leaves it to it
            self.pool.submit(self._work).result(WAIT)

        with self._transaction() as env:
            self._confirm(env)
        with patch.object(model, "_make_lines", while_another_comes):
            self._work()
        self.assertEachOnce()
