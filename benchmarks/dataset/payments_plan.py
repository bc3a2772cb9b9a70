"""The plan of payments: who pays what when, and how it is matched.

A payment is for one instalment, all of it or a part; customers who pay several invoices
at once have two in a payment. What is paid in another currency at another rate leaves
an exchange difference, as Odoo books it.
"""

#: Share of the customers who pay two invoices at once.
PAIRS = 0.20
#: Payments on account, of the posted invoices.
ON_ACCOUNT = 0.004

# What each instalment gets: nothing, a part, or all that no credit note took.
PAID = """
SELECT due.n AS due_n, due.invoice_n, due.customer_n, due.company_no, due.is_foreign,
       invoice.currency_id, due.day_paid,
       CASE
           WHEN fate = 'paid' THEN due.amount - COALESCE(refund.amount, 0)
           WHEN parts > 1 THEN due.amount
           ELSE round(due.amount
                      * (0.2 + 0.6 * bench.u(due.n, 'part paid'))::numeric, 2)
       END AS amount,
       fate = 'paid' OR parts > 1 AS is_full,
       fate = 'paid' AND parts = 1 AND NOT due.is_foreign AND refund.n IS NULL
           AND bench.u(due.customer_n, 'pays in pairs') < %(pairs)s AS in_pairs
  FROM bench.due
  JOIN bench.invoice ON invoice.n = due.invoice_n
  LEFT JOIN bench.refund ON refund.due_n = due.n AND is_set_off
 WHERE (fate = 'paid' AND refund.is_full IS NOT TRUE)
    OR (fate = 'partial' AND due.k = 1)
"""

PAYMENTS = """
SELECT row_number() OVER (ORDER BY day, due_n) AS n, *
  FROM (
    SELECT min(due_n) AS due_n, customer_n, company_no, currency_id,
           bool_or(is_foreign) AS is_foreign, max(day_paid) AS day,
           sum(amount) AS amount, array_agg(due_n) AS due_ns,
           bool_and(is_full) AS is_full
      FROM (
        SELECT paid.*,
               CASE WHEN in_pairs THEN (row_number() OVER (
                   PARTITION BY in_pairs, customer_n, company_no
                       ORDER BY day_paid, due_n
               ) + 1) / 2 ELSE -due_n END AS pair
          FROM bench.paid
         WHERE amount > 0
      ) AS paired
  GROUP BY customer_n, company_no, currency_id, pair
    UNION ALL
    SELECT NULL, customer_n, company_no, currency_id, is_foreign, day,
           round(amount * 0.5, 2), '{}', true
      FROM bench.invoice
      JOIN bench.total USING (n)
     WHERE kind = 'direct' AND bench.u(n, 'on account') < %(on_account)s
  ) AS drawn
"""

# How each payment meets its instalments. `debit` and `credit` are what both sides give
# up in the company's currency: what differs is the exchange difference.
MATCHES = """
SELECT row_number() OVER (ORDER BY payment_n, due_n) AS n, matched.*,
       LEAST(debit, credit) AS balance,
       abs(debit - credit) AS difference
  FROM (
    SELECT payment_n, due_n, paid_amount AS amount, is_full, is_foreign, day,
           CASE WHEN NOT is_foreign THEN paid_amount
                WHEN is_full THEN due_balance
                WHEN close THEN credit
                ELSE at_due_rate END AS debit,
           CASE WHEN NOT is_foreign THEN paid_amount ELSE credit END AS credit
      FROM (
        SELECT payment.n AS payment_n, due.n AS due_n, paid.amount AS paid_amount,
               paid.is_full, due.is_foreign, payment.day, due.balance AS due_balance,
               round(paid.amount * due.balance / due.amount, 2) AS at_due_rate,
               round(paid.amount / rate.rate, 2) AS credit,
               -- so close that rounding explains it, on either side
               round(paid.amount / rate.rate, 2) BETWEEN
                   round((paid.amount - 0.005) * due.balance / due.amount, 2)
                   AND round((paid.amount + 0.005) * due.balance / due.amount, 2)
               AND round(paid.amount * due.balance / due.amount, 2) BETWEEN
                   round((paid.amount - 0.005) * round(paid.amount / rate.rate, 2)
                         / paid.amount, 2)
                   AND round((paid.amount + 0.005) * round(paid.amount / rate.rate, 2)
                             / paid.amount, 2) AS close
          FROM bench.payment
          CROSS JOIN LATERAL unnest(due_ns) AS each
          JOIN bench.due ON due.n = each
          JOIN bench.paid ON paid.due_n = each
          JOIN bench.rate
            ON rate.company_no = payment.company_no
           AND rate.month = date_trunc('month', payment.day)::date
      ) AS met
  ) AS matched
"""


def plan(plan):
    plan.table("paid", PAID, key="due_n", pairs=PAIRS)
    plan.table("payment", PAYMENTS, on_account=ON_ACCOUNT)
    plan.table("match", MATCHES, key="n; due_n; payment_n")
    return plan.value("SELECT count(*) FROM bench.payment")
