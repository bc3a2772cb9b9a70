"""The rows of the customers, with the addon's own fields."""

from .letters import CUSTOMER_NAME, FAX, MOBILE, PHONE, letters

IN_LETTERS = letters(
    "SELECT customer.*, customer.base AS b,"
    " bench.u(n, 'no country') >= 0.015 AS has_country FROM bench.customer"
)
CUSTOMERS = f"""(
    SELECT named.*, {CUSTOMER_NAME} AS name FROM ({IN_LETTERS}) AS named
) AS face
LEFT JOIN (SELECT n AS customer_n, status, invoices FROM bench.standing) AS standing
  ON standing.customer_n = face.n
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(
               company.id::text, company.pricelist_id
           ) FILTER (WHERE face.currency <> company.currency) AS pricelists,
           jsonb_object_agg(company.id::text, term.id) AS terms,
           jsonb_object_agg(company.id::text, face_limit) AS limits
      FROM bench.company
      JOIN bench.term ON term.no = face.term_no AND term.k = 1,
      LATERAL (SELECT (1 + bench.pick(face.n, 'limit', 50)) * 1000.0 AS face_limit) AS l
) AS own ON true
LEFT JOIN (
    SELECT customer_n, id FROM bench.person WHERE is_first
) AS first_person ON first_person.customer_n = face.n
JOIN bench.company AS home ON home.no = face.company_no
"""

VAT = """
CASE
    WHEN is_company AND bench.u(face.base, 'has vat') < 0.65
         AND (NOT is_twin OR bench.u(face.n, 'same vat') < 0.5)
    THEN CASE
        WHEN is_twin THEN
            vat_start || ' ' || left(vat_digits, 3) || ' ' || substr(vat_digits, 4)
        ELSE vat_start || vat_digits
    END
END
"""
DOMAIN = "sound || face.base || '.example.com'"
EMAIL = f"""
CASE
    WHEN bench.u(face.n, 'no email') < 0.08 THEN NULL
    WHEN NOT is_company THEN sound || face.base || '@mail.example.com'
    WHEN is_twin AND bench.u(face.n, 'other email') < 0.5 THEN 'Sales@' || {DOMAIN}
    ELSE 'info@' || {DOMAIN}
END
"""
MOBILE_OF_CUSTOMER = f"""
CASE WHEN bench.u(face.base, 'has mobile') < CASE WHEN is_company THEN 0.1 ELSE 0.8 END
THEN {MOBILE} END
"""
PHONE_OF_CUSTOMER = f"CASE WHEN bench.u(face.n, 'no phone') >= 0.1 THEN {PHONE} END"
#: What every partner has; the names are those of `letters`.
COMMON = {
    "name": "name",
    "lang": "lang",
    "color": "0",
    "active": "true",
    "partner_share": "true",
    "message_bounce": "0",
    "supplier_rank": "0",
    "autopost_bills": "'ask'",
    "create_date": "since + time '09:00'",
}
COLUMNS = {
    **COMMON,
    "id": "face.id",
    "complete_name": "name",
    "commercial_partner_id": "face.id",
    "commercial_company_name": "CASE WHEN is_company THEN name END",
    "company_id": "CASE WHEN restricted THEN home.id END",
    "type": "'contact'",
    "is_company": "is_company",
    "is_crm_customer": "true",
    # a few have none, a few that of the customer before
    "ref": """
        CASE
            WHEN bench.u(face.n, 'no code') < 0.01 THEN NULL
            WHEN bench.u(face.n, 'code twice') < 0.002 AND face.n > 1
                THEN 'C' || bench.padded((face.n - 1), 6)
            ELSE 'C' || bench.padded(face.n, 6)
        END""",
    "user_id": "user_id",
    "customer_status": "standing.status",
    "customer_rank": "COALESCE(standing.invoices, 0)",
    "customer_type_id": "(%(customer_type_ids)s)[1 + width_bucket("
    "bench.u(face.base, 'type'), ARRAY[0.5, 0.7, 0.85, 0.95])]",
    "customer_source_id": "CASE WHEN bench.u(face.n, 'has source') < 0.6 THEN"
    " (%(source_ids)s)[1 + bench.pick(face.n, 'source', cardinality(%(source_ids)s))]"
    " END",
    "industry_id": "CASE WHEN is_company AND bench.u(face.base, 'has industry') < 0.8"
    " THEN (%(industry_ids)s)[1 + bench.pick(face.base, 'industry',"
    " cardinality(%(industry_ids)s))] END",
    "annual_revenue": "CASE WHEN is_company AND bench.u(face.base, 'revenue') < 0.5"
    " THEN round((20000 * exp(8 * bench.u(face.base, 'revenue of')))::numeric, -3)"
    " END",
    "annual_revenue_currency_id": "CASE WHEN is_company AND"
    " bench.u(face.base, 'revenue') < 0.5 THEN home.currency_id END",
    "headcount": "CASE WHEN is_company THEN"
    " (1 + exp(8 * bench.u(face.base, 'revenue of')))::integer ELSE 0 END",
    "primary_contact_id": "COALESCE(first_person.id, face.id)",
    "street": "street",
    "zip": "NULLIF(zip, '')",
    "city": "city",
    "state_id": "CASE WHEN has_country THEN state_id END",
    "country_id": "CASE WHEN has_country THEN country_id END",
    "vat": VAT,
    "website": f"CASE WHEN is_company AND bench.u(face.base, 'site') < 0.5"
    f" THEN 'https://www.' || {DOMAIN} END",
    "phone_area_code": "CASE WHEN bench.u(face.n, 'no phone') >= 0.1"
    " THEN trunk || area END",
    "phone": PHONE_OF_CUSTOMER,
    "fax": f"CASE WHEN is_company AND bench.u(face.n, 'fax') < 0.3 THEN {FAX} END",
    "mobile": MOBILE_OF_CUSTOMER,
    "phone_sanitized": f"""
        CASE
            WHEN {MOBILE_OF_CUSTOMER} IS NOT NULL THEN '+' || dial || mobile
            WHEN bench.u(face.n, 'no phone') >= 0.1 THEN '+' || dial || area || line
        END""",
    "email": EMAIL,
    "email_normalized": f"lower({EMAIL})",
    "property_payment_term_id": "own.terms",
    "specific_property_product_pricelist": "own.pricelists",
    "credit_limit": "CASE WHEN bench.u(face.n, 'limited') < 0.3 THEN own.limits END",
}


def write(plan):
    rows = plan.insert("res_partner", COLUMNS, CUSTOMERS)
    plan.run("ANALYZE res_partner")
    return rows
