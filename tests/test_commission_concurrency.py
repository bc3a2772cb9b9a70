"""A month's commission on real connections: killed, and two at once, each line once."""

from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tools import mute_logger

from .concurrency_common import WAIT, ConcurrencyCase

NAME = "Concurrent commission"
MODEL = "crm.commission.statement"


class TestCommissionConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            user = env["res.users"].create({"name": NAME, "login": "concurrent_plan"})
            self.user_id = user_id = user.id
            self.company_id = env.company.id
            plan = env["crm.commission.plan"].create(
                {
                    "name": NAME,
                    "date_from": "2020-01-01",
                    "user_ids": [Command.set(user.ids)],
                    "tier_ids": [Command.create({"rate": 2})],
                }
            )
            self.plan_id = plan.id
            self.month = env[MODEL]._get_last_month(env.company)
        make = self.registry[MODEL]._make_month

        def make_ours(model, company, month, _users=None):
            return make(model, company, month, model.env["res.users"].browse(user_id))

        self._patch("_make_month", make_ours)
        # posted documents could not be taken back
        self._patch("_get_events", lambda *_args: self._events())
        self._patch("_get_plans", lambda model, _company: self._plan(model.env))

    def _patch(self, name, method):
        self.startPatcher(patch.object(self.registry[MODEL], name, method))

    def _plan(self, env):
        return env["crm.commission.plan"].browse(self.plan_id)

    def _events(self):
        return {
            ("invoiced", self.user_id, f"{number}-{number}-0"): {
                "order_line_id": False,
                "invoice_line_id": False,
                "date": self.month,
                "partner_id": False,
                "base": 100.0 * number,
                "move_id": False,
                "move_name": f"INV/{number}",
                "categ_id": False,
            }
            for number in (1, 2)
        }

    def _clean_up(self):
        with self._transaction() as env:
            statements = env[MODEL].search([("user_id", "=", self.user_id)])
            statements.filtered(lambda each: each.state == "closed").reopen("Clean up")
            statements.unlink()
            self._plan(env).unlink()
            user = env["res.users"].browse(self.user_id)
            partner = user.partner_id
            user.unlink()
            partner.unlink()

    def _run(self, env):
        env[MODEL]._make_last_month([self.company_id])

    def _run_job(self, env):
        env[MODEL]._cron_make_last_month()

    def _close(self, env):
        env[MODEL].search([("user_id", "=", self.user_id)]).action_close()

    def _stated(self):
        with self._transaction() as env:
            statements = env[MODEL].search([("user_id", "=", self.user_id)])
            bases = [sorted(each.line_ids.mapped("base")) for each in statements]
            return [*zip(statements.mapped("commission"), bases, strict=True)]

    def _meanwhile(self, work):
        """Have work done when the first of all months has been made, not committed."""
        make = self.registry[MODEL]._make_month
        made = []

        def _make_month(model, *args):
            result = make(model, *args)
            if not made:
                made.append(args)
                model.env.flush_all()
                work(model.env)
            return result

        self._patch("_make_month", _make_month)

    def test_killed_half_way_it_is_made_anew(self):
        self._meanwhile(self._kill)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises((InterfaceError, OperationalError)),
        ):
            self._in_thread(self._run_job).result(WAIT)
        self.assertEqual(self._stated(), [])
        for _time in range(2):
            with self._transaction() as env:
                self._run_job(env)
            self.assertEqual(self._stated(), [(6, [100, 200])])

    def test_a_second_job_leaves_it_to_the_first(self):
        self._meanwhile(lambda _env: self._in_thread(self._run_job).result(WAIT))
        with self._transaction() as env:
            self._run_job(env)
        self.assertEqual(self._stated(), [(6, [100, 200])])

    def test_two_that_make_it_at_once_make_it_once(self):
        """A manager who has read before the job committed is called again."""
        second, go_on = self._in_thread_that_has_read(self._run)
        with self._transaction() as env:
            self._run_job(env)
        go_on()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            second.result(WAIT)
        with self._transaction() as env:
            self._run(env)
        self.assertEqual(self._stated(), [(6, [100, 200])])

    def test_what_is_closed_meanwhile_stays(self):
        with self._transaction() as env:
            self._run(env)
        second, go_on = self._in_thread_that_has_read(self._run)
        with self._transaction() as env:
            self._close(env)
        go_on()
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            second.result(WAIT)
        with self._transaction() as env:
            self._run(env)
            (statement,) = env[MODEL].search([("user_id", "=", self.user_id)])
            self.assertEqual(statement.state, "closed")
        self.assertEqual(self._stated(), [(6, [100, 200])])
