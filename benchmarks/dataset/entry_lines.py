"""The rows of journal items."""

#: Entries whose lines are written at once, so that they stand together on the disk.
CHUNK = 100_000

# The lines of a chunk of entries, all kinds under the same names. `cash` is the amount
# in the entry's currency and `balance` that in the company's, both signed.
LINES = """
SELECT line_id + line.k - 1 AS id, head.id AS move_id, head.kind, head.source,
       head.payment_id, whose, money_id, 'product' AS display_type,
       line.k::integer - 1 AS sequence, product.id AS product_id,
       '[' || product.code || '] ' || product.name AS label,
       line.qty, line.price_unit, line.discount, line.amount AS subtotal,
       -line.amount AS cash, -line.balance AS worth, NULL::date AS day_maturity,
       'income' AS account, order_line_id
  FROM chunk AS head
  JOIN bench.invoice_line AS line ON line.invoice_n = head.source
  JOIN bench.product ON product.n = line.product_n
 WHERE kind IN ('invoice', 'unposted')
UNION ALL
SELECT due_line.line_id, head.id, kind, source, payment_id, whose, money_id,
       'payment_term', 12000, NULL,
       NULLIF(concat_ws(' ', NULLIF(concat_ws(' - ', ref, wanted), ''),
           CASE WHEN due.parts > 1 THEN 'installment #' || due.k END), ''),
       0, 0, 0, 0, due.amount, due.balance, due.day_due, 'receivable', NULL
  FROM chunk AS head
  JOIN bench.due ON due.invoice_n = head.source
  JOIN bench.due_line ON due_line.due_n = due.n
 WHERE kind IN ('invoice', 'unposted')
UNION ALL
SELECT line_id + side, head.id, kind, source, payment_id, whose, money_id,
       CASE side WHEN 0 THEN 'product' ELSE 'payment_term' END,
       CASE side WHEN 0 THEN 100 ELSE 12000 END, NULL,
       CASE side WHEN 0 THEN 'Price reduction' END,
       1 - side, (1 - side) * head.amount, 0, (1 - side) * head.amount,
       (1 - 2 * side) * head.amount, (1 - 2 * side) * head.balance,
       CASE side WHEN 1 THEN day END,
       CASE side WHEN 0 THEN 'income' ELSE 'receivable' END, NULL
  FROM chunk AS head, generate_series(0, 1) AS side
 WHERE kind = 'refund'
UNION ALL
SELECT line_id + side, head.id, kind, source, payment_id, whose, money_id,
       'product', 100, NULL,
       concat_ws(': ', 'Manual Payment', ref), 1, 0, 0,
       (1 - 2 * side) * head.amount, (1 - 2 * side) * head.amount,
       (1 - 2 * side) * head.balance, day,
       CASE side WHEN 0 THEN 'outstanding' ELSE 'receivable' END, NULL
  FROM chunk AS head, generate_series(0, 1) AS side
 WHERE kind = 'payment'
UNION ALL
SELECT line_id + side, head.id, kind, source, payment_id, whose, money_id,
       'product', side, NULL,
       'Currency exchange rate difference', 1, 0, 0, 0, 0,
       (1 - 2 * side) * CASE WHEN credit > debit THEN difference ELSE -difference END,
       NULL,
       CASE WHEN side = 0 THEN 'receivable'
            WHEN credit > debit THEN 'gain' ELSE 'loss' END, NULL
  FROM chunk AS head
  JOIN bench.match ON match.n = head.source,
  generate_series(0, 1) AS side
 WHERE kind = 'exchange'
"""
LINE_COLUMNS = {
    "id": "line.id",
    "move_id": "move.id",
    "move_name": "move.name",
    "journal_id": "move.journal_id",
    "company_id": "move.company_id",
    "company_currency_id": "company.currency_id",
    "currency_id": "money_id",
    "partner_id": "%(first)s + whose",
    "parent_state": "move.state",
    "ref": "move.ref",
    "date": "move.date",
    "invoice_date": "move.invoice_date",
    "date_maturity": "day_maturity",
    "display_type": "line.display_type",
    "sequence": "line.sequence",
    "name": "label",
    "account_id": "CASE account WHEN 'income' THEN income_id"
    " WHEN 'receivable' THEN receivable_id WHEN 'outstanding' THEN outstanding_id"
    " WHEN 'gain' THEN gain_id ELSE loss_id END",
    "product_id": "line.product_id",
    "product_uom_id": "CASE WHEN line.product_id IS NOT NULL THEN %(unit_id)s END",
    "quantity": "qty",
    "price_unit": "price_unit",
    "discount": "discount",
    "price_subtotal": "subtotal",
    "price_total": "subtotal",
    "balance": "worth",
    "debit": "GREATEST(worth, 0)",
    "credit": "GREATEST(-worth, 0)",
    "amount_currency": "cash",
    "amount_residual": "CASE WHEN account IN ('receivable', 'outstanding')"
    " THEN worth - COALESCE(settled.balance, 0) ELSE 0 END",
    "amount_residual_currency": "CASE WHEN account IN ('receivable', 'outstanding')"
    " THEN cash - COALESCE(settled.amount, 0) ELSE 0 END",
    "reconciled": "settled.line_id IS NOT NULL AND worth = settled.balance"
    " AND cash = settled.amount",
    "matching_number": "matching",
    "full_reconcile_id": "full_id",
    "payment_id": "line.payment_id",
    "no_followup": "line.kind = 'exchange'",
    "deductible_amount": "100",
    "is_downpayment": "CASE WHEN order_line_id IS NOT NULL THEN false END",
    "is_storno": "false",
    "is_imported": "false",
    "collapse_prices": "false",
    "collapse_composition": "false",
    "discount_balance": "CASE WHEN line.display_type = 'payment_term' THEN 0 END",
    "discount_amount_currency":
    "CASE WHEN line.display_type = 'payment_term' THEN 0 END",
    "create_date": "move.create_date",
}  # fmt: skip
LINE_SOURCE = f"""(
    WITH chunk AS (
        SELECT * FROM bench.head WHERE n > %(after)s AND n <= %(upto)s
    )
    {LINES}
) AS line
JOIN account_move AS move ON move.id = line.move_id
JOIN bench.company ON company.id = move.company_id
LEFT JOIN bench.settled ON settled.line_id = line.id
LEFT JOIN bench.knot ON knot.knot = settled.knot
ORDER BY line.id
"""


def write(plan):
    rows = 0
    entries = plan.value("SELECT count(*) FROM bench.entry")
    for after in range(0, entries, CHUNK):
        rows += plan.insert(
            "account_move_line",
            LINE_COLUMNS,
            LINE_SOURCE,
            after=after,
            upto=after + CHUNK,
        )
    plan.run(
        """
        INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
        SELECT entry.line_id + k - 1, order_line_id
          FROM bench.invoice_line
          JOIN bench.entry ON entry.kind = 'invoice' AND entry.source = invoice_n
         WHERE order_line_id IS NOT NULL
        """
    )
    return rows
