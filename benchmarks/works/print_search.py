"""Print this search: many customers to PDF and to XLSX, through the HTTP route."""

import json
import os
import re
import subprocess
import time
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import ClassVar

import xlsxwriter

from odoo.tools import SQL

from benchmarks.door import time_in_pdf_engine
from benchmarks.figures import Aim
from benchmarks.work import Work

VIEW = "crm_custom.res_partner_view_list_print_customer"
DOMAIN = [("is_crm_customer", "=", True), ("ref", "like", "PRINT%")]
CELL = re.compile(r"<c [^>]*?(?:/>|>(.*?)</c>)", re.DOTALL)
TEXT = re.compile(r"<(?:t|v)(?: [^>]*)?>(.*?)</(?:t|v)>", re.DOTALL)


@dataclass
class PrintSearch(Work):
    """In a copy of the data set that has customers enough."""

    apart = True
    spends = "data"
    output: ClassVar[str] = ""
    count: int = 0

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        self.scale = self.count
        _have_customers(door, self.count)

    def warm(self, door):
        """A server that printed before has its routes, templates and assets ready."""
        os.remove(self._print(door, [*DOMAIN, ("ref", "like", "00001")]))

    def addon(self, door):
        with time_in_pdf_engine() as engine:
            started = time.perf_counter()
            path = self._print(door, DOMAIN)
            seconds = time.perf_counter() - started
        if self.output == "pdf":
            door.note("share outside the engine", 1 - engine() / seconds)
        return path

    def _print(self, door, domain):
        payload = {
            "model": "res.partner",
            "view": VIEW,
            "domain": domain,
            "order": "ref",
            "groupby": [],
            "title": "Customers",
            "facets": [],
            "context": {"lang": "en_US", "tz": "UTC"},
        }
        status, path = door.post(
            f"/crm_custom/print_search/{self.output}", {"data": json.dumps(payload)}
        )
        if status != 200:
            with open(path) as file:
                raise AssertionError(f"status {status}: {file.read()[:500]}")
        return path


@dataclass
class PrintToPdf(PrintSearch):
    name = "print search/pdf"
    title = "print customers to PDF"
    output = "pdf"
    aims = (Aim("share outside the engine", 0.1),)
    runs = 3
    same = ()
    count: int = 10_000

    def rows(self, door, way, result):
        """The codes that can be read on paper, each once and in order."""
        text = subprocess.run(
            ["pdftotext", "-layout", result, "-"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        os.remove(result)
        found = re.findall(r"PRINT\d{7}", text)
        if found != [f"PRINT{number:07}" for number in range(1, self.count + 1)]:
            raise AssertionError(f"{len(found)} of {self.count} rows are on paper")
        return found


@dataclass
class PrintToXlsx(PrintSearch):
    name = "print search/xlsx"
    title = "export customers to XLSX; the floor writes the same cells by xlsxwriter"
    output = "xlsx"
    aims = (Aim("floor", 2), Aim("memory", 100))
    runs = 3
    count: int = 200_000

    @classmethod
    def pieces(cls, door):
        return [cls(count=20_000), cls(count=200_000)]

    def floor(self, door):
        """Rows from a cursor on the server, cells in constant memory."""
        path = os.path.join(
            os.environ.get("TMPDIR", "/tmp"), f"floor{os.getpid()}.xlsx"
        )
        rows = door.env.cr._cnx.cursor(name="bench_floor")
        rows.itersize = 2_000
        partners = door.env["res.partner"]
        status = partners._field_to_sql("p", "customer_status")
        labels = dict(
            partners._fields["customer_status"]._description_selection(door.env)
        )
        statement = SQL(
            """
            SELECT p.ref, p.name, %s::jsonb ->> %s, p.city, c.name ->> 'en_US',
                   f.complete_name, p.phone, p.headcount, n.complete_name
              FROM res_partner p
         LEFT JOIN res_country c ON c.id = p.country_id
         LEFT JOIN res_partner f ON f.id = p.primary_contact_id
         LEFT JOIN res_users u ON u.id = p.user_id
         LEFT JOIN res_partner n ON n.id = u.partner_id
             WHERE p.is_crm_customer AND p.active AND p.ref LIKE 'PRINT%%'
          ORDER BY p.ref
            """,
            json.dumps(labels),
            status,
        )
        rows.execute(statement.code, statement.params)
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        text, number = sheet.write_string, sheet.write_number
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values):
                if column == 7:
                    number(row, column, value or 0)
                elif value:
                    text(row, column, value)
        book.close()
        rows.close()
        return path

    def rows(self, door, way, result):
        """The cells of the first sheet, without the heading and the total."""
        found = []
        with zipfile.ZipFile(result) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        os.remove(result)
        for line in xml.split("<row ")[1:]:
            cells = [
                unescape("".join(TEXT.findall(cell))) for cell in CELL.findall(line)
            ]
            if cells[0].startswith("PRINT"):
                found.append([cell for cell in cells if cell])
        return found


def _have_customers(door, count):
    """So many customers whose code tells that they are to be printed."""
    columns = [
        row[0]
        for row in door.sql(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = 'res_partner' AND is_generated = 'NEVER'
               AND column_name NOT IN
                   ('id', 'ref', 'commercial_partner_id', 'parent_id')
            """
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    cr = door.env.cr
    cr.execute("DELETE FROM res_partner WHERE ref LIKE 'PRINT%'")
    cr.execute(
        f"""
        INSERT INTO res_partner (ref, {names})
        SELECT 'PRINT' || lpad(n::text, 7, '0'), {names}
          FROM (SELECT p.*, row_number() OVER (ORDER BY id) AS place,
                       count(*) OVER () AS many
                  FROM res_partner p
                 WHERE is_crm_customer AND active AND parent_id IS NULL
                   AND company_id IS NULL AND customer_rank > 0) source
          JOIN generate_series(1, %s) n ON n %% many + 1 = place
        """,
        (count,),
    )
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'PRINT%'"
    )
    cr.commit()
    cr.execute("ANALYZE res_partner")
    cr.commit()
