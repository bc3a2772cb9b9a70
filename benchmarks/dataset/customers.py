"""The plan of the customers and their people: who is there, whose, and how he pays."""

from . import names
from .lists import PAYMENT_TERMS
from .shares import upto

#: Share of the customers that are companies.
COMPANIES = 0.70
#: Share of the customers that are another one, entered a second time.
TWINS = 0.03
#: Share of the customers that belong to one of our companies alone.
RESTRICTED = 0.10

# A twin has his original's letters, address and numbers, spelled his own way.
CUSTOMERS = """
SELECT numbered.*,
       %(first)s + n AS id,
       locale.no AS locale_no,
       bench.u(base, 'company') < %(companies)s AS is_company,
       1 + bench.pick(base, 'city', cardinality(locale.cities)) AS city_no,
       home.no AS company_no,
       bench.u(n, 'restricted') < %(restricted)s AS restricted,
       CASE WHEN bench.u(n, 'currency') < 0.35 THEN
           CASE WHEN locale.code IN ('DE', 'FR', 'ES') THEN 'EUR' ELSE 'USD' END
       END AS currency,
       (ARRAY[0, 0, 0, 0, 0, 12, 12, 12, 40, 40])[1 + bench.pick(n, 'slow', 10)]
           AS slow,
       1 + width_bucket(bench.u(n, 'term'), %(terms)s) AS term_no,
       seller.user_id,
       %(today)s::date - 760 - bench.pick(n, 'since', 1500) AS since
  FROM (
    SELECT n, CASE WHEN is_twin THEN original ELSE n END AS base, is_twin
      FROM (
        SELECT n, original,
               n > 100 AND bench.u(n, 'twin') < %(twins)s
               AND bench.u(original, 'twin') >= %(twins)s AS is_twin
          FROM (
            SELECT n::bigint, 1 + bench.pick(n, 'original', n)::bigint AS original
              FROM generate_series(1, %(partners)s) AS n
          ) AS drawn
      ) AS twins
  ) AS numbered
  JOIN bench.locale
    ON locale.no = 1 + width_bucket(bench.u(base, 'locale'), %(locales)s)
  JOIN bench.company AS home
    ON home.no = width_bucket(bench.u(base, 'home'), %(homes)s)
  LEFT JOIN bench.seller
    ON seller.company_no = home.no
   AND seller.rank = bench.pick(n, 'seller', seller.colleagues)
   AND bench.u(n, 'sold by') < 0.92
"""

PEOPLE = """
SELECT row_number() OVER (ORDER BY customer_n, k) AS n,
       %(first)s + %(partners)s + row_number() OVER (ORDER BY customer_n, k) AS id,
       customer_n, customer_id, k, locale_no, city_no, since,
       k > people AS is_address,
       k = 1 AND people > 0 AS is_first
  FROM (
    SELECT n AS customer_n, id AS customer_id, locale_no, city_no, since,
           CASE WHEN bench.u(n, 'has people') < %(people_share)s THEN
               (ARRAY[0, 0, 1, 1, 1, 1, 2, 2, 3, 4])[1 + bench.pick(n, 'people', 10)]
           ELSE 0 END AS people,
           CASE WHEN bench.u(n, 'address') < 0.05 THEN 1 ELSE 0 END AS addresses
      FROM bench.customer
     WHERE is_company
  ) AS company,
  LATERAL generate_series(1, people + addresses) AS k
"""


def plan(plan):
    plan.copy("locale", {"no": "integer", **names.columns()}, numbered(names.rows()))
    plan.table(
        "customer",
        CUSTOMERS,
        companies=COMPANIES,
        restricted=RESTRICTED,
        twins=TWINS,
        locales=upto([locale.share for locale in names.LOCALES]),
        homes=plan.values["company_shares"],
        terms=upto([share for *_term, share in PAYMENT_TERMS]),
    )
    plan.table("person", PEOPLE, key="n; customer_n")
    # who stands for a customer on his documents, half of them one of his people, and
    # where the goods go
    plan.table(
        "speaker",
        """
        SELECT customer.n,
               COALESCE(person.id, customer.id) AS partner_id,
               COALESCE(address.id, person.id, customer.id) AS shipping_id
          FROM bench.customer
          LEFT JOIN bench.person AS address
            ON address.customer_n = customer.n AND address.is_address
          LEFT JOIN bench.person
            ON person.customer_n = customer.n AND person.is_first
           AND bench.u(customer.n, 'speaker') < 0.5
        """,
    )
    # the same for a document that goes to the customer himself
    plan.table(
        "shipping",
        """
        SELECT customer.n AS customer_n,
               COALESCE(address.id, customer.id) AS shipping_id
          FROM bench.customer
          LEFT JOIN bench.person AS address
            ON address.customer_n = customer.n AND address.is_address
        """,
        key="customer_n",
    )
    return plan.shape.partners


def numbered(rows):
    for no, row in enumerate(rows, 1):
        yield [no, *row]
