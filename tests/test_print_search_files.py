"""Print this search: what the cells of the workbook and of the paper hold."""

import io
from datetime import date, datetime
from unittest.mock import patch

import openpyxl
import xlsxwriter

from odoo.exceptions import UserError

from odoo.addons.crm_custom.report import print_search_data, print_search_pdf
from odoo.addons.crm_custom.report.print_search_xlsx import XlsxWriter

from .common import CrmCustomCase
from .print_search_common import PrintSearchMixin


class TestPrintSearchFiles(PrintSearchMixin, CrmCustomCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_partners()

    def _rename(self, *names):
        """Give these names to the first partners and search for them alone."""
        for partner, name in zip(self.partners, names, strict=False):
            partner.name = name
        ids = self.partners[: len(names)].ids
        return {"domain": [["id", "in", ids]], "order": "id ASC"}

    # ------------------------------------------------------------------
    # XLSX
    # ------------------------------------------------------------------

    def test_text_stays_text(self):
        names = [
            "=1+1",
            '=HYPERLINK("http://evil.example","x")',
            "+49 30 1234",
            "-1",
            "@SUM(A1)",
            "{=A1}",
            "0012",
            "http://example.com",
            "<r><t>bold</t></r>",
        ]
        cells = self._workbook(self._sheet(**self._rename(*names))).worksheets[0]["A"]
        for cell, name in zip(cells[1:-1], names, strict=True):
            self.assertEqual(cell.value.rstrip(), name)
            self.assertEqual(cell.data_type, "s")
            self.assertIsNone(cell.hyperlink)

    def test_text_that_begins_with_a_control_character_stays_text(self):
        values = self._rename("\t=1+1", "\r=1+1")
        self.env.cr.execute(
            "UPDATE res_partner SET name = E'\\t=1+1' WHERE id = %s",
            [self.partners[0].id],
        )
        self.partners.invalidate_recordset()
        cells = self._workbook(self._sheet(**values)).worksheets[0]["A"]
        self.assertEqual([cell.data_type for cell in cells[1:-1]], ["s", "s"])

    def test_long_text_is_cut(self):
        view = self._set_up_print_view(
            "comment", '<list><field name="name"/><field name="comment"/></list>'
        )
        self.partners[0].comment = "x" * 40_000
        domain = [["id", "=", self.partners[0].id]]
        sheet = self._workbook(self._sheet(view=view, domain=domain)).worksheets[0]
        self.assertEqual(len(sheet["B2"].value), 32_767)
        self.assertTrue(sheet["B2"].value.endswith("…"))

    def test_numbers_and_dates_are_real(self):
        values = {"context": {"lang": "en_US", "tz": "UTC"}}
        sheet = self._workbook(self._sheet(**values)).worksheets[0]
        header = [cell.value for cell in sheet[1]]
        row = dict(zip(header, sheet[14], strict=True))
        self.assertEqual(row["Name"].value, "Printed 12")
        self.assertEqual(row["Color Index"].value, 12 % 7)
        self.assertEqual(row["Color Index"].data_type, "n")
        self.assertEqual(row["Geo Latitude"].value, 6.0)
        self.assertIsInstance(row["Created on"].value, datetime)
        self.assertTrue(row["Created on"].is_date)
        self.assertEqual(row["Is a Company"].value, "Yes")
        self.assertEqual(row["Tags"].value, None)

    def test_amounts_carry_their_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.partners[0].write(
            {"annual_revenue": 1234.5, "annual_revenue_currency_id": euro.id}
        )
        arch = '<list><field name="name"/><field name="annual_revenue" sum="x"/></list>'
        view = self._set_up_print_view("amounts", arch)
        values = {"view": view, "domain": [["id", "=", self.partners[0].id]]}
        sheet = self._workbook(self._sheet(**values)).worksheets[0]
        self.assertEqual(sheet["B2"].value, 1234.5)
        self.assertIn("€", sheet["B2"].number_format)
        self.assertEqual((sheet["A3"].value, sheet["B3"].value), ("Total", 1234.5))
        html, _tables = self._html(self._sheet(**values))
        self.assertIn("1,234.50\N{NO-BREAK SPACE}€", html)

    def test_sheet_of_a_plain_list(self):
        book = self._workbook(self._sheet())
        sheet = book.worksheets[0]
        self.assertEqual(sheet.title, "Printed partners")
        self.assertEqual(sheet.freeze_panes, "A2")
        # 40 rows and the header, the row of totals left out
        self.assertEqual(sheet.auto_filter.ref, "A1:H41")
        self.assertEqual(sheet["A42"].value, "Total")
        self.assertTrue(sheet["A1"].font.bold)
        facts = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
        self.assertEqual(facts["Rows"], "40")
        self.assertEqual(facts["Printed by"], self.user_sales_all.name)

    def test_sheet_of_groups(self):
        values = {"groupby": ["country_id", "category_id"]}
        sheet = self._workbook(self._sheet(**values)).worksheets[0]
        self.assertIsNone(sheet.auto_filter.ref)
        bold = [row[0].value for row in sheet.iter_rows(min_row=2) if row[0].font.bold]
        self.assertEqual(bold[0], "Belgium (14)")
        self.assertEqual(bold[1], "    None (14)")
        self.assertEqual(bold[-1], "Total")
        belgian = self.partners.filtered(lambda p: p.country_id == self.countries[0])
        self.assertEqual(sheet["E2"].value, sum(belgian.mapped("color")))
        self.assertTrue(sheet["E2"].font.bold)

    def test_more_rows_than_a_sheet_holds(self):
        sheet = self._sheet()
        file = io.BytesIO()
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
        XlsxWriter(sheet, workbook, 16).write_all()
        workbook.close()
        book = openpyxl.load_workbook(file)
        names = ["Printed partners", "Printed partners (2)", "Printed partners (3)"]
        self.assertEqual(book.sheetnames, [*names, "Search"])
        found = [
            row[0].value
            for name in names
            for row in book[name].iter_rows(min_row=2)
            if row[0].value != "Total"
        ]
        self.assertEqual(found, self.partners.mapped("name"))
        self.assertTrue(all(book[name]["A1"].value == "Name" for name in names))

    def test_names_of_sheets_are_legal(self):
        for title, name in (
            ("a/b\\c[d]:e*f?", "a b c d  e f"),
            ("'quoted'", "quoted"),
            ("History", "List"),
            ("search", "search"),
            ("x" * 60, "x" * 31),
        ):
            with self.subTest(title=title):
                book = self._workbook(self._sheet(title=title))
                self.assertEqual(book.sheetnames[0], name)
                self.assertEqual(len(set(map(str.lower, book.sheetnames))), 2)

    def test_a_date_before_excels_first_day(self):
        view = self._set_up_print_view(
            "dates",
            '<list><field name="name"/><field name="date_deadline"/></list>',
            model="crm.lead",
        )
        leads = self.env["crm.lead"].create(
            [
                {"name": "Old", "date_deadline": date(1815, 6, 18)},
                {"name": "Young", "date_deadline": date(2026, 6, 18)},
            ]
        )
        values = {"model": "crm.lead", "view": view, "order": "id ASC"}
        values["domain"] = [["id", "in", leads.ids]]
        sheet = self._workbook(self._sheet(**values)).worksheets[0]
        self.assertIn("1815", sheet["B2"].value)
        self.assertEqual(sheet["B3"].value, datetime(2026, 6, 18))

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    def test_html_is_escaped(self):
        values = self._rename("<script>alert(1)</script>", "A & B")
        html, _tables = self._html(self._sheet(**values))
        self.assertNotIn("<script>", html)
        self.assertIn("A &amp; B", html)

    def test_words_longer_than_their_column_can_break(self):
        """And stay one word for who searches or copies it."""
        values = self._rename("x" * 90)
        html, _tables = self._html(self._sheet(**values))
        self.assertNotIn("x" * 35, html)
        self.assertIn("x" * 90, html.replace("<wbr>", ""))

    def test_a_rare_long_word_is_not_broken(self):
        """Nine in ten have the room they need; a word of usual length has it, too."""
        self.partners.function = "Buyer"
        self.partners[0].function = "Procurement"
        view = self._set_up_print_view("words", '<list><field name="function"/></list>')
        html, tables = self._html(self._sheet(view=view))
        self.assertIn("<td>Procurement</td>", html)
        # and stays apart from the next column
        self.assertGreater(tables._widths[0], len("Procurement"))

    def test_tables_are_short_and_repeat_their_header(self):
        self.patch(print_search_pdf, "ROWS_PER_TABLE", 15)
        html, _tables = self._html(self._sheet())
        tables = html.split("<table ")[1:]
        self.assertEqual(len(tables), 3)
        for table in tables:
            self.assertIn("<thead>", table)
            self.assertLessEqual(table.count("<tr"), 16)
        self.assertEqual(html.count("Printed "), 40)

    def test_many_columns_lie_across(self):
        _html, tables = self._html(self._sheet())
        self.assertFalse(tables.is_landscape)
        fields = "name city email phone website street street2 zip vat function ref"
        arch = "".join(
            f'<field name="{name}" string="A rather long label of {name}{"_" * 15}"/>'
            for name in fields.split()
        )
        view = self._set_up_print_view("wide", f"<list>{arch}</list>")
        _html, tables = self._html(self._sheet(view=view))
        self.assertTrue(tables.is_landscape)
        self.assertLess(tables.font, 13)

    def test_numbers_are_the_languages(self):
        self.env.ref("base.lang_en").write({"decimal_point": ",", "thousands_sep": "."})
        self.partners[0].partner_latitude = 1234.5
        values = {"domain": [["id", "=", self.partners[0].id]]}
        html, _tables = self._html(self._sheet(**values))
        self.assertIn('<td class="n">1.234,5000000</td>', html)

    def test_too_long_for_a_pdf(self):
        self.assertEqual(self._sheet(limit=40).data.count, 40)
        with self.assertRaisesRegex(UserError, "more than 39 rows.*XLSX"):
            self._sheet(limit=39)

    def test_too_long_because_of_tags(self):
        """40 records, but 53 rows."""
        self.assertEqual(self._sheet(limit=53, groupby=["category_id"]).data.count, 40)
        with self.assertRaisesRegex(UserError, "more than 52 rows"):
            self._sheet(limit=52, groupby=["category_id"])

    def test_report_without_a_checked_request(self):
        """The report can be asked for by its address, too."""
        reports = self.env["ir.actions.report"].with_user(self.user_sales_all)
        with self.assertRaisesRegex(UserError, "menu of the list"):
            reports._render_qweb_html(print_search_pdf.REPORT, [], data={"tables": []})

    def test_no_engine(self):
        reports = type(self.env["ir.actions.report"])
        with (
            patch.object(reports, "get_wkhtmltopdf_state", lambda self: "install"),
            self.assertRaisesRegex(UserError, "XLSX"),
        ):
            print_search_pdf.render_pdf(self._sheet())

    # ------------------------------------------------------------------
    # Memory
    # ------------------------------------------------------------------

    def test_the_cache_is_emptied_between_batches(self):
        self.patch(print_search_data, "BATCH_SIZE", 10)
        sheet = self._sheet()
        field = sheet.request.model._fields["city"]
        cached = []
        for index, _line in enumerate(sheet.lines()):
            if index % 10 == 9:
                cached.append(len(field._get_cache(sheet.env)))
        self.assertEqual(len(cached), 4)
        self.assertLessEqual(max(cached), 12)
