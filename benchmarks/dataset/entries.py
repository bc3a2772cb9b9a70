"""The rows of journal entries: invoices, credit notes, payments, differences."""

# Every entry with what differs between the kinds, under the same names.
INVOICES = """
SELECT entry.*, entry_name.name, prefix, number, invoice.customer_n,
       invoice.partner_id, invoice.shipping_id, invoice.currency_id,
       invoice.user_id, invoice.team_id,
       CASE WHEN invoice.kind = 'cancel' THEN 'cancel'
            WHEN invoice.kind = 'draft' THEN 'draft' ELSE 'posted' END AS state,
       'out_invoice' AS move_type, 1 AS sign,
       total.amount, total.balance, total.rate,
       left_over.amount AS open_amount, left_over.balance AS open_balance,
       CASE fate WHEN 'paid' THEN
                CASE WHEN is_reversed THEN 'reversed' ELSE 'paid' END
            WHEN 'partial' THEN 'partial' ELSE 'not_paid' END AS payment_state,
       term.id AS term_id, due.last_day AS day_due,
       'S' || bench.padded(orders.n, 5) AS order_name,
       COALESCE(orders.client_ref, 'S' || bench.padded(orders.n, 5)) AS ref,
       orders.id AS order_id, effective_date::date AS delivery_date,
       NULL::bigint AS reversed_id, NULL::bigint AS payment_id,
       entry_name.name AS wanted, invoice.customer_n AS whose,
       invoice.currency_id AS money_id
  FROM bench.entry
  JOIN bench.invoice ON invoice.n = entry.source
  JOIN bench.total ON total.n = invoice.n
  JOIN bench.left_over ON left_over.invoice_n = invoice.n
  JOIN bench.term ON term.no = invoice.term_no AND term.k = 1
  JOIN (
    SELECT invoice_n, max(day_due) AS last_day FROM bench.due GROUP BY invoice_n
  ) AS due ON due.invoice_n = invoice.n
  LEFT JOIN bench.entry_name ON entry_name.n = entry.n
  LEFT JOIN bench.orders ON invoice.kind = 'order' AND orders.n = invoice.source
  LEFT JOIN (
    SELECT order_n, min(done_at) AS effective_date FROM bench.picking GROUP BY order_n
  ) AS sent ON sent.order_n = orders.n
  LEFT JOIN (
    SELECT DISTINCT invoice_n, true AS is_reversed
      FROM bench.refund
     WHERE is_full AND is_set_off
  ) AS reversal ON reversal.invoice_n = invoice.n
 WHERE entry.kind IN ('invoice', 'unposted')
"""
REFUNDS = """
SELECT entry.*, entry_name.name, prefix, number, refund.customer_n,
       refund.partner_id, refund.shipping_id, refund.currency_id,
       refund.user_id, refund.team_id,
       'posted', 'out_refund', -1, refund.amount, refund.amount, 1,
       CASE WHEN is_set_off THEN 0 ELSE refund.amount END,
       CASE WHEN is_set_off THEN 0 ELSE refund.amount END,
       CASE WHEN is_set_off THEN 'paid' ELSE 'not_paid' END,
       NULL, entry.day, NULL, NULL, NULL, NULL, invoice_entry.id, NULL, NULL,
       refund.customer_n, refund.currency_id
  FROM bench.entry
  JOIN bench.entry_name ON entry_name.n = entry.n
  JOIN bench.refund ON refund.n = entry.source
  JOIN bench.entry AS invoice_entry
    ON invoice_entry.kind = 'invoice' AND invoice_entry.source = refund.invoice_n
 WHERE entry.kind = 'refund'
"""
PAYMENTS = """
SELECT entry.*, entry_name.name, prefix, number, payment.customer_n,
       %(first)s + payment.customer_n, NULL, payment.currency_id, NULL, NULL,
       'posted', 'entry', 1, payment.amount, balance, 0, 0, 0, 'not_paid',
       NULL, entry.day, NULL, memo, NULL, NULL, NULL, %(first)s + payment.n, NULL,
       payment.customer_n, payment.currency_id
  FROM bench.entry
  JOIN bench.entry_name ON entry_name.n = entry.n
  JOIN bench.payment ON payment.n = entry.source
  JOIN bench.payment_sum ON payment_sum.n = payment.n
 WHERE entry.kind = 'payment'
"""
EXCHANGES = """
SELECT entry.*, entry_name.name, prefix, number, NULL, NULL, NULL, company.currency_id,
       NULL, NULL, 'posted', 'entry', 1, 0, difference, 0, 0, 0, 'not_paid',
       NULL, entry.day, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       payment.customer_n, payment.currency_id
  FROM bench.entry
  JOIN bench.entry_name ON entry_name.n = entry.n
  JOIN bench.match ON match.n = entry.source
  JOIN bench.payment ON payment.n = payment_n
  JOIN bench.company ON company.no = entry.company_no
 WHERE entry.kind = 'exchange'
"""
HEADS = f"{INVOICES} UNION ALL {REFUNDS} UNION ALL {PAYMENTS} UNION ALL {EXCHANGES}"

# What a payment is worth at the rate of its day, and what it says.
PAYMENT_SUMS = """
SELECT payment.n,
       CASE WHEN is_foreign THEN round(amount / rate.rate, 2) ELSE amount END
           AS balance,
       memo, all_paid
  FROM bench.payment
  JOIN bench.rate
    ON rate.company_no = payment.company_no
   AND rate.month = date_trunc('month', day)::date
  LEFT JOIN (
    SELECT payment_n, string_agg(entry_name.name, ', ' ORDER BY entry.n) AS memo,
           bool_and(fate = 'paid') AS all_paid
      FROM bench.match
      JOIN bench.due ON due.n = due_n
      JOIN bench.entry ON entry.kind = 'invoice' AND entry.source = invoice_n
      JOIN bench.entry_name ON entry_name.n = entry.n
  GROUP BY payment_n
  ) AS named ON named.payment_n = payment.n
"""

IS_INVOICE = "move_type <> 'entry'"
MOVE_COLUMNS = {
    "id": "head.id",
    "name": "head.name",
    "sequence_prefix": "COALESCE(prefix, '')",
    "sequence_number": "COALESCE(number, 0)",
    "move_type": "move_type",
    "state": "state",
    "payment_state": "payment_state",
    "journal_id": "journal_id",
    "company_id": "company.id",
    "date": "day",
    "invoice_date": f"CASE WHEN {IS_INVOICE} THEN day END",
    "invoice_date_due": "day_due",
    "delivery_date": "delivery_date",
    "invoice_payment_term_id": "term_id",
    "partner_id": "head.partner_id",
    "commercial_partner_id": "%(first)s + customer_n",
    "partner_shipping_id": "shipping_id",
    "invoice_partner_display_name": "COALESCE(partner.complete_name,"
    " '#Created by: ' || %(creator)s)",
    "invoice_user_id": "user_id",
    "team_id": "team_id",
    "campaign_id": "sale.campaign_id",
    "currency_id": "head.currency_id",
    "invoice_currency_rate": "rate",
    "ref": "head.ref",
    "invoice_origin": "order_name",
    "payment_reference": "wanted",
    "reversed_entry_id": "reversed_id",
    "origin_payment_id": "payment_id",
    "auto_post": "'no'",
    "checked": "state = 'posted'",
    "posted_before": "state = 'posted'",
    "is_manually_modified": "false",
    "made_sequence_gap": "false",
    "always_tax_exigible": f"NOT ({IS_INVOICE})",
    "amount_untaxed": f"CASE WHEN {IS_INVOICE} THEN amount ELSE 0 END",
    "amount_tax": "0",
    "amount_total": "amount",
    "amount_residual": "open_amount",
    "amount_untaxed_signed": f"CASE WHEN {IS_INVOICE} THEN sign * balance ELSE 0 END",
    "amount_untaxed_in_currency_signed":
    f"CASE WHEN {IS_INVOICE} THEN sign * amount ELSE 0 END",
    "amount_tax_signed": "0",
    "amount_total_signed": "sign * balance",
    "amount_total_in_currency_signed": "sign * amount",
    "amount_residual_signed": "sign * open_balance",
    "create_date": "day + time '07:00'",
}  # fmt: skip
MOVES = """
bench.head
JOIN bench.company ON company.no = head.company_no
LEFT JOIN (SELECT id, complete_name FROM res_partner) AS partner
  ON partner.id = head.partner_id
LEFT JOIN (SELECT id, campaign_id FROM sale_order) AS sale ON sale.id = head.order_id,
LATERAL (
    SELECT CASE kind WHEN 'payment' THEN bank_journal_id
                     WHEN 'exchange' THEN exchange_journal_id
                     ELSE sales_journal_id END AS journal_id
) AS journal
ORDER BY head.n
"""


def write(plan):
    plan.table("payment_sum", PAYMENT_SUMS)
    plan.table("head", HEADS)
    creator = plan.value(
        "SELECT partner.name FROM res_users JOIN res_partner AS partner"
        " ON partner.id = partner_id WHERE res_users.id = %(user)s"
    )
    rows = plan.insert("account_move", MOVE_COLUMNS, MOVES, creator=creator)
    plan.run("ANALYZE account_move")
    return rows
