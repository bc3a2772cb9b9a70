"""Several at once, and jobs that are killed: real connections and commits."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from .concurrency_common import WAIT
from .outbox_concurrency_common import COUNT, OutboxConcurrencyCase


class TestDunningConcurrency(OutboxConcurrencyCase):
    run_model = "crm.dunning.run"
    job = "crm_custom.ir_cron_crm_dunning_run"
    name = "Dunning concurrency"

    def setUp(self):
        super().setUp()
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
            partners = self._create_partners(env)
            income = env["account.account"].search(
                [("account_type", "=", "income"), ("company_ids", "in", company.ids)],
                limit=1,
            )
            move = env["account.move"].create(
                {
                    "ref": self.name,
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
                {"name": self.name, "partner_ids": partners.ids}
            )
            run.action_propose()
            run.letter_ids.channel = "email"
            self.run_id, self.move_id = run.id, move.id
            self.assertEqual(run.pending_count, COUNT)

    def _clean_up_entries(self, env):
        moves = env["account.move"].search([("ref", "=", self.name)])
        moves.button_draft()
        moves.with_context(force_delete=True).unlink()

    def _lines(self, run):
        return run.letter_ids

    def _confirm(self, env):
        self._run(env).action_confirm()

    def assertEachOnce(self):
        super().assertEachOnce()
        with self._transaction() as env:
            lines = self._run(env).letter_ids.line_ids
            self.assertEqual(lines.mapped("is_counted"), [True] * COUNT)
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
            self._confirm(env)
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

    def test_who_cancels_what_is_being_confirmed_is_told(self):
        with self._transaction() as env:
            self._confirm(env)
            env.flush_all()
            second = self._in_thread(lambda other: self._run(other).action_cancel())
            with self.assertRaisesRegex(UserError, "at work on this run just now"):
                second.result(WAIT)

    def test_killed_half_way(self):
        with self._transaction() as env:
            self._confirm(env)
        self.assertKilledHalfWay()

    def test_two_jobs_at_once(self):
        with self._transaction() as env:
            self._confirm(env)
        self.assertTwoJobsAtOnce()
