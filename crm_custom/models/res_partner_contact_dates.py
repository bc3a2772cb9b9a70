from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

RECENT_DAYS = 90

# the fields of this file that are columns of the customer's schedule, or follow from it
DATE_FIELDS = (
    "date_last_contact",
    "date_next_contact",
    "date_contact_due",
    "days_since_contact",
    "contact_due_state",
)
CONTACT_FIELDS = {*DATE_FIELDS, "interaction_count_90", "contact_cadence_days"}
NO_BUCKET = "none"


class ResPartner(models.Model):
    """When a customer was contacted, will be, and should be.

    The dates lie in ``crm.contact.schedule``; a contact shows his customer's. What is
    due today follows from the reader's own day: a moment is stored, and the day that it
    falls on is his. Each field is an SQL expression, so lists filter, sort and group by
    them in the database.
    """

    _inherit = "res.partner"

    date_last_contact = fields.Datetime(
        string="Last contact",
        compute="_compute_contact_dates",
        search="_search_date_last_contact",
        help="The last time that somebody was reached, in any channel.",
    )
    date_next_contact = fields.Date(
        string="Next contact",
        compute="_compute_contact_dates",
        search="_search_date_next_contact",
        help="The first next step, call, meeting or e-mail that is planned.",
    )
    date_contact_due = fields.Date(
        string="Contact due",
        compute="_compute_contact_dates",
        search="_search_date_contact_due",
        help="The last contact, or the day the customer came, plus the cadence.",
    )
    days_since_contact = fields.Integer(
        string="Days since contact",
        compute="_compute_contact_dates",
        search="_search_days_since_contact",
        aggregator=None,
        help="Empty as long as nobody was reached.",
    )
    contact_due_state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("today", "Today"),
            ("tomorrow", "Tomorrow"),
            ("this_week", "This week"),
            ("later", "Later"),
            (NO_BUCKET, "No cadence"),
        ],
        string="Contact is due",
        compute="_compute_contact_dates",
        search="_search_contact_due_state",
    )
    interaction_count_90 = fields.Integer(
        string="Contacts in 90 days",
        compute="_compute_interaction_count_90",
        search="_search_interaction_count_90",
        aggregator=None,
        help="How often somebody was reached in the last 90 days.",
    )
    contact_cadence_days = fields.Integer(
        string="Contact every (days)",
        help="How many days may pass between two contacts. 0: as the customer type"
        " says.",
    )

    _contact_cadence_positive = models.Constraint(
        "CHECK(contact_cadence_days >= 0)", "The cadence cannot be negative."
    )

    def _has_field_access(self, field, operation):
        # a portal user may read his company, and not what we plan with it
        return super()._has_field_access(field, operation) and (
            field.name not in CONTACT_FIELDS
            or self.env.su
            or self._may_read_internal_fields()
        )

    @api.model
    def _get_contact_date_fields(self):
        return [*DATE_FIELDS, "interaction_count_90"]

    # ------------------------------------------------------------
    # The reader's day
    # ------------------------------------------------------------

    @api.model
    def _get_contact_due_limits(self):
        """The reader's today, and the last day of his week, as his language has it."""
        today = fields.Date.context_today(self)
        first_weekday = int(get_lang(self.env).week_start) - 1
        passed = (today.weekday() - first_weekday) % 7
        return today, today + timedelta(days=6 - passed)

    @api.model
    def _get_contact_due_bucket(self, day, limits=None):
        """In which bucket a day lies for the reader.

        :param limits: his ``_get_contact_due_limits``, where many days are asked for
        """
        if not day:
            return NO_BUCKET
        today, week_end = limits or self._get_contact_due_limits()
        if day < today:
            return "overdue"
        if day == today:
            return "today"
        if day == today + timedelta(days=1):
            return "tomorrow"
        return "this_week" if day <= week_end else "later"

    @api.model
    def _get_contact_due_domain(self, buckets):
        """The partners whose contact is due in one of these buckets.

        :param buckets: keys of ``contact_due_state``
        """
        return Domain("contact_due_state", "in", list(buckets))

    @api.model
    def _get_recent_contact_start(self):
        """The moment, in UTC, at which the reader's last 90 days begin."""
        tz = pytz.timezone(self.env.tz.zone)
        day = fields.Date.context_today(self) - relativedelta(days=RECENT_DAYS)
        start = tz.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("commercial_partner_id")
    @api.depends_context("tz", "uid", "lang")
    def _compute_contact_dates(self):
        # sudo: nobody reads the table itself, and whoever sees the partner its dates
        schedules_sudo = (
            self.env["crm.contact.schedule"]
            .sudo()
            .search_fetch(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id", "date_last", "date_next", "date_from", "cadence_days"],
            )
        )
        of_customer = {row.partner_id.id: row for row in schedules_sudo}
        limits = self._get_contact_due_limits()
        today = limits[0]
        for partner in self:
            row = of_customer.get(
                partner.commercial_partner_id.id, schedules_sudo.browse()
            )
            last, due = row.date_last, row.date_from
            partner.date_last_contact = last
            partner.date_next_contact = row.date_next
            partner.days_since_contact = (
                (today - self._get_reader_day(last)).days if last else 0
            )
            if due:
                due = self._get_reader_day(due) + timedelta(days=row.cadence_days)
            partner.date_contact_due = due
            partner.contact_due_state = self._get_contact_due_bucket(due, limits)

    @api.model
    def _get_reader_day(self, moment):
        return fields.Datetime.context_timestamp(self, moment).date()

    @api.depends("commercial_partner_id")
    @api.depends_context("tz", "uid")
    def _compute_interaction_count_90(self):
        # sudo: a figure of the customer, the same for whoever sees him
        groups = (
            self.env["crm.interaction"]
            .sudo()
            ._read_group(
                Domain("partner_id", "in", self.commercial_partner_id.ids)
                & Domain("date_start", ">=", self._get_recent_contact_start())
                & self.env["crm.interaction"]._get_reached_domain(),
                ["partner_id"],
                ["__count"],
            )
        )
        counts = {customer.id: count for customer, count in groups}
        for partner in self:
            partner.interaction_count_90 = counts.get(
                partner.commercial_partner_id.id, 0
            )

    # ------------------------------------------------------------
    # In SQL
    # ------------------------------------------------------------

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
