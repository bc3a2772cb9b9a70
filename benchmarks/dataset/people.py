"""The rows of the customers' people and addresses, and what is personal about them."""

from . import names
from .letters import MOBILE, PERSON_NAME, letters
from .partners import COMMON

#: Shares: of the people with a birthday and with hobbies, of the customers with tags.
BIRTHDAYS, HOBBIES, TAGGED = 0.25, 0.30, 0.20

IN_LETTERS = letters(
    "SELECT person.*, 1000000000 + person.n AS b, true AS has_country FROM bench.person"
)
PEOPLE = f"""(
    {IN_LETTERS}
) AS face
JOIN (
    SELECT id, name, lang, company_id, user_id, street, zip, city, state_id, country_id,
           vat, industry_id, email, property_payment_term_id,
           specific_property_product_pricelist AS pricelists, credit_limit
      FROM res_partner
     WHERE id > %(first)s
) AS customer ON customer.id = face.customer_id
"""
NAME = f"CASE WHEN is_address THEN 'Warehouse ' || k ELSE {PERSON_NAME} END"
EMAIL = """
CASE WHEN is_address OR customer.email IS NULL OR bench.u(face.n, 'person email') < 0.2
     THEN NULL
     ELSE 'contact' || k || '@' || split_part(customer.email, '@', 2) END
"""
HAS_MOBILE = "(NOT is_address AND bench.u(face.n, 'person mobile') < 0.7)"
COLUMNS = {
    **COMMON,
    "name": NAME,
    "lang": "customer.lang",
    "create_date": "since + time '09:30'",
    "id": "face.id",
    "complete_name": f"customer.name || ', ' || {NAME}",
    "parent_id": "customer.id",
    "commercial_partner_id": "customer.id",
    "commercial_company_name": "customer.name",
    "company_id": "customer.company_id",
    "type": "CASE WHEN is_address THEN 'delivery' ELSE 'contact' END",
    "is_company": "false",
    "is_crm_customer": "false",
    "customer_rank": "0",
    "user_id": "customer.user_id",
    "salutation": "CASE WHEN NOT is_address THEN"
    " bench.one_of(face.n, 'salutation', %(salutations)s) END",
    "department": "CASE WHEN NOT is_address THEN"
    " bench.one_of(face.n, 'department', %(departments)s) END",
    "function": "CASE WHEN NOT is_address THEN"
    " bench.one_of(face.n, 'position', %(positions)s) END",
    "street": "customer.street",
    "zip": "customer.zip",
    "city": "customer.city",
    "state_id": "customer.state_id",
    "country_id": "customer.country_id",
    "vat": "customer.vat",
    "industry_id": "customer.industry_id",
    "phone": "'+' || dial || ' ' || area || ' ' || line",
    "mobile": f"CASE WHEN {HAS_MOBILE} THEN {MOBILE} END",
    "phone_home": "CASE WHEN bench.u(face.n, 'home phone') < 0.1"
    " THEN '+' || dial || ' ' || area || ' ' || reverse(right(line, 4))"
    " || right(line, 4) END",
    "phone_sanitized": f"'+' || dial || CASE WHEN {HAS_MOBILE} THEN mobile"
    " ELSE area || line END",
    "email": EMAIL,
    "email_normalized": f"lower({EMAIL})",
    "property_payment_term_id": "customer.property_payment_term_id",
    "specific_property_product_pricelist": "customer.pricelists",
    "credit_limit": "customer.credit_limit",
}


def write(plan):
    rows = plan.insert(
        "res_partner",
        COLUMNS,
        PEOPLE,
        salutations=names.SALUTATIONS,
        departments=names.DEPARTMENTS,
        positions=names.POSITIONS,
    )
    plan.run("ANALYZE res_partner")
    return rows


def write_details(plan):
    """Hobbies, special days and tags."""
    rows = plan.insert(
        "res_partner_special_day",
        {
            "id": "%(first)s + row_number() OVER (ORDER BY id)",
            "partner_id": "id",
            "name": "'Birthday'",
            "date": "%(today)s::date - 7000 - bench.pick(n, 'born', 16000)",
            "recurrence": "'yearly'",
            "notice_days": "7",
        },
        "bench.person WHERE NOT is_address AND bench.u(n, 'birthday') < %(share)s",
        share=BIRTHDAYS,
    )
    rows += plan.run(
        """
        INSERT INTO res_partner_res_partner_hobby_rel
               (res_partner_id, res_partner_hobby_id)
        SELECT DISTINCT id, (%(hobby_ids)s)[
                   1 + bench.pick(n, 'hobby ' || hobby_no, cardinality(%(hobby_ids)s))]
          FROM bench.person, generate_series(1, 2) AS hobby_no
         WHERE NOT is_address AND bench.u(n, 'hobbies') < %(share)s
        """,
        share=HOBBIES,
    )
    rows += plan.run(
        """
        INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
        SELECT DISTINCT id, (%(tag_ids)s)[
                   1 + bench.pick(n, 'tag ' || tag_no, cardinality(%(tag_ids)s))]
          FROM bench.customer, generate_series(1, 2) AS tag_no
         WHERE bench.u(n, 'tagged') < %(share)s
        """,
        share=TAGGED,
    )
    return rows
