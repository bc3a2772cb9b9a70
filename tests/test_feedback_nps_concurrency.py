from unittest.mock import patch

from odoo.addons.crm_custom.models import crm_feedback_nps_jobs

from .concurrency_common import ConcurrencyCase
from .job_concurrency_common import JobConcurrencyMixin


class TestFeedbackNpsConcurrency(JobConcurrencyMixin, ConcurrencyCase):
    """Each customer is asked by one e-mail: killed half-way, and two jobs at once."""

    _job = ("crm.feedback.nps", "_cron_ask")
    _tell = ("crm.feedback.nps", "_ask")
    _list = ("crm.feedback.nps", "_get_unasked")

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(crm_feedback_nps_jobs, "BATCH", 1))
        with self._transaction() as env:
            companies = env["res.company"].search([])
            self.settings = {
                company.id: company.read(["crm_nps_months", "crm_nps_daily"])[0]
                for company in companies
            }
            companies.crm_nps_months = 0
            env.company.write({"crm_nps_months": 6, "crm_nps_daily": 1000})
            customers = self._make_customers(
                env, self._make_salespeople(env), email="concurrent@example.com"
            )
            customers.with_company(env.company).customer_status = "active"
            self.customer_ids = customers.ids
        find = self.registry["crm.feedback.nps"]._get_unasked
        # nobody else of this database is asked
        self.startPatcher(
            self._patch(
                self._list,
                lambda model, company: [
                    id_ for id_ in find(model, company) if id_ in self.customer_ids
                ],
            )
        )

    def _clean_up(self):
        with self._transaction() as env:
            for id_, values in self.settings.items():
                del values["id"]
                env["res.company"].browse(id_).write(values)
            rows = self._get_rows(env)
            self._get_mails(env, rows).unlink()
            rows.unlink()
        super()._clean_up()

    def _get_rows(self, env):
        return env["crm.feedback.nps"].search([("partner_id", "in", self.customer_ids)])

    def _get_mails(self, env, rows):
        return env["mail.mail"].search(
            [("model", "=", "crm.feedback.nps"), ("res_id", "in", rows.ids)]
        )

    def _count_told(self):
        with self._transaction() as env:
            rows = self._get_rows(env)
            mails = self._get_mails(env, rows)
            self.assertEqual(sorted(mails.mapped("res_id")), sorted(rows.ids))
            asked = [row.partner_id.id for row in rows]
            return [asked.count(id_) for id_ in self.customer_ids]
