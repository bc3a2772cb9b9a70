"""Statements as a workbook: a sheet for the writer of printed lists."""

from types import SimpleNamespace

from odoo.fields import Datetime

from .print_search_data import Group
from .print_search_format import Formatter
from .print_search_sheet import Progress


class StatementSheet:
    """The rows of statements, each customer and currency below a line of its own.

    In the user's language: a workbook is for who goes on working with it.
    """

    is_landscape = None

    def __init__(self, env, statements, options):
        self.env = env
        self.statements = statements
        self.options = options
        self.formatter = Formatter(env)
        self.now = Datetime.now()
        self.title = env._("Statement of account")
        model = env["crm.statement"]
        self.labels = model._get_labels()
        self.marks = model._get_marks()
        self.columns = self._get_columns()
        self.data = SimpleNamespace(totals={})
        # customers stand below each other: the filter of a spreadsheet would mix them
        self.request = SimpleNamespace(groupby=True)
        self.progress = Progress(env, None, 0)
        self.facts = self._get_facts()

    def _get_columns(self):
        env = self.env
        if self.options.is_activity:
            labels = [
                (env._("Date"), "date"),
                (env._("Document"), "text"),
                (env._("Kind"), "text"),
                (env._("Reference"), "text"),
                (env._("Charged"), "monetary"),
                (env._("Credited"), "monetary"),
                (env._("Balance"), "monetary"),
            ]
        else:
            labels = [
                (env._("Document"), "text"),
                (env._("Kind"), "text"),
                (env._("Reference"), "text"),
                (env._("Date"), "date"),
                (env._("Due date"), "date"),
                (env._("Days overdue"), "integer"),
                (env._("Amount"), "monetary"),
                (env._("Open amount"), "monetary"),
            ]
        return [Column(label, kind) for label, kind in labels]

    def group_text(self, group):
        return group.label

    def lines(self):
        env = self.env
        for statement in self.statements:
            partner = statement.partner
            name = " ".join(filter(None, (partner.ref, partner.display_name)))
            if not statement.sections:
                yield Group(0, f"{name}: {env._('nothing is open')}", 0, {})
            for section in statement.sections:
                yield Group(0, f"{name} ({section.currency.name})", 0, {})
                yield from self._get_section_lines(section)

    def _get_section_lines(self, section):
        env, currency = self.env, section.currency.id
        last = len(self.columns) - 1

        def summary(label, amount):
            return Group(1, label, 0, {last: (amount, currency)})

        if self.options.is_activity:
            yield summary(env._("Opening balance"), section.opening)
            for row in section.movements:
                yield (
                    row.date,
                    row.number or "",
                    self.labels[row.kind],
                    row.reference or "",
                    (max(row.amount, 0.0), currency),
                    (max(-row.amount, 0.0), currency),
                    (row.balance, currency),
                )
            yield summary(env._("Closing balance"), section.closing)
        else:
            for item in section.items:
                mark = self.marks.get(item.mark)
                yield (
                    item.number or "",
                    ", ".join(filter(None, (self.labels[item.kind], mark))),
                    item.reference or "",
                    item.date,
                    item.due,
                    item.days_overdue,
                    (item.original, currency),
                    (item.amount, currency),
                )
        for bucket, amount in section.ageing.items():
            yield summary(self.labels[bucket], amount)
        yield summary(env._("Open in all"), section.open_amount)
        for mark, amount in section.marked.items():
            yield summary(self.marks[mark], amount)

    def _get_facts(self):
        env, options = self.env, self.options
        date = self.formatter.date
        if options.is_activity:
            first, last = date(options.date_from), date(options.date)
            when = (env._("Period"), f"{first} – {last}")
        else:
            when = (env._("Open on"), date(options.date))
        printed_on = self.formatter.local_datetime(self.formatter.local(self.now))
        return [
            when,
            (env._("Printed by"), env.user.name),
            (env._("Printed on"), f"{printed_on} ({self.formatter.tz.zone})"),
            (env._("Company"), env.company.name),
        ]


class Column:
    """A column as the writer of workbooks reads it."""

    digits = 0
    is_plain_integer = False

    def __init__(self, label, kind):
        self.label = label
        self.kind = kind
        self.is_numeric = kind in ("integer", "monetary")
