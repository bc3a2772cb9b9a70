"""Statements: the figures of 1,000 customers, and their PDFs."""

import datetime
import threading
import time
from dataclasses import dataclass

from benchmarks import ledger
from benchmarks.figures import Aim
from benchmarks.work import Work

LINES = f"""
      FROM account_move_line l
     WHERE {ledger.LINES} AND l.partner_id = ANY(%(partners)s) AND l.date <= %(day)s
"""
#: opening balance, and a row a document
MOVEMENTS = f"""
    SELECT l.partner_id, l.currency_id,
           CASE WHEN l.date >= %(first)s THEN l.move_id END,
           min(l.date), min(l.move_name), min(l.ref), sum(l.amount_currency) {LINES}
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 4
"""
ITEMS = f"""
    SELECT l.partner_id, l.currency_id, l.date_maturity, l.move_name, l.ref, l.date,
           l.amount_currency, l.amount_residual_currency
           {LINES} AND l.reconciled IS NOT TRUE
     ORDER BY 1, 2, 3
"""


@dataclass
class _Statements(Work):
    user = "accountant"
    scale = "account_move_line"
    count: int = 0
    kind: str = "open"

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        self.partners = ledger.some_customers(door, self.count)
        self.values = {**ledger.values_of(door), "partners": self.partners}
        self.values["first"] = self.values["day"] - datetime.timedelta(days=365)

    def _statements(self, door):
        # of the addon alone: the peers' process has it not
        from odoo.addons.crm_custom.report import crm_statement_options as options

        values = {
            "kind": self.kind,
            "date": self.values["day"],
            "date_from": self.values["first"],
        }
        return door.env["crm.statement"]._get_statements(
            door.env["res.partner"].browse(self.partners),
            options.StatementOptions(door.env, values),
        )


@dataclass
class StatementData(_Statements):
    """The data of statements: of open items, or the activity of a year."""

    name = "statements"
    title = "statements with ageing, and of a year with running balance: their data"
    apart = True

    @property
    def same(self):
        # the peer's balance of a year is not the ledger's for each customer
        return ("addon", "floor", "peer") if self.kind == "open" else ("addon", "floor")

    @property
    def aims(self):
        aims = (Aim("queries", 20), Aim("floor", 2))
        return aims if self.kind == "open" else (*aims, Aim("peer", 1 / 50))

    @classmethod
    def pieces(cls, door):
        return [cls(100, "open"), cls(1_000, "open"), cls(1_000, "activity")]

    def label(self):
        what = "open items" if self.kind == "open" else "a year"
        return f"{self.name}/{what} of {self.count:,}"

    def warm(self, door):
        """The pages of the ledger are in memory, in whichever database."""
        self.floor(door)

    def addon(self, door):
        return self._statements(door)

    def floor(self, door):
        statements = (ITEMS,) if self.kind == "open" else (ITEMS, MOVEMENTS)
        return [door.sql(statement, self.values) for statement in statements]

    def peer(self, door):
        name = "outstanding" if self.kind == "open" else "activity"
        env = door.env(context={**door.env.context, "active_ids": self.partners})
        values = {
            "date_end": self.values["day"],
            "company_id": env.company.id,
            "account_type": "asset_receivable",
            "show_aging_buckets": True,
            "filter_partners_non_due": False,
            "filter_negative_balances": False,
        }
        if self.kind != "open":
            values["date_start"] = self.values["first"]
        wizard = env[f"{name}.statement.wizard"].create(values)
        report = env[f"report.partner_statement.{name}_statement"]
        values = report._get_report_values(self.partners, wizard._prepare_statement())
        return values["data"]

    def rows(self, door, way, result):
        """What each customer owes at the end, by currency."""
        sums = {}
        if way == "addon":
            for statement in result:
                for section in statement.sections:
                    key = (statement.partner.id, section.currency.id)
                    sums[key] = section.closing
        elif way == "floor":
            for partner, currency, *_row, amount in result[-1]:
                key = (partner, currency)
                sums[key] = sums.get(key, 0) + float(amount)
        else:
            for partner, values in result.items():
                for currency, part in values["currencies"].items():
                    sums[partner, currency] = part["amount_due"]
        return ledger.comparable(sums)


@dataclass
class StatementPdfs(_Statements):
    name = "statements/pdf of"
    title = "a PDF for each customer, two engine processes at once"
    aims = (Aim("share outside the engine", 0.1), Aim("memory", 100))
    same = ()
    apart = True
    runs = 1

    @classmethod
    def pieces(cls, door):
        return [cls(count) for count in (30, 100, 300, 1_000)]

    def prepare(self, door):
        super().prepare(door)
        self.scale = self.count

    def warm(self, door):
        """A server that printed before has its templates and style sheets ready."""
        everybody, self.partners = self.partners, self.partners[:1]
        self.addon(door)
        self.partners = everybody

    def addon(self, door):
        from odoo.addons.crm_custom.report import crm_statement_pdf, pdf_engine

        engine = _Engine(pdf_engine._run)
        pdf_engine._run = engine
        started = time.perf_counter()
        try:
            statements = self._statements(door)
            sizes = [
                len(content)
                for _statement, content in crm_statement_pdf.render_pdfs(
                    door.env, statements
                )
            ]
        finally:
            pdf_engine._run = engine.run
        seconds = time.perf_counter() - started
        door.note("share outside the engine", 1 - engine.busy / seconds)
        return sizes

    def rows(self, door, way, result):
        return [(size > 0,) for size in result]


class _Engine:
    """Counts the seconds in which at least one engine process is at work."""

    def __init__(self, run):
        self.run = run
        self.busy = 0.0
        self._lock = threading.Lock()
        self._at_work = 0

    def __call__(self, *args):
        with self._lock:
            if not self._at_work:
                self._since = time.perf_counter()
            self._at_work += 1
        try:
            return self.run(*args)
        finally:
            with self._lock:
                self._at_work -= 1
                if not self._at_work:
                    self.busy += time.perf_counter() - self._since
