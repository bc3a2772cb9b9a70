from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .crm_commission_closed import MONTH

#: how far back months that nobody has closed are made anew
MEMORY = relativedelta(years=1)


class CrmCommissionStatement(models.Model):
    """Last month's statements come by themselves. They and those of earlier months are
    made anew each day while they are open: what is corrected meanwhile is on them. To
    close a month makes it anew as well, however old it is.
    """

    _inherit = "crm.commission.statement"

    @api.model
    def _cron_make_last_month(self):
        cron = self.env["ir.cron"]
        # sudo: the job works for all companies; what a plan that has ended paid may be
        # paid back
        plans = self.env["crm.commission.plan"].sudo().with_context(active_test=False)
        groups = plans._read_group([], ["company_id"])
        ids = [company.id for (company,) in groups]
        # a company at a time: what its documents say is read at once
        if cron._crm_run_in_batches(ids, 1, self._make_last_month, lock="commission"):
            cron._commit_progress(remaining=0)

    @api.model
    def _make_last_month(self, company_ids):
        for company in self.env["res.company"].browse(company_ids):
            for month in self._get_months_to_make(company):
                self._make_month(company, month)

    @api.model
    def _get_months_to_make(self, company):
        """Last month, and months before with an open statement; the oldest first."""
        last = self._get_last_month(company)
        # sudo: the job works for all companies
        months = self.sudo()._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("month", "<", last),
                ("month", ">", last - MEMORY),
            ],
            ["month:month"],
            order="month:month",
        )
        return [*(month for (month,) in months), last]

    @api.model
    def _get_last_month(self, company):
        """The first day of the month before the company's today."""
        there = self.with_context(tz=company.partner_id.tz or "UTC")
        return fields.Date.context_today(there).replace(day=1) - MONTH
