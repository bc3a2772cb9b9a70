from odoo import fields, models
from odoo.tools import SQL

from .ratio_field import Ratio

#: months of sales that a balance is compared with
WINDOW = 3


class CrmCollectionReport(models.Model):
    """How fast a company collects: receivables, sales and their ratios by month.

    Days sales outstanding are the receivables at the end of a month over the sales of
    three months, in days of these. The collection effectiveness is what was collected
    in a month of what could have been: (opening + sales - closing) over
    (opening + sales - what is not due at its end), in percent.
    """

    _name = "crm.collection.report"
    _description = "Collection by month"
    _auto = False
    _rec_name = "month"
    _order = "month desc, company_id"

    month = fields.Date(readonly=True, help="Its first day.")
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    amount_opening = fields.Monetary(
        string="Opening",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
    )
    amount_sales = fields.Monetary(
        string="Invoiced",
        currency_field="company_currency_id",
        readonly=True,
        help="Customer invoices less credit notes, with taxes.",
    )
    amount_closing = fields.Monetary(
        string="Closing",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
    )
    amount_overdue = fields.Monetary(
        string="Of it due",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="What is due by the end of the month and still open then.",
    )
    days_outstanding = Ratio(
        string="Days sales outstanding",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Empty where nothing was invoiced in three months.",
    )
    collection_rate = Ratio(
        string="Collection effectiveness (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Empty where there was nothing to collect.",
    )

    _depends = {
        "account.account": ["account_type"],
        "account.move": ["move_type"],
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "move_id",
            "parent_state",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
    }

    @property
    def _table_query(self) -> SQL:
        """One pass over the ledger: each line and each matching changes the balances
        from one month on.
        """
        today = fields.Date.context_today(self)
        return SQL(
            """WITH line AS (
                    SELECT line.id, line.company_id, line.balance, line.date,
                           GREATEST(line.date, line.date_maturity) AS due,
                           move.move_type
                      FROM account_move_line AS line
                      JOIN account_move AS move ON move.id = line.move_id
                     WHERE line.parent_state = 'posted' AND line.date <= %(today)s
                       AND line.company_id IN %(companies)s
                       AND line.account_id IN (
                              SELECT id FROM account_account
                               WHERE account_type = 'asset_receivable')
               ), change AS (
                    SELECT company_id, date_trunc('month', date)::date AS month,
                           balance, 0 AS due,
                           CASE WHEN move_type IN ('out_invoice', 'out_refund',
                                                   'out_receipt')
                                THEN balance ELSE 0 END AS sales
                      FROM line
                     UNION ALL
                    SELECT company_id, date_trunc('month', due)::date,
                           0, balance, 0
                      FROM line
                     UNION ALL
                    SELECT line.company_id,
                           date_trunc('month', GREATEST(due, max_date))::date,
                           0, -amount, 0
                      FROM line
                      JOIN account_partial_reconcile AS part
                        ON part.debit_move_id = line.id
                     WHERE max_date <= %(today)s
                     UNION ALL
                    SELECT line.company_id,
                           date_trunc('month', GREATEST(due, max_date))::date,
                           0, amount, 0
                      FROM line
                      JOIN account_partial_reconcile AS part
                        ON part.credit_move_id = line.id
                     WHERE max_date <= %(today)s
               ), by_month AS (
                    SELECT company_id, month, SUM(balance) AS balance, SUM(due) AS due,
                           SUM(sales) AS sales
                      FROM change
                     GROUP BY company_id, month
               ), calendar AS (
                    SELECT company_id, generate_series(
                              MIN(month), date_trunc('month', %(today)s::date),
                              '1 month')::date AS month
                      FROM by_month GROUP BY company_id
               ), running AS (
                    SELECT company_id, month, COALESCE(sales, 0) AS sales,
                           COALESCE(balance, 0) AS balance,
                           SUM(balance) OVER so_far AS closing,
                           SUM(due) OVER so_far AS due,
                           SUM(sales) OVER latest AS latest_sales,
                           (month + interval '1 month')::date - MIN(month) OVER latest
                              AS days
                      FROM calendar LEFT JOIN by_month USING (company_id, month)
                    WINDOW so_far AS (PARTITION BY company_id ORDER BY month),
                           latest AS (so_far ROWS %(window)s PRECEDING)
               )
               SELECT row_number() OVER (ORDER BY running.company_id, month) AS id,
                      month, running.company_id,
                      company.currency_id AS company_currency_id,
                      sales AS amount_sales, closing AS amount_closing,
                      closing - balance AS amount_opening,
                      COALESCE(due, 0) AS amount_overdue,
                      closing / NULLIF(latest_sales, 0) * days AS days_outstanding,
                      100 * (closing - balance + sales - closing)
                         / NULLIF(closing - balance + sales
                                  - (closing - COALESCE(due, 0)), 0)
                         AS collection_rate
                 FROM running
                 JOIN res_company AS company ON company.id = running.company_id""",
            today=today,
            companies=tuple(self.env.companies.ids) or (0,),
            window=WINDOW - 1,
        )
