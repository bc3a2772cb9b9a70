from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner_contact_dates import (
    CONTACT_FIELDS,
    NO_BUCKET,
    RESTING_STATUS,
    STORED_FIELDS,
)


class ResPartner(models.Model):
    """The dates of contact in SQL: filtered, sorted and grouped like columns."""

    _inherit = "res.partner"

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in CONTACT_FIELDS or field_expr in STORED_FIELDS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr == "interaction_count_90":
            return self._get_interaction_count_90_sql(alias)
        schedule = self._join_contact_schedule(alias, query)
        if field_expr not in ("date_contact_due", "contact_due_state"):
            return self._get_contact_date_sql(schedule, field_expr)
        day, is_due = self._get_contact_due_sql(alias, schedule)
        if field_expr == "date_contact_due":
            return SQL("(CASE WHEN %s THEN %s END)", is_due, day)
        return self._get_contact_bucket_sql(day, is_due)

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Buckets come in the order of their days."""
        name = "contact_due_state"
        if name not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        terms = {**groupby_terms, name: self._get_bucket_place_sql(groupby_terms[name])}
        ordered = super()._read_group_orderby(order, terms, query)
        groupby_terms.update(terms, **{name: groupby_terms[name]})
        return ordered

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "contact_due_state":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        place = self._get_bucket_place_sql(self._field_to_sql(alias, field_name, query))
        query._order_groupby.append(place)
        return SQL("%s %s", place, direction)

    @api.model
    def _get_bucket_place_sql(self, bucket):
        buckets = self._fields["contact_due_state"].get_values(self.env)
        return SQL("array_position(%s, %s)", buckets, bucket)

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
        return SQL(
            "(%s - %s)",
            self._get_contact_due_limits()[0],
            self._get_reader_day_sql(SQL.identifier(schedule, "date_last")),
        )

    @api.model
    def _get_contact_due_sql(self, alias, schedule):
        """:return: (the reader's day on which the contact is due, whether it is)

        A customer rests by his status in the reader's company. That of a contact is
        asked for where there is one, so that lists of customers join nothing for it.
        """
        day = SQL(
            "(%s + %s)",
            self._get_reader_day_sql(SQL.identifier(schedule, "date_from")),
            SQL.identifier(schedule, "cadence_days"),
        )
        is_due = SQL(
            """(%(due)s IS NOT NULL AND (
                    CASE WHEN %(customer)s = %(id)s THEN %(status)s
                         ELSE (SELECT %(status_of_customer)s
                                 FROM res_partner AS customer
                                WHERE customer.id = %(customer)s)
                    END IN %(resting)s) IS NOT TRUE)""",
            due=SQL.identifier(schedule, "date_due"),
            id=SQL.identifier(alias, "id"),
            customer=super()._field_to_sql(alias, "commercial_partner_id"),
            status=super()._field_to_sql(alias, "customer_status"),
            status_of_customer=super()._field_to_sql("customer", "customer_status"),
            resting=RESTING_STATUS,
        )
        return day, is_due

    @api.model
    def _get_contact_bucket_sql(self, day, is_due):
        today, week_end = self._get_contact_due_limits()
        return SQL(
            """(CASE WHEN NOT %(is_due)s THEN %(none)s
                     WHEN %(day)s < %(today)s THEN 'overdue'
                     WHEN %(day)s = %(today)s THEN 'today'
                     WHEN %(day)s = %(tomorrow)s THEN 'tomorrow'
                     WHEN %(day)s <= %(week_end)s THEN 'this_week'
                     ELSE 'later' END)""",
            day=day,
            is_due=is_due,
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
