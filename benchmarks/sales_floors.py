"""Floors of the list of sales, written by hand from the tables of Odoo.

A page finds its 80 rows first, by the dates of the orders or from the few documents in
question, and looks at the documents of these alone; a grouping reads the documents once
and adds up by currency before it converts.
"""

from odoo.fields import Date, Domain
from odoo.tools import SQL

from .plain import PlainGroups, PlainPage
from .sales_sql import (
    COLUMNS,
    COMPLAINED,
    DELIVERIES,
    DRAFT,
    DUE,
    JOINS,
    OF_CUSTOMERS,
    OF_LINES,
    OPEN_MOVES,
    STAGES,
)
from .views import COUNT_LIMIT, LIMIT


class _Sales:
    """What both floors ask: the rows of a filter, in the user's companies."""

    def _sql(self, text, **values):
        today = Date.context_today(self.env.user)
        tz = self.env.context.get("tz") or "UTC"
        return SQL(text, tz=tz, today=today, **values)  # pylint: disable=sql-injection

    def _where(self, domain):
        companies = self.env.context["allowed_company_ids"]
        found = [
            SQL("l.display_type IS NULL"),
            SQL("l.company_id = ANY(%s)", list(companies)),
        ]
        for term in Domain(domain).optimize_full(self.sales).iter_conditions():
            found.append(self._condition(term))
        return SQL(" AND ").join(found)

    def _condition(self, term):
        name, operator, value = term.field_expr, term.operator, term.value
        if name in ("stage", "delivery_state"):
            known = STAGES if name == "stage" else DELIVERIES
            [only] = value
            return self._sql(known[only])
        if name in COMPLAINED and (operator, value) == (">", 0):
            return self._sql(COMPLAINED[name][1])
        if (name, operator) == ("commercial_partner_id", "in"):
            return SQL(OF_CUSTOMERS, list(value))
        column = self._sql(COLUMNS[name])
        if operator in ("in", "not in"):
            condition = SQL("%s = ANY(%s)", column, list(value))
            return SQL("NOT %s", condition) if operator == "not in" else condition
        return SQL("%s %s %s", column, SQL(operator), value)  # pylint: disable=E8103


class SalesPage(_Sales, PlainPage):
    """The first rows of the list of sales."""

    def _prepare(self, env, model, domain, best):
        self.sales = env[model]
        where = self._where(domain)
        lines = SQL("sale_order_line l JOIN sale_order s ON s.id = l.order_id")
        self._page = SQL(
            """WITH page AS MATERIALIZED (
                  SELECT l.id FROM %(lines)s WHERE %(where)s
                   ORDER BY s.date_order DESC, l.id DESC LIMIT %(limit)s),
               due AS MATERIALIZED (%(due)s), todo AS MATERIALIZED (%(todo)s),
               draft AS MATERIALIZED (%(draft)s)
               SELECT l.id, %(columns)s FROM page
                 JOIN sale_order_line l ON l.id = page.id %(tables)s %(joins)s
                ORDER BY s.date_order DESC, l.id DESC""",
            lines=lines,
            where=where,
            limit=LIMIT,
            due=self._sql(
                DUE,
                documents=SQL(
                    """x.move_id IN (SELECT b.move_id FROM page
                         JOIN sale_order_line_invoice_rel r ON r.order_line_id = page.id
                         JOIN account_move_line b ON b.id = r.invoice_line_id)"""
                ),
            ),
            todo=self._sql(
                OPEN_MOVES, lines=SQL("m.sale_line_id IN (SELECT id FROM page)")
            ),
            draft=self._sql(DRAFT, of=SQL("r.order_line_id IN (SELECT id FROM page)")),
            columns=self._columns,
            tables=SQL(OF_LINES),
            joins=SQL(JOINS),
        )
        self._count = SQL(
            "SELECT count(*) FROM (SELECT FROM %s WHERE %s LIMIT %s) found",
            lines,
            where,
            COUNT_LIMIT,
        )

    def _value(self, name):
        return self._sql(COLUMNS[name])


class SalesGroups(_Sales, PlainGroups):
    """The first groups of the list of sales, with their sums."""

    def _prepare(self, env, model, domain, best):
        self.env, self.sales = env, env[model]
        name, _colon, period = self.groupby.partition(":")
        key = self._sql(COLUMNS[name])
        if period:
            key = self._sql(
                f"date_trunc('{period}', timezone(%(tz)s, timezone('UTC', %(key)s)))",
                key=key,
            )
        names = dict.fromkeys(
            spec.split(":")[0]
            for spec in self.aggregates
            if not spec.endswith("array_agg_distinct")
        )
        parts = [
            SQL("sum(%s) AS %s, count(%s) AS %s", column, s, column, n)
            for column, s, n in (
                (
                    self._sql(COLUMNS[each]),
                    SQL.identifier(each),
                    SQL.identifier(f"{each}_n"),
                )
                for each in names
            )
        ]
        return SQL(
            """WITH due AS MATERIALIZED (%(due)s), todo AS MATERIALIZED (%(todo)s),
               draft AS MATERIALIZED (%(draft)s),
               parts AS MATERIALIZED (
                  SELECT %(key)s AS key, o.currency_id AS currency, count(*) AS n,
                         %(parts)s
                    FROM sale_order_line l %(tables)s %(joins)s WHERE %(where)s
                   GROUP BY 1, 2),
               groups AS MATERIALIZED (
                  SELECT key, sum(n) AS n, %(sums)s FROM (
                     SELECT *, %(rate)s AS rate FROM parts) part GROUP BY key)
               SELECT count(*) OVER (), groups.* FROM groups %(order)s
                LIMIT %(limit)s""",
            due=self._sql(DUE, documents=SQL("TRUE")),
            todo=self._sql(OPEN_MOVES, lines=SQL("TRUE")),
            draft=self._sql(DRAFT, of=SQL("TRUE")),
            key=key,
            parts=SQL(", ").join(parts),
            tables=SQL(OF_LINES),
            joins=SQL(JOINS),
            where=self._where(domain),
            sums=SQL(", ").join(map(self._sum, self.aggregates)),
            rate=self._sql(
                """COALESCE((SELECT rate FROM res_currency_rate r
                     WHERE r.currency_id = parts.currency AND r.name <= %(today)s
                       AND (r.company_id IS NULL OR r.company_id = %(company)s)
                     ORDER BY r.company_id, r.name DESC LIMIT 1), 1)""",
                company=env.company.root_id.id,
            ),
            order=self._order(name),
            limit=LIMIT,
        )

    @staticmethod
    def _sum(spec):
        name, func = spec.split(":")
        column, count = SQL.identifier(name), SQL.identifier(f"{name}_n")
        if func == "avg":
            return SQL("sum(%s) / NULLIF(sum(%s), 0)", column, count)
        if func == "sum_currency":
            return SQL("sum(%s / rate)", column)
        if func == "array_agg_distinct":
            return SQL("array_agg(DISTINCT currency ORDER BY currency)")
        return SQL("sum(%s)", column)

    def _order(self, name):
        field = self.sales._fields[name]
        if field.type != "many2one":
            return SQL("ORDER BY key")
        others = self.env[field.comodel_name].sudo().with_context(active_test=False)
        query = others._search([], bypass_access=True)
        place = others._order_to_sql(others._order, query)
        own = SQL.identifier(others._table, "id")
        places = query.select(own, SQL("row_number() OVER (ORDER BY %s) AS n", place))
        return SQL(
            "LEFT JOIN (%s) AS place ON place.id = key ORDER BY place.n NULLS LAST",
            places,
        )
