"""The SQL of sales records: what the invoices of order lines say, by order line.

Each function gives a SELECT with one row an order line, to be joined by
``order_line_id``. PostgreSQL leaves out a join that a query does not use, so each set
of documents stands in a SELECT of its own, from the cheapest to the dearest:

==============  =================================================================
``drafts``      invoices that are not posted yet
``owing``       invoices with instalments that are open: the open items of receivables
``due``         the same, with the amounts
``settled``     invoices that were matched with something else than payments
``paid``        invoices that were matched with payments
``invoiced``    posted invoices and credit notes
==============  =================================================================

An amount of a document is spread over its lines in proportion to their totals with
tax, rounded to the company's currency; what rounding leaves over goes to the largest
line. Lines without an order get their share too: the sum over a document is the
document's.
"""

from odoo.tools import SQL

from .crm_receivable_sql import IS_PAYMENT, open_items

#: what Odoo counts as invoiced
INVOICES = SQL(
    "move.move_type IN ('out_invoice', 'out_refund')"
    " AND (move.state = 'posted' OR move.payment_state = 'invoicing_legacy')"
)
#: what Odoo will invoice when it is posted
DRAFTS = SQL("move.state = 'draft' AND move.move_type IN ('out_invoice', 'out_refund')")
#: lines of documents that were sold: no entry of a bank, to the letter the condition of
#: the index `_crm_product_index`
PRODUCT_LINES = SQL(
    "line.display_type = 'product'"
    " AND line.payment_id IS NULL AND line.statement_line_id IS NULL"
)


def spread(amounts, documents):
    """SELECT of (order_line_id, each amount) of documents by order line.

    :param amounts: names of columns of ``documents``, in the company's currency
    :param SQL documents: SELECT of (move_id, each amount)
    """
    shares = SQL(", ").join(
        SQL(
            "ROUND(doc.%(name)s * line.price_total"
            " / NULLIF(SUM(line.price_total) OVER document, 0),"
            " currency.decimal_places) AS %(name)s, doc.%(name)s AS %(whole)s",
            name=SQL.identifier(name),
            whole=SQL.identifier(f"whole_{name}"),
        )
        for name in amounts
    )
    parts = SQL(", ").join(
        SQL(
            "COALESCE(%(name)s, 0) + CASE WHEN size_rank = 1 THEN %(whole)s"
            " - COALESCE(SUM(%(name)s) OVER (PARTITION BY move_id), 0) ELSE 0 END"
            " AS %(name)s",
            name=SQL.identifier(name),
            whole=SQL.identifier(f"whole_{name}"),
        )
        for name in amounts
    )
    sums = SQL(", ").join(
        SQL("SUM(part.%(name)s) AS %(name)s", name=SQL.identifier(name))
        for name in amounts
    )
    return SQL(
        """SELECT rel.order_line_id, %(sums)s
             FROM (
                SELECT id, %(parts)s
                  FROM (
                    SELECT line.id, line.move_id,
                           row_number() OVER (document
                               ORDER BY ABS(line.price_total) DESC, line.id
                           ) AS size_rank, %(shares)s
                      FROM (%(documents)s) AS doc
                      JOIN account_move_line AS line ON line.move_id = doc.move_id
                       AND %(product_lines)s
                      JOIN res_currency AS currency
                        ON currency.id = line.company_currency_id
                    WINDOW document AS (PARTITION BY line.move_id)
                  ) AS share
             ) AS part
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = part.id
            GROUP BY rel.order_line_id""",
        sums=sums,
        parts=parts,
        shares=shares,
        documents=documents,
        product_lines=PRODUCT_LINES,
    )


def due(today, within=None):
    """SELECT of (order_line_id, amount_open, amount_overdue).

    :param date today: instalments that were due before it are overdue
    :param SQL within: order lines, when the answer is about few
    """
    amounts = ("amount_open", "amount_overdue")
    return spread(amounts, _open_documents(today, within))


def owing(today, within=None):
    """SELECT of (order_line_id, is_overdue, is_to_come): an invoice is not settled.

    1 where an instalment that was due before today is open, and where something else
    is. The amounts are those of `due`, which it takes longer to spread over the lines.
    """
    return SQL(
        """SELECT rel.order_line_id,
                  MAX(CASE WHEN %(is_overdue)s THEN 1 END) AS is_overdue,
                  MAX(CASE WHEN NOT %(is_overdue)s THEN 1 END) AS is_to_come
             FROM %(items)s WHERE %(within)s
            GROUP BY rel.order_line_id""",
        is_overdue=is_overdue(today),
        items=of_open_items(),
        within=_of_documents(SQL("item.move_id"), within),
    )


def of_open_items():
    """The open items of invoices, and their order lines: ``item`` and ``rel``."""
    return SQL(
        """(%s) AS item
            JOIN account_move_line AS line ON line.move_id = item.move_id
             AND %s AND line.price_total <> 0
            JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id""",
        open_items(),
        PRODUCT_LINES,
    )


def is_overdue(today):
    return SQL(
        "(item.amount_residual > 0 AND COALESCE(item.date_maturity, item.date) < %s)",
        today,
    )


def _open_documents(today, within):
    return SQL(
        """SELECT item.move_id, SUM(item.amount_residual) AS amount_open,
                  COALESCE(SUM(item.amount_residual) FILTER (WHERE %s), 0)
                     AS amount_overdue
             FROM (%s) AS item
            WHERE %s
            GROUP BY item.move_id""",
        is_overdue(today),
        open_items(),
        _of_documents(SQL("item.move_id"), within),
    )


def invoiced(within=None):
    """SELECT of (order_line_id, amount_invoiced, amount_credited, untaxed_invoiced).

    With tax, less credit notes, at the rate of each document; credit notes alone,
    positive; without tax, as the ledger has it.
    """
    return SQL(
        """SELECT rel.order_line_id, SUM(part.amount) AS amount_invoiced,
                  -SUM(part.amount) FILTER (WHERE is_refund) AS amount_credited,
                  SUM(part.untaxed) AS untaxed_invoiced
             FROM (
                SELECT id, is_refund, untaxed,
                       amount + CASE WHEN size_rank = 1
                          THEN total - SUM(amount) OVER (PARTITION BY move_id)
                          ELSE 0 END AS amount
                  FROM (
                    SELECT line.id, line.move_id, -line.balance AS untaxed,
                           move.move_type = 'out_refund' AS is_refund,
                           move.amount_total_signed AS total,
                           row_number() OVER (PARTITION BY line.move_id
                               ORDER BY ABS(line.price_total) DESC, line.id
                           ) AS size_rank,
                           CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                              * ROUND(line.price_total / %(rate)s,
                                      currency.decimal_places) AS amount
                      FROM account_move AS move
                      JOIN account_move_line AS line ON line.move_id = move.id
                       AND %(product_lines)s
                      JOIN res_currency AS currency
                        ON currency.id = line.company_currency_id
                     WHERE %(invoices)s AND %(within)s
                  ) AS share
             ) AS part
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = part.id
            GROUP BY rel.order_line_id""",
        rate=SQL("COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)::numeric"),
        invoices=INVOICES,
        product_lines=PRODUCT_LINES,
        within=_of_documents(SQL("move.id"), within),
    )


def settled(within=None):
    """SELECT of (order_line_id, amount_otherwise): settled, but not by a payment.

    Matched with credit notes, other invoices and entries. It is told in the currency of
    the document and turned into the company's at the document's rate, so that no
    exchange difference is in it.
    """
    documents = SQL(
        """SELECT doc.move_id, ROUND(doc.amount * move.amount_total_signed
                     / NULLIF(move.amount_total_in_currency_signed, 0),
                     currency.decimal_places) AS amount_otherwise
             FROM (SELECT move_id, SUM(amount) AS amount FROM (%s) AS matched
                    GROUP BY move_id) AS doc
             JOIN account_move AS move ON move.id = doc.move_id AND %s
             JOIN res_company AS company ON company.id = move.company_id
             JOIN res_currency AS currency ON currency.id = company.currency_id""",
        _matched(SQL("NOT %s", IS_PAYMENT), within),
        INVOICES,
    )
    return spread(("amount_otherwise",), documents)


def paid(within=None):
    """SELECT of (order_line_id, date_first, date_last): of the payments."""
    return SQL(
        """SELECT rel.order_line_id, MIN(matched.date) AS date_first,
                  MAX(matched.date) AS date_last
             FROM (%s) AS matched
             JOIN account_move_line AS line ON line.move_id = matched.move_id
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
            GROUP BY rel.order_line_id""",
        _matched(IS_PAYMENT, within),
    )


def _matched(condition, within):
    """SELECT of (move_id, amount, date): what each instalment was matched with.

    ``amount`` in the currency of the instalment, signed like it; ``date`` that of the
    other side, on which the condition is asked.
    """
    sides = (
        (SQL("part.debit_move_id"), SQL("part.credit_move_id")),
        (SQL("part.credit_move_id"), SQL("part.debit_move_id")),
    )
    amounts = (SQL("part.debit_amount_currency"), SQL("-part.credit_amount_currency"))
    return SQL(" UNION ALL ").join(
        SQL(
            """SELECT item.move_id, %(amount)s AS amount, line.date
                 FROM account_partial_reconcile AS part
                 JOIN account_move_line AS item
                   ON item.id = %(own)s AND item.display_type = 'payment_term'
                 JOIN account_move_line AS line ON line.id = %(other)s
                 JOIN account_journal AS journal ON journal.id = line.journal_id
                WHERE %(condition)s AND %(within)s""",
            amount=amount,
            own=own,
            other=other,
            condition=condition,
            within=_of_documents(SQL("item.move_id"), within),
        )
        for amount, (own, other) in zip(amounts, sides, strict=True)
    )


def drafts(within=None):
    """SELECT of (order_line_id, one): there is an invoice that is not posted yet."""
    return SQL(
        """SELECT rel.order_line_id, 1 AS one
             FROM account_move AS move
             JOIN account_move_line AS line ON line.move_id = move.id
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
            WHERE %s AND %s
            GROUP BY rel.order_line_id""",
        DRAFTS,
        _of_documents(SQL("move.id"), within),
    )


def _of_documents(column, within):
    """The condition that an entry invoices one of the order lines."""
    if within is None:
        return SQL("TRUE")
    # a join and no second IN, whose rows PostgreSQL would only look up in all others
    return SQL(
        """%s IN (SELECT invoice_line.move_id
                    FROM (%s) AS wanted (id)
                    JOIN sale_order_line_invoice_rel AS invoiced
                      ON invoiced.order_line_id = wanted.id
                    JOIN account_move_line AS invoice_line
                      ON invoice_line.id = invoiced.invoice_line_id)""",
        column,
        within,
    )
