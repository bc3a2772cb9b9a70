from odoo import api, fields, models
from odoo.tools import SQL


class CrmSalesTarget(models.Model):
    """The working days by which the pace of targets is told."""

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

    @api.model
    def _get_time_percents(self, periods):
        """How much of periods has passed, in percent of working days: one query.

        :param periods: (company id, first day, last day) of each
        :return: {(company id, first day, last day): percent}
        """
        rows = SQL(", ").join(
            SQL("(%s, %s::date, %s::date)", *each) for each in periods
        )
        found = self.env.execute_query(
            SQL(
                """SELECT company_id, date_from, date_to, 100 * %s
                     FROM (VALUES %s) AS period (company_id, date_from, date_to)""",
                self._get_time_sql("period"),
                rows,
            )
        )
        return {tuple(period): float(percent) for *period, percent in found}
