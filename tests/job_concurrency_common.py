"""Jobs on real connections: killed half-way, and two at once, each thing once."""

from datetime import datetime
from threading import Event
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tools import mute_logger

from .concurrency_common import WAIT

NAME = "Concurrent"
COUNT = 5


class JobConcurrencyMixin:
    """The tests of a job, for a `ConcurrencyCase`, which prepares `COUNT` things.

    ``_tell`` is the method that tells a batch, ``_list`` the one that finds it.
    """

    _job = ("", "")
    _tell = ("", "")
    _list = ("", "")

    def _run(self, env):
        model, method = self._job
        return getattr(env[model], method)()

    def _patch(self, place, method):
        model, name = place
        return patch.object(self.registry[model], name, method)

    def _count_told(self):
        """How often each was told."""
        raise NotImplementedError

    def _count_activities(self, res_model, ids):
        with self._transaction() as env:
            activities = env["mail.activity"].search(
                [("res_model", "=", res_model), ("res_id", "in", ids)]
            )
            found = activities.mapped("res_id")
            return [found.count(id_) for id_ in ids]

    def _assert_told_once(self):
        self.assertEqual(self._count_told(), [1] * COUNT)

    def test_killed_half_way_it_goes_on(self):
        tell = getattr(self.registry[self._tell[0]], self._tell[1])
        batches = []

        def killed(model, *args):
            result = tell(model, *args)
            batches.append(args)
            if len(batches) == 2:
                model.env.flush_all()
                self._kill(model.env)
            return result

        with (
            self._patch(self._tell, killed),
            mute_logger("odoo.sql_db"),
            self.assertRaises((InterfaceError, OperationalError)),
        ):
            self._in_thread(self._run).result(WAIT)
        told = self._count_told()
        self.assertEqual(max(told), 1)
        self.assertIn(0, told)
        for _time in range(2):
            with self._transaction() as env:
                self._run(env)
        self._assert_told_once()

    def test_two_at_once_tell_it_once(self):
        tell = getattr(self.registry[self._tell[0]], self._tell[1])
        runs = []

        def meanwhile(model, *args):
            result = tell(model, *args)
            if not runs:
                runs.append(args)
                model.env.flush_all()
                self._in_thread(self._run).result(WAIT)
            return result

        with self._patch(self._tell, meanwhile), self._transaction() as env:
            self._run(env)
        self.assertTrue(runs)
        self._assert_told_once()

    def test_two_that_have_looked_tell_it_once(self):
        find = getattr(self.registry[self._list[0]], self._list[1])
        has_looked, may_go_on = Event(), Event()

        def looks(model, *args):
            found = find(model, *args)
            if found and not has_looked.is_set():
                has_looked.set()
                may_go_on.wait(WAIT)
            return found

        with self._patch(self._list, looks):
            second = self._in_thread(self._run)
            self.assertTrue(has_looked.wait(WAIT))
        with self._transaction() as env:
            self._run(env)
        may_go_on.set()
        with mute_logger("odoo.sql_db"):
            # its snapshot is of the past; the scheduler starts it again
            try:
                second.result(WAIT)
            except SerializationFailure:
                with self._transaction() as env:
                    self._run(env)
        self._assert_told_once()

    # ------------------------------------------------------------
    # The world
    # ------------------------------------------------------------

    def _make_salespeople(self, env, count=1, **vals):
        """Where it is nine in the morning."""
        shift = 9 - datetime.utcnow().hour
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create(
            [
                {
                    "name": f"{NAME} {number}",
                    "login": f"concurrent_{number}",
                    "email": f"concurrent_{number}@example.com",
                    "tz": f"Etc/GMT{-shift:+d}",
                    "group_ids": [
                        Command.link(env.ref("base.group_user").id),
                        Command.link(env.ref("sales_team.group_sale_salesman").id),
                    ],
                    **vals,
                }
                for number in range(count)
            ]
        )

    def _make_customers(self, env, user, **vals):
        return env["res.partner"].create(
            [
                {
                    "name": f"{NAME} customer {number}",
                    "is_company": True,
                    "is_crm_customer": True,
                    "user_id": user.id,
                    **vals,
                }
                for number in range(COUNT)
            ]
        )

    def _clean_up(self):
        with self._transaction() as env:
            ours = [("name", "=like", f"{NAME} %")]
            env["crm.lead"].search(ours).unlink()
            env["mail.mail"].search([("email_to", "like", "concurrent_")]).unlink()
            env["res.partner"].search([*ours, ("is_company", "=", True)]).unlink()
            users = env["res.users"].search(ours)
            partners = users.partner_id
            users.unlink()
            partners.unlink()
            env["crm.notice"].search([]).unlink()
