"""The plan of orders, deliveries and what was invoiced of them."""

from .shares import upto

#: Of the orders; the rest are confirmed.
DRAFT, SENT, CANCELLED = 0.05, 0.07, 0.04
#: 1, 2, 3 ... lines an order, a little more than four on average.
SIZES = (0.09, 0.17, 0.19, 0.17, 0.14, 0.10, 0.06, 0.04, 0.02, 0.02)
#: Of the confirmed orders: delivered in two parts, never delivered, never invoiced.
SPLIT, STUCK, FORGOTTEN = 0.06, 0.015, 0.03

# Few customers buy much: a customer's share falls with the square root of his number.
ORDERS = """
SELECT row_number() OVER (ORDER BY ordered_at, r) AS n,
       %(first)s + row_number() OVER (ORDER BY ordered_at, r) AS id,
       drawn.*,
       speaker.partner_id, speaker.shipping_id, money.currency,
       money.currency <> company.currency AS is_foreign,
       CASE WHEN money.currency <> company.currency
            THEN company.other_currency_id ELSE company.currency_id END AS currency_id,
       CASE WHEN money.currency <> company.currency THEN rate.rate ELSE 1 END AS rate,
       COALESCE(own.user_id, seller.user_id) AS user_id,
       COALESCE(own.team_id, seller.team_id) AS team_id,
       CASE WHEN bench.u(r, 'their number') < 0.2
            THEN 'PO-' || bench.digits(r, 'their number', 6) END AS client_ref
  FROM (
    SELECT r, customer.n AS customer_n, customer.user_id AS customer_user_id, term_no,
           date_trunc('second', %(today)s::date - 1
               - floor(728 * power(bench.u(r, 'day'), 1.2))::integer
               + time '06:00' + bench.u(r, 'time') * interval '12 hours')
               AS ordered_at,
           (ARRAY['draft', 'sent', 'cancel', 'sale'])[
               1 + width_bucket(bench.u(r, 'state'), %(states)s)] AS state,
           CASE WHEN restricted OR bench.u(r, 'company') < 0.85
                THEN customer.company_no ELSE (customer.company_no + 1) %% 3
           END AS company_no,
           customer.currency AS wanted
      FROM generate_series(1, %(orders)s) AS r
      JOIN bench.customer
        ON customer.n = 1 + floor(%(active)s * power(bench.u(r, 'customer'), 2))
  ) AS drawn
  JOIN bench.company ON company.no = company_no
  CROSS JOIN LATERAL (SELECT COALESCE(wanted, company.currency) AS currency) AS money
  JOIN bench.rate
    ON rate.company_no = company.no
   AND rate.month = date_trunc('month', ordered_at)::date
  JOIN bench.speaker ON speaker.n = customer_n
  LEFT JOIN bench.seller AS own
    ON own.user_id = customer_user_id AND own.company_no = company.no
  LEFT JOIN bench.seller
    ON seller.company_no = company.no
   AND seller.rank = bench.pick(r, 'seller of order', seller.colleagues)
"""

# Every fourth or so line is there because of the first one.
LINES = """
SELECT row_number() OVER (ORDER BY order_n, line_no) AS n,
       %(first)s + row_number() OVER (ORDER BY order_n, line_no) AS id,
       order_n, line_no, product.n AS product_n, is_storable, policy, lead_days,
       qty, discount, price_unit,
       round(qty * price_unit * (100 - discount) / 100, 2) AS subtotal
  FROM (
    SELECT order_n, key, currency,
           row_number() OVER (PARTITION BY order_n ORDER BY k) AS line_no,
           CASE WHEN row_number() OVER (PARTITION BY order_n, product_n ORDER BY k) = 1
                THEN product_n
                ELSE 1 + (product_n * 31 + k * 977) %% %(products)s
           END AS product_n
      FROM (
        SELECT wanted.*,
               CASE
                   WHEN k = 2 AND bench.u(key, 'with it') < 0.45 THEN anchor.companion_1
                   WHEN k = 3 AND bench.u(key, 'with it') < 0.30 THEN anchor.companion_2
                   ELSE slot.n
               END AS product_n
          FROM (
            SELECT n AS order_n, currency, k, n * 16 + k AS key,
                   row_number() OVER (
                       ORDER BY k > 1, bench.hash(n * 16 + k, 'kept')) AS place
              FROM bench.orders,
              LATERAL generate_series(
                  1, 1 + width_bucket(bench.u(n, 'size'), %(sizes)s)) AS k
          ) AS wanted
          JOIN bench.slot ON slot.slot = bench.pick(key, 'product', %(slots)s)
          JOIN bench.slot AS first_slot
            ON first_slot.slot = bench.pick(order_n * 16 + 1, 'product', %(slots)s)
          JOIN bench.product AS anchor ON anchor.n = first_slot.n
         WHERE place <= %(order_lines)s
      ) AS drawn
  ) AS basket
  JOIN bench.product ON product.n = basket.product_n,
  LATERAL (
    SELECT CASE WHEN is_storable
                THEN floor(exp(3 * power(bench.u(key, 'qty'), 2)))::numeric
                ELSE 1 END AS qty,
           (ARRAY[0, 5, 10, 15])[1 + width_bucket(
               bench.u(key, 'discount'), ARRAY[0.7, 0.85, 0.95])]::numeric AS discount,
           CASE WHEN currency = 'EUR' THEN round(price * 0.92, 2) ELSE price END
               AS price_unit
  ) AS terms
"""

SHIPMENTS = """
SELECT orders.n AS order_n, promised_at,
       GREATEST(ordered_at + interval '4 hours',
                promised_at + delay * interval '1 day') AS shipped_at,
       GREATEST(ordered_at + interval '4 hours', promised_at + delay * interval '1 day')
           + (5 + bench.pick(orders.n, 'second part', 20)) * interval '1 day'
           AS second_at,
       bench.u(orders.n, 'stuck') < %(stuck)s AS is_stuck,
       bench.u(orders.n, 'split') < %(split)s AS is_split
  FROM bench.orders
  JOIN (
    SELECT order_n, max(lead_days) AS lead_days
      FROM bench.line
     WHERE is_storable
  GROUP BY order_n
  ) AS goods ON goods.order_n = orders.n,
  LATERAL (
    SELECT ordered_at + lead_days * interval '1 day' AS promised_at,
           CASE width_bucket(bench.u(orders.n, 'late'), ARRAY[0.72, 0.92])
               WHEN 0 THEN -bench.pick(orders.n, 'late by', 2)
               WHEN 1 THEN 1 + bench.pick(orders.n, 'late by', 5)
               ELSE 6 + bench.pick(orders.n, 'late by', 25)
           END AS delay
  ) AS promise
 WHERE orders.state = 'sale'
"""

# A line's goods, in one part or two; what has not left waits in one picking.
MOVES = """
SELECT row_number() OVER (ORDER BY line_n, part) AS n,
       %(first)s + row_number() OVER (ORDER BY line_n, part) AS id,
       parts.*
  FROM (
    SELECT line.n AS line_n, line.order_n, line.product_n, part, promised_at,
           CASE WHEN NOT in_parts THEN qty
                WHEN part = 1 THEN ceil(qty / 2)
                ELSE floor(qty / 2) END AS qty,
           CASE WHEN is_stuck THEN NULL
                WHEN part = 1 AND shipped_at < %(today)s THEN shipped_at
                WHEN part = 2 AND second_at < %(today)s THEN second_at END AS done_at
      FROM bench.line
      JOIN bench.shipment ON shipment.order_n = line.order_n,
      LATERAL (
        SELECT is_split AND NOT is_stuck AND shipped_at < %(today)s AS in_parts
      ) AS how,
      LATERAL generate_series(1, CASE WHEN in_parts THEN 2 ELSE 1 END) AS part
     WHERE is_storable
  ) AS parts
 WHERE qty > 0
"""

PICKINGS = """
SELECT row_number() OVER (ORDER BY order_n, part) AS n,
       %(first)s + row_number() OVER (ORDER BY order_n, part) AS id,
       *,
       row_number() OVER (PARTITION BY company_no ORDER BY order_n, part) AS number
  FROM (
    SELECT order_n, part, company_no, min(promised_at) AS promised_at,
           min(done_at) AS done_at
      FROM bench.move
      JOIN bench.orders ON orders.n = order_n
  GROUP BY order_n, part, company_no
  ) AS picking
"""

# The first bill follows the first delivery; some are written before it.
BILLS = """
SELECT order_n, part, day::date
  FROM (
    SELECT orders.n AS order_n, 1 AS part,
           CASE
               WHEN shipment.order_n IS NULL
                   THEN ordered_at + bench.pick(orders.n, 'bill 1', 6) * day
               WHEN NOT is_stuck AND shipped_at < %(today)s
                   THEN shipped_at + bench.pick(orders.n, 'bill 1', 4) * day
               WHEN bench.u(orders.n, 'in advance') < 0.4
                   THEN ordered_at + bench.pick(orders.n, 'bill 1', 4) * day
           END AS day
      FROM bench.orders
      LEFT JOIN bench.shipment ON shipment.order_n = orders.n,
      LATERAL (SELECT interval '1 day' AS day) AS one
     WHERE state = 'sale' AND bench.u(orders.n, 'forgotten') >= %(forgotten)s
    UNION ALL
    SELECT order_n, part, done_at + bench.pick(order_n, 'bill 2', 4) * interval '1 day'
      FROM bench.picking
     WHERE part = 2 AND bench.u(order_n, 'second bill') < 0.8
       AND bench.u(order_n, 'forgotten') >= %(forgotten)s
  ) AS bill
 WHERE day < %(today)s
"""

BILL_LINES = """
SELECT bill.order_n, bill.part, bill.day, line.n AS line_n, billed.qty
  FROM bench.bill
  JOIN bench.line ON line.order_n = bill.order_n
  LEFT JOIN bench.move
    ON move.line_n = line.n AND move.part = bill.part AND move.done_at IS NOT NULL,
  LATERAL (
    SELECT CASE WHEN policy = 'delivery' THEN move.qty
                WHEN bill.part = 1 THEN line.qty END AS qty
  ) AS billed
 WHERE billed.qty > 0
"""

# What Odoo keeps on a line of what became of it.
PROGRESS = """
SELECT counted.*,
       CASE
           WHEN NOT is_sold THEN 'no'
           WHEN to_bill <> 0 THEN 'to invoice'
           WHEN billed >= qty THEN 'invoiced'
           ELSE 'no'
       END AS invoice_status,
       -- in binary fractions as Odoo has it, or half a cent would go the other way
       CASE WHEN is_sold THEN
           round((price_unit::float8 * (1 - discount::float8 / 100)
                  * CASE WHEN policy = 'delivery' THEN delivered ELSE qty END::float8
                  - billed_amount::float8)::numeric, 2)
       ELSE 0 END AS amount_to_bill
  FROM (
    SELECT line.n, line.order_n, policy, line.qty, price_unit, discount,
           orders.state = 'sale' AS is_sold,
           COALESCE(delivery.qty, 0) AS delivered,
           COALESCE(bills.qty, 0) AS billed,
           COALESCE(bills.amount, 0) AS billed_amount,
           CASE WHEN orders.state <> 'sale' THEN 0
                WHEN policy = 'delivery' THEN COALESCE(delivery.qty, 0)
                ELSE line.qty END - COALESCE(bills.qty, 0) AS to_bill
      FROM bench.line
      JOIN bench.orders ON orders.n = line.order_n
      LEFT JOIN (
        SELECT line_n, sum(qty) AS qty
          FROM bench.move
         WHERE done_at IS NOT NULL
      GROUP BY line_n
      ) AS delivery ON delivery.line_n = line.n
      LEFT JOIN (
        SELECT line_n, sum(bill_line.qty) AS qty,
               sum(round(bill_line.qty * price_unit * (100 - discount) / 100, 2))
                   AS amount
          FROM bench.bill_line
          JOIN bench.line ON line.n = line_n
      GROUP BY line_n
      ) AS bills ON bills.line_n = line.n
  ) AS counted
"""


def plan(plan):
    plan.table(
        "rate",
        """
        SELECT company.no AS company_no, rate.name AS month, rate.rate
          FROM bench.company
          JOIN res_currency_rate AS rate
            ON rate.company_id = company.id
           AND rate.currency_id = company.other_currency_id
        """,
        key="company_no, month",
    )
    plan.table("orders", ORDERS, states=upto([DRAFT, SENT, CANCELLED, 1]))
    plan.table("line", LINES, key="n; order_n", sizes=upto(SIZES))
    return plan.value("SELECT count(*) FROM bench.line")


def plan_deliveries(plan):
    plan.table("shipment", SHIPMENTS, key="order_n", stuck=STUCK, split=SPLIT)
    plan.table("move", MOVES, key="line_n; order_n")
    plan.table("picking", PICKINGS, key="order_n, part")
    return plan.value("SELECT count(*) FROM bench.move")


def plan_bills(plan):
    plan.table("bill", BILLS, key="order_n, part", forgotten=FORGOTTEN)
    plan.table("bill_line", BILL_LINES, key="order_n, part; line_n")
    plan.table("progress", PROGRESS, key="n; order_n")
    # a bill in advance of delivered quantities alone has nothing on it
    plan.run(
        """
        DELETE FROM bench.bill
         WHERE NOT EXISTS (
            SELECT FROM bench.bill_line
             WHERE bill_line.order_n = bill.order_n AND bill_line.part = bill.part
        )
        """
    )
    plan.run("ANALYZE bench.bill")
    return plan.value("SELECT count(*) FROM bench.bill_line")
