"""Statements: the figures of 1,000 customers, and their PDFs."""

import datetime
import threading
import time
from dataclasses import dataclass
from decimal import Decimal

from benchmarks import ledger
from benchmarks.figures import Aim
from benchmarks.work import Work

PARTNERS = "l.partner_id = ANY(%(partners)s) AND l.date <= %(day)s"
#: what a document is
KIND = """
    CASE WHEN m.move_type = 'out_invoice' THEN 'invoice'
         WHEN m.move_type = 'out_refund' THEN 'refund'
         WHEN m.move_type = 'out_receipt' THEN 'receipt'
         WHEN l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL
              OR j.type IN ('bank', 'cash', 'credit') THEN 'payment'
         ELSE 'entry' END
"""
JOINS = """
    JOIN account_move m ON m.id = l.move_id
    JOIN account_journal j ON j.id = l.journal_id
"""
#: whom each statement is addressed to, if not the customer himself
ADDRESSES = """
    SELECT DISTINCT ON (commercial_partner_id) commercial_partner_id, id
      FROM res_partner
     WHERE commercial_partner_id = ANY(%(partners)s) AND type = 'invoice' AND active
     ORDER BY commercial_partner_id, id
"""
WITHIN = "l.date >= %(first)s"
MOVE = f"CASE WHEN {WITHIN} THEN l.move_id END"
DATE = f"min(l.date) FILTER (WHERE {WITHIN})"
#: opening balance, and a row a document with the balance after it
MOVEMENTS = f"""
    SELECT l.partner_id, l.currency_id, {MOVE}, {DATE},
           min(l.move_name) FILTER (WHERE {WITHIN}),
           min(l.ref) FILTER (WHERE {WITHIN}), min({KIND}) FILTER (WHERE {WITHIN}),
           sum(l.amount_currency), sum(sum(l.amount_currency)) OVER (
               PARTITION BY l.partner_id, l.currency_id
               ORDER BY {DATE} NULLS FIRST, {MOVE} NULLS FIRST)
      FROM account_move_line l {JOINS}
     WHERE {ledger.LINES} AND {PARTNERS}
     GROUP BY 1, 2, 3 HAVING sum(l.amount_currency) <> 0
     ORDER BY 1, 2, 4 NULLS FIRST, 3 NULLS FIRST
"""
#: what was open at the end of the day, how old it is, and what of it is disputed; the
#: sum of each bucket, which is a field of the ageing strip, beside its items
ITEMS = f"""
    SELECT l.partner_id, l.currency_id, l.move_name, l.ref, {KIND}, l.date, due, age,
           l.amount_currency, amount, bucket, sum(amount) OVER (
               PARTITION BY l.partner_id, l.currency_id, bucket),
           CASE WHEN disputed > 0 THEN GREATEST(LEAST(disputed, amount), 0) ELSE 0 END,
           l.move_id
      FROM (SELECT id, due, %(day)s::date - due AS age, amount,
                   CASE WHEN amount < 0 THEN 8
                        WHEN %(day)s::date - due < -%(week)s THEN 0
                        WHEN %(day)s::date - due < 0 THEN 1
                        WHEN %(day)s::date - due = 0 THEN 2
                        WHEN %(day)s::date - due <= 30 THEN 3
                        WHEN %(day)s::date - due <= 60 THEN 4
                        WHEN %(day)s::date - due <= 90 THEN 5
                        WHEN %(day)s::date - due <= 180 THEN 6 ELSE 7 END AS bucket
              FROM (SELECT id, due, sum(amount) AS amount FROM (
                        SELECT l.id, COALESCE(l.date_maturity, l.date) AS due,
                               l.amount_residual_currency AS amount
                          FROM account_move_line l
                         WHERE {ledger.LINES} AND {PARTNERS}
                           AND l.reconciled IS NOT TRUE
                           AND (l.amount_residual <> 0
                                OR l.amount_residual_currency <> 0)
                         UNION ALL
                        SELECT l.id, COALESCE(l.date_maturity, l.date),
                               p.debit_amount_currency
                          FROM account_partial_reconcile p
                          JOIN account_move_line l ON l.id = p.debit_move_id
                         WHERE p.max_date > %(day)s AND {ledger.LINES} AND {PARTNERS}
                         UNION ALL
                        SELECT l.id, COALESCE(l.date_maturity, l.date),
                               -p.credit_amount_currency
                          FROM account_partial_reconcile p
                          JOIN account_move_line l ON l.id = p.credit_move_id
                         WHERE p.max_date > %(day)s AND {ledger.LINES} AND {PARTNERS}
                    ) part GROUP BY id, due HAVING sum(amount) <> 0) open
           ) item
      JOIN account_move_line l ON l.id = item.id {JOINS}
      LEFT JOIN (SELECT move_line_id, sum(amount) AS disputed FROM crm_dispute
                  WHERE date_opened <= %(day)s
                    AND (date_ended IS NULL OR date_ended > %(day)s)
                  GROUP BY 1) dispute ON dispute.move_line_id = l.id
     ORDER BY 1, 2, due, l.id
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
        door.sql(MOVEMENTS, self.values)

    def addon(self, door):
        return self._statements(door)

    def floor(self, door):
        statements = [ADDRESSES, ITEMS] + [MOVEMENTS] * (self.kind != "open")
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
        """Addresses, items with the sum of their bucket, documents with the balance.

        Of the peer nothing: it has totals, and those of a year are not the ledger's.
        """
        if way == "peer":
            return []
        rows = self._addon_rows if way == "addon" else _floor_rows
        return sorted(rows(result))

    @staticmethod
    def _addon_rows(statements):
        for statement in statements:
            customer = statement.partner.id
            if statement.address != statement.partner:
                yield ("address", customer, statement.address.id)
            for section in statement.sections:
                key = (customer, section.currency.id)
                for item in section.items:
                    *values, bucket, _aged, _mark, marked, move = item
                    numbers = (section.ageing[bucket], marked, move)
                    yield ("item", *key, *_row((*values, int(bucket[0]), *numbers)))
                if section.opening:
                    yield ("opening", *key, *_row((section.opening,)))
                for movement in section.movements:
                    yield ("document", *key, *_row(movement))


def _floor_rows(results):
    addresses, items, documents = [*results, []][:3]
    for row in addresses:
        yield ("address", *row)
    for customer, currency, *row in items:
        number, ref, kind, date, due, age, original, amount, *others = row
        days = max(age, 0) if amount > 0 else 0
        values = (number, ref, kind, date, due, days, original, amount, *others)
        yield ("item", customer, currency, *_row(values))
    for customer, currency, move, *row, balance in documents:
        if move is None:
            yield ("opening", customer, currency, *_row((balance,)))
        else:
            yield ("document", customer, currency, *_row((*row, balance)))


def _row(values):
    """Values as text, so that rows can be sorted; amounts with two digits."""
    return [
        f"{value or 0:.2f}" if isinstance(value, (int, float, Decimal)) else str(value)
        for value in (0 if value is None else value for value in values)
    ]


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
        # Odoo keeps a style sheet as an attachment: rolled back, it is compiled again
        door.env.cr.commit()

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
