"""The rows of payments and of what they are matched with."""

PAYMENT_COLUMNS = {
    "id": "%(first)s + payment.n",
    "name": "entry_name.name",
    "move_id": "entry.id",
    "state": "CASE WHEN all_paid THEN 'paid' ELSE 'in_process' END",
    "payment_type": "'inbound'",
    "partner_type": "'customer'",
    "partner_id": "%(first)s + customer_n",
    "company_id": "company.id",
    "journal_id": "bank_journal_id",
    "payment_method_id": "payment_method_id",
    "payment_method_line_id": "payment_method_line_id",
    "destination_account_id": "receivable_id",
    "outstanding_account_id": "outstanding_id",
    "date": "payment.day",
    "memo": "memo",
    "currency_id": "payment.currency_id",
    "amount": "amount",
    "amount_company_currency_signed": "balance",
    "is_reconciled": "memo IS NOT NULL",
    "is_matched": "false",
    "create_date": "payment.day + time '07:00'",
}
PAYMENTS = """
bench.payment
JOIN bench.payment_sum ON payment_sum.n = payment.n
JOIN bench.entry ON entry.kind = 'payment' AND entry.source = payment.n
JOIN bench.entry_name ON entry_name.n = entry.n
JOIN bench.company ON company.no = payment.company_no
ORDER BY payment.n
"""
PARTIAL_COLUMNS = {
    "id": "partial.id",
    "debit_move_id": "debit_id",
    "credit_move_id": "credit_id",
    "debit_currency_id": "partial.currency_id",
    "credit_currency_id": "partial.currency_id",
    "amount": "balance",
    "debit_amount_currency": "amount",
    "credit_amount_currency": "amount",
    "company_id": "company.id",
    "max_date": "day",
    "exchange_move_id": "exchange_id",
    "full_reconcile_id": "full_id",
    "create_date": "day + time '07:00'",
}
PARTIALS = """
bench.partial
JOIN bench.knot ON knot.knot = partial.knot
JOIN bench.company ON company.no = company_no
ORDER BY partial.n
"""


def write(plan):
    rows = plan.insert("account_payment", PAYMENT_COLUMNS, PAYMENTS)
    plan.run(
        """
        INSERT INTO account_move__account_payment (invoice_id, payment_id)
        SELECT DISTINCT entry.id, %(first)s + payment_n
          FROM bench.match
          JOIN bench.due ON due.n = due_n
          JOIN bench.entry ON entry.kind = 'invoice' AND entry.source = invoice_n
        """
    )
    return rows


def write_full(plan):
    return plan.insert(
        "account_full_reconcile",
        {"id": "full_id"},
        "bench.knot WHERE is_full ORDER BY full_id",
    )


def write_partials(plan):
    return plan.insert("account_partial_reconcile", PARTIAL_COLUMNS, PARTIALS)
