"""Who is reminded of what: one SELECT, for the proposal and when letters are made."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..report.crm_ageing_options import PARTNER_FILTERS, AgeingOptions
from ..report.crm_dunning_sql import paused

#: columns of the SELECT, and of the lines that it makes
COLUMNS = (
    "move_line_id",
    "partner_id",
    "currency_id",
    "move_id",
    "number",
    "date",
    "date_maturity",
    "days_overdue",
    "amount",
    "amount_company",
    "amount_disputed",
    "level_before_id",
    "kind",
    "reason",
    "level_id",
)


class CrmDunningRun(models.Model):
    _inherit = "crm.dunning.run"

    def _propose(self):
        self.env["crm.dunning.level"]._provide_for(self.company_id)
        if not self.env["crm.dunning.level"]._get_all(self.company_id):
            raise UserError(
                self.env._(
                    "%s has no dunning levels. Make some first: after how many days,"
                    " how, and with which text.",
                    self.company_id.name,
                )
            )
        self.env.flush_all()
        marks = {
            "uid": self.env.uid,
            "run": self.id,
            "company": self.company_id.id,
            "names": self._get_names(),
        }
        # a table of its own: written once, lines with their letters need no update
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS crm_dunning_rows"))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_dunning_rows ON COMMIT DROP AS %s",
                self._get_rows(),
            )
        )
        self.env.cr.execute(SQL("ANALYZE crm_dunning_rows"))
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_dunning_letter (create_uid, create_date, write_uid,
                          write_date, run_id, company_id, partner_id, level_id, channel,
                          amount, days_overdue, state, merged_key, is_printed)
                   SELECT %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                          now() AT TIME ZONE 'UTC', %(run)s, %(company)s,
                          due.partner_id, level.id, level.channel, due.amount,
                          due.days_overdue, 'pending', 0, FALSE
                     FROM (%(sums)s) AS due
                     JOIN crm_dunning_level AS level ON level.id = due.level_id
                    WHERE due.amount > 0
                      AND due.amount >= COALESCE(level.amount_min, 0)
                    ORDER BY due.amount DESC, due.partner_id""",
                sums=self._get_sums(),
                **marks,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_dunning_line (create_uid, create_date, write_uid,
                          write_date, run_id, company_id, is_counted, letter_id,
                          %(names)s)
                   SELECT %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                          now() AT TIME ZONE 'UTC', %(run)s, %(company)s, FALSE,
                          letter_id, %(names)s
                     FROM (
                        SELECT rows.move_line_id, rows.partner_id, rows.currency_id,
                               rows.move_id, rows.number, rows.date,
                               rows.date_maturity, rows.days_overdue, rows.amount,
                               rows.amount_company, rows.amount_disputed,
                               rows.level_before_id, rows.level_id,
                               letter.id AS letter_id,
                               CASE WHEN letter.id IS NULL THEN 'excluded'
                                    ELSE rows.kind END AS kind,
                               CASE WHEN letter.id IS NULL
                                    THEN COALESCE(rows.reason, CASE
                                        WHEN due.amount > 0 THEN 'minimum'
                                        ELSE 'covered' END)
                                    ELSE rows.reason END AS reason
                          FROM crm_dunning_rows AS rows
                          JOIN (%(sums)s) AS due ON due.partner_id = rows.partner_id
                          LEFT JOIN crm_dunning_letter AS letter
                                 ON letter.run_id = %(run)s
                                AND letter.partner_id = rows.partner_id
                         WHERE letter.id IS NOT NULL OR rows.kind <> 'credit'
                     ) AS line""",
                sums=self._get_sums(),
                **marks,
            )
        )
        self.env.invalidate_all()

    @staticmethod
    def _get_sums():
        """SELECT of (partner_id, amount, days_overdue, level_id) of the rows: what is
        due of each customer, and the level of his letter, the highest that an item
        reaches.
        """
        return SQL(
            """SELECT rows.partner_id,
                      SUM(rows.amount_company) FILTER (
                          WHERE rows.kind <> 'excluded') AS amount,
                      MAX(rows.days_overdue) FILTER (
                          WHERE rows.kind IN ('item', 'shown')) AS days_overdue,
                      (array_agg(rows.level_id ORDER BY level.sequence DESC,
                                 level.id DESC) FILTER (WHERE rows.kind = 'item')
                      )[1] AS level_id
                 FROM crm_dunning_rows AS rows
                 LEFT JOIN crm_dunning_level AS level ON level.id = rows.level_id
                GROUP BY rows.partner_id"""
        )

    @staticmethod
    def _get_names():
        return SQL(", ").join(map(SQL.identifier, COLUMNS))

    def _get_rows(self, partners=None):
        """SELECT of `COLUMNS`: the overdue items and open credits of the customers of
        whom something is overdue, under the rights of the user.

        :param partners: these alone, in place of the filter of the run
        """
        items = self.env["crm.receivable"].with_context(
            allowed_company_ids=self.company_id.ids,
            crm_receivable_date=False,
            crm_receivable_partner_ids=None,
        )
        if partners is None:
            filters = {name: self[name].ids for name in PARTNER_FILTERS}
        else:
            filters = {"partner_ids": partners.ids}
        who = AgeingOptions(self.env, filters).partner_domain()
        query = items._search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("is_payable", "=", False)
            & (Domain.TRUE if who.is_true() else Domain("partner_id", "any", who))
            & Domain("partner_id", "!=", False)
            & (
                Domain("amount_residual_currency", "<", 0)
                | Domain("amount_residual_currency", ">", 0)
                & Domain("date_maturity", "<", self.date)
            )
        )

        def column(name):
            return SQL(
                "%s AS %s",
                items._field_to_sql(query.table, name, query),
                SQL.identifier(name),
            )

        query.order = None
        found = query.select(
            *map(
                column,
                (
                    "id",
                    "move_id",
                    "move_name",
                    "partner_id",
                    "company_id",
                    "currency_id",
                    "date",
                    "date_maturity",
                    "amount_residual",
                    "amount_residual_currency",
                    "amount_disputed",
                    "amount_disputed_currency",
                    "date_promised",
                    "is_paused",
                    "dunning_level_id",
                    "dunning_date",
                ),
            )
        )
        return SQL(
            """SELECT id AS move_line_id, partner_id, currency_id, move_id,
                      move_name AS number, date, date_maturity,
                      CASE WHEN amount_residual_currency > 0
                           THEN days_overdue END AS days_overdue,
                      amount_residual_currency - amount_disputed_currency AS amount,
                      amount_residual - amount_disputed AS amount_company,
                      amount_disputed_currency AS amount_disputed,
                      dunning_level_id AS level_before_id,
                      CASE WHEN amount_residual_currency < 0 THEN 'credit'
                           WHEN reason IS NULL THEN 'item'
                           WHEN reason IN ('early', 'waiting', 'last') THEN 'shown'
                           ELSE 'excluded' END AS kind,
                      reason,
                      CASE WHEN reason IS NULL AND amount_residual_currency > 0
                           THEN next_id END AS level_id
                 FROM (
                    SELECT item.*, step.next_id, %(date)s - date_maturity
                               AS days_overdue,
                           bool_or(amount_residual_currency > 0) OVER (
                               PARTITION BY item.partner_id) AS is_due,
                           CASE WHEN amount_residual_currency < 0 THEN NULL
                                WHEN amount_disputed_currency
                                     >= amount_residual_currency THEN 'disputed'
                                WHEN date_promised IS NOT NULL THEN 'promised'
                                WHEN %(paused)s THEN 'paused'
                                WHEN is_paused THEN 'no_followup'
                                WHEN step.next_id IS NULL THEN 'last'
                                WHEN %(date)s - date_maturity < step.days
                                THEN CASE WHEN dunning_level_id IS NULL
                                          THEN 'early' ELSE 'waiting' END
                                WHEN %(date)s < dunning_date + step.wait
                                THEN 'waiting' END AS reason
                      FROM (%(items)s) AS item
                      LEFT JOIN (VALUES %(steps)s) AS step (current_id, next_id, days,
                                                            wait)
                             ON step.current_id = COALESCE(item.dunning_level_id, 0)
                 ) AS judged
                WHERE is_due""",
            items=found,
            date=self.date,
            paused=paused(SQL("item"), self.date),
            steps=self._get_steps(),
        )

    def _get_steps(self):
        """Rows of (level or 0, the next one or NULL, its days after due, days between
        the two).
        """
        levels = self.env["crm.dunning.level"]._get_all(
            self.company_id, active_test=False
        )
        order = levels.sorted(lambda level: (level.sequence, level.id))
        active = order.filtered("active")
        steps = [(0, active[:1], 0)]
        for number, level in enumerate(order):
            steps.append(
                (level.id, order[number + 1 :].filtered("active")[:1], level.next_days)
            )
        return SQL(", ").join(
            SQL(
                "(%s, %s::int, %s, %s)",
                current,
                following.id or None,
                following.days,
                wait,
            )
            for current, following, wait in steps
        )
