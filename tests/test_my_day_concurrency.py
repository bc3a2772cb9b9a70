"""The jobs of *My day* on real connections."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.tools import mute_logger

from odoo.addons.crm_custom.models import crm_large_deal_notice, crm_my_day_overdue

from .concurrency_common import WAIT, ConcurrencyCase
from .job_concurrency_common import COUNT, NAME, JobConcurrencyMixin

KEY = "concurrency"


class TestOverdueConcurrency(JobConcurrencyMixin, ConcurrencyCase):
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
        return self._count_activities("res.partner", self.customer_ids)


class TestMorningMailConcurrency(JobConcurrencyMixin, ConcurrencyCase):
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


class TestLargeDealConcurrency(JobConcurrencyMixin, ConcurrencyCase):
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
