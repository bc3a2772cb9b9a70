"""Portal users: people of the customers who may log in."""

from passlib.hash import pbkdf2_sha512

#: Of every portal user.
PASSWORD = "portal"
SALT = b"crm_custom bench"

USER_COLUMNS = {
    "id": "%(first)s + portal.n",
    "partner_id": "partner.id",
    "login": "partner.email",
    "password": "%(password)s",
    "company_id": "company.id",
    "active": "true",
    "share": "true",
    "notification_type": "'email'",
    "tour_enabled": "false",
    "signature": "'<div>' || partner.name || '</div>'",
}
PORTAL = """
SELECT row_number() OVER (ORDER BY bench.hash(person.n, 'portal')) AS n,
       person.id AS partner_id, company.id AS company_id
  FROM bench.person
  JOIN bench.customer ON customer.n = person.customer_n
  JOIN bench.company ON company.no = customer.company_no
  JOIN res_partner ON res_partner.id = person.id
 WHERE NOT is_address AND res_partner.email IS NOT NULL
 ORDER BY bench.hash(person.n, 'portal')
 LIMIT %(portal_users)s
"""


def write(plan):
    plan.table("portal", PORTAL)
    # the cheapest hash there is, or logging in would be what a benchmark measures
    password = pbkdf2_sha512.using(salt=SALT, rounds=1000).hash(PASSWORD)
    rows = plan.insert(
        "res_users",
        USER_COLUMNS,
        "bench.portal JOIN res_partner AS partner ON partner.id = partner_id"
        " JOIN res_company AS company ON company.id = portal.company_id"
        " ORDER BY portal.n",
        password=password,
    )
    plan.run(
        "INSERT INTO res_groups_users_rel (gid, uid)"
        " SELECT %(portal_group_id)s, %(first)s + n FROM bench.portal"
    )
    plan.run(
        "INSERT INTO res_company_users_rel (cid, user_id)"
        " SELECT company_id, %(first)s + n FROM bench.portal"
    )
    return rows
