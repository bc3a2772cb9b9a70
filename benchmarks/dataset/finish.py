"""What must be true at the end: foreign keys, sequences, statistics."""

from .plan import FIRST

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, source.attname, confrelid::regclass::text,
       target.attname
  FROM pg_constraint
  JOIN pg_attribute AS source
    ON source.attrelid = conrelid AND source.attnum = conkey[1]
  JOIN pg_attribute AS target
    ON target.attrelid = confrelid AND target.attnum = confkey[1]
 WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
 ORDER BY 1, 2
"""


class Broken(Exception):
    """The rows do not hold together: a mistake in the data set's code."""


def touched_tables(cr):
    """The tables that hold rows of ours: those with our ids, and the links."""
    cr.execute(
        "SELECT relname FROM pg_stat_xact_user_tables"
        " WHERE schemaname = 'public' AND n_tup_ins > 0 ORDER BY relname"
    )
    return [name for (name,) in cr.fetchall()]


def check_foreign_keys(plan):
    """Every reference of every table that was written to; they were not checked."""
    cr = plan.cr
    checked = 0
    cr.execute(FOREIGN_KEYS, (touched_tables(cr),))
    by_table = {}
    for table, column, target, key in cr.fetchall():
        by_table.setdefault(table, []).append((column, target, key))
    for table, keys in by_table.items():
        counts = ", ".join(f'count("{column}")' for column, *_target in keys)
        cr.execute(f"SELECT {counts} FROM {table}")
        used = cr.fetchone()
        for (column, target, key), count in zip(keys, used, strict=True):
            if not count:
                continue
            checked += 1
            cr.execute(
                f'SELECT value FROM (SELECT DISTINCT "{column}" AS value FROM {table})'
                f" AS given WHERE value IS NOT NULL AND NOT EXISTS"
                f' (SELECT FROM {target} WHERE {target}."{key}" = given.value) LIMIT 1'
            )
            if row := cr.fetchone():
                raise Broken(f"{table}.{column}: there is no {target} {row[0]}")
    return checked


def set_sequences(plan):
    """New records come after ours, in the tables and in the documents' numbers."""
    cr = plan.cr
    for table, sequence in serial_tables(cr):
        cr.execute(f"SELECT setval(%s, max(id)) FROM {table}", (sequence,))
    numbers = [
        (sequence_id, plan.value(f"SELECT count(*) FROM {source}"))
        for sequence_id, source in plan.values["numbered"]
    ]
    for sequence_id, count in numbers:
        cr.execute(
            "SELECT setval(%s, %s)",
            (f"ir_sequence_{sequence_id:03d}", max(count, 1)),
        )
    return len(numbers)


def serial_tables(cr):
    """[(table, sequence of its id)] of the tables written to; links have no id."""
    cr.execute(
        """
        SELECT relname, pg_get_serial_sequence(relname, 'id')
          FROM pg_class
          JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'id'
         WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace
      ORDER BY relname
        """,
        (touched_tables(cr),),
    )
    return [row for row in cr.fetchall() if row[1]]


def count_rows(cr):
    """{table: rows of ours}, for the tables with an id."""
    counted = {}
    for table, _sequence in serial_tables(cr):
        cr.execute(f"SELECT count(*) FROM {table} WHERE id > %s", (FIRST,))
        if count := cr.fetchone()[0]:
            counted[table] = count
    return counted
