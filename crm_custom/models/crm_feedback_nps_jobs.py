from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BATCH = 50
KEY = "nps"


class CrmFeedbackNps(models.Model):
    """Whom the job asks: active customers, each once in the company's months."""

    _inherit = "crm.feedback.nps"

    @api.model
    def _cron_ask(self):
        cron = self.env["ir.cron"]
        # sudo: the job works for all companies
        companies_sudo = (
            self.env["res.company"].sudo().search([("crm_nps_months", ">", 0)])
        )
        for company in companies_sudo:
            rows = self.sudo().with_company(company)
            rows = rows.with_context(allowed_company_ids=company.ids)
            if not cron._crm_run_in_batches(
                rows._get_unasked(company),
                BATCH,
                lambda ids, rows=rows, company=company: rows._ask(company, ids),
                lock=KEY,
            ):
                return
        cron._commit_progress(remaining=0)

    @api.model
    def _get_unasked(self, company):
        """Ids of the customers whose turn it is today, who waited longest first."""
        now = fields.Datetime.now()
        asked_today = self.search_count(
            [
                ("company_id", "=", company.id),
                ("date_asked", ">", now - timedelta(hours=20)),
            ]
        )
        limit = company.crm_nps_daily - asked_today
        if limit <= 0:
            return []
        partners = self.env["res.partner"].with_company(company)
        query = partners._search(
            Domain("is_crm_customer", "=", True)
            & Domain("customer_status", "=", "active")
            & Domain("company_id", "in", [False, company.id])
            & (
                Domain("email", "!=", False)
                | Domain("primary_contact_id.email", "!=", False)
            )
        )
        table = SQL.identifier(query.table)
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_feedback_nps AS asked
                     WHERE asked.partner_id = %(table)s.id
                       AND asked.company_id = %(company)s
                       AND asked.date_asked > %(since)s
                ) AND NOT EXISTS (
                    SELECT FROM crm_notice AS notice
                     WHERE notice.res_model = 'res.partner'
                       AND notice.res_id = %(table)s.id AND notice.key = %(key)s
                )""",
                table=table,
                company=company.id,
                since=now - relativedelta(months=company.crm_nps_months),
                key=self._get_key(company),
            )
        )
        query.order = SQL(
            """(SELECT max(asked.date_asked) FROM crm_feedback_nps AS asked
                 WHERE asked.partner_id = %(table)s.id
                   AND asked.company_id = %(company)s) NULLS FIRST, %(table)s.id""",
            table=table,
            company=company.id,
        )
        query.limit = limit
        return list(query)

    @api.model
    def _get_key(self, company):
        """What is told once: the question of this month."""
        return f"{KEY}/{company.id}/{company._crm_today():%Y-%m}"

    @api.model
    def _ask(self, company, partner_ids):
        """Ask these customers, unless another job has done so this month."""
        key = self._get_key(company)
        claimed = self.env["crm.notice"]._claim(
            "res.partner", [(id_, key) for id_ in partner_ids]
        )
        template = self.env.ref(
            "crm_custom.mail_template_crm_feedback_nps", raise_if_not_found=False
        )
        if not template:
            return
        values = []
        for partner in self.env["res.partner"].browse(claimed):
            contact = partner._get_nps_contact()
            if contact:
                values.append(
                    {
                        "partner_id": partner.id,
                        "contact_id": contact.id,
                        "user_id": partner.user_id.id,
                        "company_id": company.id,
                    }
                )
        rows = self.create(values)
        if rows:
            template.send_mail_batch(rows.ids)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_nps_contact(self):
        """Who answers for this customer: the primary contact, else the house; nobody
        who does not want our e-mails.
        """
        for person in (self.primary_contact_id, self):
            if person.email_normalized and not person.is_blacklisted:
                return person
        return self.browse()
