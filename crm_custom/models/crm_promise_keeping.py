"""What becomes of promises: the job, and what is told of it."""

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..report.crm_promise_sql import received

BATCH = 200


class CrmPromise(models.Model):
    _inherit = "crm.promise"

    @api.model
    def _cron_settle_promises(self):
        """Find the promises that are kept, and those whose day has passed.

        In batches that are committed one by one: killed half-way, the next run goes on
        with what is left. A second run at the same time leaves the work to the first.
        """
        cron = self.env["ir.cron"]
        over = self._get_over()
        if cron._crm_run_in_batches(over, BATCH, self._settle, lock="promises"):
            cron._commit_progress(remaining=0)

    @api.model
    def _get_over(self):
        """Ids of open promises that are to be looked at: all that are over or may have
        been kept already.
        """
        return self.search([("state", "=", "open")], order="id").ids

    @api.model
    def _settle(self, promise_ids):
        """Write what became of these open promises; two queries, and a write.

        Kept, partly kept or broken is a promise the day after its last one where the
        company is; kept it is as soon as all was received. What credit notes and
        entries took off its items, or what was cancelled, needs no payment any more:
        where nothing is left to pay, there is nothing to keep, and it is cancelled.
        What is in draft is not judged: its payments are unmatched until it is posted.
        """
        promises = self.browse(promise_ids).filtered(lambda p: p.state == "open")
        figures = promises._get_received()
        todays = {company: company._crm_today() for company in promises.company_id}
        for promise in promises:
            got, otherwise = figures.get(promise.id, (0.0, 0.0))
            currency, today = promise.currency_id, todays[promise.company_id]
            got = currency.round(max(got - promise.received_before, 0.0))
            needed, is_waiting = promise.amount, promise.date_promised >= today
            if promise.has_items:
                items = promise.item_ids.filtered(
                    lambda item: item.move_line_id.parent_state != "cancel"
                )
                opened = sum(items.mapped("amount"))
                is_waiting = is_waiting or "draft" in items.move_line_id.mapped(
                    "parent_state"
                )
                otherwise = max(otherwise - promise.otherwise_before, 0.0)
                needed = currency.round(min(needed, opened - otherwise))
            share = 1.0
            if needed <= 0:
                state = "kept" if got > 0 else "cancelled"
            elif got >= needed:
                state = "kept"
            elif is_waiting:
                continue
            else:
                state = "partly" if got > 0 else "broken"
                share = got / needed
            values = {"state": state, "amount_kept": got, "date_settled": today}
            if state != "cancelled":
                values["share_kept"] = share
            promise.write(values)
        promises._log_settled()

    def _get_received(self):
        """{id: (received, settled otherwise)} since the beginning; 1 query."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["crm.promise.item"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            received(SQL("promise.id = ANY(%s)", list(self.ids)))
        )
        return {
            promise_id: (float(got or 0), float(otherwise or 0))
            for promise_id, got, otherwise in rows
        }

    def _remember_what_was_settled(self):
        """What has been received before a promise does not keep it."""
        # sudo: payments that the user may not read; the sums are kept, and not shown
        for promise_id, (got, otherwise) in self.sudo()._get_received().items():
            self.sudo().browse(promise_id).write(
                {"received_before": got, "otherwise_before": otherwise}
            )

    # ------------------------------------------------------------------
    # The history of the customer
    # ------------------------------------------------------------------

    def _log_taken_down(self):
        self._log(
            lambda promise, details: self.env._(
                "Promised to pay %(amount)s by %(date)s.", **details
            )
        )

    def _log_settled(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        self.filtered(lambda promise: promise.state != "open")._log(
            lambda promise, details: self.env._(
                "Promise to pay %(amount)s by %(date)s: %(state)s, received"
                " %(received)s.",
                state=labels[promise.state],
                received=promise.currency_id.format(promise.amount_kept),
                **details,
            )
        )

    def _log(self, get_text):
        for promise in self:
            details = {
                "amount": promise.currency_id.format(promise.amount),
                "date": format_date(self.env, promise.date_promised),
            }
            # sudo: whoever takes a promise down may not write the customer
            promise.partner_id.sudo()._message_log(body=get_text(promise, details))
