"""Import of the good rows of a file; the refused ones are handed back."""

import os
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .base_import_read import UnevenRow
from .import_refusals import CONTEXT_KEY, ImportRefusals
from .import_refused_file import make_csv, make_xlsx
from .import_trial import TRIAL_KEY, ImportTrial


class BaseImportImport(models.TransientModel):
    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        """Leave out the rows that can't be imported, with ``crm_skip_refused_rows``.

        Then ``ids`` are the records that went in, ``messages`` tell about the others,
        with rows counted from the first one of the file, and ``crm_refused`` is what
        :meth:`crm_make_refused_file` needs to hand them back.
        """
        importer = self
        if dryrun:
            importer = importer.with_context(**{TRIAL_KEY: ImportTrial()})
        if not options.get("crm_skip_refused_rows"):
            return super(BaseImportImport, importer).execute_import(
                fields, columns, options, dryrun=dryrun
            )
        model = self.env[self.res_model]
        if not model.has_access("write"):
            # else each row of the file would be refused for it
            model.check_access("create")
        skip = options.get("skip") or 0
        refusals = ImportRefusals(self.env, self.res_model, skip)
        importer = importer.with_context(**{CONTEXT_KEY: refusals})
        result = super(BaseImportImport, importer).execute_import(
            fields, columns, options, dryrun=dryrun
        )
        warnings = result["messages"]
        # the file, or the database, is at fault: stock's messages say so
        if "ids" not in result or any(item["type"] == "error" for item in warnings):
            return result
        for warning in warnings:
            warning["rows"] = {key: row + skip for key, row in warning["rows"].items()}
        result["messages"] = warnings + refusals.messages()
        result["crm_refused"] = refusals.reasons()
        if names := result.get("binary_filenames"):
            result["binary_filenames"] = {
                field: [values[row] for row in refusals.loaded_rows]
                for field, values in names.items()
            }
        return result

    def crm_make_refused_file(self, fields, options, refused):
        """Make the file of the refused rows, in the format that they came in.

        :param list fields: the mapping that was imported with
        :param dict options: the options that were imported with
        :param list refused: ``crm_refused`` of all batches
        :return: address of the file, and the encoding to load it with
        """
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("This file was loaded by somebody else."))
        importer = self.with_context(
            **{CONTEXT_KEY: ImportRefusals(self.env, self.res_model, 0)}
        )
        rows = importer._read_file(options)[1]
        lines = self._crm_refused_lines(rows, fields, options, refused)
        stem, extension = os.path.splitext(self.file_name or "import.csv")
        if options["sheets"]:
            content, encoding = make_xlsx(lines, options.get("sheet")), ""
            extension = ".xlsx"
        else:
            content, encoding = make_csv(lines, self.file, options)
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._(
                    "%(file)s refused%(extension)s", file=stem, extension=extension
                ),
                "raw": content,
                # without a record, only its creator may read it
                "res_model": self._name,
            }
        )
        return {
            "url": f"/web/content/{attachment.id}?download=true",
            "name": attachment.name,
            "encoding": encoding,
        }

    def _crm_refused_lines(self, rows, fields, options, refused):
        """Title row and refused rows, each as it came, and the reasons behind them."""
        width = len(rows[0])
        column = width
        lines = []
        if options.get("has_headers"):
            title = list(rows[0])
            if title[-1] in self._crm_reason_headings():
                column = width - 1
            lines.append([*title[:column], self._crm_reason_heading()])
        data_rows = self._crm_data_rows(rows, fields, options)
        for first, last, reason in refused:
            reasons = [str(reason)]
            for row in data_rows[int(first) : int(last) + 1]:
                cells = row.cells if isinstance(row, UnevenRow) else row[:column]
                # the reason stands on the first row of a record
                lines.append([*cells, reasons.pop() if reasons else ""])
        return lines

    @api.model
    def _crm_reason_heading(self):
        return self.env._("Reason (not imported)")

    @api.model
    def _crm_reason_headings(self):
        """The heading in all languages: a file may come back in another one."""
        return {
            self.with_context(lang=code)._crm_reason_heading()
            for code, __ in self.env["res.lang"].get_installed()
        }

    def _get_mapping_suggestion(
        self, header, fields_tree, header_types, mapping_fields
    ):
        if header in self._crm_reason_headings():
            return {}
        return super()._get_mapping_suggestion(
            header, fields_tree, header_types, mapping_fields
        )

    @api.autovacuum
    def _gc_refused_files(self):
        """Files of refused rows live as long as the imports that they came from."""
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", False),
                (
                    "create_date",
                    "<",
                    fields.Datetime.now() - timedelta(hours=self._transient_max_hours),
                ),
            ]
        ).unlink()
