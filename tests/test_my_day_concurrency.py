"""The jobs on real connections: killed half-way, and two at once, each thing once."""

from datetime import datetime, timedelta
from threading import Event
from unittest.mock import patch

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models import crm_large_deal_notice, crm_my_day_overdue

from .concurrency_common import WAIT, ConcurrencyCase

KEY = "concurrency"
NAME = "Concurrent"
COUNT = 5


class JobConcurrencyCase(ConcurrencyCase):
    """``_tell`` is the method that tells a batch, ``_list`` the one that finds it."""

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

    def _assert_told_once(self):
        self.assertEqual(self._count_told(), [1] * COUNT)

    def _check_killed_half_way(self):
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

    def _check_second_while_the_first_works(self):
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

    def _check_second_that_has_looked_before(self):
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


class TestOverdueConcurrency(JobConcurrencyCase):
    _job = ("crm.my.day", "_cron_tell_overdue")
    _tell = ("crm.my.day.contact", "_tell_overdue")
    _list = ("crm.my.day.contact", "_get_untold")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(crm_my_day_overdue, "BATCH", 2))
        with self._transaction() as env:
            customers = self._make_customers(
                env, self._make_salespeople(env), contact_cadence_days=1
            )
            then = fields.Datetime.now() - timedelta(days=4)
            env["crm.interaction"].create(
                [{"partner_id": c.id, "date_start": then} for c in customers]
            )
            self.customer_ids = customers.ids

    def _count_told(self):
        with self._transaction() as env:
            activities = env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.customer_ids)]
            )
            ids = activities.mapped("res_id")
            return [ids.count(id_) for id_ in self.customer_ids]

    def test_killed_half_way_it_goes_on(self):
        self._check_killed_half_way()

    def test_two_at_once_tell_it_once(self):
        self._check_second_while_the_first_works()

    def test_two_that_have_looked_tell_it_once(self):
        self._check_second_that_has_looked_before()


class TestMorningMailConcurrency(JobConcurrencyCase):
    _job = ("crm.my.day", "_cron_send_morning_mail")
    _tell = ("crm.my.day", "_send_morning_mail")
    _list = ("crm.my.day", "_get_morning_users")

    def setUp(self):
        super().setUp()
        with self._transaction() as env:
            users = self._make_salespeople(env, COUNT, crm_my_day_mail=True)
            customers = self._make_customers(env, users[0])
            for user, customer in zip(users, customers, strict=True):
                customer.with_context(
                    mail_activity_quick_update=True
                ).activity_schedule(
                    "mail.mail_activity_data_call",
                    fields.Date.context_today(user) - timedelta(days=1),
                    user_id=user.id,
                )

    def _count_told(self):
        with self._transaction() as env:
            mails = env["mail.mail"].search([("email_to", "like", "concurrent_")])
            to = " ".join(mails.mapped("email_to"))
            return [to.count(f"concurrent_{number}@") for number in range(COUNT)]

    def test_killed_half_way_it_goes_on(self):
        self._check_killed_half_way()

    def test_two_at_once_write_one_mail_to_each(self):
        self._check_second_while_the_first_works()

    def test_two_that_have_looked_write_one_mail_to_each(self):
        self._check_second_that_has_looked_before()

    def test_a_slow_one_sends_nothing_that_another_has_sent_meanwhile(self):
        place = ("crm.my.day", "_send_morning_mails")
        send = self.registry["crm.my.day"]._send_morning_mails
        runs = []

        def slow(my_day, user_ids):
            runs.append(user_ids)
            if len(runs) == 2:
                self._in_thread(self._run).result(WAIT)
            send(my_day, user_ids)

        with self._patch(place, slow), self._transaction() as env:
            self._run(env)
        self._assert_told_once()


class TestLargeDealConcurrency(JobConcurrencyCase):
    _job = ("crm.notice", "_cron_tell_large_deals")
    _tell = ("crm.lead", "_tell_large_deal")
    _list = ("crm.lead", "_get_untold_large_deals")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(crm_large_deal_notice, "BATCH", 1))
        with self._transaction() as env:
            user = self._make_salespeople(env)
            user.group_ids += env.ref("sales_team.group_sale_manager")
            self.threshold = env.company.crm_large_deal_amount
            env.company.crm_large_deal_amount = 1e9
            self.manager_id = user.partner_id.id
            self.deal_ids = (
                env["crm.lead"]
                .create(
                    [
                        {
                            "name": f"{NAME} {number}",
                            "type": "opportunity",
                            "user_id": False,
                            "company_id": env.company.id,
                            "expected_revenue": 2e9,
                        }
                        for number in range(COUNT)
                    ]
                )
                .ids
            )

    def _clean_up(self):
        with self._transaction() as env:
            env.company.crm_large_deal_amount = self.threshold
        super()._clean_up()

    def _count_told(self):
        with self._transaction() as env:
            told = env["mail.notification"].search(
                [
                    ("res_partner_id", "=", self.manager_id),
                    ("mail_message_id.model", "=", "crm.lead"),
                ]
            )
            ids = told.mail_message_id.mapped("res_id")
            return [ids.count(id_) for id_ in self.deal_ids]

    def test_killed_half_way_it_goes_on(self):
        self._check_killed_half_way()

    def test_two_at_once_tell_it_once(self):
        self._check_second_while_the_first_works()


class TestNoticeConcurrency(ConcurrencyCase):
    """What the jobs above lean on."""

    def _clean_up(self):
        with self._transaction() as env:
            env["crm.notice"].search([("key", "=", KEY)]).unlink()

    def _claim(self, env):
        partner = env.ref("base.main_partner")
        return env["crm.notice"]._claim("res.partner", [(partner.id, KEY)])

    def _count(self):
        with self._transaction() as env:
            return env["crm.notice"].search_count([("key", "=", KEY)])

    def test_two_that_claim_the_same_tell_it_once(self):
        with self._transaction() as env:
            # both have looked already when the first one claims
            env.cr.execute("SELECT 1")
            other = self.registry.cursor()
            self.addCleanup(other.close)
            other_env = api.Environment(other, SUPERUSER_ID, {})
            other.execute("SELECT count(*) FROM crm_notice")
            self.assertTrue(self._claim(env))
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._claim(other_env)
        other.rollback()
        self.assertFalse(self._claim(other_env))
        self.assertEqual(self._count(), 1)

    def test_what_was_rolled_back_is_told_by_the_next(self):
        with self._transaction() as env:
            self.assertTrue(self._claim(env))
            env.cr.rollback()
        self.assertEqual(self._count(), 0)
        with self._transaction() as env:
            self.assertTrue(self._claim(env))
            self.assertFalse(self._claim(env))
        self.assertEqual(self._count(), 1)
