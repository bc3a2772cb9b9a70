"""``load()`` that leaves out the records it can't take, on demand."""

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.orm.models import get_columns_from_sql_diagnostics
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger, split_every

from .import_refusals import ImportRefusals

_logger = logging.getLogger(__name__)

# A part that fails is loaded again in parts of the next size, so that one bad record
# costs a few hundred creations more, and a file of bad ones each record four times.
PART_SIZES = (256, 32, 4, 1)


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _crm_import_refusals(self):
        """The refusals of the import that loads this model, or None outside of one."""
        refusals = ImportRefusals.of(self.env)
        return refusals if refusals and refusals.model_name == self._name else None

    @api.model
    def load(self, fields, data):
        refusals = self._crm_import_refusals()
        result = super().load(fields, data)
        if refusals is None:
            return result
        if refusals.interruption:
            raise refusals.interruption
        # stock works it out from the last record that went in
        nextrow = refusals.last_row + 1
        limit = self.env.context.get("_import_limit")
        result["nextrow"] = nextrow if limit and nextrow >= limit else 0
        return result

    @api.model
    def _convert_records(self, records, *, savepoint, **kwargs):
        refusals = self._crm_import_refusals()
        if refusals is None:
            yield from super()._convert_records(records, savepoint=savepoint, **kwargs)
            return
        source, errors, warnings = {}, [], []

        def watch():
            for record, info in records:
                source["record"] = record
                refusals.last_row = max(refusals.last_row, info["rows"]["to"])
                yield record, info

        def sort_out(message):
            (errors if message["type"] == "error" else warnings).append(message)

        for dbid, xid, values, info in super()._convert_records(
            watch(), log=sort_out, savepoint=savepoint
        ):
            self._crm_explain_references(errors, refusals)
            errors = refusals.cell_messages(info["rows"]) + errors
            if errors:
                references = self._crm_references(source["record"])
                refusals.refuse(info["rows"], errors, references)
            else:
                for warning in warnings:
                    kwargs["log"](warning)
                info["crm_references"] = self._crm_references(source["record"])
                yield dbid, xid, values, info
            errors, warnings = [], []

    @api.model
    def _crm_references(self, record):
        """By what other rows may refer to the record of this row."""
        xid, name = record.get("id"), record.get(self._rec_name)
        module = self.env.context.get("_import_current_module", "")
        full_xid = xid if not xid or "." in xid else f"{module}.{xid}"
        return [ref for ref in (xid, full_xid, name) if isinstance(ref, str)]

    @api.model
    def _crm_explain_references(self, errors, refusals):
        """Say of a record that was not found that it was refused, where it was."""
        for error in errors:
            value = error.get("value")
            row = isinstance(value, str) and refusals.row_number_of(value)
            if row and self._crm_comodel(error) == self._name:
                error["message"] = self.env._(
                    "Row %(row)s, which “%(value)s” refers to, was refused",
                    row=row,
                    value=value,
                )
                error.pop("moreinfo", None)

    @api.model
    def _crm_comodel(self, error):
        """The model that the field of the error refers to."""
        model = self
        for name in error.get("field_path") or [error["field"]]:
            # the path ends with how the record is referred to, as in parent_id/id
            field = model._fields[name] if name and name not in ("id", ".id") else None
            if field and field.relational:
                model = self.env[field.comodel_name]
        return model._name

    def _load_records(self, data_list, update=False):
        load = super()._load_records
        refusals = self._crm_import_refusals()
        # a model may load data of its own while it creates: these have no rows
        if refusals is None or not all("info" in data for data in data_list):
            return load(data_list, update)
        if refusals.interruption:
            raise refusals.interruption
        self._crm_prepare_load(data_list)
        return self._crm_load_parts(load, data_list, update, PART_SIZES)

    @api.model
    def _crm_prepare_load(self, data_list):
        """Complete the values with what must not be taken again for each attempt."""

    def _crm_load_parts(self, load, data_list, update, sizes):
        """Load all that can be loaded, in order, and refuse the rest."""
        refusals = self._crm_import_refusals()
        records = self.browse()
        for part in split_every(sizes[0], data_list, list):
            # loading may change the values that it is given
            attempt = [dict(data, values=dict(data["values"])) for data in part]
            try:
                # what the database refuses is the user's error, which he is told: none
                # of the server's, to be logged
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    loaded = load(attempt, update)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                refusals.interruption = error
                raise
            # whatever a record raises: it is that record's reason, as in stock
            except Exception as error:
                if len(part) > 1:
                    records += self._crm_load_parts(load, part, update, sizes[1:])
                    continue
                info = part[0]["info"]
                refusals.refuse(
                    info["rows"],
                    [self._crm_describe_error(error)],
                    info["crm_references"],
                )
            else:
                records += loaded
                refusals.loaded_rows += [data["info"]["rows"]["from"] for data in part]
        return records

    @api.model
    def _crm_describe_error(self, error):
        """The message of a record that could not be created or written."""
        if isinstance(error, psycopg2.Error):
            info = {"message": self._sql_error_to_message(error)}
            if error.diag.table_name == self._table:
                columns = get_columns_from_sql_diagnostics(
                    self.env.cr, error.diag, check_registry=True
                )
                if len(columns) == 1:
                    info["field"] = columns[0]
            return info
        if isinstance(error, (UserError, RedirectWarning)):
            return {"message": str(error.args[0])}
        _logger.warning(
            "Error while loading a record of %s", self._name, exc_info=error
        )
        return {
            "message": self.env._(
                "Unknown error: %(type)s: %(message)s",
                type=type(error).__name__,
                message=error,
            )
        }
