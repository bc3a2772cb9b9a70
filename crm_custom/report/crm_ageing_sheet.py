"""The ageing on paper and as a workbook: a sheet for the writers of printed lists."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from odoo.fields import Datetime

from .crm_ageing import Ageing
from .crm_ageing_options import AgeingOptions
from .print_search_data import Group
from .print_search_format import Formatter
from .print_search_sheet import Progress


@dataclass
class Column:
    """A column as the writers of printed lists read it."""

    label: str
    kind: str
    digits: int = 2
    is_plain_integer: bool = False
    is_numeric: bool = field(init=False)

    def __post_init__(self):
        self.is_numeric = self.kind in ("integer", "float", "percent")


class AgeingSheet:
    """Rows of `crm.ageing.report`, its total, and the tie-out as the last lines.

    A summary has a row a customer, or one a group; with details, each item stands
    below its customer.
    """

    def __init__(self, env, values):
        self.env = env
        self.options = AgeingOptions(env, values)
        # Without items it is as wide as its columns ask for.
        self.is_landscape = self.options.details or None
        self.report = env["crm.ageing.report"]
        self.title = self.options.title()
        self.formatter = Formatter(env)
        self.now = Datetime.now()
        self.figures = self.report._get_figures(self.options)
        self.more = self.report._get_used_more_columns(self.options, self.figures)
        self.items = self._get_items() if self.options.details else {}
        self._buckets = [
            (index, label)
            for index, (_name, label) in enumerate(
                Ageing(env, self.options.date).labels()
            )
            if self.figures["total"]["amounts"][index]
        ]
        self.columns = self._get_columns()
        lines = len(self.figures["rows"]) + sum(map(len, self.items.values()))
        self.data = SimpleNamespace(totals={}, count=lines, line_count=lines)
        self.progress = Progress(env, None, lines)
        self.request = SimpleNamespace(groupby=self.options.details)
        self.facts = self._get_facts()

    @property
    def _is_by_customer(self):
        return self.options.groupby == "partner_id"

    def _get_columns(self):
        env = self.env
        digits = env.company.currency_id.decimal_places
        columns = [Column(self.options.groupby_label(), "text")]
        if self.options.details:
            columns = [
                Column(env._("Document"), "text"),
                Column(env._("Reference"), "text"),
                Column(env._("Date"), "date"),
                Column(env._("Due date"), "date"),
                Column(env._("Days overdue"), "integer", 0),
            ]
        self._first_amount = len(columns)
        columns += [Column(label, "float", digits) for *_, label in self._buckets]
        columns.append(Column(env._("Total"), "float", digits))
        columns += [Column(more["label"], "float", digits) for more in self.more]
        if self.options.details:
            return columns
        columns.append(Column(env._("Share"), "percent"))
        if self._is_by_customer:
            if self.report._has_limits(self.options):
                columns += [
                    Column(env._("Limit"), "float", digits),
                    Column(env._("Over limit"), "float", digits),
                ]
            columns += [
                Column(env._("Oldest"), "date"),
                Column(env._("Days to pay"), "float", 0),
            ]
        return columns

    def _get_items(self):
        """{customer: items}, in the order of their due dates."""
        report, options = self.report, self.options
        model, domain = report._get_items(options)
        query = model._search(domain)
        rate = report._get_rate(model._field_to_sql(query.table, "company_id", query))
        names = ("move_name", "ref", "date", "date_maturity", "days_overdue", "bucket")
        amounts = ["amount_aged", *(f"amount_{more['name']}" for more in self.more)]
        columns = [
            model._field_to_sql(query.table, name, query)
            for name in (options.groupby, *names, *amounts)
        ]
        query.order = model._order_to_sql(model._order, query)
        items = {}
        found = self.env.execute_query(query.select(*columns, rate))
        for key, *row, factor in found:
            values, aged = row[: len(names)], row[len(names) :]
            items.setdefault(key, []).append(
                (*values, [float((amount or 0) * factor) for amount in aged])
            )
        return items

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def group_text(self, group):
        return group.label

    def lines(self):
        for row in self.figures["rows"]:
            if self.options.details:
                yield self._get_group(row["name"], row, level=1)
                yield from map(self._get_item_row, self.items.get(row["id"], ()))
            else:
                yield self._get_row(row)
        if self.figures["hidden"]["items"]:
            label = self.env._("What is not shown")
            yield self._get_group(label, self.figures["hidden"], level=1)
        yield self._get_group(self.env._("Total"), self.figures["total"])
        if self.options.with_ledger:
            yield from self._get_tie_out()

    def _get_amounts(self, row):
        """The amounts of the columns; nothing, False, where nothing is open."""
        return [row["amounts"][index] or False for index, *_ in self._buckets]

    def _get_row(self, row):
        more = [row[column["name"]] or False for column in self.more]
        values = [row["name"], *self._get_amounts(row), row["total"], *more]
        values.append(row["share"])
        if self._is_by_customer:
            if len(self.columns) - len(values) > 2:
                values += [row["limit"] or False, row["over_limit"] or False]
            days = row["days_to_pay"]
            values += [row["oldest"], False if days is None else days]
        return tuple(values)

    def _get_item_row(self, item):
        number, ref, date, due, days, bucket, (amount, *more) = item
        labels = dict(Ageing(self.env, self.options.date).labels())
        amounts = [
            amount if labels[bucket] == label else False
            for _index, label in self._buckets
        ]
        more = [value or False for value in more]
        return (number or "", ref or "", date, due, days, *amounts, amount, *more)

    def _get_group(self, label, row, level=0):
        amounts = [*self._get_amounts(row), row["total"]]
        amounts += [row.get(column["name"]) or False for column in self.more]
        totals = {
            index: amount
            for index, amount in enumerate(amounts, self._first_amount)
            if amount is not False
        }
        return Group(level, label, row["items"], totals)

    def _get_tie_out(self):
        env, options = self.env, self.options
        total = self._first_amount + len(self._buckets)
        day = options.date and self.formatter.date(options.date)
        for row in self.report._get_ledger(options):
            where = f"{row['account']} · {row['currency']}"
            if len(env.companies) > 1:
                # the ledger of each is told in its own currency
                where = f"{row['company']} ({row['company_currency']}) · {where}"
            balance = (
                env._("%(where)s: in the ledger on %(date)s", where=where, date=day)
                if day
                else env._("%(where)s: in the ledger, all posted", where=where)
            )
            lines = [(balance, row["balance"]), (env._("Open items"), row["open"])]
            if row["elsewhere"]:
                lines.append((env._("Matched elsewhere"), row["elsewhere"]))
            if row["drafts"]:
                lines.append((env._("Matched with drafts"), row["drafts"]))
            lines.append((env._("Difference"), row["difference"]))
            for number, (label, amount) in enumerate(lines):
                yield Group(1 if number == 0 else 2, label, 0, {total: amount})

    def _get_facts(self):
        """[(label, text)] of what was asked, by whom and when."""
        env, options = self.env, self.options
        day = options.date and self.formatter.date(options.date)
        printed_on = self.formatter.local_datetime(self.formatter.local(self.now))
        return [
            (env._("As of"), day or env._("Now")),
            *options.facts(),
            (
                env._("Currency"),
                self.report._get_currency_note(options) or env.company.currency_id.name,
            ),
            (env._("Printed by"), env.user.name),
            (env._("Printed on"), f"{printed_on} ({self.formatter.tz.zone})"),
            (env._("Company"), ", ".join(env.companies.mapped("name"))),
        ]
