"""A salesperson with two thousand customers, for his day."""

from benchmarks.roles import find

MODEL = "crm.my.day"
CUSTOMERS = 2_000
SALESPERSON = "sales_own"


def fill(env, today):
    """Give him customers with their people, orders and planned calls."""
    cr = env.cr
    values = {"user": find(env, SALESPERSON).id, "customers": CUSTOMERS}
    cr.execute(
        """
        CREATE TEMPORARY TABLE his AS
        SELECT id FROM res_partner
         WHERE is_crm_customer IS TRUE AND active AND company_id IS NULL
         ORDER BY hashint8extended(id, 1) LIMIT %(customers)s;
        UPDATE res_partner SET user_id = %(user)s
          FROM his WHERE commercial_partner_id = his.id;
        UPDATE sale_order SET user_id = %(user)s
          FROM res_partner AS people, his
         WHERE people.id = sale_order.partner_id
           AND people.commercial_partner_id = his.id;
        UPDATE sale_order_line SET salesman_id = %(user)s
          FROM sale_order
         WHERE sale_order.id = sale_order_line.order_id
           AND sale_order.user_id = %(user)s;
        UPDATE mail_activity SET user_id = %(user)s
          FROM his WHERE res_model = 'res.partner' AND res_id = his.id
        """,
        values,
    )
    cr.execute("SELECT count(*) FROM his")
    count = cr.fetchone()[0]
    cr.execute("DROP TABLE his")
    return count
