"""What becomes of promises: the job, and what is told of it."""

from collections import defaultdict

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
        """Write what became of these open promises; two queries, and a write for each
        that is settled or has received something.

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
            sums = figures.get(promise.id, {})
            currency, today = promise.currency_id, todays[promise.company_id]
            needed, is_waiting = promise.amount, promise.date_promised >= today
            if promise.has_items:
                items = promise.item_ids.filtered(
                    lambda item: item.move_line_id.parent_state != "cancel"
                )
                got, otherwise = items._get_settled_since(sums)
                is_waiting = is_waiting or "draft" in items.move_line_id.mapped(
                    "parent_state"
                )
                opened = sum(items.mapped("amount"))
                needed = currency.round(min(needed, opened - otherwise))
            else:
                got = sums.get(None, (0.0, 0.0))[0] - promise.received_before
            got = currency.round(max(got, 0.0))
            share = 1.0
            if needed <= 0:
                state = "kept" if got > 0 else "cancelled"
            elif got >= needed:
                state = "kept"
            elif is_waiting:
                if currency.compare_amounts(promise.amount_kept, got):
                    # less of what is open is promised: see `promised`
                    promise.amount_kept = got
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
        """{id: {item id: (received, settled otherwise)}} since the beginning; 1 query.

        Of a promise of an amount the item is None.
        """
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["crm.promise.item"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            received(SQL("promise.id = ANY(%s)", list(self.ids)))
        )
        found = defaultdict(dict)
        for promise_id, item_id, got, otherwise in rows:
            found[promise_id][item_id] = (float(got or 0), float(otherwise or 0))
        return found

    def _remember_what_was_settled(self):
        """What has been received before a promise does not keep it."""
        # sudo: payments that the user may not read; the sums are kept, and not shown
        for promise_id, sums in self.sudo()._get_received().items():
            for item_id, (got, otherwise) in sums.items():
                if item_id:
                    self.env["crm.promise.item"].sudo().browse(item_id).write(
                        {"received_before": got, "otherwise_before": otherwise}
                    )
                else:
                    self.sudo().browse(promise_id).received_before = got

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
