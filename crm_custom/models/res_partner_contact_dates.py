from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import get_lang

RECENT_DAYS = 90

# the fields of this file that are columns of the customer's schedule, or follow from it
DATE_FIELDS = (
    "date_last_contact",
    "date_next_contact",
    "date_contact_due",
    "days_since_contact",
    "contact_due_state",
)
STORED_FIELDS = {"contact_cadence_days", "no_regular_contact"}
CONTACT_FIELDS = {*DATE_FIELDS, *STORED_FIELDS, "interaction_count_90"}
NO_BUCKET = "none"
# who is not to be called on by any cadence
RESTING_STATUS = ("lost", "blacklist")


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
        help="The last contact, or the day the customer came, plus the cadence. A"
        " customer who is lost or blacklisted is never due.",
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
    no_regular_contact = fields.Boolean(
        string="No regular contact",
        help="He is never due, whatever his type says. Next steps and meetings that are"
        " planned with him are due all the same.",
    )

    _contact_cadence_positive = models.Constraint(
        "CHECK(contact_cadence_days >= 0)", "The cadence cannot be negative."
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

    @api.depends("commercial_partner_id.customer_status")
    @api.depends_context("tz", "uid", "lang", "company")
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
        # sudo: as above, with the status that he has in the reader's company
        resting_ids = set(
            self.sudo()
            .commercial_partner_id.filtered(
                lambda customer: customer.customer_status in RESTING_STATUS
            )
            .ids
        )
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
            if partner.commercial_partner_id.id in resting_ids:
                due = False
            elif due:
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
