"""A sheet as a PDF.

The engine (wkhtmltopdf) is slow by nature. What it is given here is made so that it
stays as fast as it can be, and that the rest costs next to nothing:

- QWeb makes the frame only; rows are strings put into the finished page;
- tables are short, since the engine's time grows with the square of their length;
- the company's letterhead stands on the first page. A header or footer is a page of
  its own, with all style sheets of Odoo, that the engine loads for each printed page:
  for 10,000 rows that cost more time and ten times more memory than all rows.
"""

import re
from html import escape

from odoo import api, models
from odoo.exceptions import UserError

from .print_search_data import Group
from .print_search_sheet import PrintSearchSheet

REPORT = "crm_custom.print_search_document"
FOOTER = "crm_custom.print_search_footer"
# the place of the rows in the page that QWeb makes
ROWS = '<div class="o_crm_rows_place"></div>'
MAX_ROWS = 20_000
ROWS_PER_TABLE = 500
MAX_CHARS = 600
# widths are in characters of the text
SAMPLE_SIZE = 1_000
MIN_WIDTH, MAX_WIDTH, MAX_WORD = 6, 34, 14
# pixels between the margins of A4, as the engine lays them out (0.6 pt each)
PORTRAIT, LANDSCAPE = 888, 1_300
PADDING, EM_PER_CHARACTER = 8, 0.56
MIN_FONT, GOOD_FONT, MAX_FONT = 9, 11, 13
WORD_END = re.compile(r"([@._/\\,;:=&?-])")


def render_pdf(sheet):
    """The bytes of the PDF."""
    reports = sheet.env["ir.actions.report"].with_context(debug=False)
    if reports.get_wkhtmltopdf_state() == "install":
        raise UserError(
            sheet.env._("PDFs can't be made on this server. Export the list as XLSX.")
        )
    tables = HtmlTables(sheet)
    html, _type = reports._render_qweb_html(REPORT, [], data={"tables": tables})
    body = html.decode().replace(ROWS, "".join(tables.parts), 1)
    footer = reports._render_template(FOOTER, {"tables": tables}).decode()
    sheet.progress.tell("layout", sheet.data.line_count)
    return reports._run_wkhtmltopdf(
        [body], report_ref=REPORT, footer=footer, landscape=tables.is_landscape
    )


class PrintSearchDocument(models.AbstractModel):
    _name = "report.crm_custom.print_search_document"
    _description = "Printed search"

    @api.model
    def _get_report_values(self, docids, data=None):
        tables = (data or {}).get("tables")
        if not isinstance(tables, HtmlTables):
            # asked by its address, where nobody has checked anything
            raise UserError(self.env._("Print a list from the menu of the list."))
        report = self.env["ir.actions.report"]._get_report(REPORT)
        return {
            "tables": tables,
            "sheet": tables.sheet,
            "base_url": report._get_report_url(),
            "report_xml_id": report.xml_id,
            # the letterhead as in a page on the screen: where the text is
            "report_type": "html",
        }


class HtmlTables:
    """The rows of a sheet as HTML: ``parts`` in order, and the page that they need."""

    def __init__(self, sheet: PrintSearchSheet):
        self.sheet = sheet
        self.columns = sheet.columns
        self._cells = [self._get_cell(column) for column in self.columns]
        lines = [
            line if isinstance(line, Group) else self._get_texts(line)
            for line in sheet.lines()
        ]
        self._widths = self._get_widths(lines)
        self.is_empty = not lines
        self.is_landscape = sheet.is_landscape
        if self.is_landscape is None:
            self.is_landscape = self._get_font(PORTRAIT) < GOOD_FONT
        self.font = self._get_font(LANDSCAPE if self.is_landscape else PORTRAIT)
        self.parts = list(self._get_parts(lines))

    def _get_texts(self, values):
        return [cell(value) for cell, value in zip(self._cells, values, strict=True)]

    def _get_cell(self, column):
        """A function from a value to its text."""
        formatter, kind, digits = self.sheet.formatter, column.kind, column.digits
        if kind == "text":
            return lambda text: (
                text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS - 1]}…"
            )
        if kind == "monetary":
            return lambda value: formatter.monetary(*value)
        if kind == "percent":
            return lambda value: (
                "" if value is False else f"{formatter.number(value * 100, 2)} %"
            )
        if kind == "hours":
            return formatter.hours
        if column.is_plain_integer:
            return str
        if column.is_numeric:
            return lambda value: (
                "" if value is False else formatter.number(value, digits)
            )
        get_text = formatter.date if kind == "date" else formatter.local_datetime
        return lambda value: get_text(value) if value else ""

    # ------------------------------------------------------------------
    # Widths
    # ------------------------------------------------------------------

    def _get_widths(self, lines):
        """Widths in characters that suit nearly all cells. All tables must have the
        same ones, so the engine can't choose them by itself.
        """
        sample = [line for line in lines if not isinstance(line, Group)][:SAMPLE_SIZE]
        widths = []
        for index, column in enumerate(self.columns):
            lengths = sorted(self._get_length(texts[index]) for texts in sample)
            label = self._get_longest_word([column.label])
            usual = 0
            if lengths:
                share = 0.9 if column.kind == "text" else 1
                usual = lengths[int(share * (len(lengths) - 1))]
            if column.kind == "text":
                # a word is broken where it would take the room of all others
                word = self._get_longest_word(texts[index] for texts in sample)
                usual = max(usual, min(word, MAX_WORD))
            widths.append(min(max(usual + 1, label + 1, MIN_WIDTH), MAX_WIDTH))
        return widths

    def _get_longest_word(self, texts):
        words = {word for text in texts for word in text.split()}
        return max(map(self._get_length, words), default=0)

    def _get_font(self, pixels):
        """Size of the largest font, in pixels, with which all columns fit."""
        ems = EM_PER_CHARACTER * sum(self._widths)
        fitting = (pixels - PADDING * len(self.columns)) / ems
        return max(MIN_FONT, min(round(fitting, 1), MAX_FONT))

    @staticmethod
    def _get_length(text):
        """Chinese characters are twice as wide."""
        return len(text) + sum(char >= "\u2e80" for char in text)

    # ------------------------------------------------------------------
    # HTML
    # ------------------------------------------------------------------

    def _get_parts(self, lines):
        whole = sum(self._widths)
        columns = "".join(
            f'<col style="width: {100 * width / whole:.2f}%">' for width in self._widths
        )
        labels = "".join(
            f'<th class="n">{escape(column.label)}</th>'
            if column.is_numeric
            else f"<th>{escape(column.label)}</th>"
            for column in self.columns
        )
        head = (
            '<table class="o_crm_rows o_ignore_layout_styling">'
            f"<colgroup>{columns}</colgroup>"
            f"<thead><tr>{labels}</tr></thead><tbody>"
        )
        in_table, is_dark = 0, False
        for line in lines:
            if not in_table:
                yield head
            if isinstance(line, Group):
                is_dark = False
                yield self._get_summary(
                    self.sheet.group_text(line),
                    line.totals,
                    f"g g{min(line.level, 3)}",
                )
            else:
                yield self._get_row(line, is_dark)
                is_dark = not is_dark
            in_table += 1
            if in_table == ROWS_PER_TABLE:
                yield "</tbody></table>"
                in_table = 0
        if lines and self.sheet.data.totals:
            yield "" if in_table else head
            total = self.sheet.env._("Total")
            yield self._get_summary(total, self.sheet.data.totals, "g total")
            in_table += 1
        if in_table:
            yield "</tbody></table>"

    def _get_row(self, texts, is_dark):
        cells = "".join(
            [
                f'<td class="n">{escape(text, False)}</td>'
                if column.is_numeric
                else f"<td>{self._escape(text, width)}</td>"
                for column, text, width in zip(
                    self.columns, texts, self._widths, strict=True
                )
            ]
        )
        return f'<tr class="z">{cells}</tr>' if is_dark else f"<tr>{cells}</tr>"

    @staticmethod
    def _escape(text, width):
        """Escaped text that can be broken within long words. The engine's own
        ``word-wrap: break-word`` doubles its time.
        """
        if len(text) <= width:
            return escape(text, False)
        size = max(4, 2 * width // 3)
        words = []
        for word in text.split(" "):
            if len(word) <= width:
                words.append(escape(word, False))
                continue
            pieces = []
            for piece in WORD_END.sub("\\1\0", word).split("\0"):
                pieces += [piece[i : i + size] for i in range(0, len(piece), size)]
            words.append("<wbr>".join(escape(piece, False) for piece in pieces))
        return " ".join(words)

    def _get_summary(self, label, totals, css_class):
        """A bold row: its name stretches to the first total after the first column."""
        first = min((i for i in totals if i), default=len(self.columns))
        cells = [f'<td colspan="{first}">{escape(label)}</td>']
        for index in range(first, len(self.columns)):
            text = self._cells[index](totals[index]) if index in totals else ""
            cells.append(f'<td class="n">{escape(text)}</td>')
        return f'<tr class="{css_class}">{"".join(cells)}</tr>'
