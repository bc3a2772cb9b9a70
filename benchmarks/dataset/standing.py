"""How lively the business with each customer is: what the addon keeps per company."""

from .companies import COMPANIES

#: Share of the customers that a company does no business with any more.
BLACKLISTED = 0.005

# The last confirmed order or invoice, a day in the company's time zone.
STANDING = """
SELECT n, jsonb_object_agg(company_id::text, status) FILTER (
           WHERE status <> 'prospect') AS status,
       sum(invoices)::integer AS invoices
  FROM (
    SELECT customer.n, company.id AS company_id, COALESCE(invoices, 0) AS invoices,
           CASE
               WHEN bench.u(customer.n, 'blacklist') < %(blacklisted)s
                    AND company.no = customer.company_no THEN 'blacklist'
               WHEN last_day IS NULL THEN 'prospect'
               WHEN %(today)s - last_day > crm_status_lost_days THEN 'lost'
               WHEN %(today)s - last_day > crm_status_dormant_days THEN 'dormant'
               WHEN %(today)s - last_day > crm_status_at_risk_days THEN 'at_risk'
               ELSE 'active'
           END AS status
      FROM bench.customer
     CROSS JOIN bench.company
      JOIN res_company ON res_company.id = company.id
      LEFT JOIN (
        SELECT customer_n, company_no, max(day) AS last_day, sum(invoices) AS invoices
          FROM (
            SELECT customer_n, company_no, 0 AS invoices,
                   (ordered_at AT TIME ZONE 'UTC'
                    AT TIME ZONE (%(zones)s)[1 + company_no])::date AS day
              FROM bench.orders
             WHERE state = 'sale'
            UNION ALL
            SELECT customer_n, company_no, 1, day
              FROM bench.invoice
             WHERE kind IN ('order', 'direct')
          ) AS business
      GROUP BY customer_n, company_no
      ) AS business
        ON business.customer_n = customer.n AND business.company_no = company.no
     WHERE NOT restricted OR company.no = customer.company_no
  ) AS each
GROUP BY n
"""


def plan(plan):
    plan.table(
        "standing",
        STANDING,
        blacklisted=BLACKLISTED,
        zones=[tz for _name, _country, _currency, tz, _share in COMPANIES],
    )
    return plan.value("SELECT count(*) FROM bench.standing WHERE status IS NOT NULL")
