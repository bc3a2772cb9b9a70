"""The plan: what every row will hold, worked out in narrow tables before any is made.

The tables live in a schema of their own, `bench`, of which only `bench.twin` stays:
which customer is another one entered again.
A document's amounts, states and links are known there before the document is written,
so each row of Odoo's tables is written once, as it stays.

Chance is `bench.u(n, what)`: a number from 0 to 1 that depends on the row's number, on
what is asked and on the seed, and on nothing else. The same seed gives the same rows.
"""

import time

#: The ids of all rows begin here, whatever the template holds.
FIRST = 1_000_000

FUNCTIONS = """
CREATE SCHEMA bench;

CREATE FUNCTION bench.hash(n bigint, what text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashint8extended(n, hashtextextended(what, {seed}))
$$;

-- 0 <= u < 1
CREATE FUNCTION bench.u(n bigint, what text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (bench.hash(n, what) & 9007199254740991)::double precision
           / 9007199254740992
$$;

-- 0 <= pick < size
CREATE FUNCTION bench.pick(n bigint, what text, size bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(bench.u(n, what) * size)::integer
$$;

CREATE FUNCTION bench.one_of(n bigint, what text, list text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT list[1 + bench.pick(n, what, cardinality(list))]
$$;

CREATE FUNCTION bench.padded(n bigint, size integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lpad(n::text, GREATEST(size, length(n::text)), '0')
$$;

CREATE FUNCTION bench.digits(n bigint, what text, size integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT right('000000000' || (bench.hash(n, what) & 2147483647)::text, size)
$$;
"""


class Plan:
    """The plan of one data set, and how its SQL runs."""

    def __init__(self, cr, shape, seed, today, say):
        self.cr = cr
        self.shape = shape
        self.today = today
        self.say = say
        self.values = {
            "first": FIRST,
            "today": today,
            "user": 1,
            "now": f"{today} 06:00:00",
            **{name: getattr(shape, name) for name in shape.__dataclass_fields__},
            "orders": shape.orders,
            "people_share": shape.people_share,
        }
        cr.execute("DROP SCHEMA IF EXISTS bench CASCADE")
        cr.execute(FUNCTIONS.format(seed=int(seed)))

    def run(self, query, **values):
        """Run SQL that may name the plan's values, as `%(today)s`."""
        self.cr.execute(query, {**self.values, **values})
        return self.cr.rowcount

    def table(self, name, query, key="n", **values):
        """Keep the rows of a query as `bench.<name>` with statistics and keys.

        :param key: columns, by comma; more than one index by semicolon
        """
        self.run(f"CREATE UNLOGGED TABLE bench.{name} AS {query}", **values)
        self.index(name, key)

    def index(self, name, key):
        for columns in key.split(";") if key else ():
            self.cr.execute(f"CREATE INDEX ON bench.{name} ({columns})")
        self.cr.execute(f"ANALYZE bench.{name}")

    def copy(self, name, columns, rows):
        """Keep rows that Python knows as `bench.<name>`.

        :param columns: {name: SQL type}
        """
        definition = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.cr.execute(f"CREATE UNLOGGED TABLE bench.{name} ({definition})")
        places = ", ".join(["%s"] * len(columns))
        for row in rows:
            self.cr.execute(f"INSERT INTO bench.{name} VALUES ({places})", row)
        self.cr.execute(f"ANALYZE bench.{name}")

    def value(self, query, **values):
        self.run(query, **values)
        return self.cr.fetchone()[0]

    def insert(self, table, columns, source, **values):
        """Write rows of one of Odoo's tables.

        :param columns: {column: SQL expression}; who and when is added
        :param source: what stands after FROM
        :return: the number of rows
        """
        columns = {
            **columns,
            "create_uid": "%(user)s",
            "write_uid": "%(user)s",
            "create_date": columns.get("create_date", "%(now)s"),
            "write_date": columns.get("write_date", "%(now)s"),
        }
        names = ", ".join(columns)
        expressions = ",\n    ".join(columns.values())
        return self.run(
            f"INSERT INTO {table} ({names})\nSELECT {expressions}\nFROM {source}",
            **values,
        )

    def drop(self):
        """Drop the plan but for the twins, which tell a duplicate search's worth."""
        self.run(
            """
            CREATE TEMPORARY TABLE twin ON COMMIT DROP AS
            SELECT id AS partner_id, %(first)s + base AS original_id
              FROM bench.customer
             WHERE is_twin;
            DROP SCHEMA bench CASCADE;
            CREATE SCHEMA bench;
            CREATE TABLE bench.twin AS SELECT * FROM twin
            """
        )


class Clock:
    """Says what is being done and how long it took."""

    def __init__(self, say):
        self.say = say

    def __call__(self, text, work, *arguments):
        started = time.monotonic()
        rows = work(*arguments)
        seconds = time.monotonic() - started
        counted = f", {rows:,} rows" if isinstance(rows, int) else ""
        self.say(f"    {text}: {seconds:.1f} s{counted}")
        return rows
