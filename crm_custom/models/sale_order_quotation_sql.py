from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_order_quotation import QUOTATION

#: the states of an order that one of these can have: found by index
ORDER_STATES = {
    "open": QUOTATION,
    "expired": QUOTATION,
    "won": ("sale",),
    "lost": ("cancel",),
    "replaced": (*QUOTATION, "cancel"),
    "cancelled": ("cancel",),
}


class SaleOrder(models.Model):
    """What became of a quotation, in SQL: filtered and analysed like a column."""

    _inherit = "sale.order"

    @api.model
    def _get_quotation_state_sql(self, alias):
        """One of the values of ``quotation_state``; the day is the reader's.

        :param str alias: the alias of ``sale_order``
        """

        def column(name, table=alias):
            return SQL.identifier(table, name, to_flush=self._fields[name])

        return SQL(
            """(CASE WHEN %(state)s = 'sale' THEN 'won'
                     WHEN %(state)s = 'cancel' AND %(was_won)s THEN 'cancelled'
                     WHEN (%(state)s = 'cancel' OR %(validity)s < %(today)s)
                          AND %(reason)s IS NULL AND %(opportunity)s IS NOT NULL
                          AND (
                              SELECT TRUE FROM sale_order AS other
                               WHERE other.opportunity_id = %(opportunity)s
                                 AND %(other_state)s = 'sale'
                               LIMIT 1) THEN 'replaced'
                     WHEN %(state)s = 'cancel' THEN 'lost'
                     WHEN %(validity)s < %(today)s THEN 'expired'
                     ELSE 'open' END)""",
            state=column("state"),
            was_won=self._get_was_won_sql(alias),
            validity=column("validity_date"),
            today=fields.Date.context_today(self),
            reason=column("lost_reason_id"),
            opportunity=column("opportunity_id"),
            other_state=column("state", "other"),
        )

    @api.model
    def _get_was_won_sql(self, alias):
        """Whether a cancelled order was confirmed before.

        Of one that was cancelled before the addon came nobody has written it down:
        there a delivery or an invoice tells.
        """
        # no EXISTS: PostgreSQL would read all deliveries and invoices to answer for the
        # few cancelled orders of a page
        return SQL(
            """(%(won)s IS NOT NULL
                OR (SELECT TRUE FROM stock_picking AS picking
                     WHERE picking.sale_id = %(id)s LIMIT 1)
                OR (SELECT TRUE FROM sale_order_line AS line
                      JOIN sale_order_line_invoice_rel AS invoiced
                        ON invoiced.order_line_id = line.id
                     WHERE line.order_id = %(id)s LIMIT 1))""",
            id=SQL.identifier(alias, "id"),
            won=SQL.identifier(
                alias,
                "date_quotation_won",
                to_flush=self._fields["date_quotation_won"],
            ),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "quotation_state":
            return self._get_quotation_state_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.depends(
        "date_quotation_won",
        "lost_reason_id",
        "opportunity_id.order_ids.state",
        "state",
        "validity_date",
    )
    @api.depends_context("tz")
    def _compute_quotation_state(self):
        """One query for any number of orders."""
        saved = self._origin
        rows = self.env.execute_query(
            SQL(
                "SELECT sale.id, %s FROM sale_order AS sale WHERE sale.id IN %s",
                self._get_quotation_state_sql("sale"),
                tuple(saved.ids) or (None,),
            )
        )
        states = dict(rows)
        for order in self:
            order.quotation_state = states.get(order._origin.id, "open")

    @api.model
    def _search_quotation_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        field = self._fields["quotation_state"]
        states = {state for each in value for state in ORDER_STATES.get(each, ())}
        return Domain("state", "in", states) & Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                "quotation_state", operator, value, model, alias, query
            )
        )
