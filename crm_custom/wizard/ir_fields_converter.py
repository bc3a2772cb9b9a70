from odoo import api, models

from .import_refusals import ImportRefusals


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Look a name up once, and let one that can't be created take back only itself.

        Stock searches each cell, and rolls back to the savepoint of the whole
        ``load()``: with it would go the records that are in already.
        """
        refusals = ImportRefusals.of(self.env)
        if refusals is None or subfield is not None:
            return super().db_id_for(model, field, subfield, value, savepoint)
        # the model that is loaded gets new names as it goes on
        lasting = field.comodel_name != refusals.model_name
        key = (field.comodel_name, value)
        if lasting and key in refusals.found_names:
            return refusals.found_names[key]
        names = self.env.context.get("name_create_enabled_fields") or {}
        if names.get(field.name):
            # what waits to be created must be outside of the savepoint
            if flush := self.env.context.get("import_flush"):
                flush(model=field.comodel_name)
            with self.env.cr.savepoint() as own:
                found = super().db_id_for(model, field, subfield, value, own)
        else:
            found = super().db_id_for(model, field, subfield, value, savepoint)
        if lasting and found[0]:
            refusals.found_names[key] = found
        return found
