"""The mark of a database that the bench made: nothing else is ever written to."""

MARK = "crm_custom.bench"


class NotOurs(Exception):
    """The database was not made for the bench."""


def mark(cursor):
    """Mark a fresh copy of a template, before it is filled."""
    cursor.execute(
        "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
        " ON CONFLICT (key) DO NOTHING",
        (MARK, "made by ./dev bench"),
    )


def is_marked(cursor):
    cursor.execute("SELECT 1 FROM ir_config_parameter WHERE key = %s", (MARK,))
    return cursor.fetchone() is not None


def require_mark(cursor):
    if not is_marked(cursor):
        raise NotOurs(
            "this database was not made by `./dev bench`: it is not written to"
        )


def require_empty(cursor):
    """Refuse a database with documents: theirs and ours would share numbers."""
    cursor.execute(
        "SELECT EXISTS (SELECT FROM account_move) OR EXISTS (SELECT FROM sale_order)"
        " OR EXISTS (SELECT FROM stock_picking)"
    )
    if cursor.fetchone()[0]:
        raise NotOurs("this database holds documents already: fill a copy without any")
