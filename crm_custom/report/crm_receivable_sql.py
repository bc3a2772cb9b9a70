"""The SQL of open items: which there are, on which day, and what credits take of them.

Residual amounts are Odoo's own, so what is open today is read as it stands. For an
earlier day, what was matched later is put back: the partial reconciliations whose
``max_date`` lies after it. An exchange difference and a reversal are matched by such
partials too, and thereby come back with them.
"""

from odoo.tools import SQL

ACCOUNT_TYPES = ("asset_receivable", "liability_payable")
#: turns an amount of the ledger into the own direction of its account
SIGN = SQL("(CASE WHEN account.account_type = 'liability_payable' THEN -1 ELSE 1 END)")

#: also the condition of the indexes `_crm_open*`, to the letter
OPEN = SQL(
    "line.reconciled IS NOT TRUE AND line.parent_state = 'posted'"
    " AND (line.amount_residual <> 0 OR line.amount_residual_currency <> 0)"
)

#: a line that is money which came or went: a payment, a bank line, an entry of a bank
IS_PAYMENT = SQL(
    "(line.payment_id IS NOT NULL OR line.statement_line_id IS NOT NULL"
    " OR line.journal_id IN (SELECT id FROM account_journal"
    " WHERE type IN ('bank', 'cash', 'credit')))"
)

#: the columns of a line that every figure needs, those of `_crm_open_ageing_index`;
#: others are looked up where asked for
CORE_COLUMNS = (
    "id",
    "move_id",
    "partner_id",
    "account_id",
    "company_id",
    "company_currency_id",
    "currency_id",
    "date",
    "date_maturity",
)
CORE_NAMES = SQL(", ").join(SQL.identifier(name) for name in CORE_COLUMNS)
CORE = SQL(", ").join(SQL.identifier("line", name) for name in CORE_COLUMNS)


def lines_within(partner_ids=None):
    """The condition on ``line``: posted, receivable or payable, of these partners."""
    # As arrays, accounts and partners are looked up first and the lines by index: a
    # join would read the open lines of all accounts, outstanding payments among them,
    # and of all partners.
    within = SQL(
        """line.parent_state = 'posted'
           AND line.account_id = ANY((SELECT array_agg(id) FROM account_account
                                       WHERE account_type IN %s)::integer[])""",
        ACCOUNT_TYPES,
    )
    if partner_ids is None:
        return within
    if isinstance(partner_ids, SQL):
        commercial = SQL("IN (%s)", partner_ids)
    else:
        commercial = SQL("= ANY(%s)", list(partner_ids))
    return SQL(
        """%s AND line.partner_id = ANY((
               SELECT array_agg(id) FROM res_partner
                WHERE commercial_partner_id %s)::integer[])""",
        within,
        commercial,
    )


def lines(amount, amount_currency, condition):
    """FROM of ``line`` and of ``item``, which is the line with its core columns and
    ``amount_residual``, ``amount_residual_currency``.

    The condition is on ``line``. Both are one row: joined by its key, a long ledger
    would be read twice.
    """
    return SQL(
        """account_move_line AS line
           JOIN LATERAL (
              SELECT %s, %s AS amount_residual, %s AS amount_residual_currency
           ) AS item ON %s""",
        CORE,
        amount,
        amount_currency,
        condition,
    )


def with_lines(items):
    """FROM of ``item``, a SELECT with the same columns, and of its ``line``."""
    return SQL(
        """(%s) AS item
           LEFT JOIN account_move_line AS line ON line.id = item.id""",
        items,
    )


def open_lines(day=None, partner_ids=None):
    """FROM of ``line`` and ``item``, see `lines`: what is open now, or was at the end
    of a day, signed as in the ledger.

    :param partner_ids: commercial partners, or a SELECT of them, when the answer is
        about few: for a past day the ledger of all others is then not touched
    """
    within = lines_within(partner_ids)
    if not day:
        return lines(
            SQL("line.amount_residual"),
            SQL("line.amount_residual_currency"),
            SQL("%s AND %s", OPEN, within),
        )
    items = SQL(
        """SELECT %(names)s, SUM(amount) AS amount_residual,
                  SUM(amount_currency) AS amount_residual_currency
             FROM (
                SELECT %(core)s, line.amount_residual AS amount,
                       line.amount_residual_currency AS amount_currency
                  FROM account_move_line AS line
                 WHERE %(open)s AND %(within)s AND line.date <= %(day)s
                 UNION ALL
                SELECT %(core)s, later.amount, later.debit_amount_currency
                  FROM account_partial_reconcile AS later
                  JOIN account_move_line AS line ON line.id = later.debit_move_id
                 WHERE later.max_date > %(day)s AND %(within)s AND line.date <= %(day)s
                 UNION ALL
                SELECT %(core)s, -later.amount, -later.credit_amount_currency
                  FROM account_partial_reconcile AS later
                  JOIN account_move_line AS line ON line.id = later.credit_move_id
                 WHERE later.max_date > %(day)s AND %(within)s AND line.date <= %(day)s
             ) AS part
            GROUP BY %(names)s
           HAVING SUM(amount) <> 0 OR SUM(amount_currency) <> 0""",
        names=CORE_NAMES,
        core=CORE,
        open=OPEN,
        within=within,
        day=day,
    )
    return with_lines(items)


def open_items(day=None, partner_ids=None):
    """SELECT of the items of `open_lines`."""
    return SQL("SELECT item.* FROM %s", open_lines(day, partner_ids))


def share_of_open(columns, amount):
    """SQL of a part of the open amount, in the currency of the company; 0 of a credit.

    :param columns: those of `crm.receivable`; ``company_currency`` must be joined
    :param SQL amount: the part in the currency of the item, of which no more counts
        than is open; all of it is the open amount to the cent
    """
    return SQL(
        """CASE WHEN %(currency)s <= 0 THEN 0
                ELSE ROUND(%(residual)s * LEAST(COALESCE(%(amount)s, 0), %(currency)s)
                           / %(currency)s, company_currency.decimal_places) END""",
        amount=amount,
        currency=SQL("(%s)", columns["amount_residual_currency"]),
        residual=SQL("(%s)", columns["amount_residual"]),
    )


def aged_amounts(items, day):
    """SELECT of (id, company_id, amount_aged): credits set against the oldest debts.

    The credits of a customer, in one account, currency and company, pay his items in
    the order of their due dates, and are themselves used up in that order. The sum
    stays what it was. What is posted for later, and what has no partner, is left
    alone.

    :param SQL items: SELECT of `open_items`
    """
    return SQL(
        """SELECT id, company_id,
                  MAX(CASE WHEN partner_id IS NULL THEN amount
                          WHEN amount > 0 THEN amount
                             - GREATEST(0, LEAST(amount, used - debt_before))
                          ELSE amount
                             + GREATEST(0, LEAST(-amount, used - credit_before))
                      END) AS amount_aged
             FROM (
                SELECT id, company_id, partner_id, amount,
                       LEAST(SUM(GREATEST(amount, 0)) OVER customer,
                             SUM(GREATEST(-amount, 0)) OVER customer) AS used,
                       SUM(GREATEST(amount, 0)) OVER so_far
                          - GREATEST(amount, 0) AS debt_before,
                       SUM(GREATEST(-amount, 0)) OVER so_far
                          - GREATEST(-amount, 0) AS credit_before
                  FROM (
                    SELECT item.id, item.account_id, item.company_id, item.currency_id,
                           contact.commercial_partner_id AS partner_id, item.date,
                           COALESCE(item.date_maturity, item.date) AS due,
                           %(sign)s * item.amount_residual AS amount
                      FROM (%(items)s) AS item
                      JOIN account_account AS account ON account.id = item.account_id
                      LEFT JOIN res_partner AS contact ON contact.id = item.partner_id
                  ) AS item
                WINDOW customer AS (
                          PARTITION BY company_id, account_id, partner_id, currency_id,
                                       date > %(day)s),
                       so_far AS (customer ORDER BY due, id ROWS UNBOUNDED PRECEDING)
             ) AS netted
            GROUP BY id, company_id""",
        sign=SIGN,
        items=items,
        day=day,
    )
