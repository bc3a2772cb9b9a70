from odoo import api, models
from odoo.tools import SQL


class CrmStatement(models.AbstractModel):
    """A statement says what of it is disputed on its day."""

    _inherit = "crm.statement"

    @api.model
    def _get_mark_sql(self, model, query):
        return SQL(
            "CASE WHEN %s THEN 'disputed' ELSE %s END",
            model._field_to_sql(query.table, "is_disputed", query),
            super()._get_mark_sql(model, query),
        )

    @api.model
    def _get_marked_sql(self, model, query):
        return SQL(
            "CASE WHEN %s THEN %s ELSE %s END",
            model._field_to_sql(query.table, "is_disputed", query),
            model._field_to_sql(query.table, "amount_disputed_currency", query),
            super()._get_marked_sql(model, query),
        )

    @api.model
    def _get_marks(self):
        return {**super()._get_marks(), "disputed": self.env._("Disputed")}
