"""Receivables in plain SQL, from the ledger's tables without the addon's view."""

import datetime
from decimal import Decimal

from odoo import fields

#: as an array the accounts are looked up first, and the lines by index
LINES = """
         l.parent_state = 'posted' AND l.company_id = %(company)s
     AND l.account_id = ANY((SELECT array_agg(id) FROM account_account
                              WHERE account_type = 'asset_receivable')::int[])
"""
OPEN = f"""
    SELECT l.id, l.partner_id, l.account_id, l.currency_id, l.date,
           COALESCE(l.date_maturity, l.date) AS due, l.amount_residual AS amount
      FROM account_move_line l
     WHERE l.reconciled IS NOT TRUE AND {LINES}
       AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)
"""
#: what is open on a day: residuals, and what was matched later put back
OPEN_ON = f"""
    SELECT id, partner_id, date, due, sum(amount) AS amount FROM (
        SELECT id, partner_id, date, due, amount FROM ({OPEN}) now
         WHERE date <= %(day)s
        UNION ALL
        SELECT l.id, l.partner_id, l.date, COALESCE(l.date_maturity, l.date), p.amount
          FROM account_partial_reconcile p
          JOIN account_move_line l ON l.id = p.debit_move_id
         WHERE p.max_date > %(day)s AND l.date <= %(day)s AND {LINES}
        UNION ALL
        SELECT l.id, l.partner_id, l.date, COALESCE(l.date_maturity, l.date), -p.amount
          FROM account_partial_reconcile p
          JOIN account_move_line l ON l.id = p.credit_move_id
         WHERE p.max_date > %(day)s AND l.date <= %(day)s AND {LINES}
    ) part GROUP BY id, partner_id, date, due HAVING sum(amount) <> 0
"""
#: the credits of a customer, account and currency taken off his oldest items
NETTED = f"""
    SELECT id, partner_id, due, CASE
               WHEN partner_id IS NULL THEN amount
               WHEN amount > 0
               THEN amount - GREATEST(0, LEAST(amount, LEAST(debt, credit)
                                                       - debt_so_far + amount))
               ELSE amount + GREATEST(0, LEAST(-amount, LEAST(debt, credit)
                                                        - credit_so_far - amount))
           END AS amount
      FROM (SELECT id, partner_id, due, amount,
                   sum(GREATEST(amount, 0)) OVER whole AS debt,
                   sum(GREATEST(-amount, 0)) OVER whole AS credit,
                   sum(GREATEST(amount, 0)) OVER so_far AS debt_so_far,
                   sum(GREATEST(-amount, 0)) OVER so_far AS credit_so_far
              FROM ({OPEN}) open
            WINDOW whole AS (PARTITION BY account_id, partner_id, currency_id,
                                          date > %(day)s),
                   so_far AS (whole ORDER BY due, id ROWS UNBOUNDED PRECEDING)) item
"""
#: {items} is one of the above
BY_CUSTOMER = """
    SELECT partner_id, sum(amount) AS due,
           sum(amount) FILTER (WHERE amount > 0 AND age < -%(week)s),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN -%(week)s AND -1),
           sum(amount) FILTER (WHERE amount > 0 AND age = 0),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 1 AND 30),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 31 AND 60),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 61 AND 90),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 91 AND 180),
           sum(amount) FILTER (WHERE amount > 0 AND age > 180),
           sum(amount) FILTER (WHERE amount < 0),
           min(due) FILTER (WHERE amount > 0)
      FROM (SELECT *, %(day)s::date - due AS age FROM ({items}) item) aged
     GROUP BY partner_id
"""


def values_of(door, days_back=0):
    """The parameters of the statements; the week ends as in the user's language."""
    today = fields.Date.context_today(door.env.user)
    day = today - datetime.timedelta(days=days_back)
    first = int(door.env["res.lang"]._lang_get(door.env.user.lang).week_start)
    return {
        "company": door.env.company.id,
        "day": day,
        "week": (first - 1 - day.isoweekday()) % 7,
    }


def some_customers(door, count):
    """Ids of customers who owe, a sample of large and small ones."""
    rows = door.sql(
        f"""SELECT o.partner_id FROM ({OPEN}) o JOIN res_partner p
                ON p.id = o.partner_id AND p.commercial_partner_id = p.id
             GROUP BY 1 ORDER BY md5(o.partner_id::text) LIMIT %(count)s""",
        {**values_of(door), "count": count},
    )
    return sorted(row[0] for row in rows)


def comparable(sums):
    """{key: amount} as rows, without what is nothing."""
    return sorted(
        (*(key if isinstance(key, tuple) else (key or 0,)), round(float(amount), 2))
        for key, amount in sums.items()
        if abs(amount) >= Decimal("0.005")
    )
