from odoo import api, models
from odoo.tools import SQL

BATCH = 200

#: what makes an item wholly disputed, or not any more, without a dispute being touched
OTHERWISE_TICKED = SQL(
    """SELECT line.id, MIN(dispute.id) AS dispute_id
         FROM crm_dispute AS dispute
         JOIN account_move_line AS line ON line.id = dispute.move_line_id
        WHERE dispute.state = 'open'
        GROUP BY line.id
       HAVING COUNT(*) FILTER (WHERE dispute.followup = 'by_hand') = 0
          AND (line.amount_residual_currency > 0
               AND SUM(dispute.amount) >= line.amount_residual_currency)
              <> (line.no_followup IS TRUE)
          AND (line.no_followup IS NOT TRUE
               OR COUNT(*) FILTER (WHERE dispute.followup = 'ticked') > 0)
        ORDER BY line.id"""
)


class CrmDispute(models.Model):
    _inherit = "crm.dispute"

    @api.model
    def _cron_end_disputes(self):
        """End what is settled or over, and set No Follow-Up where payments moved it.

        In batches that are committed one by one: killed half-way, the next run goes on
        with what is left. A second run at the same time leaves the work to the first.
        """
        cron = self.env["ir.cron"]
        for outcome, ids in self._get_over().items():

            def end(dispute_ids, outcome=outcome):
                self.browse(dispute_ids)._end(outcome)

            if not cron._crm_run_in_batches(ids, BATCH, end, lock="disputes"):
                return
        self.flush_model()
        self.env["account.move.line"].flush_model()
        moved = [row[1] for row in self.env.execute_query(OTHERWISE_TICKED)]

        def sync(dispute_ids):
            self.browse(dispute_ids)._sync_followup()

        if cron._crm_run_in_batches(moved, BATCH, sync, lock="disputes"):
            cron._commit_progress(remaining=0)

    @api.model
    def _get_over(self):
        """{outcome: ids} of open disputes that have nothing to wait for; 2 queries.

        Settled is an item as ``crm.receivable`` has it; one whose entry was reset to
        draft is neither open nor settled. A date has passed where the company is.
        """
        self.flush_model()
        self.env["account.move.line"].flush_model()
        companies = [
            company
            for (company,) in self._read_group([("state", "=", "open")], ["company_id"])
        ]
        if not companies:
            return {}
        todays = SQL(", ").join(
            SQL("(%s, %s)", company.id, company._crm_today()) for company in companies
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT id, is_settled
                     FROM (
                        SELECT dispute.id, dispute.date_until < here.today AS is_over,
                               line.parent_state = 'cancel'
                               OR line.parent_state = 'posted' AND (
                                  line.reconciled IS TRUE
                                  OR line.amount_residual = 0
                                     AND line.amount_residual_currency = 0
                               ) AS is_settled
                          FROM crm_dispute AS dispute
                          JOIN account_move_line AS line
                            ON line.id = dispute.move_line_id
                          JOIN (VALUES %s) AS here (company_id, today)
                            ON here.company_id = dispute.company_id
                         WHERE dispute.state = 'open'
                     ) AS found
                    WHERE is_settled OR is_over
                    ORDER BY id""",
                todays,
            )
        )
        return {
            "settled": [id_ for id_, is_settled in rows if is_settled],
            "expired": [id_ for id_, is_settled in rows if not is_settled],
        }
