"""One printed search: its columns, its rows and what is said about it."""

import logging
import time

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Datetime

from .print_search_columns import get_columns
from .print_search_data import PrintSearchData
from .print_search_format import Formatter

_logger = logging.getLogger(__name__)

NOTIFICATION = "crm_custom.print_search"
SECONDS_BETWEEN_NOTES = 1.0


class PrintSearchSheet:
    """What the writers (XLSX, PDF) print; both from the same rows and words.

    Use: ``sheet = PrintSearchSheet(request)``, then ``sheet.lines()`` once.
    """

    #: None: as the columns need it
    is_landscape = None

    def __init__(self, request, limit=None):
        self.request = request
        self.env = request.env
        self.title = request.title
        self.formatter = Formatter(self.env)
        self.columns = get_columns(request, self.formatter)
        if not self.columns:
            raise UserError(self.env._("This list has no column that you may print."))
        self.now = Datetime.now()
        self.data = PrintSearchData(request, self.columns, limit=limit)
        self.progress = Progress(self.env, request.token, self.data.line_count)
        self.facts = self._get_facts()

    def lines(self):
        """The lines of the data; tells the user now and then how far it is."""
        self.progress.tell("rows", 0)
        for done, line in enumerate(self.data.lines(), 1):
            # looking at the clock costs more than writing a cell
            if not done % 200:
                self.progress.tell("rows", done)
            yield line

    def group_text(self, group):
        return f"{group.label} ({self.formatter.number(group.count, 0)})"

    def _get_facts(self):
        """[(label, text)] of what was searched, by whom, when and how much it is."""
        env, request, data = self.env, self.request, self.data
        facts = [(label or env._("Filter"), text) for label, text in request.facets]
        if not facts:
            facts.append((env._("Filter"), env._("None")))
        if request.groupby:
            facts.append((env._("Grouped by"), " > ".join(data.get_group_names())))
        if request.order:
            facts.append((env._("Sorted by"), self._get_order_text()))
        number = self.formatter.number
        rows = number(data.count, 0)
        if data.line_count != data.count:
            rows = env._(
                "%(records)s records in %(rows)s rows: one is in all of its groups",
                records=rows,
                rows=number(data.line_count, 0),
            )
        printed_on = self.formatter.local_datetime(self.formatter.local(self.now))
        return [
            *facts,
            (env._("Rows"), rows),
            (env._("Printed by"), env.user.name),
            (env._("Printed on"), f"{printed_on} ({self.formatter.tz.zone})"),
            (env._("Company"), ", ".join(env.companies.mapped("name"))),
        ]

    def _get_order_text(self):
        texts = []
        labels = {column.name: column.label for column in self.columns}
        for name, direction in self.request.order.items():
            field = self.request.model._fields.get(name.split(".")[0])
            label = labels.get(name)
            if not label:
                label = field._description_string(self.env) if field else None
            label = label or self.env._("Count")
            arrow = "↑" if direction == "ASC" else "↓"
            texts.append(f"{label} {arrow}")
        return ", ".join(texts)


class Progress:
    """Notes to the browser that asked, at most one a second.

    They are committed by a cursor of their own, since the request's own transaction
    ends only when the sheet is done. A bus that fails costs the notes, not the sheet.
    """

    def __init__(self, env, token, total):
        self._env = env
        self._token = token
        self._total = total
        self._next = 0.0

    def tell(self, phase, done):
        now = time.monotonic()
        if not self._token or (phase == "rows" and now < self._next):
            return
        self._next = now + SECONDS_BETWEEN_NOTES
        note = {
            "token": self._token,
            "phase": phase,
            "done": min(done, self._total),
            "total": self._total,
        }
        try:
            with self._env.registry.cursor() as cr:
                env = Environment(cr, self._env.uid, {})
                env.user._bus_send(NOTIFICATION, note)
        except Exception:
            _logger.warning("The progress of a print can't be shown", exc_info=True)
            self._token = None
