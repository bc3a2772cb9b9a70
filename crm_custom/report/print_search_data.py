"""The rows of a sheet: the search of the screen, grouped and sorted like the screen.

Queries: one search for the ordered ids, one ``_read_group`` a level of grouping and
one for the whole, then for each batch of rows what Odoo needs to fetch the columns.
Between two batches the cache is emptied, so that memory holds ids, groups and one
batch, however long the list is.
"""

import logging
from dataclasses import dataclass, field

import psycopg2

from odoo.exceptions import UserError
from odoo.models import BaseModel

_logger = logging.getLogger(__name__)

BATCH_SIZE = 2_000


@dataclass(slots=True)
class Group:
    """A group header. ``totals``: {index of the column: value as of ``read``}."""

    level: int
    label: str
    count: int
    totals: dict
    children: list = field(default_factory=list)
    ids: list = field(default_factory=list)


class PrintSearchData:
    """Groups and rows of a checked request.

    ``count``       records found
    ``line_count``  rows to print: more than ``count`` when the list is grouped by
                    tags, where a record stands in each of its groups
    ``totals``      {index of the column: value} of the whole list
    ``lines()``     yields each Group header and each row (a tuple of the columns'
                    values), in the order of the screen

    With a ``limit`` of rows, a longer list raises a UserError early.
    """

    def __init__(self, request, columns, limit=None):
        self.request = request
        self.env = request.env
        self.model = request.model
        self.columns = columns
        self.limit = limit
        self._specs = list(dict.fromkeys(s for c in columns for s in c.specs))
        self._fetched = list(dict.fromkeys(n for c in columns for n in c.fetched))
        try:
            self._load()
        except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
            # a value that PostgreSQL can't compare with its field
            _logger.info("Print search of user %s refused: %s", self.env.uid, error)
            raise UserError(
                self.env._("This list has a filter that can't be printed.")
            ) from error

    def _load(self):
        # the columns are read as the table has them
        self.env.flush_all()
        stop = self.limit + 1 if self.limit else None
        request = self.request
        self._ids = self.model.search(
            request.domain, order=self._get_record_order(), limit=stop
        )._ids
        self.count = self.line_count = len(self._ids)
        self._check_limit()
        self.groups = self._get_groups() if request.groupby else []
        if self.groups:
            self.line_count = sum(self._count_leaves(group) for group in self.groups)
            self._check_limit()
        self.totals = {}
        if self._specs:
            [row] = self.model._read_group(request.domain, [], self._specs)
            self.totals = self._get_totals(row, not request.groupby)

    def _check_limit(self):
        if self.limit and self.line_count > self.limit:
            raise UserError(
                self.env._(
                    "This list has more than %(limit)s rows, too many for a PDF. "
                    "Export it as XLSX, or narrow the search.",
                    limit=self.limit,
                )
            )

    def _count_leaves(self, group):
        return len(group.ids) + sum(map(self._count_leaves, group.children))

    # ------------------------------------------------------------------
    # Order and groups
    # ------------------------------------------------------------------

    def _get_record_order(self):
        """The order of ``web_search_read``, or within groups of ``web_read_group``;
        the id decides where the screen leaves it open.
        """
        request = self.request
        grouped = request.groupby
        terms = [
            f"{name} {direction}"
            for name, direction in request.order.items()
            if name != "__count" and name not in grouped
        ]
        if grouped or not terms:
            terms += [
                term.strip()
                for term in self.model._order.split(",")
                if term.split()[0] not in (*request.order, *grouped)
            ]
        if not any(term.split()[0] == "id" for term in terms):
            terms.append("id")
        return ", ".join(terms)

    def _get_groups(self):
        """The tree of groups; each level is asked with all groupings above it, and
        sorted as ``web_read_group`` sorts that level alone.
        """
        request, roots = self.request, []
        parents = {(): roots}
        last = len(request.groupby) - 1
        for level, spec in enumerate(request.groupby):
            specs = ["__count", *self._specs]
            if level == last:
                specs.append("id:array_agg")
            order = self.model._get_read_group_order(
                request.order, [spec], request.aggregated
            )
            groupby = request.groupby[: level + 1]
            rows = self.model._read_group(request.domain, groupby, specs, order=order)
            if level == 0:
                rows = self._add_empty_groups(rows, spec, specs, order)
            width = level + 1
            get_label = self._get_labeller(spec, [row[level] for row in rows])
            children = {}
            for row in rows:
                path = tuple(map(self._get_key, row[:width]))
                end = -1 if level == last else None
                group = Group(
                    level=level,
                    label=get_label(row[level]),
                    count=row[width],
                    totals=self._get_totals(row[width + 1 : end], False),
                    ids=row[-1] if level == last else [],
                )
                parents[path[:-1]].append(group)
                children[path] = group.children
            parents = children
        self._sort_leaves(roots)
        return roots

    @staticmethod
    def _get_key(value):
        return value.id if isinstance(value, BaseModel) else value

    def _add_empty_groups(self, rows, spec, specs, order):
        """Stages and the like that the screen shows although nothing is in them."""
        model = self.model.with_context(read_group_expand=True)
        if not model._web_read_group_field_expand([spec]):
            return rows
        return model._web_read_group_expand(
            self.request.domain, rows, spec, specs, order
        )

    def _sort_leaves(self, roots):
        rank = {res_id: index for index, res_id in enumerate(self._ids)}
        todo = list(roots)
        while todo:
            group = todo.pop()
            todo += group.children
            # a search that is overridden may drop records that the groups have
            group.ids = sorted(filter(rank.__contains__, group.ids), key=rank.get)

    def _get_totals(self, row, only_footers):
        values = dict(zip(self._specs, row, strict=True))
        totals = {}
        for index, column in enumerate(self.columns):
            if column.aggregate and (column.has_footer or not only_footers):
                total = column.total(values)
                if total is not None:
                    totals[index] = total
        return totals

    # ------------------------------------------------------------------
    # Names of groups
    # ------------------------------------------------------------------

    def _get_field(self, spec):
        """Field at the end of a grouping's path, and the names on the way."""
        model, labels, current = self.model, [], None
        for name in spec.split(":")[0].split("."):
            if model is None:
                break
            current = model._fields[name]
            labels.append(current._description_string(self.env))
            model = self.env[current.comodel_name] if current.relational else None
        return current, labels

    def get_group_names(self):
        """What the list is grouped by, in the words of the screen or the fields'."""
        if len(self.request.group_labels) == len(self.request.groupby):
            return self.request.group_labels
        return [" / ".join(self._get_field(spec)[1]) for spec in self.request.groupby]

    def _get_labeller(self, spec, values):
        """A function from a value of ``_read_group`` to the text that the web client
        shows for it; all names are read at once.
        """
        group_field, _labels = self._get_field(spec)
        label_of = self.model._web_read_group_groupby_formatter(spec, values)
        nothing = group_field._description_falsy_value_label(self.env)
        nothing = nothing or self.env._("None")
        if group_field.type == "boolean":
            yes, no = self.env._("Yes"), self.env._("No")
            return lambda value: yes if value else no
        if group_field.type == "selection":
            labels = dict(group_field._description_selection(self.env))
            return lambda value: labels.get(value, value or nothing)

        def get_label(value):
            label = label_of(value)[0]
            if isinstance(label, tuple):
                label = label[1]
            if group_field.type == "integer":
                return str(label or 0)
            return str(label) if label else nothing

        return get_label

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------

    def lines(self):
        batch, size = [], 0
        for item in self._get_items():
            batch.append(item)
            size += not isinstance(item, Group)
            if size == BATCH_SIZE:
                yield from self._read_batch(batch)
                batch, size = [], 0
        yield from self._read_batch(batch)

    def _get_items(self):
        if not self.request.groupby:
            yield from self._ids
        todo = self.groups[::-1]
        while todo:
            group = todo.pop()
            yield group
            yield from group.ids
            todo += group.children[::-1]

    def _read_batch(self, items):
        ids = dict.fromkeys(item for item in items if not isinstance(item, Group))
        records = self.model.browse(ids)
        records.fetch(self._fetched)
        values = [column.read(records) for column in self.columns]
        rows = dict(zip(ids, zip(*values, strict=True), strict=True))
        for item in items:
            yield item if isinstance(item, Group) else rows[item]
        self.env.invalidate_all()
