"""The SQL of what is collected, dated: each matching of an invoice with a payment."""

from odoo.tools import SQL

from .crm_receivable_sql import ACCOUNT_TYPES, IS_PAYMENT, OPEN
from .crm_sales_record_sql import INVOICES
from .crm_sales_result_scope import sold


def collected(record, scope):
    """Of what payments settled of invoices, by the share of each line; with tax.

    After each matching of a document, what is collected of a line is what the sales
    record would say: its total less its share of what is open and of what was settled
    otherwise. A row is the difference that a matching makes, so they add up.
    """
    return SQL(
        """SELECT part.date, sale.company_id, sale.user_id, sale.team_id,
                  partner.commercial_partner_id AS partner_id,
                  sale_line.id AS order_line_id, part.line_id AS invoice_line_id,
                  part.partial_id, NULL::integer AS interaction_id, part.amount
             FROM (
                SELECT line_id, partial_id, date,
                       amount - COALESCE(LAG(amount) OVER (
                           PARTITION BY line_id ORDER BY position), 0) AS amount
                  FROM (
                    SELECT line_id, partial_id, date, position,
                           amount + CASE WHEN size_rank = 1 THEN whole
                              - SUM(amount) OVER (PARTITION BY move_id, position)
                              ELSE 0 END AS amount
                      FROM (%s) AS share
                  ) AS state
             ) AS part
             JOIN %s
            WHERE part.amount <> 0 AND %s""",
        _collected_shares(scope),
        sold(SQL("part.line_id")),
        scope.holds(SQL("part.date")),
    )


def _collected_shares(scope):
    """SELECT of (move_id, position, partial_id, date, line_id, amount, whole,
    size_rank): what is collected of each line after each matching, before rounding.
    """
    return SQL(
        """SELECT doc.move_id, doc.position, doc.partial_id, doc.date,
                  line.id AS line_id,
                  doc.total - doc.still_open - doc.otherwise AS whole,
                  ROUND(line.price_total * doc.direction / doc.rate, doc.digits)
                  - ROUND(doc.still_open * line.price_total
                          / NULLIF(SUM(line.price_total) OVER after, 0), doc.digits)
                  - ROUND(doc.otherwise * line.price_total
                          / NULLIF(SUM(line.price_total) OVER after, 0), doc.digits)
                     AS amount,
                  row_number() OVER (PARTITION BY doc.move_id, doc.position
                      ORDER BY ABS(line.price_total) DESC, line.id) AS size_rank
             FROM (%s) AS doc
             JOIN account_move_line AS line ON line.move_id = doc.move_id
              AND line.display_type = 'product'
           WINDOW after AS (PARTITION BY doc.move_id, doc.position)""",
        _matchings(scope),
    )


def _matchings(scope):
    """SELECT of the documents after each of their matchings, in the order of days.

    What is open after the last one is what the ledger says; before, it is told in the
    document's currency and turned into the company's at the document's rate.
    """
    return SQL(
        """SELECT event.move_id, event.partial_id, event.date, event.position,
                  move.amount_total_signed AS total,
                  CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                     AS direction,
                  COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)::numeric AS rate,
                  currency.decimal_places AS digits,
                  CASE WHEN event.is_last THEN COALESCE(residual.amount, 0)
                       ELSE ROUND(move.amount_total_signed - event.matched
                          * move.amount_total_signed
                          / NULLIF(move.amount_total_in_currency_signed, 0),
                          currency.decimal_places) END AS still_open,
                  ROUND(event.otherwise * move.amount_total_signed
                        / NULLIF(move.amount_total_in_currency_signed, 0),
                        currency.decimal_places) AS otherwise
             FROM (
                SELECT move_id, partial_id, date,
                       row_number() OVER so_far AS position,
                       SUM(amount) OVER so_far AS matched,
                       COALESCE(SUM(amount) FILTER (WHERE NOT is_payment)
                                OVER so_far, 0) AS otherwise,
                       LEAD(partial_id) OVER so_far IS NULL AS is_last
                  FROM (%(events)s) AS each
                 WHERE amount <> 0
                WINDOW so_far AS (PARTITION BY move_id ORDER BY date, partial_id)
             ) AS event
             JOIN account_move AS move ON move.id = event.move_id AND %(invoices)s
             JOIN res_company AS company ON company.id = move.company_id
             JOIN res_currency AS currency ON currency.id = company.currency_id
             LEFT JOIN LATERAL (
                SELECT SUM(line.amount_residual) AS amount
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE line.move_id = move.id AND %(open)s
                   AND account.account_type IN %(types)s
             ) AS residual ON TRUE""",
        events=_events(scope),
        invoices=INVOICES,
        open=OPEN,
        types=ACCOUNT_TYPES,
    )


def _events(scope):
    """SELECT of (move_id, partial_id, date, amount, is_payment) of the documents that
    were matched within the scope; amounts as in the sales record.
    """
    sides = (
        (
            SQL("debit_move_id"),
            SQL("credit_move_id"),
            SQL("part.debit_amount_currency"),
        ),
        (
            SQL("credit_move_id"),
            SQL("debit_move_id"),
            SQL("-part.credit_amount_currency"),
        ),
    )
    touched = SQL(" UNION ").join(
        SQL(
            """SELECT item.move_id FROM account_partial_reconcile AS part
                 JOIN account_move_line AS item ON item.id = part.%s
                  AND item.display_type = 'payment_term'
                WHERE %s""",
            own,
            scope.holds(SQL("part.max_date")),
        )
        for own, _other, _amount in sides
    )
    return SQL(" UNION ALL ").join(
        SQL(
            """SELECT item.move_id, part.id AS partial_id, part.max_date AS date,
                      %(amount)s AS amount, %(is_payment)s AS is_payment
                 FROM (%(touched)s) AS touched
                 JOIN account_move_line AS item ON item.move_id = touched.move_id
                  AND item.display_type = 'payment_term'
                 JOIN account_partial_reconcile AS part ON part.%(own)s = item.id
                 JOIN account_move_line AS line ON line.id = part.%(other)s
                 JOIN account_journal AS journal ON journal.id = line.journal_id""",
            amount=amount,
            is_payment=IS_PAYMENT,
            touched=touched,
            own=own,
            other=other,
        )
        for own, other, amount in sides
    )
