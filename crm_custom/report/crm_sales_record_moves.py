"""The SQL of sales records: what the deliveries of order lines say, by order line.

SELECTs to be joined like those of `crm_sales_record_sql`: what is to be done, what is
done, and what came back of kits, whose moves are those of their parts.
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

    Ready when goods are reserved, of a delivery in several steps those of the next one,
    and none wait for stock, such as another part of a kit.
    """
    return SQL(
        """SELECT move.sale_line_id AS order_line_id, 1 AS one,
                  BOOL_OR(move.state = 'assigned')
                      AND NOT BOOL_OR(move.state IN (
                          'confirmed', 'partially_available')) AS is_ready
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
    The parts of a kit are not counted as the kit, see `kits_returned`.
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


def kits_returned(within=None):
    """SELECT of (order_line_id, qty_returned) of the lines whose goods are other
    products: the parts of a kit.

    In the line's unit: the whole kits that went to the customer, less those that what
    he has kept still makes. So it is with Odoo's delivered quantity, to which it adds
    up. How much of a part makes a kit is what was to be delivered for what was ordered;
    where the order was changed since, for what Odoo counts as delivered.
    """
    return SQL(
        """SELECT order_line_id, (FLOOR(ROUND(kits * sent, 6))
                                  - FLOOR(ROUND(kits * kept, 6))) / factor
                                 AS qty_returned
             FROM (
                SELECT order_line_id, factor, sent, kept,
                       CASE WHEN counted = 0
                              OR FLOOR(ROUND(ordered * counted, 6)) = delivered
                            THEN ordered ELSE ROUND(delivered / counted) END AS kits
                  FROM (
                    SELECT order_line_id, MAX(factor) AS factor,
                           MAX(ordered * factor) AS ordered,
                           MAX(ROUND(delivered * factor)) AS delivered,
                           MIN(part_out / planned) AS sent,
                           MIN((part_out - part_back) / planned) AS kept,
                           MIN((part_out - part_refunded) / planned) AS counted
                      FROM (%s) AS part
                     WHERE planned > 0
                     GROUP BY order_line_id
                  ) AS shares
             ) AS known""",
        _parts_moved(within),
    )


def _parts_moved(within):
    """SELECT of the parts of kits, each in its own unit, beside the line's quantities.

    A delivery that was cancelled is planned no more, but for the rest of one that left.
    """
    return SQL(
        """SELECT line.id AS order_line_id, line.product_uom_qty AS ordered,
                  line.qty_delivered AS delivered,
                  line_unit.factor / kit_unit.factor AS factor,
                  SUM(move.product_uom_qty * unit.factor) FILTER (
                      WHERE %(is_out)s AND move.origin_returned_move_id IS NULL
                        AND (picking.state IS DISTINCT FROM 'cancel'
                             OR picking.backorder_id IS NOT NULL)) AS planned,
                  COALESCE(SUM(move.quantity * unit.factor) FILTER (
                      WHERE %(is_out)s AND move.state = 'done'), 0) AS part_out,
                  COALESCE(SUM(move.quantity * unit.factor) FILTER (
                      WHERE %(is_back)s AND move.state = 'done'), 0) AS part_back,
                  COALESCE(SUM(move.quantity * unit.factor) FILTER (
                      WHERE %(is_back)s AND move.state = 'done'
                        AND move.to_refund), 0) AS part_refunded
             FROM %(moves)s
             JOIN sale_order_line AS line ON line.id = move.sale_line_id
              AND line.product_id <> move.product_id
             JOIN product_product AS kit ON kit.id = line.product_id
             JOIN product_template AS template ON template.id = kit.product_tmpl_id
             JOIN uom_uom AS kit_unit ON kit_unit.id = template.uom_id
             JOIN uom_uom AS line_unit ON line_unit.id = line.product_uom_id
             JOIN uom_uom AS unit ON unit.id = move.product_uom
             JOIN stock_location AS source ON source.id = move.location_id
             JOIN stock_location AS target ON target.id = move.location_dest_id
             LEFT JOIN stock_picking AS picking ON picking.id = move.picking_id
            GROUP BY line.id, move.product_id, line_unit.factor, kit_unit.factor""",
        is_out=OUT,
        is_back=BACK,
        moves=_moves(within),
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
