"""A sheet as a workbook, written row by row in constant memory."""

import datetime
import re
from itertools import repeat
from tempfile import TemporaryDirectory

import xlsxwriter

from .print_search_data import BATCH_SIZE, Group

# the limits of the format
MAX_ROWS = 1_048_576
MAX_CHARS = 32_767
MAX_SHEET_NAME = 31
MAX_EXACT = 10**15
FIRST_DATE = datetime.date(1900, 1, 1)
FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MIN_WIDTH, MAX_WIDTH = 8, 50


def write_xlsx(sheet, file):
    """Write the sheet into a binary file object.

    Nothing is guessed from the text of a cell: what is text in Odoo stays text, so
    a name that begins with ``=`` is no formula and a phone number no number.
    """
    with TemporaryDirectory(prefix="crm_custom.print_search.") as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        workbook = xlsxwriter.Workbook(file, options)
        workbook.use_zip64()
        workbook.set_properties(
            {"title": sheet.title, "author": sheet.env.user.name, "created": sheet.now}
        )
        XlsxWriter(sheet, workbook, MAX_ROWS).write_all()
        workbook.close()


class XlsxWriter:
    def __init__(self, sheet, workbook, max_rows):
        self.sheet = sheet
        self.columns = sheet.columns
        self.workbook = workbook
        self.max_rows = max_rows
        self.is_grouped = bool(sheet.request.groupby)
        self._names = set()
        self._formats = {}
        self._header = self._get_format(bold=True, bg_color="#E9ECEF", bottom=1)
        self._bold = self._get_format(bold=True, bg_color="#F8F9FA")
        self._widths = [self._get_width(column.label) + 3 for column in self.columns]

    def write_all(self):
        self._add_worksheet()
        for line in self.sheet.lines():
            if self._row >= self.max_rows:
                self._close_worksheet()
                self._add_worksheet()
            if isinstance(line, Group):
                self._write_group(line)
            else:
                self._write_row(line)
            self._row += 1
        self._write_totals()
        self._close_worksheet()
        self._write_facts()

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def _write_row(self, values):
        if self._row <= BATCH_SIZE:
            self._measure(values)
        row = self._row
        for index, write in enumerate(self._writers):
            write(row, index, values[index])

    def _write_group(self, group):
        label = f"{'    ' * group.level}{self.sheet.group_text(group)}"
        self._write_summary(label, group.totals)

    def _write_totals(self):
        if not self.sheet.data.totals:
            return
        if self._row >= self.max_rows:
            self._close_worksheet()
            self._add_worksheet()
        self._write_summary(self.sheet.env._("Total"), self.sheet.data.totals)
        self._row += 1

    def _write_summary(self, label, totals):
        """A bold row. As on the screen its name takes the first column's place."""
        self._write_text(self._row, 0, label, self._bold)
        for index, column in enumerate(self.columns[1:], 1):
            if index in totals:
                value = totals[index]
                amount = value[0] if column.kind == "monetary" else value
                number_format = self._get_number_format(column, value, is_bold=True)
                self._worksheet.write_number(self._row, index, amount, number_format)
            else:
                self._worksheet.write_blank(self._row, index, None, self._bold)

    # ------------------------------------------------------------------
    # Cells
    # ------------------------------------------------------------------

    def _get_writer(self, column):
        if column.kind == "text":
            return self._write_text
        if column.kind == "monetary":
            return self._write_monetary_of(column)
        if column.is_numeric:
            return self._write_number_of(self._get_number_format(column))
        return self._write_date_of(column)

    def _write_text(self, row, col, value, cell_format=None):
        if not value:
            return
        if len(value) > MAX_CHARS:
            value = f"{value[: MAX_CHARS - 1]}…"
        if value.endswith("</r>"):
            # xlsxwriter would take <r>...</r> for markup of its own, unescaped
            value += " "
        self._worksheet.write_string(row, col, value, cell_format)

    def _write_number_of(self, cell_format):
        write_number = self._worksheet.write_number

        def write(row, col, value):
            if value is False:
                return
            # false for NaN, too; a longer integer would lose its last digits
            if -MAX_EXACT < value < MAX_EXACT:
                write_number(row, col, value, cell_format)
            else:
                self._write_text(row, col, str(value))

        return write

    def _write_monetary_of(self, column):
        writers = {}

        def write(row, col, value):
            amount, currency_id = value
            if currency_id not in writers:
                writers[currency_id] = self._write_number_of(
                    self._get_number_format(column, value)
                )
            writers[currency_id](row, col, amount)

        return write

    def _write_date_of(self, column):
        write_datetime = self._worksheet.write_datetime
        formatter = self.sheet.formatter
        is_date = column.kind == "date"
        get_text = formatter.date if is_date else formatter.local_datetime
        first = FIRST_DATE if is_date else datetime.datetime(1900, 1, 1)
        cell_format = self._get_number_format(column)

        def write(row, col, value):
            if value and value >= first:
                write_datetime(row, col, value, cell_format)
            elif value:
                self._write_text(row, col, get_text(value))

        return write

    def _get_number_format(self, column, value=None, is_bold=False):
        formatter = self.sheet.formatter
        if column.kind == "monetary":
            pattern = formatter.excel_monetary(value[1])
        elif column.kind == "date":
            pattern = formatter.excel_date()
        elif column.kind == "datetime":
            pattern = formatter.excel_datetime()
        elif column.kind == "percent":
            pattern = "0.00%"
        elif column.is_plain_integer:
            pattern = "0"
        else:
            pattern = formatter.excel_number(column.digits)
        if is_bold:
            return self._get_format(num_format=pattern, bold=True, bg_color="#F8F9FA")
        return self._get_format(num_format=pattern)

    def _get_format(self, **properties):
        key = tuple(properties.items())
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    # ------------------------------------------------------------------
    # Worksheets
    # ------------------------------------------------------------------

    def _get_sheet_name(self, text):
        """A legal name that is not taken yet."""
        base = FORBIDDEN_IN_NAME.sub(" ", text).strip(" '")[:MAX_SHEET_NAME].strip(" '")
        if not base or base.lower() == "history":
            base = self.sheet.env._("List")[:MAX_SHEET_NAME]
        name, number = base, 1
        while name.lower() in self._names:
            number += 1
            suffix = f" ({number})"
            name = f"{base[: MAX_SHEET_NAME - len(suffix)]}{suffix}"
        self._names.add(name.lower())
        return name

    def _add_worksheet(self):
        worksheet = self.workbook.add_worksheet(self._get_sheet_name(self.sheet.title))
        self._worksheet = worksheet
        worksheet.freeze_panes(1, 0)
        worksheet.repeat_rows(0)
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        if len(self.columns) > 6:
            worksheet.set_landscape()
        # an ampersand starts a code in page headers
        title = self.sheet.title[:100].replace("&", "&&")
        worksheet.set_header(f"&L{title}&R&P / &N")
        for index, column in enumerate(self.columns):
            self._write_text(0, index, column.label, self._header)
        self._writers = [self._get_writer(column) for column in self.columns]
        self._row = 1

    def _close_worksheet(self):
        for index, width in enumerate(self._widths):
            self._worksheet.set_column(index, index, min(width, MAX_WIDTH))
        if not self.is_grouped and self._row > 1:
            last = self._row - 1 - bool(self.sheet.data.totals)
            self._worksheet.autofilter(0, 0, max(last, 1), len(self.columns) - 1)

    def _measure(self, values):
        for index, value in enumerate(values):
            if self.columns[index].kind == "text":
                self._widths[index] = max(self._widths[index], self._get_width(value))

    @staticmethod
    def _get_width(text):
        """Characters, Chinese ones counted twice."""
        wide = sum(map(str.__ge__, text[:MAX_WIDTH], repeat("\u2e80")))
        return max(MIN_WIDTH, min(len(text), MAX_WIDTH) + wide)

    def _write_facts(self):
        """What was searched, on a worksheet of its own: the list keeps its header in
        the first row, where spreadsheets and imports look for it.
        """
        worksheet = self.workbook.add_worksheet(
            self._get_sheet_name(self.sheet.env._("Search"))
        )
        self._worksheet = worksheet
        worksheet.set_column(0, 0, 20)
        worksheet.set_column(1, 1, 80)
        worksheet.set_paper(9)
        title = self._get_format(bold=True, font_size=14)
        bold = self._get_format(bold=True, valign="top")
        wrapped = self._get_format(text_wrap=True, valign="top")
        self._write_text(0, 0, self.sheet.title, title)
        for row, (label, text) in enumerate(self.sheet.facts, 2):
            self._write_text(row, 0, label, bold)
            self._write_text(row, 1, text, wrapped)
