"""The plan of the ledger: every journal entry in the order of dates, and the matching.

An entry's lines have consecutive ids, so a line's id follows from its entry: products
first, then the instalments; of a payment the bank's side, then the customer's; of an
exchange difference the customer's side, then the gain or loss.
"""

ENTRIES = """
SELECT row_number() OVER chronological AS n,
       %(first)s + row_number() OVER chronological AS id,
       (%(first)s + sum(lines) OVER chronological - lines + 1)::bigint AS line_id,
       each.*
  FROM (
    SELECT CASE WHEN kind IN ('order', 'direct') THEN 'invoice' ELSE 'unposted' END
               AS kind,
           n AS source, company_no, day, lines + parts AS lines, lines AS products
      FROM bench.invoice
      JOIN (
        SELECT invoice_n AS n, count(*) AS lines
          FROM bench.invoice_line
      GROUP BY invoice_n
      ) AS counted USING (n)
      JOIN (
        SELECT invoice_n AS n, count(*) AS parts FROM bench.due GROUP BY invoice_n
      ) AS instalments USING (n)
    UNION ALL
    SELECT 'refund', n, company_no, day, 2, 1 FROM bench.refund
    UNION ALL
    SELECT 'payment', n, company_no, day, 2, 1 FROM bench.payment
    UNION ALL
    SELECT 'exchange', match.n, company_no, payment.day, 2, 1
      FROM bench.match
      JOIN bench.payment ON payment.n = payment_n
     WHERE difference > 0
  ) AS each
WINDOW chronological AS (
    ORDER BY day, kind = 'exchange', kind, source ROWS UNBOUNDED PRECEDING
)
"""

# Invoices and credit notes count by the year, exchange differences by the month.
NAMES = """
SELECT n, prefix, number,
       prefix || bench.padded(number, digits) AS name
  FROM (
    SELECT n, prefix, digits,
           row_number() OVER (PARTITION BY company_no, prefix ORDER BY n) AS number
      FROM bench.entry
      JOIN bench.company ON company.no = company_no,
      LATERAL (
        SELECT CASE
                   WHEN kind = 'refund'
                       THEN 'R' || sales_code || to_char(day, '/YYYY/')
                   WHEN kind = 'payment'
                       THEN 'P' || bank_code || to_char(day, '/YYYY/')
                   WHEN kind = 'exchange'
                       THEN exchange_code || to_char(day, '/YYYY/MM/')
                   ELSE sales_code || to_char(day, '/YYYY/')
               END AS prefix,
               CASE WHEN kind = 'exchange' THEN 4 ELSE 5 END AS digits
      ) AS numbering
     WHERE kind <> 'unposted'
  ) AS numbered
"""

DUE_LINES = """
SELECT due.n AS due_n, entry.line_id + products + due.k - 1 AS line_id
  FROM bench.due
  JOIN bench.entry ON entry.source = due.invoice_n
   AND entry.kind IN ('invoice', 'unposted')
"""

# `knot` names what is matched together: the first instalment of it.
PARTIALS = """
SELECT row_number() OVER (ORDER BY day, kind DESC, source) AS n,
       %(first)s + row_number() OVER (ORDER BY day, kind DESC, source) AS id,
       partial.*
  FROM (
    SELECT 'match' AS kind, match.n AS source, payment.due_n AS knot,
           payment.is_full, payment.company_no, payment.day, payment.currency_id,
           due_line.line_id AS debit_id, entry.line_id + 1 AS credit_id,
           match.balance, match.amount, exchange.id AS exchange_id
      FROM bench.match
      JOIN bench.payment ON payment.n = payment_n
      JOIN bench.due_line ON due_line.due_n = match.due_n
      JOIN bench.entry ON entry.kind = 'payment' AND entry.source = payment_n
      LEFT JOIN bench.entry AS exchange
        ON exchange.kind = 'exchange' AND exchange.source = match.n
    UNION ALL
    SELECT 'exchange', match.n, payment.due_n, payment.is_full, payment.company_no,
           payment.day, payment.currency_id,
           CASE WHEN credit > debit THEN exchange.line_id ELSE due_line.line_id END,
           CASE WHEN credit > debit THEN entry.line_id + 1 ELSE exchange.line_id END,
           difference, 0, NULL
      FROM bench.match
      JOIN bench.payment ON payment.n = payment_n
      JOIN bench.due_line ON due_line.due_n = match.due_n
      JOIN bench.entry ON entry.kind = 'payment' AND entry.source = payment_n
      JOIN bench.entry AS exchange
        ON exchange.kind = 'exchange' AND exchange.source = match.n
    UNION ALL
    SELECT 'refund', refund.n, refund.due_n, true, refund.company_no,
           refund.day, refund.currency_id, due_line.line_id, entry.line_id + 1,
           refund.amount, refund.amount, NULL
      FROM bench.refund
      JOIN bench.due_line ON due_line.due_n = refund.due_n
      JOIN bench.entry ON entry.kind = 'refund' AND entry.source = refund.n
     WHERE is_set_off
  ) AS partial
"""

KNOTS = """
SELECT knot, is_full, full_id,
       CASE WHEN is_full THEN full_id::text ELSE 'P' || partial_id END AS matching
  FROM (
    SELECT knot, is_full, partial_id,
           CASE WHEN is_full THEN
               %(first)s + count(*) FILTER (WHERE is_full) OVER (
                   ORDER BY partial_id ROWS UNBOUNDED PRECEDING) END AS full_id
      FROM (
        SELECT knot, bool_and(is_full) AS is_full, min(id) AS partial_id
          FROM bench.partial
      GROUP BY knot
      ) AS tied
  ) AS counted
"""

# What is left of each line that was matched, in both currencies.
SETTLED = """
SELECT line_id, min(knot) AS knot, sum(balance) AS balance, sum(amount) AS amount
  FROM (
    SELECT debit_id AS line_id, knot, balance, amount FROM bench.partial
    UNION ALL
    SELECT credit_id, knot, -balance, -amount FROM bench.partial
  ) AS sides
GROUP BY line_id
"""


def plan(plan):
    plan.table("entry", ENTRIES, key="n; kind, source")
    plan.table("entry_name", NAMES)
    plan.table("due_line", DUE_LINES, key="due_n")
    return plan.value("SELECT count(*) FROM bench.entry")


def plan_matching(plan):
    plan.table("partial", PARTIALS, key="n")
    plan.table("knot", KNOTS, key="knot")
    plan.table("settled", SETTLED, key="line_id")
    # the customer's standing and what is open of each invoice
    plan.table(
        "left_over",
        """
        SELECT invoice_n, sum(due.amount - COALESCE(settled.amount, 0)) AS amount,
               sum(due.balance - COALESCE(settled.balance, 0)) AS balance
          FROM bench.due
          JOIN bench.due_line ON due_line.due_n = due.n
          LEFT JOIN bench.settled ON settled.line_id = due_line.line_id
      GROUP BY invoice_n
        """,
        key="invoice_n",
    )
    return plan.value("SELECT count(*) FROM bench.partial")
