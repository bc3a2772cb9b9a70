"""Floors of lists: plain SQL that gives the rows of a page or of a grouping.

Two statements a page (rows with the names they point to, and the count when the page
is full; of a read model, which rows they are comes first, so that its documents are
asked of these alone), one a grouping. The condition is the one that the ORM makes of
the domain, the user's rules included; where a better one is known, a work gives it as
``best`` (a piece of SQL on the table's own name), and the comparison of the rows tells
whether it means the same.
"""

import datetime

import pytz

from odoo.fields import Domain
from odoo.tools import SQL

from .views import COUNT_LIMIT, LIMIT

NUMBERS = ("integer", "float", "monetary")
PLAIN = {*NUMBERS, "char", "text", "boolean", "date", "datetime", "selection"}
#: how a record of a model calls itself, given its id
NAMES = {
    "res.users": "(SELECT n.complete_name FROM res_users u"
    " JOIN res_partner n ON n.id = u.partner_id WHERE u.id = %s)",
    "res.partner": "(SELECT n.complete_name FROM res_partner n WHERE n.id = %s)",
    "res.country.state": "(SELECT n.name || ' (' || c.code || ')'"
    " FROM res_country_state n JOIN res_country c ON c.id = n.country_id"
    " WHERE n.id = %s)",
    "product.product": "(SELECT COALESCE('[' || v.default_code || '] ', '')"
    " || (n.name->>'en_US') FROM product_product v JOIN product_template n"
    " ON n.id = v.product_tmpl_id WHERE v.id = %s)",
    "crm.feedback": "(SELECT n.name || ' ' || n.subject FROM crm_feedback n"
    " WHERE n.id = %s)",
    # a tree of two levels in the data set
    "crm.feedback.type": "(SELECT COALESCE((up.name->>'en_US') || ' / ', '')"
    " || (n.name->>'en_US') FROM crm_feedback_type n"
    " LEFT JOIN crm_feedback_type up ON up.id = n.parent_id WHERE n.id = %s)",
    "crm.feedback.cause": "(SELECT COALESCE((up.name->>'en_US') || ' / ', '')"
    " || (n.name->>'en_US') FROM crm_feedback_cause n"
    " LEFT JOIN crm_feedback_cause up ON up.id = n.parent_id WHERE n.id = %s)",
}


def name_of(env, model, record_id):
    """SQL for the display name of the record whose id is the SQL ``record_id``."""
    if model in NAMES:
        return SQL(NAMES[model], record_id)  # pylint: disable=sql-injection
    comodel = env[model]
    column = comodel._field_to_sql("n", comodel._rec_name)
    return SQL(
        "(SELECT %s FROM %s n WHERE n.id = %s)",
        column,
        SQL.identifier(comodel._table),
        record_id,
    )


def condition_of(env, model, domain, best=None):
    """The Query of a domain, or of a hand-made condition, under the user's rules."""
    if best is None:
        return env[model]._search(Domain(domain))
    base, condition = best
    query = env[model]._search(Domain(base))
    query.add_where(condition)
    return query


class PlainPage:
    """The first rows of a list, read by plain SQL."""

    def __init__(self, env, model, specification, domain, best=None):
        self.env = env
        self.model = env[model]
        self.fields = {
            name: self.model._fields[name]
            for name in specification
            if self._is_plain(self.model._fields[name])
        }
        self._named = {
            name
            for name in self.fields
            if "display_name" in specification[name].get("fields", ())
        }
        #: what SQL has no column for: the ORM reads it, the floor does not
        self.left_out = sorted(specification.keys() - self.fields)
        self._columns = SQL(", ").join(map(self._column, self.fields))
        self._ids = self._page = self._count = None
        self._prepare(env, model, domain, best)

    def _prepare(self, env, model, domain, best):
        """Make the statements; none where nothing can be found."""
        query = condition_of(env, model, domain, best)
        if query.is_empty():
            return
        query.order = self.model._order_to_sql(self.model._order, query)
        query.limit = LIMIT
        if self.model._table_query:
            self._ids = query.select()
            self._known = None
        else:
            table = SQL.identifier(self.model._table)
            self._page = self._rows(query.select(), table)
        found = condition_of(env, model, domain, best)
        found.limit = COUNT_LIMIT
        self._count = SQL("SELECT count(*) FROM (%s) f", found.select(SQL("1")))

    @staticmethod
    def _is_plain(field):
        if field.type in ("many2one", *PLAIN):
            return bool(field.column_type) and field.store
        return field.type == "many2many" and field.store

    def _rows(self, ids, table):
        return SQL(
            "SELECT t.id, %s FROM (SELECT id, row_number() OVER () AS n FROM (%s) ids)"
            " page JOIN %s t ON t.id = page.id ORDER BY page.n",
            self._columns,
            ids,
            table,
        )

    def _rows_of(self, door, ids):
        """The statement for these rows of a read model, made in the first run."""
        if self._known != ids:
            self._known = ids
            model = self.model.with_env(door.env(context=self.env.context))
            rows = model._search(Domain("id", "in", ids))
            self._page = self._rows(
                SQL("SELECT unnest(%s::int[]) AS id", ids),
                SQL("(%s)", rows.select(SQL("%s.*", SQL.identifier(model._table)))),
            )
        return self._page

    def _column(self, name):
        field = self.fields[name]
        if field.type == "many2many":
            return SQL(
                "ARRAY(SELECT r.%s FROM %s r WHERE r.%s = t.id ORDER BY 1)",
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
            )
        value = self._value(name)
        if field.type in NUMBERS:
            return SQL("coalesce(%s, 0)", value)
        if field.type != "many2one" or name not in self._named:
            return value
        label = name_of(self.env, field.comodel_name, value)
        return SQL(
            "CASE WHEN %s IS NOT NULL THEN ARRAY[%s::text, %s] END", value, value, label
        )

    def _value(self, name):
        return self.model._field_to_sql("t", name)

    def fetch(self, door):
        """(rows, count)"""
        if not self._count:
            return [], 0
        page = self._page
        if self._ids:
            page = self._rows_of(door, [row[0] for row in door.sql(self._ids)])
        rows = door.sql(page)
        return rows, len(rows) if len(rows) < LIMIT else door.sql(self._count)[0][0]

    @staticmethod
    def comparable_rows(found):
        rows, count = found
        return [[count], *rows]

    def comparable(self, found):
        """The answer of ``web_search_read`` in the same form."""
        rows = []
        for record in found["records"]:
            values = [record["id"]]
            for name, field in self.fields.items():
                values.append(_comparable(field, record[name], name in self._named))
            rows.append(values)
        return [[found["length"]], *rows]


def _comparable(field, value, is_named):
    if field.type == "many2one" and value:
        name = value.get("display_name")
        return [str(value["id"]), name] if is_named else value["id"]
    if field.type == "many2many":
        return sorted(each["id"] if isinstance(each, dict) else each for each in value)
    if field.type in NUMBERS:
        # unknown is nothing in the floor
        return value or 0
    return value


class PlainGroups:
    """The first groups of a grouped list with their counts and sums."""

    def __init__(self, env, model, domain, groupby, aggregates, best=None):
        self.groupby = groupby
        self.aggregates = aggregates
        self.tz = pytz.timezone(env.context.get("tz") or "UTC")
        #: the client's order, that of the choices, is none of the database's
        self.is_expanded = bool(env[model]._fields[groupby.split(":")[0]].group_expand)
        self.is_moment = env[model]._fields[groupby.split(":")[0]].type == "datetime"
        self._statement = self._prepare(env, model, domain, best)

    def _prepare(self, env, model, domain, best):
        """The statement, None where nothing can be found."""
        records, groupby = env[model], self.groupby
        query = condition_of(env, model, domain, best)
        if query.is_empty():
            return None
        terms = {groupby: records._read_group_groupby(records._table, groupby, query)}
        key = terms[groupby]
        sums = [records._read_group_select(spec, query) for spec in self.aggregates]
        query.order = records._read_group_orderby(groupby, terms, query)
        query.groupby = terms[groupby]
        query.limit = LIMIT
        return query.select(SQL("count(*) OVER ()"), key, SQL("count(*)"), *sums)

    def fetch(self, door):
        return door.sql(self._statement) if self._statement else []

    def comparable_rows(self, rows):
        length = rows[0][0] if rows else 0
        return [[length], *self._sorted(self._row(row[1:]) for row in rows)]

    def comparable(self, found):
        """The answer of ``web_read_group`` in the same form, without empty groups."""
        rows = []
        for group in found["groups"]:
            if group["__count"]:
                key = group[self.groupby]
                key = key[0] if isinstance(key, (list, tuple)) else key
                if key and self.is_moment:
                    start = datetime.datetime.fromisoformat(key)
                    key = pytz.utc.localize(start).astimezone(self.tz)
                sums = [group[spec] for spec in self.aggregates]
                rows.append(self._row([key, group["__count"], *sums]))
        length = found["length"] - len(found["groups"]) + len(rows)
        return [[length], *self._sorted(rows)]

    def _sorted(self, rows):
        if not self.is_expanded:
            return rows
        return sorted(rows, key=lambda row: str(row[0]))

    @staticmethod
    def _row(values):
        key, *rest = values
        if hasattr(key, "isoformat"):
            key = key.isoformat()[:10]
        return [str(key) if key else None, *map(_summed, rest)]


def _summed(value):
    """A sum; currencies as a sorted list, nothing as 0."""
    if isinstance(value, (list, tuple)):
        return sorted(item for item in value if item)
    return value or 0
