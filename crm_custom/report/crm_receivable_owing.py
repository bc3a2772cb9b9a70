"""Who owes: the one definition, for filters of customers and for statement runs."""

from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query


class Owing(NamedTuple):
    """Customers with what they owe one company; each has a row a company."""

    query: Query
    partner: SQL
    #: what he owes, unmatched payments and credit notes taken off
    amount: SQL
    #: his items whose due date has passed
    overdue: SQL

    def at_least(self, amount):
        self.having(SQL("%s >= %s", self.amount, amount))

    def something_overdue(self):
        self.having(SQL("%s > 0", self.overdue))

    def having(self, condition):
        self.query.having = SQL("%s AND %s", self.query.having, condition)


class CrmReceivable(models.Model):
    _inherit = "crm.receivable"

    @api.model
    def _get_owing(self, domain):
        """Who owes on the day of the context, under the rights of the user.

        Somebody owes when his items of one company add up to more than nothing.
        """
        query = self._search(
            Domain("is_payable", "=", False)
            & Domain("partner_id", "!=", False)
            & domain
        )

        def column(name):
            return self._field_to_sql(query.table, name, query)

        partner = column("partner_id")
        amount = SQL("SUM(%s)", column("amount_residual"))
        overdue = SQL(
            "COALESCE(SUM(%s) FILTER (WHERE %s > 0), 0)",
            column("amount_residual"),
            column("days_overdue"),
        )
        query.groupby = SQL("%s, %s", partner, column("company_id"))
        query.having = SQL("%s > 0", amount)
        return Owing(query, partner, amount, overdue)
