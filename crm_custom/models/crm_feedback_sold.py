"""What a customer was really sold, whoever asks: documents found by SQL, in sets.

Whoever takes a complaint may read neither orders nor deliveries nor invoices. He must
know that this customer got this product, and by which document: that, of the customer
and product asked for, is all that is told here.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from ..report.crm_sales_record_moves import at_customer


@dataclass
class Wanted:
    """A product that a customer speaks of; documents that somebody named for it."""

    customer_id: int
    company_id: int
    product_id: int
    lot_name: str | None = None
    order_line_id: int | None = None
    move_id: int | None = None
    invoice_line_id: int | None = None


@dataclass
class Sold:
    """The documents by which he got it: the ones named, else the latest."""

    order_line_id: int | None = None
    order_id: int | None = None
    move_id: int | None = None
    picking_id: int | None = None
    lot_id: int | None = None
    # the order line that was delivered, before it is known to be his
    sale_line_id: int | None = None
    invoice_line_id: int | None = None
    invoice_id: int | None = None

    def __bool__(self):
        return bool(self.order_line_id or self.move_id or self.invoice_line_id)


def find_sold(env, wanted):
    """By which documents each of these was sold: three queries for any number.

    :param wanted: list of `Wanted`
    :return: list of `Sold`, in the same order
    """
    env.flush_all()
    found = [Sold() for _one in wanted]
    _find(
        env, wanted, found, _MOVES, ("move_id", "picking_id", "lot_id", "sale_line_id")
    )
    _find(env, wanted, found, _ORDER_LINES, ("order_line_id", "order_id"))
    # what was delivered or invoiced of another order line is another sale
    _find(env, wanted, found, _INVOICE_LINES, ("invoice_line_id", "invoice_id"))
    return found


def _find(env, wanted, found, select, names):
    rows = SQL(", ").join(
        SQL(
            "(%s::int, %s::int, %s::int, %s::int, %s::text, %s::int, %s::int, %s::int,"
            " %s::int)",
            no,
            one.customer_id,
            one.company_id,
            one.product_id,
            one.lot_name,
            one.order_line_id,
            one.move_id,
            one.invoice_line_id,
            found[no].order_line_id or found[no].sale_line_id,
        )
        for no, one in enumerate(wanted)
    )
    query = SQL(
        """WITH wanted (no, customer_id, company_id, product_id, lot_name,
                        order_line_id, move_id, invoice_line_id, found_line_id)
             AS (VALUES %s)
           SELECT wanted.no, hit.* FROM wanted CROSS JOIN LATERAL (%s) AS hit""",
        rows,
        select,
    )
    for no, *values in env.execute_query(query):
        for name, value in zip(names, values, strict=True):
            setattr(found[no], name, value)


def sold_products(customer_ids, company_ids):
    """SELECT of the ids of all products that these customers were sold."""
    return SQL(
        """SELECT line.product_id
             FROM res_partner AS partner
             JOIN sale_order AS doc ON doc.partner_id = partner.id
             JOIN sale_order_line AS line ON line.order_id = doc.id
            WHERE partner.commercial_partner_id = ANY(%(customers)s)
              AND doc.state = 'sale' AND doc.company_id = ANY(%(companies)s)
            UNION
           SELECT move.product_id
             FROM res_partner AS partner
             JOIN stock_move AS move ON move.partner_id = partner.id
             JOIN stock_location AS place ON place.id = move.location_dest_id
            WHERE partner.commercial_partner_id = ANY(%(customers)s)
              AND move.state = 'done' AND %(there)s
              AND move.company_id = ANY(%(companies)s)
            UNION
           SELECT line.product_id
             FROM res_partner AS partner
             JOIN account_move_line AS line ON line.partner_id = partner.id
             JOIN account_move AS doc ON doc.id = line.move_id
            WHERE partner.commercial_partner_id = ANY(%(customers)s)
              AND line.parent_state = 'posted' AND doc.move_type = 'out_invoice'
              AND line.display_type = 'product'
              AND line.company_id = ANY(%(companies)s)""",
        customers=list(customer_ids),
        companies=list(company_ids),
        there=at_customer("place"),
    )


# Each finds one row of one wanted product, or none. What somebody named is taken
# alone, else the latest.
_MOVES = SQL(
    """SELECT move.id, move.picking_id, lot.id, move.sale_line_id
         FROM (
                SELECT named.id FROM stock_move AS named
                  JOIN res_partner AS partner ON partner.id = named.partner_id
                 WHERE partner.commercial_partner_id = wanted.customer_id
                   AND named.product_id = wanted.product_id
                 UNION
                SELECT named.id
                  FROM res_partner AS partner
                  JOIN sale_order AS doc ON doc.partner_id = partner.id
                  JOIN sale_order_line AS line ON line.order_id = doc.id
                   AND line.product_id = wanted.product_id
                  JOIN stock_move AS named ON named.sale_line_id = line.id
                 WHERE partner.commercial_partner_id = wanted.customer_id
              ) AS his
         JOIN stock_move AS move ON move.id = his.id
         JOIN stock_location AS place ON place.id = move.location_dest_id
    LEFT JOIN LATERAL (
                SELECT lot.id FROM stock_move_line AS detail
                  JOIN stock_lot AS lot ON lot.id = detail.lot_id
                 WHERE detail.move_id = move.id AND lot.name = wanted.lot_name
                 LIMIT 1
              ) AS lot ON TRUE
        WHERE move.state = 'done' AND %s
          AND move.product_id = wanted.product_id
          AND move.company_id = wanted.company_id
          AND (wanted.lot_name IS NULL OR lot.id IS NOT NULL)
          AND (wanted.move_id IS NULL OR move.id = wanted.move_id)
          AND (wanted.order_line_id IS NULL
               OR move.sale_line_id = wanted.order_line_id)
          AND (wanted.invoice_line_id IS NULL OR wanted.move_id IS NOT NULL
               OR move.sale_line_id IN (
                    SELECT order_line_id FROM sale_order_line_invoice_rel
                     WHERE invoice_line_id = wanted.invoice_line_id))
     ORDER BY move.date DESC, move.id DESC LIMIT 1""",
    at_customer("place"),
)
_ORDER_LINES = SQL(
    """SELECT line.id, line.order_id
         FROM res_partner AS partner
         JOIN sale_order AS doc ON doc.partner_id = partner.id
         JOIN sale_order_line AS line ON line.order_id = doc.id
        WHERE partner.commercial_partner_id = wanted.customer_id
          AND doc.state = 'sale' AND doc.company_id = wanted.company_id
          AND line.product_id = wanted.product_id
          AND (wanted.order_line_id IS NULL OR line.id = wanted.order_line_id)
          AND (wanted.order_line_id IS NOT NULL
               OR (wanted.move_id IS NULL AND wanted.lot_name IS NULL)
               OR line.id = wanted.found_line_id)
          AND (wanted.invoice_line_id IS NULL OR wanted.order_line_id IS NOT NULL
               OR line.id IN (
                    SELECT order_line_id FROM sale_order_line_invoice_rel
                     WHERE invoice_line_id = wanted.invoice_line_id))
     ORDER BY (line.id = wanted.found_line_id) DESC NULLS LAST,
              doc.date_order DESC, line.id DESC LIMIT 1"""
)
_INVOICE_LINES = SQL(
    """SELECT line.id, line.move_id
         FROM res_partner AS partner
         JOIN account_move_line AS line ON line.partner_id = partner.id
         JOIN account_move AS doc ON doc.id = line.move_id
        WHERE partner.commercial_partner_id = wanted.customer_id
          AND line.product_id = wanted.product_id
          AND line.company_id = wanted.company_id
          AND line.parent_state = 'posted' AND line.display_type = 'product'
          AND doc.move_type = 'out_invoice'
          AND (wanted.invoice_line_id IS NULL OR line.id = wanted.invoice_line_id)
          AND (wanted.invoice_line_id IS NOT NULL OR wanted.found_line_id IS NULL
               OR line.id IN (
                    SELECT invoice_line_id FROM sale_order_line_invoice_rel
                     WHERE order_line_id = wanted.found_line_id))
     ORDER BY doc.invoice_date DESC, line.id DESC LIMIT 1"""
)
