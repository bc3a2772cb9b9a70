"""Pieces of SQL on the tables of Odoo that the floors of sales are put together from.

``l`` is the order line, ``s`` its order. Nothing of the addon's view is used.
"""

OF_LINES = """
    JOIN sale_order s ON s.id = l.order_id
    LEFT JOIN res_partner p ON p.id = s.partner_id
    LEFT JOIN res_partner k ON k.id = p.commercial_partner_id
    LEFT JOIN res_company o ON o.id = l.company_id
    LEFT JOIN res_currency c ON c.id = o.currency_id
    LEFT JOIN product_product v ON v.id = l.product_id
    LEFT JOIN product_template t ON t.id = v.product_tmpl_id
"""
OF_CUSTOMERS = """
    s.partner_id = ANY(ARRAY(
        SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)))
"""
PROMISED = "COALESCE(s.commitment_date, s.date_order + l.customer_lead * interval '1d')"
LATE = f"timezone(%(tz)s, timezone('UTC', {PROMISED}))::date < %(today)s"
UNDELIVERED = "l.product_uom_qty > l.qty_delivered"
RECEIVABLE = """
    x.reconciled IS NOT TRUE AND x.parent_state = 'posted'
    AND (x.amount_residual <> 0 OR x.amount_residual_currency <> 0)
    AND x.account_id = ANY((SELECT array_agg(id) FROM account_account WHERE
        account_type IN ('asset_receivable', 'liability_payable'))::integer[])
"""
OVERDUE = "(x.amount_residual > 0 AND COALESCE(x.date_maturity, x.date) < %(today)s)"
PRODUCT = """
    b.display_type = 'product' AND b.payment_id IS NULL AND b.statement_line_id IS NULL
"""
TO_DO = """
    m.state IN ('draft', 'waiting', 'confirmed', 'partially_available', 'assigned')
    AND (SELECT usage FROM stock_location WHERE id = m.location_id) <> 'customer'
"""
OF_LINE = f"""
    SELECT FROM sale_order_line_invoice_rel r
      JOIN account_move_line b ON b.id = r.invoice_line_id AND {PRODUCT}
      JOIN account_move_line x ON x.move_id = b.move_id AND {RECEIVABLE}
     WHERE r.order_line_id = l.id AND b.price_total <> 0
"""
IN_DRAFT = """
    SELECT FROM sale_order_line_invoice_rel r
      JOIN account_move_line b ON b.id = r.invoice_line_id
      JOIN account_move d ON d.id = b.move_id AND d.state = 'draft'
       AND d.move_type IN ('out_invoice', 'out_refund')
     WHERE r.order_line_id = l.id
"""
WAITING = f"SELECT FROM stock_move m WHERE m.sale_line_id = l.id AND {TO_DO}"
FEW_WAITING = f"""l.id = ANY(ARRAY(
    SELECT m.sale_line_id FROM stock_move m WHERE m.sale_line_id IS NOT NULL AND {TO_DO}
))"""
ORDER = "s.state NOT IN ('draft', 'sent')"
NOT_OVERDUE = f"{ORDER} AND NOT EXISTS ({OF_LINE} AND {OVERDUE})"
IS_UNDELIVERED = f"({UNDELIVERED} AND EXISTS ({WAITING}))"
IS_TO_INVOICE = f"(COALESCE(l.qty_to_invoice, 0) <> 0 OR EXISTS ({IN_DRAFT}))"
NOT_TO_INVOICE = f"""{NOT_OVERDUE} AND NOT {IS_UNDELIVERED}
    AND COALESCE(l.qty_to_invoice, 0) = 0 AND NOT EXISTS ({IN_DRAFT})"""
NOT_TO_COLLECT = f"{NOT_TO_INVOICE} AND NOT EXISTS ({OF_LINE})"
STAGES = {
    "disputed": """l.id = ANY(ARRAY(
        SELECT r.order_line_id FROM crm_dispute d
          JOIN account_move_line x ON x.id = d.move_line_id AND d.state = 'open'
          JOIN account_move_line b ON b.move_id = x.move_id
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = b.id))""",
    "quotation": "s.state IN ('draft', 'sent')",
    "overdue": f"{ORDER} AND EXISTS ({OF_LINE} AND {OVERDUE})",
    "late": f"{NOT_OVERDUE} AND {UNDELIVERED} AND {LATE} AND {FEW_WAITING}",
    "to_deliver": f"{NOT_OVERDUE} AND {UNDELIVERED} AND NOT {LATE} AND {FEW_WAITING}",
    "to_invoice": f"""{NOT_OVERDUE} AND NOT {IS_UNDELIVERED} AND l.id = ANY(ARRAY(
        SELECT id FROM sale_order_line WHERE qty_to_invoice <> 0 UNION ALL
        SELECT r.order_line_id FROM account_move d
          JOIN account_move_line b ON b.move_id = d.id
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = b.id
         WHERE d.state = 'draft' AND d.move_type IN ('out_invoice', 'out_refund')))""",
    "to_collect": f"""{NOT_TO_INVOICE} AND l.id = ANY(ARRAY(
        SELECT r.order_line_id FROM account_move_line b
          JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = b.id
         WHERE {PRODUCT} AND b.price_total <> 0 AND b.move_id = ANY(ARRAY(
            SELECT x.move_id FROM account_move_line x
             WHERE {RECEIVABLE} AND NOT {OVERDUE}))))""",
    "cancelled": f"s.state = 'cancel' AND {NOT_TO_COLLECT}",
    "settled": f"""s.state <> 'cancel' AND {NOT_TO_COLLECT}
        AND l.invoice_status IN ('invoiced', 'upselling')""",
    "ordered": f"""s.state <> 'cancel' AND {NOT_TO_COLLECT}
        AND COALESCE(l.invoice_status, '') NOT IN ('invoiced', 'upselling')""",
}
#: what is open of each order line: of the documents in question, each line's share, and
#: what rounding leaves on the largest
DUE = f"""
    SELECT r.order_line_id, sum(due + due_left) AS due, sum(late + late_left) AS late,
           bool_or(total <> 0 AND is_late) AS is_late, bool_or(total <> 0) AS is_due
      FROM (SELECT *,
                   CASE WHEN n = 1 THEN all_due - sum(due) OVER w ELSE 0 END
                      AS due_left,
                   CASE WHEN n = 1 THEN all_late - sum(late) OVER w ELSE 0 END
                      AS late_left
              FROM (SELECT b.id, b.move_id, b.price_total AS total, d.is_late,
                           d.due AS all_due, d.late AS all_late,
                           row_number() OVER (PARTITION BY b.move_id
                              ORDER BY abs(b.price_total) DESC, b.id) AS n,
                           COALESCE(round(d.due * b.price_total
                              / NULLIF(sum(b.price_total) OVER v, 0), 2), 0) AS due,
                           COALESCE(round(d.late * b.price_total
                              / NULLIF(sum(b.price_total) OVER v, 0), 2), 0) AS late
                      FROM (SELECT x.move_id, sum(x.amount_residual) AS due,
                                   COALESCE(sum(x.amount_residual)
                                            FILTER (WHERE {OVERDUE}), 0) AS late,
                                   bool_or({OVERDUE}) AS is_late
                              FROM account_move_line x
                             WHERE {RECEIVABLE} AND %(documents)s
                             GROUP BY x.move_id) d
                      JOIN account_move_line b ON b.move_id = d.move_id AND {PRODUCT}
                    WINDOW v AS (PARTITION BY b.move_id)) share
            WINDOW w AS (PARTITION BY move_id)) part
      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = part.id
     GROUP BY r.order_line_id
"""
OPEN_MOVES = f"""
    SELECT m.sale_line_id AS id, bool_or(m.state = 'assigned') AS is_ready
      FROM stock_move m WHERE m.sale_line_id IS NOT NULL AND {TO_DO} AND %(lines)s
     GROUP BY m.sale_line_id
"""
DRAFT = """
    SELECT DISTINCT r.order_line_id AS id FROM account_move d
      JOIN account_move_line b ON b.move_id = d.id
      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = b.id
     WHERE d.state = 'draft' AND d.move_type IN ('out_invoice', 'out_refund') AND %(of)s
"""
JOINS = """
    LEFT JOIN due ON due.order_line_id = l.id
    LEFT JOIN todo ON todo.id = l.id
    LEFT JOIN draft ON draft.id = l.id
"""
PAID = """
    (SELECT max(q.date) FROM sale_order_line_invoice_rel r
       JOIN account_move_line b ON b.id = r.invoice_line_id
       JOIN account_move_line x ON x.move_id = b.move_id
        AND x.display_type = 'payment_term'
       JOIN account_partial_reconcile a ON a.{own} = x.id
       JOIN account_move_line q ON q.id = a.{other}
       JOIN account_journal j ON j.id = q.journal_id
      WHERE r.order_line_id = l.id AND (q.payment_id IS NOT NULL OR q.statement_line_id
            IS NOT NULL OR j.type IN ('bank', 'cash', 'credit')))
"""
STAGE = f"""
    CASE WHEN s.state IN ('draft', 'sent') THEN 'quotation'
         WHEN due.is_late THEN 'overdue'
         WHEN {UNDELIVERED} AND todo.id IS NOT NULL AND {LATE} THEN 'late'
         WHEN {UNDELIVERED} AND todo.id IS NOT NULL THEN 'to_deliver'
         WHEN l.qty_to_invoice <> 0 OR draft.id IS NOT NULL THEN 'to_invoice'
         WHEN due.is_due THEN 'to_collect'
         WHEN s.state = 'cancel' THEN 'cancelled'
         WHEN l.invoice_status IN ('invoiced', 'upselling') THEN 'settled'
         ELSE 'ordered' END
"""
IS_GOODS = "s.state = 'sale' AND l.qty_delivered_method = 'stock_move'"
DELIVERY = f"""
    CASE WHEN NOT ({IS_GOODS}) THEN 'nothing'
         WHEN {UNDELIVERED} AND todo.id IS NOT NULL THEN CASE
              WHEN {LATE} THEN 'late' WHEN l.qty_delivered > 0 THEN 'partly'
              WHEN todo.is_ready THEN 'ready' ELSE 'waiting' END
         WHEN l.qty_delivered > 0 THEN 'done' ELSE 'nothing' END
"""
IS_READY = f"EXISTS ({WAITING} AND m.state = 'assigned')"
NOTHING_YET = f"""{IS_GOODS} AND {UNDELIVERED} AND NOT {LATE} AND l.qty_delivered <= 0
    AND {FEW_WAITING}"""
DELIVERIES = {
    "ready": f"{NOTHING_YET} AND {IS_READY}",
    "waiting": f"{NOTHING_YET} AND NOT {IS_READY}",
}


def money(amount):
    return f"""round(CASE WHEN s.currency_rate = 1 THEN ({amount})::numeric
        ELSE ({amount})::numeric / COALESCE(NULLIF(s.currency_rate, 0), 1)::numeric
        END, c.decimal_places)"""


COMPLAINTS = """
    crm_feedback f JOIN crm_feedback_type y ON y.id = f.type_id AND y.is_complaint
"""
IS_OPEN = "f.active AND f.is_closed IS NOT TRUE"
ABOUT_LINE = f"""
    SELECT {{what}} FROM {COMPLAINTS}
      JOIN crm_feedback_line i ON i.feedback_id = f.id WHERE {IS_OPEN} AND {{which}}
"""
#: {column: (how many there are of a line, which lines have one)}
COMPLAINED = {
    "complaint_count": (
        ABOUT_LINE.format(
            what="NULLIF(count(DISTINCT f.id), 0)", which="i.order_line_id = l.id"
        ),
        "l.id = ANY(ARRAY("
        + ABOUT_LINE.format(what="i.order_line_id", which="i.order_line_id IS NOT NULL")
        + "))",
    ),
    "customer_complaint_count": (
        f"""SELECT NULLIF(count(*), 0) FROM {COMPLAINTS}
             WHERE {IS_OPEN} AND f.partner_id = p.commercial_partner_id
               AND f.company_id = l.company_id""",
        # a set to look into, and no join: orders come by date until the page is full
        f"""(((SELECT commercial_partner_id FROM res_partner WHERE id = s.partner_id),
             l.company_id) IN (
            SELECT f.partner_id, f.company_id FROM {COMPLAINTS} WHERE {IS_OPEN})
            ) IS TRUE""",
    ),
}
COLUMNS = {
    **{name: f"({count})" for name, (count, _which) in COMPLAINED.items()},
    "date": "s.date_order",
    "order_id": "l.order_id",
    "order_name": "s.name",
    "name": "l.name",
    "contract_number": "s.contract_number",
    "client_order_ref": "s.client_order_ref",
    "commercial_partner_id": "p.commercial_partner_id",
    "contact_id": "COALESCE(s.contact_id,"
    " CASE WHEN p.id <> p.commercial_partner_id THEN p.id END)",
    "customer_type_id": "k.customer_type_id",
    "country_id": "k.country_id",
    "user_id": "s.user_id",
    "team_id": "s.team_id",
    "company_id": "l.company_id",
    "currency_id": "l.currency_id",
    "company_currency_id": "o.currency_id",
    "product_id": "l.product_id",
    "categ_id": "t.categ_id",
    "is_downpayment": "l.is_downpayment IS TRUE",
    "product_uom_id": "l.product_uom_id",
    "product_uom_qty": "l.product_uom_qty",
    "price_unit": "l.price_unit",
    "discount": "l.discount",
    "price_subtotal": money("l.price_subtotal"),
    "price_total": money("l.price_total"),
    "price_subtotal_currency": "l.price_subtotal",
    "cost": money("NULLIF(l.purchase_price, 0) * l.product_uom_qty"),
    "margin": money("CASE WHEN l.purchase_price <> 0 THEN l.margin END"),
    "date_promised": PROMISED,
    "qty_delivered": "l.qty_delivered",
    "qty_to_deliver": "CASE WHEN todo.id IS NOT NULL"
    " THEN GREATEST(l.product_uom_qty - l.qty_delivered, 0) END",
    "delivery_state": DELIVERY,
    "amount_to_invoice": money("l.untaxed_amount_to_invoice"),
    "amount_open": "due.due",
    "amount_overdue": "due.late",
    "date_last_payment": "GREATEST("
    + PAID.format(own="debit_move_id", other="credit_move_id")
    + ", "
    + PAID.format(own="credit_move_id", other="debit_move_id")
    + ")",
    "stage": STAGE,
}
