"""Receivables: the ageing of everybody, of ten customers, on a past day; the files.

The floors are written from the ledger's tables without the addon's view.
"""

import datetime
import io
import json
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from odoo import fields

from benchmarks.figures import Aim
from benchmarks.work import Work

LINES = """
         l.parent_state = 'posted' AND l.company_id = %(company)s
     AND a.account_type = 'asset_receivable'
"""
OPEN = f"""
    SELECT l.id, l.partner_id, l.date, COALESCE(l.date_maturity, l.date) AS due,
           l.amount_residual AS amount
      FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE l.reconciled IS NOT TRUE AND {LINES}
"""
#: what is open on a day: residuals, and what was matched later put back
OPEN_ON = f"""
    SELECT id, partner_id, date, due, sum(amount) AS amount FROM (
        {OPEN} AND l.date <= %(day)s
        UNION ALL
        SELECT l.id, l.partner_id, l.date, COALESCE(l.date_maturity, l.date), p.amount
          FROM account_partial_reconcile p
          JOIN account_move_line l ON l.id = p.debit_move_id
          JOIN account_account a ON a.id = l.account_id
         WHERE p.max_date > %(day)s AND l.date <= %(day)s AND {LINES}
        UNION ALL
        SELECT l.id, l.partner_id, l.date, COALESCE(l.date_maturity, l.date), -p.amount
          FROM account_partial_reconcile p
          JOIN account_move_line l ON l.id = p.credit_move_id
          JOIN account_account a ON a.id = l.account_id
         WHERE p.max_date > %(day)s AND l.date <= %(day)s AND {LINES}
    ) part GROUP BY id, partner_id, date, due HAVING sum(amount) <> 0
"""
BY_CUSTOMER = """
    SELECT partner_id, sum(amount) AS due,
           sum(amount) FILTER (WHERE amount < 0),
           sum(amount) FILTER (WHERE amount > 0 AND age <= 0),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 1 AND 30),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 31 AND 60),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 61 AND 90),
           sum(amount) FILTER (WHERE amount > 0 AND age BETWEEN 91 AND 180),
           sum(amount) FILTER (WHERE amount > 0 AND age > 180)
      FROM (SELECT *, %(day)s::date - due AS age FROM ({items}) item) aged
     GROUP BY partner_id
"""


def _values(door, days_back):
    today = fields.Date.context_today(door.env.user)
    day = today - datetime.timedelta(days=days_back)
    return {"company": door.env.company.id, "day": day}


def _when(days_back):
    return f"{days_back} days ago" if days_back else "now"


@dataclass
class AgeingByCustomer(Work):
    name = "receivables/by customer"
    title = "ageing of all customers: buckets and total of each, the data of it"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 12), Aim("floor", 1.5))
    days_back: int = 0

    @classmethod
    def pieces(cls, door):
        return [cls(0), cls(180)]

    def label(self):
        return (
            f"{self.name} {f'{self.days_back} days ago' if self.days_back else 'now'}"
        )

    def addon(self, door):
        env = door.env
        day = _values(door, self.days_back)["day"] if self.days_back else None
        model = env["crm.receivable"].with_context(crm_receivable_date=day)
        return model._read_group(
            [("is_payable", "=", False), ("company_id", "=", env.company.id)],
            ["partner_id", "bucket"],
            ["amount_aged:sum"],
        )

    def floor(self, door):
        items = OPEN_ON if self.days_back else OPEN
        query = BY_CUSTOMER.replace("{items}", items)
        return door.sql(query, _values(door, self.days_back))

    def rows(self, door, way, result):
        """What each customer owes."""
        sums = {}
        if way == "floor":
            sums = {partner: amount for partner, amount, *_buckets in result}
        else:
            for partner, _bucket, amount in result:
                key = partner.id or None
                sums[key] = sums.get(key, 0) + Decimal(str(amount))
        return sorted(
            (key or 0, round(float(amount), 2) + 0.0)
            for key, amount in sums.items()
            if abs(amount) >= Decimal("0.005")
        )


@dataclass
class AgeingOfTen(Work):
    name = "receivables/ten customers"
    title = "ageing of ten customers, as the screen asks for it, with its tie-out"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 40),)
    days_back: int = 0

    @classmethod
    def pieces(cls, door):
        return [cls(0), cls(180)]

    def label(self):
        return (
            f"{self.name} {f'{self.days_back} days ago' if self.days_back else 'now'}"
        )

    def prepare(self, door):
        query = f"SELECT DISTINCT partner_id FROM ({OPEN}) o WHERE partner_id > 0"
        found = door.sql(f"{query} ORDER BY 1 LIMIT 10", _values(door, 0))
        self.partners = [row[0] for row in found]

    def addon(self, door):
        day = _values(door, self.days_back)["day"] if self.days_back else False
        options = {
            "date": day and fields.Date.to_string(day),
            "partner_ids": self.partners,
        }
        return door.rpc("crm.ageing.report", "get_report", options)

    def rows(self, door, way, result):
        return [[row["id"], round(row["total"], 2)] for row in result["rows"]]


@dataclass
class AgeingPage(Work):
    name = "receivables/screen"
    title = "the ageing as the accountant opens it: first page, totals, tie-out"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 40),)

    def addon(self, door):
        return door.rpc("crm.ageing.report", "get_report", {})

    def rows(self, door, way, result):
        return [[row["id"], round(row["total"], 2)] for row in result["rows"]]


@dataclass
class AgeingXlsx(Work):
    name = "receivables/xlsx"
    title = "ageing of all customers as a workbook"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("floor", 2), Aim("memory", 150))
    same = ()
    apart = True
    runs = 3

    def addon(self, door):
        data = {
            "options": {},
            "context": {"allowed_company_ids": [door.env.company.id]},
        }
        status, path = door.post("/crm_custom/ageing/xlsx", {"data": json.dumps(data)})
        if status != 200:
            raise ValueError(f"the workbook was refused: {status}")
        return path

    def floor(self, door):
        """Plain xlsxwriter with the rows of plain SQL."""
        rows = door.sql(
            f"""SELECT p.complete_name, s.* FROM (
                    {BY_CUSTOMER.replace("{items}", OPEN)}
                ) s LEFT JOIN res_partner p ON p.id = s.partner_id
                 ORDER BY s.due DESC""",
            _values(door, 0),
        )
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet()
        for number, (name, _id, *amounts) in enumerate(rows):
            sheet.write_string(number, 0, name or "")
            for column, amount in enumerate(amounts, 1):
                sheet.write_number(number, column, float(amount or 0))
        book.close()
        return file

    def rows(self, door, way, result):
        return []
