"""Products, how popular each is, and what is bought together with it.

The product number is its rank: number 1 sells best, number k about 1/k as often (Zipf).
Each product has two companions among the more popular ones, that baskets with it hold
far more often than chance would have it.
"""

from . import names

#: So many slots are dealt out to the products by popularity.
SLOTS = 1 << 17

PRODUCTS = """
SELECT n, %(first)s + n AS id,
       'P' || bench.padded(n, 5) AS code,
       initcap(bench.one_of(n, 'first word', %(words_1)s)) || ' '
           || bench.one_of(n, 'second word', %(words_2)s) || ' '
           || bench.one_of(n, 'third word', %(words_3)s) AS name,
       bench.u(n, 'service') >= 0.05 AS is_storable,
       CASE WHEN bench.u(n, 'service') < 0.05 OR bench.u(n, 'policy') < 0.6
            THEN 'order' ELSE 'delivery' END AS policy,
       price,
       round(price * (0.45 + 0.4 * bench.u(n, 'cost'))::numeric, 2) AS cost,
       bench.pick(n, 'lead', 8) AS lead_days,
       1 + bench.pick(n, 'companion 1', GREATEST(n / 2, 20)) AS companion_1,
       1 + bench.pick(n, 'companion 2', GREATEST(n / 2, 20)) AS companion_2
  FROM (
    SELECT n, round((4 * exp(4.5 * bench.u(n, 'price')))::numeric, 1) AS price
      FROM generate_series(1, %(products)s) AS n
  ) AS priced
"""

# The slots of a product are 1/k of the first's, one at least.
SLOTS_OF_PRODUCTS = """
SELECT row_number() OVER (ORDER BY n) - 1 AS slot, n
  FROM bench.product,
  LATERAL generate_series(
      1, GREATEST(1, round(%(slots)s / (ln(%(products)s) + 0.5772) / n)::integer)
  ) AS each
"""

TEMPLATE_COLUMNS = {
    "id": "id",
    "name": "jsonb_build_object('en_US', name)",
    "default_code": "code",
    "type": "CASE WHEN is_storable THEN 'consu' ELSE 'service' END",
    "is_storable": "is_storable",
    "active": "true",
    "sale_ok": "true",
    "purchase_ok": "true",
    "sequence": "1",
    "categ_id": "(%(category_ids)s)[1 + bench.pick(n, 'category',"
    " cardinality(%(category_ids)s))]",
    "uom_id": "%(unit_id)s",
    "list_price": "price",
    "volume": "0",
    "weight": "0",
    "tracking": "'none'",
    "sale_delay": "lead_days",
    "invoice_policy": "policy",
    "service_type": "'manual'",
    "expense_policy": "'no'",
    "service_tracking": "'no'",
    "lot_valuated": "false",
    "can_image_1024_be_zoomed": "false",
    "has_configurable_attributes": "false",
    "create_date": "%(today)s::timestamp - interval '800 days'",
}
VARIANT_COLUMNS = {
    "id": "product.id",
    "product_tmpl_id": "product.id",
    "default_code": "code",
    "active": "true",
    "combination_indices": "''",
    "can_image_variant_1024_be_zoomed": "false",
    "is_favorite": "false",
    "standard_price": "costs.by_company",
    "create_date": "%(today)s::timestamp - interval '800 days'",
}


def plan(plan):
    plan.table("product", PRODUCTS, **names.PRODUCT_WORDS)
    plan.table("slot", SLOTS_OF_PRODUCTS, key="slot", slots=SLOTS)
    plan.values["slots"] = plan.value("SELECT count(*) FROM bench.slot")
    plan.table(
        "cost",
        """
        SELECT product.n, company.no AS company_no,
               CASE WHEN company.currency = 'EUR'
                    THEN round(cost * 0.92, 2) ELSE cost END AS cost
          FROM bench.product, bench.company
        """,
        key="n, company_no",
    )
    return plan.shape.products


def write(plan):
    rows = plan.insert("product_template", TEMPLATE_COLUMNS, "bench.product")
    plan.insert(
        "product_product",
        VARIANT_COLUMNS,
        """
        bench.product
        JOIN (
            SELECT cost.n, jsonb_object_agg(company.id::text, cost) AS by_company
              FROM bench.cost
              JOIN bench.company ON company.no = cost.company_no
          GROUP BY cost.n
        ) AS costs ON costs.n = product.n
        """,
    )
    # the history of the cost, from which Odoo values what is in stock
    plan.insert(
        "product_value",
        {
            "id": "%(first)s + row_number() OVER (ORDER BY cost.n, company.no)",
            "product_id": "product.id",
            "company_id": "company.id",
            "user_id": "%(user)s",
            "value": "cost.cost",
            "date": "%(today)s::timestamp - interval '800 days'",
            "description": "'Price update from 0.0 to ' || cost.cost",
        },
        "bench.cost JOIN bench.product ON product.n = cost.n"
        " JOIN bench.company ON company.no = cost.company_no",
    )
    return rows
