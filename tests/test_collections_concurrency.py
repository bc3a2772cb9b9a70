"""Two at one item, jobs that are killed: real connections and commits."""

from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError

from odoo.fields import Command, Date
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models import crm_dispute_jobs, crm_promise_keeping

from .concurrency_common import WAIT, ConcurrencyCase


class TestCollectionsConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            accounts = env["account.account"].create(
                [
                    {
                        "name": "Concurrent",
                        "code": f"CDISPUTE{number}",
                        "account_type": kind,
                        "reconcile": number == 0,
                    }
                    for number, kind in enumerate(("asset_receivable", "income"))
                ]
            )
            journal = env["account.journal"].create(
                {"name": "Entries", "code": "CEN", "type": "general"}
            )
            customer = env["res.partner"].create({"name": "Concurrent"})
            entry = env["account.move"].create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "line_ids": [
                        *(
                            Command.create(
                                {
                                    "account_id": accounts[0].id,
                                    "partner_id": customer.id,
                                    "balance": 100,
                                }
                            )
                            for _item in range(3)
                        ),
                        Command.create({"account_id": accounts[1].id, "balance": -300}),
                    ],
                }
            )
            entry.action_post()
            lines = entry.line_ids.filtered(lambda line: line.balance > 0)
            self.line_ids = lines.ids
            self.made = [
                (records._name, records.ids)
                for records in (entry, journal, accounts, customer)
            ]
            self.reason_id = env.ref("crm_custom.crm_dispute_reason_other").id

    def _clean_up(self):
        with self._transaction() as env:
            env["crm.dispute"].search([("move_line_id", "in", self.line_ids)]).unlink()
            items = [("item_ids.move_line_id", "in", self.line_ids)]
            env["crm.promise"].search(items).unlink()
            for model, ids in self.made:
                records = env[model].browse(ids).exists()
                if model == "account.move":
                    records.button_draft()
                    records = records.with_context(force_delete=True)
                records.unlink()

    def _dispute(self, env, line_id, amount=60, **vals):
        return env["crm.dispute"].create(
            {
                "move_line_id": line_id,
                "amount": amount,
                "reason_id": self.reason_id,
                **vals,
            }
        )

    def _states(self):
        with self._transaction() as env:
            disputes = env["crm.dispute"].search(
                [("move_line_id", "in", self.line_ids)]
            )
            return sorted(disputes.mapped("state"))

    def test_two_at_once_do_not_dispute_more_than_is_open(self):
        """The second has read before the first commits."""
        with mute_logger("odoo.sql_db"):
            running, go_on = self._in_thread_that_has_read(
                lambda env: self._dispute(env, self.line_ids[0])
            )
            with self._transaction() as env:
                self._dispute(env, self.line_ids[0])
            go_on()
            with self.assertRaisesRegex(Exception, "_one_at_a_time"):
                running.result(WAIT)
        self.assertEqual(self._states(), ["open"])

    def test_killed_half_way_the_job_goes_on_and_of_two_at_once_one_works(self):
        with self._transaction() as env:
            disputes = env["crm.dispute"]
            for line_id in self.line_ids:
                disputes += self._dispute(env, line_id, amount=100)
            env.flush_all()
            env.cr.execute(
                "UPDATE crm_dispute SET date_opened = %s, date_until = %s"
                " WHERE id = ANY(%s)",
                [Date.to_date("2026-01-01"), Date.to_date("2026-01-31"), disputes.ids],
            )
        model = self.registry["crm.dispute"]
        end, runs = model._end, []

        def work(records, outcome, note=None):
            end(records, outcome, note)
            runs.extend(set(records.move_line_id.ids) & set(self.line_ids))
            if len(runs) == 2:
                # of this one nothing is left
                records.env.flush_all()
                self._kill(records.env)

        def job(env):
            env["crm.dispute"]._cron_end_disputes()

        with (
            patch.object(crm_dispute_jobs, "BATCH", 1),
            patch.object(model, "_end", work),
            mute_logger("odoo.sql_db"),
        ):
            with self.assertRaises((InterfaceError, OperationalError)):
                self._in_thread(job).result(WAIT)
            self.assertEqual(self._states(), ["ended", "open", "open"])

            def and_another(records, outcome, note=None):
                self._in_thread(job).result(WAIT)
                work(records, outcome, note)

            with (
                patch.object(model, "_end", and_another),
                self._transaction() as env,
            ):
                job(env)
        self.assertEqual(self._states(), ["ended"] * 3)
        self.assertEqual(len(runs), 4)
        with self._transaction() as env:
            notes = env["mail.message"].search(
                [
                    ("model", "=", "account.move"),
                    ("res_id", "in", dict(self.made)["account.move"]),
                    ("body", "ilike", "Dispute ended"),
                ]
            )
            self.assertEqual(len(notes), 3)

    def _promise(self, env, line_id):
        return env["crm.promise"].create(
            {
                "date_promised": Date.today(),
                "item_ids": [Command.create({"move_line_id": line_id})],
            }
        )

    def _promise_states(self):
        with self._transaction() as env:
            items = [("item_ids.move_line_id", "in", self.line_ids)]
            return sorted(env["crm.promise"].search(items).mapped("state"))

    def test_two_at_once_do_not_take_down_one_promise_twice(self):
        with mute_logger("odoo.sql_db"):
            running, go_on = self._in_thread_that_has_read(
                lambda env: self._promise(env, self.line_ids[0])
            )
            with self._transaction() as env:
                self._promise(env, self.line_ids[0])
            go_on()
            with self.assertRaisesRegex(Exception, "_promised_once"):
                running.result(WAIT)
        self.assertEqual(self._promise_states(), ["open"])

    def test_killed_half_way_the_promises_are_settled_once(self):
        with self._transaction() as env:
            promises = env["crm.promise"]
            for line_id in self.line_ids:
                promises += self._promise(env, line_id)
            promises.write({"date_made": "2026-01-01", "date_promised": "2026-01-31"})
        model = self.registry["crm.promise"]
        settle, runs = model._settle, []

        def work(records, ids):
            settle(records, ids)
            # the database may have promises of its own
            mine = set(ids) & set(promises.ids)
            runs.extend(mine)
            if mine and len(runs) == 2:
                # of this one nothing is left
                records.env.flush_all()
                self._kill(records.env)

        def job(env):
            env["crm.promise"]._cron_settle_promises()

        with (
            patch.object(crm_promise_keeping, "BATCH", 1),
            patch.object(model, "_settle", work),
            mute_logger("odoo.sql_db"),
        ):
            with self.assertRaises((InterfaceError, OperationalError)):
                self._in_thread(job).result(WAIT)
            self.assertEqual(self._promise_states(), ["broken", "open", "open"])
            with self._transaction() as env:
                job(env)
        self.assertEqual(self._promise_states(), ["broken"] * 3)
        self.assertEqual(len(runs), 4)
        with self._transaction() as env:
            notes = env["mail.message"].search(
                [
                    ("model", "=", "res.partner"),
                    ("res_id", "in", dict(self.made)["res.partner"]),
                    ("body", "ilike", "Broken"),
                ]
            )
            self.assertEqual(len(notes), 3)
