"""`--plan`: how PostgreSQL does what a piece of work asks of it."""

import contextlib
from unittest.mock import patch

from odoo import sql_db
from odoo.tools import SQL

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, SETTINGS) "


@contextlib.contextmanager
def watch_queries():
    """Collect the text of every query, whichever thread and cursor sends it."""
    seen = []
    execute = sql_db.Cursor.execute

    def watched(self, query, params=None, **kwargs):
        result = execute(self, query, params, **kwargs)
        code = query.code if isinstance(query, SQL) else query
        if not str(code).startswith(("SAVEPOINT", "RELEASE", "SET ", "ROLLBACK")):
            seen.append(self._obj.query.decode(errors="replace"))
        return result

    with patch.object(sql_db.Cursor, "execute", watched):
        yield seen


def explain(door, work, way):
    """[(query, plan)] of one run of a way; the queries that write have no plan."""
    with door.open():
        getattr(work, way)(door)
    with door.open():
        with watch_queries() as queries:
            getattr(work, way)(door)
        found = []
        for query in queries:
            plan = "(not run again: it writes)"
            if query.lstrip(" (\n").upper().startswith(("SELECT", "WITH", "VALUES")):
                plan = "\n".join(row[0] for row in door.sql(_literally(query)))
            found.append((query, plan))
    return found


def _literally(query):
    """As a statement that goes without parameters, so that no % is taken for one."""
    return EXPLAIN + query
