"""The rows of orders and their lines."""

ORDER_COLUMNS = {
    "id": "orders.id",
    "name": "'S' || bench.padded(orders.n, 5)",
    "state": "state",
    "locked": "false",
    "company_id": "company.id",
    "partner_id": "partner_id",
    "partner_invoice_id": "partner_id",
    "partner_shipping_id": "shipping_id",
    "user_id": "user_id",
    "team_id": "team_id",
    "date_order": "ordered_at",
    "create_date": "ordered_at",
    "validity_date": "ordered_at::date + 30",
    "commitment_date": "CASE WHEN bench.u(orders.n, 'promised') < 0.3"
    " THEN promised_at END",
    "client_order_ref": "client_ref",
    "opportunity_id": "CASE WHEN bench.u(orders.n, 'from a lead') < 0.3"
    " THEN lead_id END",
    "campaign_id": "CASE WHEN bench.u(orders.n, 'has campaign') < 0.1 THEN"
    " (%(campaign_ids)s)[1 + bench.pick(orders.n, 'campaign',"
    " cardinality(%(campaign_ids)s))] END",
    "pricelist_id": "CASE WHEN is_foreign THEN company.pricelist_id END",
    "currency_id": "orders.currency_id",
    "currency_rate": "rate",
    "payment_term_id": "term.id",
    "warehouse_id": "company.warehouse_id",
    "picking_policy": "'direct'",
    "require_signature": "true",
    "require_payment": "false",
    "prepayment_percent": "1",
    "amount_untaxed": "amount",
    "amount_tax": "0",
    "amount_total": "amount",
    "margin": "total.margin",
    "margin_percent": "total.margin / NULLIF(amount, 0)",
    "invoice_status": "CASE WHEN to_invoice THEN 'to invoice'"
    " WHEN invoiced THEN 'invoiced' ELSE 'no' END",
    "effective_date": "sent.effective_date",
    "delivery_status": "CASE WHEN sent.all_done THEN 'full'"
    " WHEN sent.any_done THEN 'partial' WHEN NOT sent.any_done THEN 'pending' END",
}
ORDERS = """
bench.orders
JOIN bench.company ON company.no = orders.company_no
JOIN bench.term ON term.no = orders.term_no AND term.k = 1
JOIN (
    SELECT line.order_n, sum(subtotal) AS amount,
           round(sum(subtotal - line.qty * cost.cost * rate), 2) AS margin,
           bool_or(invoice_status = 'to invoice') AS to_invoice,
           bool_and(invoice_status = 'invoiced') AS invoiced
      FROM bench.line
      JOIN bench.orders ON orders.n = line.order_n
      JOIN bench.progress ON progress.n = line.n
      JOIN bench.cost
        ON cost.n = line.product_n AND cost.company_no = orders.company_no
  GROUP BY line.order_n
) AS total ON total.order_n = orders.n
LEFT JOIN (
    SELECT order_n, min(done_at) AS effective_date, min(promised_at) AS promised_at,
           bool_and(done_at IS NOT NULL) AS all_done,
           bool_or(done_at IS NOT NULL) AS any_done
      FROM bench.picking
  GROUP BY order_n
) AS sent ON sent.order_n = orders.n
LEFT JOIN (
    SELECT customer_n, company_no, min(id) AS lead_id
      FROM bench.lead
     WHERE outcome = 'won'
  GROUP BY customer_n, company_no
) AS lead
  ON lead.customer_n = orders.customer_n AND lead.company_no = orders.company_no
ORDER BY orders.n
"""

LINE_COLUMNS = {
    "id": "line.id",
    "order_id": "orders.id",
    "order_partner_id": "orders.partner_id",
    "company_id": "company.id",
    "currency_id": "orders.currency_id",
    "salesman_id": "orders.user_id",
    "warehouse_id": "company.warehouse_id",
    "state": "orders.state",
    "sequence": "10",
    "name": "'[' || product.code || '] ' || product.name",
    "product_id": "product.id",
    "product_uom_id": "%(unit_id)s",
    "product_uom_qty": "line.qty",
    "price_unit": "line.price_unit",
    # what the price list says; a price in another currency was typed
    "technical_price_unit": "CASE WHEN orders.currency = 'USD'"
    " THEN line.price_unit ELSE 0 END",
    "discount": "line.discount",
    "price_subtotal": "subtotal",
    "price_total": "subtotal",
    "price_tax": "0",
    "price_reduce_taxexcl": "round(subtotal / line.qty, 2)",
    "price_reduce_taxinc": "round(subtotal / line.qty, 2)",
    "purchase_price": "cost.cost * rate",
    "margin": "subtotal - line.qty * cost.cost * rate",
    "margin_percent": "(subtotal - line.qty * cost.cost * rate) / NULLIF(subtotal, 0)",
    "customer_lead": "line.lead_days",
    "qty_delivered_method": "CASE WHEN line.is_storable THEN 'stock_move'"
    " ELSE 'manual' END",
    "qty_delivered": "delivered",
    "qty_invoiced": "billed",
    "qty_to_invoice": "to_bill",
    "untaxed_amount_invoiced": "billed_amount",
    "untaxed_amount_to_invoice": "amount_to_bill",
    "invoice_status": "invoice_status",
    "is_optional": "false",
    "collapse_prices": "false",
    "collapse_composition": "false",
    "create_date": "orders.ordered_at",
}
LINES = """
bench.line
JOIN bench.orders ON orders.n = line.order_n
JOIN bench.company ON company.no = orders.company_no
JOIN bench.progress ON progress.n = line.n
JOIN bench.product ON product.n = line.product_n
JOIN bench.cost ON cost.n = line.product_n AND cost.company_no = orders.company_no
ORDER BY line.n
"""


def write(plan):
    rows = plan.insert("sale_order", ORDER_COLUMNS, ORDERS)
    plan.run("ANALYZE sale_order")
    return rows


def write_lines(plan):
    return plan.insert("sale_order_line", LINE_COLUMNS, LINES)
