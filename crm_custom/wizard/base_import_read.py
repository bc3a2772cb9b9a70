"""Reading a file of which some rows can't be read."""

import datetime

from odoo import api, models
from odoo.tools import DEFAULT_SERVER_DATE_FORMAT, DEFAULT_SERVER_DATETIME_FORMAT

from odoo.addons.base_import.models.base_import import ImportValidationError

from .import_refusals import CONTEXT_KEY, ImportRefusals

# A refused cell holds one of these until its record is left out: the columns after it
# are still checked, and the row still begins a record.
PLACEHOLDERS = {"date": "2000-01-01", "datetime": "2000-01-01 00:00:00", "float": "0"}


class UnevenRow(list):
    """A row padded or cut to the width of the title row; ``cells`` are its own."""

    def __init__(self, cells, width):
        super().__init__((cells + [""] * width)[:width])
        self.cells = cells


class BaseImportImport(models.TransientModel):
    _inherit = "base_import.import"

    def parse_preview(self, options, count=10):
        # of a file with a short row, stock shows but an error
        refusals = ImportRefusals(self.env, self.res_model, 0)
        importer = self.with_context(**{CONTEXT_KEY: refusals})
        return super(BaseImportImport, importer).parse_preview(options, count=count)

    def _read_file(self, options):
        refusals = ImportRefusals.of(self.env)
        if refusals is not None:
            # those of a workbook that was loaded before: only its readers know sheets
            options["sheets"] = []
        result = super()._read_file(options)
        if refusals is None or not result:
            return result
        length, rows = result
        width = len(rows[0]) if rows else 0
        # a workbook may leave trailing empty cells out: there a short row is whole
        refusals.file_rows = [
            row
            if len(row) == width
            else (row + [""] * width)[:width]
            if options["sheets"] or (len(row) > width and not any(row[width:]))
            else UnevenRow(row, width)
            for row in rows
        ]
        return length, refusals.file_rows

    @api.model
    def _crm_data_rows(self, rows, fields, options):
        """The rows of the file that ``_convert_import_data`` takes, in its order."""
        columns = [column for column, field in enumerate(fields) if field]
        rows = rows[1:] if options.get("has_headers") else rows
        return [row for row in rows if any(row[column] for column in columns)]

    @api.model
    def _convert_import_data(self, fields, options):
        data, import_fields = super()._convert_import_data(fields, options)
        refusals = ImportRefusals.of(self.env)
        if refusals is None:
            return data, import_fields
        rows = self._crm_data_rows(refusals.file_rows, fields, options)
        for number, row in enumerate(rows[refusals.skip :]):
            if isinstance(row, UnevenRow):
                refusals.refuse_cell(
                    number,
                    self.env._(
                        "The row has %(cells)s cells and the title row %(columns)s:"
                        " a separator or a quotation mark is missing or too many",
                        cells=len(row.cells),
                        columns=len(row),
                    ),
                )
        return self._crm_cut_batch(data, import_fields, options), import_fields

    def _crm_cut_batch(self, data, import_fields, options):
        """Drop the rows that later batches load, else each would parse them again."""
        end = options.get("limit") or len(data)
        model_fields = self.env[self.res_model]._fields
        own_columns = [
            column
            for column, path in enumerate(import_fields)
            if getattr(model_fields.get(path.split("/")[0]), "type", "") != "one2many"
        ]
        # the last record ends with its rows, wherever the limit is
        while end < len(data) and not any(
            str(data[end][column]).strip() for column in own_columns
        ):
            end += 1
        return data[:end]

    def _parse_date_from_data(self, data, index, name, field_type, options):
        refusals = ImportRefusals.of(self.env)
        if refusals is None:
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for row, line in enumerate(data):
            value = line[index]
            if not value or isinstance(value, datetime.date):
                continue
            try:
                super()._parse_date_from_data([line], index, name, field_type, options)
            except ImportValidationError:
                line[index] = PLACEHOLDERS[field_type]
                message = self.env._(
                    "“%(value)s” in “%(field)s” is not a date as this import reads it"
                    " (%(example)s is one)",
                    value=value,
                    field=self._crm_label(name),
                    example=self._crm_example(field_type, options),
                )
                refusals.refuse_cell(row, message, name, value)
        return None

    def _crm_example(self, field_type, options):
        example = datetime.datetime(2026, 12, 31, 18, 30)
        if field_type == "datetime":
            pattern = options.get("datetime_format") or DEFAULT_SERVER_DATETIME_FORMAT
        else:
            pattern = options.get("date_format") or DEFAULT_SERVER_DATE_FORMAT
        return example.strftime(pattern)

    @api.model
    def _parse_float_from_data(self, data, index, name, options):
        refusals = ImportRefusals.of(self.env)
        if refusals is None:
            return super()._parse_float_from_data(data, index, name, options)
        for row, line in enumerate(data):
            value = line[index]
            try:
                if not isinstance(value, str):
                    raise ImportValidationError("")
                super()._parse_float_from_data([line], index, name, options)
            except ImportValidationError:
                line[index] = PLACEHOLDERS["float"]
                message = self.env._(
                    "“%(value)s” in “%(field)s” is not a number",
                    value=value,
                    field=self._crm_label(name),
                )
                refusals.refuse_cell(row, message, name, value)
        return None

    def _import_file_by_url(self, url, session, field, line_number):
        refusals = ImportRefusals.of(self.env)
        try:
            return super()._import_file_by_url(url, session, field, line_number)
        except ImportValidationError as error:
            if refusals is None:
                raise
            refusals.refuse_cell(line_number, error.message, field, url)
            return url

    def _crm_label(self, path):
        """The field of a path in the user's words, as in “Contact/Mobile”."""
        labels, model_name = [], self.res_model
        for name in path.split("/"):
            labels.append(
                self.env["ir.model.fields"].get_field_string(model_name)[name]
            )
            model_name = self.env[model_name]._fields[name].comodel_name
        return "/".join(labels)
