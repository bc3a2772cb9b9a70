"""The SQL of sales records: what the deliveries of order lines say, by order line.

Two SELECTs to be joined like those of `crm_sales_record_sql`: what is to be done, and
what is done.
"""

from odoo.tools import SQL



def at_customer(place):
    """The condition that what is at a location is delivered, as Odoo sees it: at a
    customer, or with another company of the database, between the two.

    :param str place: the alias of the location
    """
    return SQL(
        """(%(place)s.usage = 'customer'
            OR %(place)s.usage = 'transit' AND %(place)s.company_id IS NULL)""",
        place=SQL.identifier(place),
    )


#: what reaches the customer, and what comes from him
OUT = SQL("%s AND NOT %s", at_customer("target"), at_customer("source"))
BACK = SQL("%s AND NOT %s", at_customer("source"), at_customer("target"))
#: moves of order lines that have not been done, and are no returns
TO_BE_DONE = SQL(
    """move.state IN ('draft', 'waiting', 'confirmed', 'partially_available',
                      'assigned')
       AND move.sale_line_id IS NOT NULL AND NOT %s""",
    at_customer("source"),
)


def waiting(within=None):
    """SELECT of (order_line_id, one, is_ready): it has deliveries that are to be done.

    Ready when there is one move, of a delivery in several steps the next one, whose
    goods are reserved.
    """
    return SQL(
        """SELECT move.sale_line_id AS order_line_id, 1 AS one,
                  BOOL_OR(move.state = 'assigned') AS is_ready
             FROM %s
             JOIN stock_location AS source ON source.id = move.location_id
            WHERE %s
            GROUP BY move.sale_line_id""",
        _moves(within),
        TO_BE_DONE,
    )


def moved(within=None):
    """SELECT of (order_line_id, date_last, qty_returned) of the moves that are done.

    The last delivery to the customer, and what came back from him in the line's unit.
    The parts of a kit are not counted as the kit.
    """
    return SQL(
        """SELECT move.sale_line_id AS order_line_id,
                  MAX(move.date) FILTER (WHERE %s) AS date_last,
                  SUM(move.quantity * unit.factor / line_unit.factor) FILTER (
                      WHERE %s AND move.product_id = line.product_id
                  ) AS qty_returned
             FROM %s
             JOIN sale_order_line AS line ON line.id = move.sale_line_id
             JOIN stock_location AS source ON source.id = move.location_id
             JOIN stock_location AS target ON target.id = move.location_dest_id
             JOIN uom_uom AS unit ON unit.id = move.product_uom
             JOIN uom_uom AS line_unit ON line_unit.id = line.product_uom_id
            WHERE move.state = 'done' AND move.sale_line_id IS NOT NULL
            GROUP BY move.sale_line_id""",
        at_customer("target"),
        BACK,
        _moves(within),
    )


def _moves(within):
    """What to read moves from: all of them, or those of the order lines."""
    if within is None:
        return SQL("stock_move AS move")
    # in this order: PostgreSQL weighs the orders of eight tables, and no more
    return SQL(
        "(%s) AS wanted (id) JOIN stock_move AS move ON move.sale_line_id = wanted.id",
        within,
    )
