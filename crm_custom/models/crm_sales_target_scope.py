from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_sales_measure import FIGURES


class CrmSalesTarget(models.Model):
    """What the figures of targets are told by: working days, and which results."""

    _inherit = "crm.sales.target"

    @api.model
    def _get_time_sql(self, alias):
        """The share of a period's working days that have passed, from 0 to 1.

        Every day counts where the company has no working hours.
        """
        return SQL(
            """(SELECT COALESCE(AVG(CASE WHEN day <= %(today)s THEN 1.0 ELSE 0.0 END),
                                1.0)
                  FROM generate_series(%(first)s, %(last)s, interval '1 day') AS day
                  JOIN res_company AS house ON house.id = %(company)s
                  LEFT JOIN resource_calendar AS hours
                         ON hours.id = house.resource_calendar_id
                 WHERE (NOT EXISTS (
                            SELECT FROM resource_calendar_attendance AS work
                             WHERE work.calendar_id = hours.id)
                        OR EXISTS (
                            SELECT FROM resource_calendar_attendance AS work
                             WHERE work.calendar_id = hours.id
                               AND work.dayofweek
                                   = (EXTRACT(ISODOW FROM day) - 1)::integer::text))
                   AND NOT EXISTS (
                        SELECT FROM resource_calendar_leaves AS holiday
                         WHERE holiday.resource_id IS NULL
                           AND (holiday.calendar_id = hours.id
                                OR holiday.calendar_id IS NULL
                                   AND holiday.company_id = house.id)
                           AND day + interval '12 hours' BETWEEN
                               timezone(COALESCE(hours.tz, 'UTC'),
                                        timezone('UTC', holiday.date_from))
                               AND timezone(COALESCE(hours.tz, 'UTC'),
                                            timezone('UTC', holiday.date_to))))""",
            today=fields.Date.context_today(self),
            first=SQL.identifier(alias, "date_from"),
            last=SQL.identifier(alias, "date_to"),
            company=SQL.identifier(alias, "company_id"),
        )

    # ------------------------------------------------------------
    # Which results have to be read
    # ------------------------------------------------------------

    @api.model
    def _with_results_of(self, domain):
        """Let SQL read the results of these targets' measures and time alone."""
        if isinstance(self.env.context.get("crm_sales_target_results"), ResultsOf):
            return self
        domain = Domain(domain).optimize(self)
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        known = Domain.AND(
            term
            for term in (domain.children if is_all_of else (domain,))
            if not any(
                name in FIGURES
                for name in (each.field_expr for each in term.iter_conditions())
            )
        )
        query = super()._search(known, bypass_access=True)
        return self.with_context(crm_sales_target_results=self._read_bounds(query))

    @api.model
    def _get_results_of(self):
        results = self.env.context.get("crm_sales_target_results")
        # a client cannot give one: JSON knows none of its kind
        if isinstance(results, ResultsOf):
            return results
        return self._read_bounds(super()._search([], bypass_access=True))

    @api.model
    def _read_bounds(self, query):
        """(measures, first day, last day) of the targets of a query."""
        self.flush_model(["measure", "date_from", "date_to"])
        table = SQL.identifier(self._table)
        (row,) = self.env.execute_query(
            query.select(
                SQL("COALESCE(array_agg(DISTINCT %s.measure), '{}')", table),
                SQL("MIN(%s.date_from)", table),
                SQL("MAX(%s.date_to)", table),
            )
        )
        return ResultsOf(row)


class ResultsOf(tuple):
    """(measures, first day, last day) that results are needed of."""

    __slots__ = ()
