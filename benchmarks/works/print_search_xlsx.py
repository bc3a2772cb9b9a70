"""Print this search: many customers to XLSX, through the HTTP route."""

import json
import os
import re
import tempfile
import zipfile
from dataclasses import dataclass
from html import unescape

import xlsxwriter

from odoo import models
from odoo.orm import model_classes
from odoo.tools import SQL

from benchmarks.figures import Aim

from .print_search import PrintSearch

CELL = re.compile(r"<c [^>]*?(?:/>|>(.*?)</c>)", re.DOTALL)
TEXT = re.compile(r"<(?:t|v)(?: [^>]*)?>(.*?)</(?:t|v)>", re.DOTALL)
#: what Odoo has of the columns without crm_custom
STOCK_COLUMNS = ("ref", "name", "city", "country_id", "phone", "user_id")
PEER_ABSTRACT = "report.report_xlsx.abstract"
PEER_REPORT = "report.crm_custom_bench.customers"
#: it keeps the whole sheet in memory
MOST_OF_PEER = 20_000


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

    def ways(self):
        ways = super().ways()
        if self.count > MOST_OF_PEER:
            del ways["peer"]
        return ways

    def prepare(self, door):
        super().prepare(door)
        if PEER_ABSTRACT in door.env:
            _add_peer_report(door.env)

    def floor(self, door):
        """Rows from a cursor on the server, cells in constant memory."""
        path = temporary("floor")
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
                   f.name, p.phone, p.headcount, n.complete_name
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

    def peer(self, door):
        """As report_xlsx documents it, with the six columns that Odoo has."""
        partners = door.env["res.partner"].search(
            [("ref", "like", "PRINT%")], order="ref"
        )
        report = door.env[PEER_REPORT].with_context(active_model="res.partner")
        content, _kind = report.create_xlsx_report(partners.ids, {})
        path = temporary("peer")
        with open(path, "wb") as file:
            file.write(content)
        return path

    def rows(self, door, way, result):
        """The cells of the first sheet, without the heading and the total."""
        found = []
        with zipfile.ZipFile(result) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        os.remove(result)
        if way == "peer":
            return xml.split("<row ")[1:]
        for line in xml.split("<row ")[1:]:
            cells = [
                unescape("".join(TEXT.findall(cell))) for cell in CELL.findall(line)
            ]
            if cells[0].startswith("PRINT"):
                found.append([cell for cell in cells if cell])
        return found


def temporary(stem):
    return os.path.join(tempfile.gettempdir(), f"crm_custom_bench.{stem}{os.getpid()}")


def _add_peer_report(env):
    """A report of report_xlsx, which has none of its own, in this process alone."""

    class Report(models.AbstractModel):
        _module = None
        _name = PEER_REPORT
        _inherit = PEER_ABSTRACT  # pylint: disable=consider-merging-classes-inherited
        _description = "Customers by report_xlsx"

        def generate_xlsx_report(self, workbook, data, objs):
            sheet = workbook.add_worksheet()
            for row, partner in enumerate(objs, 1):
                for column, name in enumerate(STOCK_COLUMNS):
                    value = partner[name]
                    text = value.display_name if name.endswith("_id") else value
                    if text:
                        sheet.write_string(row, column, text)

    model_classes.add_to_registry(env.registry, Report)
    env.registry._setup_models__(env.cr, [PEER_REPORT])
