from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_contact_dates import CONTACT_FIELDS, NO_BUCKET


class ResPartner(models.Model):
    """The dates of contact in SQL: filtered, sorted and grouped like columns."""

    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in CONTACT_FIELDS or field_expr == "contact_cadence_days":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr == "interaction_count_90":
            return self._get_interaction_count_90_sql(alias)
        schedule = self._join_contact_schedule(alias, query)
        return self._get_contact_date_sql(schedule, field_expr)

    @api.model
    def _join_contact_schedule(self, alias, query):
        """The alias of the schedule of the partner's customer; one row at most."""
        schedule = query.make_alias(alias, "contact_schedule")
        query.add_join(
            "LEFT JOIN",
            schedule,
            "crm_contact_schedule",
            SQL(
                "%s = %s",
                SQL.identifier(schedule, "partner_id"),
                super()._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )
        return schedule

    @api.model
    def _get_contact_date_sql(self, schedule, name):
        if name == "date_last_contact":
            return SQL.identifier(schedule, "date_last")
        if name == "date_next_contact":
            return SQL.identifier(schedule, "date_next")
        today, week_end = self._get_contact_due_limits()
        if name == "days_since_contact":
            return SQL(
                "(%s - %s)",
                today,
                self._get_reader_day_sql(SQL.identifier(schedule, "date_last")),
            )
        due = SQL(
            "(%s + %s)",
            self._get_reader_day_sql(SQL.identifier(schedule, "date_from")),
            SQL.identifier(schedule, "cadence_days"),
        )
        if name == "date_contact_due":
            return due
        return SQL(
            """(CASE WHEN %(due)s IS NULL THEN %(none)s
                     WHEN %(due)s < %(today)s THEN 'overdue'
                     WHEN %(due)s = %(today)s THEN 'today'
                     WHEN %(due)s = %(tomorrow)s THEN 'tomorrow'
                     WHEN %(due)s <= %(week_end)s THEN 'this_week'
                     ELSE 'later' END)""",
            due=due,
            none=NO_BUCKET,
            today=today,
            tomorrow=today + timedelta(days=1),
            week_end=week_end,
        )

    @api.model
    def _get_reader_day_sql(self, moment):
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.env.tz.zone
        )

    @api.model
    def _get_interaction_count_90_sql(self, alias):
        self.env["crm.contact.schedule"]._flush_what_counts()
        return SQL(
            """(SELECT count(*)
                  FROM crm_interaction AS contact
             LEFT JOIN crm_interaction_outcome AS outcome
                    ON outcome.id = contact.outcome_id
                 WHERE contact.partner_id = %s AND contact.active IS TRUE
                   AND contact.date_start >= %s
                   AND outcome.is_contact IS NOT FALSE)""",
            super()._field_to_sql(alias, "commercial_partner_id"),
            self._get_recent_contact_start(),
        )

    @api.model
    def _search_by_contact_sql(self, name, operator, value):
        """A condition on one of the expressions above, as if it were a column."""
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    @api.model
    def _search_date_last_contact(self, operator, value):
        return self._search_by_contact_sql("date_last_contact", operator, value)

    @api.model
    def _search_date_next_contact(self, operator, value):
        return self._search_by_contact_sql("date_next_contact", operator, value)

    @api.model
    def _search_date_contact_due(self, operator, value):
        return self._search_by_contact_sql("date_contact_due", operator, value)

    @api.model
    def _search_days_since_contact(self, operator, value):
        return self._search_by_contact_sql("days_since_contact", operator, value)

    @api.model
    def _search_interaction_count_90(self, operator, value):
        return self._search_by_contact_sql("interaction_count_90", operator, value)

    @api.model
    def _search_contact_due_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        buckets = set(value)
        exact = self._search_by_contact_sql("contact_due_state", operator, value)
        if buckets & {NO_BUCKET, False, "later"}:
            return exact
        # Found by index: what is due within a day around the reader's, wherever he is.
        today, week_end = self._get_contact_due_limits()
        last = {
            "overdue": today - timedelta(days=1),
            "today": today,
            "tomorrow": today + timedelta(days=1),
            "this_week": week_end,
        }
        until = max(last[bucket] for bucket in buckets) + timedelta(days=1)
        customers = SQL(
            "(SELECT partner_id FROM crm_contact_schedule WHERE date_due <= %s)", until
        )
        near = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s",
                model._field_to_sql(alias, "commercial_partner_id", query),
                customers,
            )
        )
        return near & exact
