"""The plan of invoices and credit notes: what they are for, what is due, who pays.

An invoice is paid, paid in part or open; the recent ones are open more often. Credit
notes come after their invoice: some are set off against it, others stay open.
"""

#: Of the posted invoices and credit notes.
REFUNDS = 0.05
#: Of the posted invoices.
OPEN, PARTIAL = 0.20, 0.10
#: On top of the posted ones: not posted yet, and cancelled.
DRAFTS, CANCELLED = 0.010, 0.005

DIRECT = """
SELECT CASE WHEN r <= %(posted)s THEN 'direct'
            WHEN r <= %(posted)s + %(drafts)s THEN 'draft'
            ELSE 'cancel' END AS kind,
       r AS source, 1 AS part, customer.n AS customer_n, customer.term_no,
       CASE WHEN restricted OR bench.u(r, 'company of direct') < 0.85
            THEN customer.company_no ELSE (customer.company_no + 1) %% 3
       END AS company_no,
       %(today)s::date - 1 - floor(
           CASE WHEN r > %(posted)s AND r <= %(posted)s + %(drafts)s
                THEN 10 ELSE 728 END
           * power(bench.u(r, 'day of direct'), 1.1))::integer AS day,
       customer.currency AS wanted, customer.user_id AS customer_user_id
  FROM generate_series(1, %(posted)s + %(drafts)s + %(cancelled)s) AS r
  JOIN bench.customer
    ON customer.n = 1 + floor(%(active)s * power(bench.u(r, 'customer of direct'), 1.7))
"""

# All invoices in the order of their dates.
INVOICES = """
SELECT row_number() OVER (ORDER BY day, kind, source, part) AS n,
       united.*
  FROM (
    SELECT 'order' AS kind, orders.n AS source, part, orders.customer_n,
           orders.partner_id, orders.shipping_id, orders.term_no,
           orders.company_no, day,
           orders.is_foreign, orders.currency_id, orders.currency,
           orders.user_id, orders.team_id
      FROM bench.bill
      JOIN bench.orders ON orders.n = bill.order_n
    UNION ALL
    SELECT kind, source, part, customer_n,
           %(first)s + customer_n, shipping_id, term_no, company.no,
           day, money.currency <> company.currency,
           CASE WHEN money.currency <> company.currency
                THEN company.other_currency_id ELSE company.currency_id END,
           money.currency,
           COALESCE(own.user_id, seller.user_id), COALESCE(own.team_id, seller.team_id)
      FROM bench.direct
      JOIN bench.shipping USING (customer_n)
      JOIN bench.company ON company.no = direct.company_no
      CROSS JOIN LATERAL (
        SELECT COALESCE(wanted, company.currency) AS currency
      ) AS money
      LEFT JOIN bench.seller AS own
        ON own.user_id = customer_user_id AND own.company_no = company.no
      LEFT JOIN bench.seller
        ON seller.company_no = company.no
       AND seller.rank = bench.pick(source, 'seller of direct', seller.colleagues)
  ) AS united
"""

# price and quantity as the order has them; a direct invoice has a line or two
INVOICE_LINES = """
SELECT lines.*, round(amount / rate, 2) AS balance, rate
  FROM (
    SELECT invoice.n AS invoice_n, invoice.company_no, is_foreign, invoice.day,
           row_number() OVER (PARTITION BY invoice.n ORDER BY line.n) AS k,
           line.product_n, line.id AS order_line_id, bill_line.qty,
           line.price_unit, line.discount,
           round(bill_line.qty * line.price_unit * (100 - line.discount) / 100, 2)
               AS amount
      FROM bench.invoice
      JOIN bench.bill_line
        ON bill_line.order_n = invoice.source AND bill_line.part = invoice.part
      JOIN bench.line ON line.n = bill_line.line_n
     WHERE kind = 'order'
    UNION ALL
    SELECT n, company_no, is_foreign, day, k, product_n, NULL, qty, price, 0,
           round(qty * price, 2)
      FROM (
        SELECT invoice.n, company_no, is_foreign, day, k, product.n AS product_n,
               1 + bench.pick(source * 2 + k, 'direct qty', 12) AS qty,
               CASE WHEN invoice.currency = 'EUR'
                    THEN round(product.price * 0.92, 2) ELSE product.price END AS price
          FROM bench.invoice
          CROSS JOIN LATERAL generate_series(
              1, CASE WHEN bench.u(source, 'lines of direct') < 0.6 THEN 1 ELSE 2 END
          ) AS k
          JOIN bench.slot
            ON slot.slot = bench.pick(source * 2 + k, 'direct product', %(slots)s)
          JOIN bench.product ON product.n = slot.n
         WHERE kind <> 'order'
      ) AS direct
  ) AS lines
  JOIN LATERAL (
    SELECT CASE WHEN is_foreign THEN rate.rate ELSE 1 END AS rate
      FROM bench.rate
     WHERE rate.company_no = lines.company_no
       AND rate.month = date_trunc('month', day)::date
  ) AS money ON true
"""

TOTALS = """
SELECT invoice.n, amount, balance, rate,
       CASE
           WHEN kind NOT IN ('order', 'direct') THEN kind
           WHEN place < %(open)s THEN 'open'
           WHEN place < %(open)s + %(partial)s THEN 'partial'
           ELSE 'paid'
       END AS fate
  FROM (
    SELECT invoice_n AS n, sum(amount) AS amount, sum(balance) AS balance,
           max(rate) AS rate, count(*) AS lines
      FROM bench.invoice_line
  GROUP BY invoice_n
  ) AS total
  JOIN (
    SELECT n, kind,
           percent_rank() OVER (
               PARTITION BY kind IN ('order', 'direct')
               ORDER BY bench.u(n, 'fate')
                        * (1 - 0.85 * exp((day - %(today)s::date) / 40.0)), n
           ) AS place
      FROM bench.invoice
  ) AS invoice USING (n)
"""

# The instalments, the last of which takes what rounding left.
DUES = """
SELECT row_number() OVER (ORDER BY invoice_n, k) AS n, dues.*,
       CASE WHEN k < parts THEN part_amount
            ELSE total_amount - COALESCE(sum(part_amount) FILTER (WHERE k < parts)
                 OVER (PARTITION BY invoice_n), 0) END AS amount,
       CASE WHEN k < parts THEN part_balance
            ELSE total_balance - COALESCE(sum(part_balance) FILTER (WHERE k < parts)
                 OVER (PARTITION BY invoice_n), 0) END AS balance
  FROM (
    SELECT invoice.n AS invoice_n, term.k, term.parts, fate, customer_n,
           invoice.company_no, is_foreign, day, day + term.days AS day_due,
           total.amount AS total_amount, total.balance AS total_balance,
           round(total.amount * term.percent / 100, 2) AS part_amount,
           round(total.balance * term.percent / 100, 2) AS part_balance,
           LEAST(%(today)s::date, GREATEST(invoice.day,
               day + term.days - 4 + bench.pick(invoice.n * 4 + term.k, 'delay', 11)
               + (customer.slow * (0.5 + bench.u(invoice.n * 4 + term.k, 'late')))
                 ::integer)) AS day_paid
      FROM bench.invoice
      JOIN bench.total ON total.n = invoice.n
      JOIN bench.term ON term.no = invoice.term_no
      JOIN bench.customer ON customer.n = customer_n
  ) AS dues
"""

# The first half is set off against its invoice: of some all of it, which reverses it.
REFUNDS_OF = """
SELECT row_number() OVER (ORDER BY day, invoice_n) AS n, *
  FROM (
    SELECT invoice_n, invoice.customer_n, invoice.company_no, invoice.partner_id,
           invoice.shipping_id,
           invoice.currency_id, invoice.user_id, invoice.team_id, due.n AS due_n,
           place <= %(refunds)s / 2 AS is_set_off,
           is_full,
           CASE WHEN is_full THEN due.amount
                ELSE round(due.amount * (0.1 + 0.4 * bench.u(invoice_n, 'refund'))
                           ::numeric, 2) END AS amount,
           CASE WHEN place <= %(refunds)s / 2
                THEN LEAST(day_paid,
                           due.day + 1 + bench.pick(invoice_n, 'credited', 20))
                ELSE LEAST(%(today)s::date,
                           day_paid + 1 + bench.pick(invoice_n, 'credited', 30))
           END AS day
      FROM (
        SELECT due.*, row_number() OVER (ORDER BY bench.hash(invoice_n, 'refunded'))
                   AS place
          FROM bench.due
         WHERE fate = 'paid' AND parts = 1 AND NOT is_foreign AND amount > 5
      ) AS due
      JOIN bench.invoice ON invoice.n = invoice_n,
      LATERAL (
        SELECT place <= %(refunds)s / 2 AND kind = 'direct'
               AND bench.u(invoice_n, 'reversed') < 0.25 AS is_full
      ) AS how
     WHERE place <= %(refunds)s
  ) AS drawn
"""


def plan(plan):
    shape = plan.shape
    refunds = round(shape.invoices * REFUNDS)
    bills = plan.value("SELECT count(*) FROM bench.bill")
    plan.values["refunds"] = refunds
    plan.table(
        "direct",
        DIRECT,
        key=None,
        posted=max(0, shape.invoices - refunds - bills),
        drafts=round(shape.invoices * DRAFTS),
        cancelled=round(shape.invoices * CANCELLED),
    )
    plan.table("invoice", INVOICES, key="n; source, part")
    plan.table("invoice_line", INVOICE_LINES, key="invoice_n")
    plan.table("total", TOTALS, open=OPEN, partial=PARTIAL)
    plan.table("due", DUES, key="n; invoice_n")
    plan.table("refund", REFUNDS_OF, key="n; due_n")
    return plan.value("SELECT count(*) FROM bench.invoice")
