"""Indexes rest while rows are written and are built afterwards, all at once.

Keeping twenty indexes of a table in step row by row takes ten times as long. They are
not dropped: their definitions, and the comments by which Odoo knows them, stay as they
are. Keys go on working. At the end every index is valid, or the fill fails.
"""

#: The tables that get most of the rows.
TABLES = (
    "res_partner",
    "crm_lead",
    "mail_message",
    "mail_tracking_value",
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "stock_move_line",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
)

# Primary keys and unique constraints hold up foreign keys: those stay.
REST = """
UPDATE pg_index
   SET indisready = false, indisvalid = false
  FROM pg_class
 WHERE pg_class.oid = indrelid
   AND relname = ANY(%s) AND relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
RETURNING indexrelid::regclass::text
"""
RESTING = """
SELECT indexrelid::regclass::text
  FROM pg_index
 WHERE NOT (indisvalid AND indisready AND indislive)
"""


class IndexesInvalid(Exception):
    """An index was not built."""


def rest(plan):
    plan.cr.execute(REST, (list(TABLES),))
    plan.values["resting"] = [name for (name,) in plan.cr.fetchall()]
    return len(plan.values["resting"])


def build(plan):
    for name in sorted(plan.values["resting"]):
        plan.cr.execute(f"REINDEX INDEX {name}")
    plan.cr.execute(RESTING)
    if left := plan.cr.fetchall():
        raise IndexesInvalid(f"not built: {left}")
    return len(plan.values["resting"])
