"""Credit: exposure and verdict of a thousand customers, and who is on hold of all.

The floors are written from the tables, without the addon's query.
"""

from dataclasses import dataclass
from unittest.mock import patch

from odoo.tools import SQL

from benchmarks import ledger, views
from benchmarks.figures import Aim
from benchmarks.work import Work

CUSTOMERS = 1000
DAYS_ALLOWED = 60
FIELDS = ("credit_exposure", "credit_overdue", "credit_days_overdue", "credit_verdict")

#: {who} limits partners, by the id of the partner
OWED = f"""
    SELECT p.commercial_partner_id AS customer, sum(o.amount) AS amount,
           sum(o.amount) FILTER (WHERE o.amount > 0 AND o.due < %(day)s) AS overdue,
           %(day)s - min(o.due) FILTER (WHERE o.amount > 0 AND o.due < %(day)s) AS days
      FROM ({ledger.OPEN}) o
      JOIN res_partner p ON p.id = o.partner_id
     WHERE {{who}}
     GROUP BY p.commercial_partner_id
"""
ORDERED = """
    SELECT p.commercial_partner_id AS customer,
           sum(l.price_total * GREATEST(GREATEST(l.product_uom_qty, l.qty_delivered)
                   - COALESCE(posted.quantity, 0), 0)
               / l.product_uom_qty / s.currency_rate::numeric) AS amount
      FROM sale_order s
      JOIN res_partner p ON p.id = s.partner_invoice_id
      JOIN sale_order_line l ON l.order_id = s.id AND l.display_type IS NULL
       AND l.product_uom_qty > 0
      LEFT JOIN LATERAL (
            SELECT sum(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * i.quantity) AS quantity
              FROM sale_order_line_invoice_rel r
              JOIN account_move_line i ON i.id = r.invoice_line_id
              JOIN account_move m ON m.id = i.move_id AND m.state = 'posted'
             WHERE r.order_line_id = l.id) posted ON TRUE
     WHERE s.state = 'sale' AND s.company_id = %(company)s AND {who}
       AND GREATEST(l.product_uom_qty, l.qty_delivered) <> l.qty_invoiced
     GROUP BY p.commercial_partner_id
"""


def _parameters(door, **more):
    # overdue is by the company's day, which is not the user's around midnight
    day = door.env.company._crm_today()
    return {**ledger.values_of(door), "day": day, **more}


@dataclass
class CreditOfAThousand(Work):
    name = "credit/a thousand customers"
    title = "exposure, overdue and verdict of 1,000 customers"
    user = "accountant"
    scale = "account_move_line"
    same = ()
    aims = (Aim("queries", 8), Aim("floor", 3), Aim("peer", 0.1))

    def prepare(self, door):
        self.customers = ledger.some_customers(door, CUSTOMERS)

    def addon(self, door):
        return door.env["res.partner"].browse(self.customers).read(FIELDS, load=None)

    def floor(self, door):
        who = """p.id = ANY(ARRAY(SELECT id FROM res_partner
                                   WHERE commercial_partner_id = ANY(%(customers)s)))"""
        return door.sql(
            f"""SELECT c.id, COALESCE(owed.amount, 0) + COALESCE(ordered.amount, 0),
                       owed.overdue, owed.days
                  FROM res_partner c
                  LEFT JOIN ({OWED.format(who=who)}) owed ON owed.customer = c.id
                  LEFT JOIN ({ORDERED.format(who=who)}) ordered
                         ON ordered.customer = c.id
                 WHERE c.id = ANY(%(customers)s)""",
            _parameters(door, customers=self.customers),
        )

    def peer(self, door):
        """`account_financial_risk`: what each is at risk for, and whether too much."""
        partners = door.env["res.partner"].browse(self.customers)
        return partners.read(["risk_total", "risk_exception"], load=None)


@dataclass
class CustomersOnHold(Work):
    name = "credit/on hold"
    title = "the first 80 customers on credit hold, and how many there are"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 25), Aim("floor", 3))

    def addon(self, door):
        # as the company's rules have it, which are not to be written in between
        exposure = type(door.env["crm.credit.exposure"])
        with patch.object(exposure, "_rule_columns", _hold_what_is_overdue):
            found = door.rpc(
                "res.partner",
                "web_search_read",
                domain=[("credit_hold", "=", True)],
                specification={"display_name": {}},
                limit=views.LIMIT,
                count_limit=views.COUNT_LIMIT,
                context={"allowed_company_ids": door.env.company.ids},
            )
        return [row["id"] for row in found["records"]]

    def floor(self, door):
        rows = door.sql(
            f"""SELECT p.id, count(*) OVER ()
                  FROM res_partner p
                  JOIN ({OWED.format(who="TRUE")}) owed ON owed.customer = p.id
                  LEFT JOIN ({ORDERED.format(who="TRUE")}) ordered
                         ON ordered.customer = p.id
                 WHERE owed.days > %(allowed)s AND owed.amount > 0 AND p.active
                   AND COALESCE(owed.amount, 0) + COALESCE(ordered.amount, 0)
                       IS NOT NULL
                 ORDER BY p.complete_name, p.id DESC LIMIT {views.LIMIT}""",
            _parameters(door, allowed=DAYS_ALLOWED),
        )
        return [row[0] for row in rows]


def _hold_what_is_overdue(_model, _company):
    for rule in ("limit", "amount", "promise", "blacklist"):
        yield SQL("'none' AS %s", SQL.identifier(f"{rule}_action"))
    yield SQL("'hold' AS overdue_action")
    yield SQL("%s AS days_allowed", DAYS_ALLOWED)
    yield SQL("0 AS overdue_allowed, 1 AS promises_allowed")
