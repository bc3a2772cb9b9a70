"""Statements: the figures of 1,000 customers over a year, and their PDFs."""

import datetime
import threading
import time
from dataclasses import dataclass

from odoo import fields

from benchmarks.figures import Aim
from benchmarks.work import Work

LINES = """
      FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE l.parent_state = 'posted' AND l.company_id = %(company)s
       AND a.account_type = 'asset_receivable' AND l.partner_id = ANY(%(partners)s)
       AND l.date <= %(today)s
"""


class _Statements(Work):
    user = "accountant"
    scale = "account_move_line"
    count: int = 0

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        self.today = fields.Date.context_today(door.env.user)
        rows = door.sql(
            """SELECT DISTINCT l.partner_id
                 FROM account_move_line l
                 JOIN account_account a ON a.id = l.account_id
                 JOIN res_partner p ON p.id = l.partner_id
                WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
                  AND a.account_type = 'asset_receivable'
                  AND l.company_id = %(company)s AND p.commercial_partner_id = p.id
                ORDER BY 1 LIMIT %(count)s""",
            {"company": door.env.company.id, "count": self.count},
        )
        self.partners = [row[0] for row in rows]

    def _statements(self, door, kind):
        # of the addon alone: the peers' process has it not
        from odoo.addons.crm_custom.report import crm_statement_options as options

        values = {
            "kind": kind,
            "date": self.today,
            "date_from": self.today - datetime.timedelta(days=365),
        }
        return door.env["crm.statement"]._get_statements(
            door.env["res.partner"].browse(self.partners),
            options.StatementOptions(door.env, values),
        )


@dataclass
class StatementData(_Statements):
    name = "statements/a year of"
    title = "activity of a year with running balance and ageing, the data of it"
    aims = (Aim("queries", 20), Aim("floor", 2), Aim("peer", 0.02))
    same = ("addon", "floor", "peer")
    count: int = 1_000

    def addon(self, door):
        return self._statements(door, "activity")

    def floor(self, door):
        """Opening balance, a row a document, and what is open by its due date."""
        values = {
            "company": door.env.company.id,
            "partners": self.partners,
            "today": self.today,
            "first": self.today - datetime.timedelta(days=365),
        }
        lines = door.sql(
            f"""SELECT l.partner_id, l.currency_id,
                       CASE WHEN l.date >= %(first)s THEN l.move_id END,
                       min(l.date), min(l.move_name), min(l.ref),
                       sum(l.amount_currency)
                       {LINES}
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 4""",
            values,
        )
        items = door.sql(
            f"""SELECT l.partner_id, l.currency_id, l.date_maturity, l.move_name, l.ref,
                       l.amount_residual_currency
                       {LINES} AND l.reconciled IS NOT TRUE
                 ORDER BY 1, 2, 3""",
            values,
        )
        return lines, items

    def peer(self, door):
        env = door.env(context={**door.env.context, "active_ids": self.partners})
        wizard = env["activity.statement.wizard"].create(
            {
                "date_start": self.today - datetime.timedelta(days=365),
                "date_end": self.today,
                "company_id": env.company.id,
                "account_type": "asset_receivable",
                "show_aging_buckets": True,
                "filter_partners_non_due": False,
                "filter_negative_balances": False,
            }
        )
        report = env["report.partner_statement.activity_statement"]
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
            for partner, currency, *_document, amount in result[0]:
                key = (partner, currency)
                sums[key] = sums.get(key, 0) + float(amount)
        else:
            for partner, values in result.items():
                for currency, part in values["currencies"].items():
                    sums[partner, currency] = part["amount_due"]
        return sorted(
            (*key, round(value, 2) + 0.0)
            for key, value in sums.items()
            if abs(value) >= 0.005
        )


@dataclass
class StatementPdfs(_Statements):
    name = "statements/pdf of"
    title = "a PDF for each customer, two engine processes at once"
    aims = (Aim("share outside the engine", 0.1), Aim("memory", 100))
    same = ()
    apart = True
    runs = 1
    count: int = 30

    @classmethod
    def pieces(cls, door):
        return [cls(30), cls(100), cls(300)]

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
            statements = self._statements(door, "open")
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
