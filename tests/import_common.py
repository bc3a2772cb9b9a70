"""Files to import, and what comes back of them."""

import base64
import csv
import io

import openpyxl
import xlsxwriter

CUSTOMER_CONTEXT = {
    "default_is_crm_customer": True,
    "default_is_company": True,
    "crm_customer_form": True,
}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportMixin:
    """An import as the import screen does it, by mapping headings that are paths."""

    def _make_csv(self, rows, separator=","):
        output = io.StringIO()
        csv.writer(output, delimiter=separator).writerows(rows)
        return output.getvalue()

    def _make_xlsx(self, rows):
        output = io.BytesIO()
        with xlsxwriter.Workbook(output) as workbook:
            sheet = workbook.add_worksheet("Data")
            date = workbook.add_format({"num_format": "yyyy-mm-dd"})
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif isinstance(cell, (int, float)):
                        sheet.write_number(row, column, cell)
                    elif cell is not None:
                        sheet.write_datetime(row, column, cell, date)
        return output.getvalue()

    def _upload(self, content, model="res.partner", user=None, context=None):
        """A file, or rows of a CSV one, loaded by a salesperson or another user."""
        if isinstance(content, list):
            content = self._make_csv(content)
        if isinstance(content, str):
            content = content.encode()
        is_xlsx = content.startswith(b"PK")
        env = self.env(
            user=user or self.user_sales_all,
            context={**self.env.context, "lang": "en_US", **(context or {})},
        )
        return env["base_import.import"].create(
            {
                "res_model": model,
                "file": content,
                "file_name": "list.xlsx" if is_xlsx else "list.csv",
                "file_type": XLSX_TYPE if is_xlsx else "text/csv",
            }
        )

    def _run(self, upload, fields=None, dryrun=False, **options):
        """Import a file; ``fields`` are its headings unless they are given.

        :return: the result and the options that the screen has by then
        """
        options = {
            "quoting": '"',
            "has_headers": True,
            "crm_skip_refused_rows": True,
            **options,
        }
        rows = upload._read_file(options)[1]
        fields = rows[0] if fields is None else fields
        columns = [heading.lower() for heading in rows[0]]
        result = upload.execute_import(fields, columns, options, dryrun=dryrun)
        return result, {**options, "fields": fields}

    def _import(self, content, user=None, context=None, model="res.partner", **kwargs):
        upload = self._upload(content, model=model, user=user, context=context)
        return self._run(upload, **kwargs)[0]

    def _get_refused_file(self, upload, result, options):
        """The file that the screen offers after an import: its name and content."""
        made = upload.crm_make_refused_file(
            options["fields"], dict(options), result["crm_refused"]
        )
        attachment_id = int(made["url"].split("/")[-1].split("?")[0])
        attachment = self.env["ir.attachment"].browse(attachment_id)
        return made, base64.b64decode(attachment.datas)

    def _read_csv(self, content, encoding="utf-8", separator=","):
        return list(
            csv.reader(io.StringIO(content.decode(encoding)), delimiter=separator)
        )

    def _read_xlsx(self, content):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return sheet.title, [[cell.value for cell in row] for row in sheet.rows]

    def _names(self, result):
        return self.env["res.partner"].browse(result["ids"]).mapped("name")

    def _reasons(self, result):
        return [reason for _first, _last, reason in result["crm_refused"]]
