from odoo import api, models
from odoo.tools import SQL


class CrmAgeingReport(models.AbstractModel):
    """The ageing tells what of each row is disputed."""

    _inherit = "crm.ageing.report"

    @api.model
    def _get_more_columns(self, options):
        columns = super()._get_more_columns(options)
        if not options.payable:
            columns.append(("disputed", self.env._("Of this disputed")))
        return columns

    @api.model
    def _get_figures(self, options, limit=None, offset=0):
        """One query more, of the disputed items alone: few among many."""
        found = super()._get_figures(options, limit, offset)
        disputed = {} if options.payable else self._get_disputed(options)
        for row in found["rows"]:
            row["disputed"] = disputed.get(row["id"], 0.0)
        found["total"]["disputed"] = sum(disputed.values())
        return found

    @api.model
    def _get_disputed(self, options):
        """{key of a row: disputed amount}, of all rows"""
        model, domain = self._get_items(options)
        query = model._search([*domain, ("is_disputed", "=", True)])

        def column(name):
            return model._field_to_sql(query.table, name, query)

        query.groupby = SQL("1")
        rows = self.env.execute_query(
            query.select(
                column(options.groupby),
                SQL(
                    "SUM(%s * %s)::float8",
                    column("amount_disputed"),
                    self._get_rate(column("company_id")),
                ),
            )
        )
        return dict(rows)
