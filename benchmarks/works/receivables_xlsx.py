"""The ageing of everybody as a workbook; the floor writes the same cells."""

import json
import os
import zipfile
from dataclasses import dataclass
from html import unescape

import xlsxwriter

from benchmarks import ledger
from benchmarks.figures import Aim
from benchmarks.work import Work

from .print_search_xlsx import CELL, TEXT, temporary

#: from invoice to payment, by amount, of what was paid in a year
DAYS_TO_PAY = """
    SELECT i.partner_id, sum(p.amount * (l.date - i.invoice_date)) / sum(p.amount)
      FROM account_partial_reconcile p
      JOIN account_move_line i ON i.id = p.debit_move_id
      JOIN account_move_line l ON l.id = p.credit_move_id
      JOIN account_account a ON a.id = i.account_id
     WHERE p.max_date > %(day)s::date - 365 AND p.max_date <= %(day)s AND p.amount > 0
       AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL)
       AND i.invoice_date IS NOT NULL AND i.company_id = %(company)s
       AND a.account_type = 'asset_receivable'
     GROUP BY 1
"""


@dataclass
class AgeingXlsx(Work):
    name = "receivables/xlsx"
    title = "ageing of all customers as a workbook"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("floor", 2), Aim("memory", 150))
    apart = True
    runs = 3

    def warm(self, door):
        door.sql(ledger.BY_CUSTOMER.replace("{items}", ledger.OPEN), self._day(door))

    def addon(self, door):
        data = {
            "options": {},
            "context": {"allowed_company_ids": [door.env.company.id]},
        }
        status, path = door.post("/crm_custom/ageing/xlsx", {"data": json.dumps(data)})
        if status != 200:
            raise ValueError(f"the workbook was refused: {status}")
        return path

    @staticmethod
    def _day(door):
        return ledger.values_of(door)

    def floor(self, door):
        values = self._day(door)
        rows = door.sql(
            f"""SELECT p.complete_name, p.credit_limit -> %(company)s::text, s.* FROM (
                    {ledger.BY_CUSTOMER.replace("{items}", ledger.OPEN)}
                ) s LEFT JOIN res_partner p ON p.id = s.partner_id
                 ORDER BY s.due DESC, s.partner_id""",
            values,
        )
        days = dict(door.sql(DAYS_TO_PAY, values))
        buckets = [i for i in range(4, 13) if any(row[i] for row in rows)]
        total = float(sum(row[3] for row in rows))
        path = temporary("ageing")
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        date_format = book.add_format({"num_format": "mm/dd/yyyy"})
        sheet = book.add_worksheet()
        text, number = sheet.write_string, sheet.write_number
        for place, row in enumerate(rows):
            name, limit, partner, owed, *_amounts, oldest = row
            limit, owed = float(limit or 0), float(owed)
            text(place, 0, name or "Without partner")
            numbers = [
                *(float(row[i] or 0) or None for i in buckets),
                *(owed, owed / total),
                *(limit or None, (limit and max(owed - limit, 0)) or None),
            ]
            for column, value in enumerate(numbers, 1):
                if value is not None:
                    number(place, column, value)
            if oldest:
                sheet.write_datetime(place, len(numbers) + 1, oldest, date_format)
            if partner in days:
                text(place, len(numbers) + 2, str(round(float(days[partner]))))
        book.close()
        return path

    def rows(self, door, way, result):
        """The customers' cells, down to the total; what is nothing is an empty cell."""
        with zipfile.ZipFile(result) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        os.remove(result)
        lines = []
        for line in xml.split("<row ")[1:]:
            texts = [unescape("".join(TEXT.findall(c))) for c in CELL.findall(line)]
            name, *values = [text for text in texts if text] or [""]
            if name == "Total":
                break
            try:
                numbers = list(map(float, values))
            except ValueError:
                continue
            if numbers:
                lines.append([name, *numbers])
        return lines
