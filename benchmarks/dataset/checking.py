"""Does Odoo read each row as its own? It recomputes a sample, and nothing may change.

Each stored computed field of the sampled records is computed again and compared with
what stood in the row. What holds for all rows is asked in SQL: entries balance, what
is matched adds up. The transaction is rolled back.
"""

from odoo.models import MAGIC_COLUMNS

from .mark import require_mark
from .plan import FIRST

MODELS = (
    "res.partner",
    "product.template",
    "product.product",
    "crm.lead",
    "sale.order",
    "sale.order.line",
    "stock.picking",
    "stock.move",
    "stock.move.line",
    "stock.quant",
    "account.move",
    "account.move.line",
    "account.payment",
    "account.partial.reconcile",
    "res.users",
)
#: What is computed once, when the record is made, and is its own from then on: Odoo
#: computes these from today's date, today's rate or the user at the screen.
OWN = {
    "sale.order": {"validity_date", "team_id", "user_id", "note", "pricelist_id"},
    "stock.move": {"location_dest_id"},
    "stock.quant": {
        *("inventory_quantity", "inventory_quantity_set", "inventory_diff_quantity"),
    },
    "product.template": {"invoice_policy"},
    "res.partner": {"peppol_eas", "peppol_endpoint"},
    "crm.lead": {"automated_probability"},
    "account.move": {"invoice_payment_term_id"},
    "account.move.line": {
        "balance",
        "amount_currency",
        "price_unit",
        "sequence",
        "partner_id",
    },
    "account.payment": {"outstanding_account_id", "currency_id"},
}
#: A cent of rounding is no difference where the value is a product of unrounded ones.
TOLERANCE = 0.005

# What each statement returns is wrong.
STATEMENTS = {
    "entries that do not balance": """
        SELECT move_id FROM account_move_line GROUP BY move_id
        HAVING sum(balance) <> 0 OR sum(debit) <> sum(credit)
    """,
}


def check(env, sample, say):
    """Compare; return what differs as lines of text, an empty list when nothing does.

    :param sample: how many records of each model are computed again
    """
    require_mark(env.cr)
    env = env(context={"lang": "en_US", "tracking_disable": True})
    differences = []
    for name, query in STATEMENTS.items():
        env.cr.execute(query)
        wrong = env.cr.fetchall()
        say(f"{name}: {len(wrong)}")
        differences += [f"{name}: {row}" for row in wrong[:10]]
    for model in MODELS:
        differences += check_model(env, model, sample, say)
    env.cr.rollback()
    return differences


def check_model(env, model_name, sample, say):
    model = env[model_name].with_context(prefetch_fields=False)
    env.cr.execute(
        f"SELECT id FROM {model._table} WHERE id > %s"
        " ORDER BY hashint8extended(id, 7) LIMIT %s",
        (FIRST, sample),
    )
    ids = [row[0] for row in env.cr.fetchall()]
    names = [
        name
        for name, field in model._fields.items()
        if field.compute
        and field.store
        and field.column_type
        and name not in OWN.get(model_name, ())
        and name not in MAGIC_COLUMNS
    ]
    if not ids or not names:
        return []
    before = read(env, model, ids, names)
    env.invalidate_all()
    records = model.browse(ids)
    for name in names:
        env.add_to_compute(model._fields[name], records)
    model._recompute_model(names)
    env.flush_all()
    after = read(env, model, ids, names)
    differences = [
        f"{model_name} {record_id}, {name}: {old!r}, Odoo says {new!r}"
        for record_id in ids
        for name, old, new in zip(
            names, before[record_id], after[record_id], strict=True
        )
        if not same(old, new)
    ]
    say(
        f"{model_name}: {len(ids)} records, {len(names)} fields,"
        f" {len(differences)} differences"
    )
    env.cr.rollback()
    env.invalidate_all()
    return differences


def read(env, model, ids, names):
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"SELECT id, {columns} FROM {model._table} WHERE id = ANY(%s)", (ids,)
    )
    return {row[0]: row[1:] for row in env.cr.fetchall()}


def same(old, new):
    if isinstance(old, (int, float)) or isinstance(new, (int, float)):
        return abs((old or 0) - (new or 0)) <= TOLERANCE
    return old == new or (not old and not new)
