from datetime import datetime, time, timedelta
from itertools import chain

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_status import CUSTOMER_INVOICES

STATUS_BATCH = 1000
CODE_BATCH = 500
NIGHT_HOUR = 2


class ResPartner(models.Model):
    """The jobs of the customer room.

    Each asks what is left to do and does it in batches that are committed one by one,
    so whatever stops it, the next run goes on from there.
    """

    _inherit = "res.partner"

    @api.model
    def _cron_update_customers(self):
        """Each night: codes that are missing still, and the status of all customers."""
        if self._assign_codes_in_batches() and self._update_status_in_batches():
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _cron_set_up_customers(self):
        """After the install: make customers of those who bought before, once.

        The job puts itself out when nothing is left; a buyer who could not be made a
        customer keeps it going.
        """
        failed = []
        if (
            self._mark_buyers_in_batches(failed)
            and self._assign_codes_in_batches()
            and self._update_status_in_batches()
        ):
            self.env["ir.cron"]._commit_progress(remaining=0, deactivate=not failed)

    @api.model
    def _mark_buyers_in_batches(self, failed):
        buyers = self.env.execute_query(self._get_unmarked_buyers_sql())
        ids = [row[0] for row in buyers]
        return self._run_in_batches(
            ids, CODE_BATCH, lambda partners: partners._mark_as_crm_customers(), failed
        )

    @api.model
    def _get_unmarked_buyers_sql(self):
        """Commercial entities with a confirmed order or a posted customer invoice."""
        return SQL(
            """
            SELECT id
              FROM res_partner
             WHERE is_crm_customer IS NOT TRUE
               AND commercial_partner_id = id
               AND id IN (
                    SELECT buyer.commercial_partner_id
                      FROM res_partner AS buyer
                     WHERE buyer.id IN (
                            SELECT partner_id FROM sale_order WHERE state = 'sale'
                           )
                        OR buyer.id IN (
                            SELECT partner_id
                              FROM account_move
                             WHERE state = 'posted' AND move_type IN %s
                           )
               )
          ORDER BY id
            """,
            CUSTOMER_INVOICES,
        )

    @api.model
    def _assign_codes_in_batches(self):
        # sudo: a job's own; the companies decide
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("crm_customer_code_auto", "=", True)])
        )
        owners = companies.ids
        if self.env.company in companies:
            # a shared customer's code is drawn as the job's own company says
            owners.append(False)
        customers = self.with_context(active_test=False).search(
            Domain("is_crm_customer", "=", True)
            & Domain("ref", "=", False)
            & Domain("company_id", "in", owners),
            order="id",
        )
        return self._run_in_batches(
            customers.ids,
            CODE_BATCH,
            lambda partners: (
                partners._without_code_check()._assign_missing_customer_codes()
            ),
        )

    @api.model
    def _update_status_in_batches(self):
        # sudo: the job works for all companies
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            in_company = self.with_company(company)
            changes = in_company._get_customer_status_changes(company)
            ids = sorted(chain.from_iterable(changes.values()))
            # locked and compared again: somebody may have blacklisted one meanwhile
            if not in_company._run_in_batches(
                ids,
                STATUS_BATCH,
                lambda partners: (
                    partners.try_lock_for_update()._refresh_customer_status()
                ),
            ):
                return False
        return True

    @api.model
    def _run_in_batches(self, ids, size, work, failed=None):
        """Do the work on batches of partners, as ``ir.cron._crm_run_in_batches``."""
        partners = self.with_context(tracking_disable=True)
        return self.env["ir.cron"]._crm_run_in_batches(
            ids, size, lambda batch: work(partners.browse(batch)), failed=failed
        )

    @api.model
    def _release_schema_locks(self):
        """Commit the changed tables before an install or update loads its data.

        Odoo alters ``res_partner`` first and then loads views, rules and translations
        in the same transaction: for many seconds nobody could read a partner. Columns
        that nobody uses yet do no harm should the rest fail, and a second try takes
        them as they are.
        """
        self.env.cr.commit()  # pylint: disable=invalid-commit

    @api.model
    def _schedule_customer_night(self):
        """Let the night's job run at night where the company is."""
        name = self.env.company.partner_id.tz or self.env.user.tz or "UTC"
        tz = pytz.timezone(name)
        tomorrow = datetime.now(tz).date() + timedelta(days=1)
        night = tz.localize(datetime.combine(tomorrow, time(NIGHT_HOUR)))
        cron = self.env.ref("crm_custom.ir_cron_crm_customer_status")
        cron.nextcall = night.astimezone(pytz.utc).replace(tzinfo=None)
