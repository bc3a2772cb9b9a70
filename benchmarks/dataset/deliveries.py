"""The rows of deliveries: pickings, moves, what moved, and what is left in stock."""

PICKING_COLUMNS = {
    "id": "picking.id",
    "name": "picking_prefix || bench.padded(picking.number, 5)",
    "state": "CASE WHEN picking.done_at IS NULL THEN 'assigned' ELSE 'done' END",
    "origin": "'S' || bench.padded(orders.n, 5)",
    "sale_id": "orders.id",
    "company_id": "company.id",
    "partner_id": "orders.shipping_id",
    "picking_type_id": "picking_type_id",
    "location_id": "stock_id",
    "location_dest_id": "customers_id",
    "move_type": "'direct'",
    "priority": "'0'",
    "is_locked": "true",
    "has_deadline_issue": "false",
    "shipping_weight": "0",
    "scheduled_date": "picking.promised_at",
    "date_deadline": "picking.promised_at",
    "date_done": "picking.done_at",
    "backorder_id": "before.id",
    "create_date": "orders.ordered_at",
}
PICKINGS = """
bench.picking
JOIN bench.orders ON orders.n = picking.order_n
JOIN bench.company ON company.no = orders.company_no
LEFT JOIN bench.picking AS before
  ON before.order_n = picking.order_n AND before.part = picking.part - 1
ORDER BY picking.n
"""

MOVE_COLUMNS = {
    "id": "move.id",
    "picking_id": "picking.id",
    "sale_line_id": "line.id",
    "reference": "picking_prefix || bench.padded(picking.number, 5)",
    "origin": "'S' || bench.padded(orders.n, 5)",
    "state": "CASE WHEN move.done_at IS NULL THEN 'assigned' ELSE 'done' END",
    "date": "COALESCE(move.done_at, move.promised_at)",
    "date_deadline": "move.promised_at",
    "reservation_date": "orders.ordered_at::date",
    "company_id": "company.id",
    "partner_id": "orders.shipping_id",
    "picking_type_id": "picking_type_id",
    "warehouse_id": "warehouse_id",
    "rule_id": "rule_id",
    "location_id": "stock_id",
    "location_dest_id": "customers_id",
    "location_final_id": "customers_id",
    "product_id": "product.id",
    "product_uom": "%(unit_id)s",
    "packaging_uom_id": "%(unit_id)s",
    "product_uom_qty": "move.qty",
    "product_qty": "move.qty",
    "packaging_uom_qty": "move.qty",
    "quantity": "move.qty",
    "picked": "move.done_at IS NOT NULL",
    "value": "CASE WHEN move.done_at IS NOT NULL"
    " THEN round(move.qty * cost.cost, 2) END",
    "is_out": "move.done_at IS NOT NULL",
    "is_in": "false",
    "is_dropship": "false",
    "sequence": "10",
    "priority": "'0'",
    "procure_method": "'make_to_stock'",
    "propagate_cancel": "false",
    "to_refund": "true",
    "additional": "false",
    "create_date": "orders.ordered_at",
}
MOVES = """
bench.move
JOIN bench.picking ON picking.order_n = move.order_n AND picking.part = move.part
JOIN bench.line ON line.n = move.line_n
JOIN bench.orders ON orders.n = move.order_n
JOIN bench.company ON company.no = orders.company_no
JOIN bench.product ON product.n = move.product_n
JOIN bench.cost ON cost.n = move.product_n AND cost.company_no = orders.company_no
ORDER BY move.n
"""

MOVE_LINE_COLUMNS = {
    "id": "id",
    "move_id": "id",
    "picking_id": "picking_id",
    "company_id": "company_id",
    "product_id": "product_id",
    "product_uom_id": "product_uom",
    "location_id": "location_id",
    "location_dest_id": "location_dest_id",
    "quantity": "quantity",
    "quantity_product_uom": "quantity",
    "state": "state",
    "picked": "picked",
    "date": "date",
    "create_date": "create_date",
}

# What was in stock before the first order is what has left, what waits and some more.
STOCK = """
SELECT row_number() OVER (ORDER BY company.no, product.n) AS n,
       product.id AS product_id, company.*, cost.cost,
       COALESCE(sent, 0) AS sent, COALESCE(waiting, 0) AS waiting,
       COALESCE(sent, 0) + COALESCE(waiting, 0) + 10
           + bench.pick(product.n, 'in stock', 200) AS first_qty
  FROM bench.product
  CROSS JOIN bench.company
  JOIN bench.cost ON cost.n = product.n AND cost.company_no = company.no
  LEFT JOIN (
    SELECT product_n, company_no,
           sum(qty) FILTER (WHERE done_at IS NOT NULL) AS sent,
           sum(qty) FILTER (WHERE done_at IS NULL) AS waiting
      FROM bench.move
      JOIN bench.orders ON orders.n = order_n
  GROUP BY product_n, company_no
  ) AS moved ON moved.product_n = product.n AND moved.company_no = company.no
 WHERE is_storable
"""
FIRST_MOVE_COLUMNS = {
    "id": "%(first)s + %(moves)s + n",
    "reference": "'Product Quantity Updated'",
    "state": "'done'",
    "date": "%(start)s",
    "company_id": "id",
    "location_id": "inventory_id",
    "location_dest_id": "stock_id",
    "product_id": "product_id",
    "product_uom": "%(unit_id)s",
    "packaging_uom_id": "%(unit_id)s",
    "product_uom_qty": "first_qty",
    "product_qty": "first_qty",
    "packaging_uom_qty": "first_qty",
    "quantity": "first_qty",
    "picked": "true",
    "value": "round(first_qty * cost, 2)",
    "is_in": "true",
    "is_out": "false",
    "is_dropship": "false",
    "is_inventory": "true",
    "sequence": "10",
    "priority": "'0'",
    "procure_method": "'make_to_stock'",
    "propagate_cancel": "true",
    "to_refund": "true",
    "additional": "false",
    "create_date": "%(start)s",
}
QUANT_COLUMNS = {
    "id": "%(first)s + row_number() OVER (ORDER BY location_id, product_id)",
    "product_id": "product_id",
    "company_id": "company_id",
    "location_id": "location_id",
    "quantity": "quantity",
    "reserved_quantity": "reserved",
    "in_date": "%(start)s",
    "inventory_date": "CASE WHEN is_ours THEN"
    " make_date(extract(year FROM %(today)s::date)::integer, 12, 31) END",
    "inventory_quantity": "0",
    "inventory_diff_quantity": "0",
    "inventory_quantity_set": "false",
    "create_date": "%(start)s",
}
QUANTS = """(
    SELECT product_id, id AS company_id, stock_id AS location_id,
           first_qty - sent AS quantity, waiting AS reserved, true AS is_ours
      FROM bench.stock
    UNION ALL
    SELECT product_id, id, inventory_id, -first_qty, 0, false FROM bench.stock
    UNION ALL
    SELECT product_id, NULL, customers_id, sum(sent), 0, false
      FROM bench.stock
  GROUP BY product_id, customers_id
    HAVING sum(sent) > 0
) AS quants
"""


def write(plan):
    plan.insert("stock_picking", PICKING_COLUMNS, PICKINGS)
    plan.insert(
        "stock_reference",
        {
            "id": "orders.id",
            "name": "'S' || bench.padded(orders.n, 5)",
            "create_date": "ordered_at",
        },
        "bench.shipment JOIN bench.orders ON orders.n = shipment.order_n",
    )
    plan.run(
        """
        INSERT INTO stock_reference_sale_rel (sale_id, reference_id)
        SELECT orders.id, orders.id
          FROM bench.shipment
          JOIN bench.orders ON orders.n = shipment.order_n
        """
    )
    return plan.value("SELECT count(*) FROM bench.picking")


def write_moves(plan):
    rows = plan.insert("stock_move", MOVE_COLUMNS, MOVES)
    plan.run(
        """
        INSERT INTO stock_reference_move_rel (move_id, reference_id)
        SELECT move.id, orders.id
          FROM bench.move
          JOIN bench.orders ON orders.n = move.order_n
        """
    )
    return rows


def write_stock(plan):
    """What was there at first, what is left, and what each move moved."""
    start = f"{plan.today} 00:00:00"
    plan.values["start"] = plan.value(
        "SELECT %(start)s::timestamp - interval '780 days'", start=start
    )
    plan.values["moves"] = plan.value("SELECT count(*) FROM bench.move")
    plan.table("stock", STOCK)
    plan.insert("stock_move", FIRST_MOVE_COLUMNS, "bench.stock")
    plan.insert("stock_quant", QUANT_COLUMNS, QUANTS)
    return plan.insert(
        "stock_move_line",
        MOVE_LINE_COLUMNS,
        "stock_move WHERE id > %(first)s ORDER BY id",
    )
