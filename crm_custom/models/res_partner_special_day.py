from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartnerSpecialDay(models.Model):
    """A birthday, an anniversary: a date to be reminded of.

    A day that comes back each year and fell on 29 February is observed on
    28 February in common years.
    """

    _name = "res.partner.special.day"
    _description = "Special day"
    _order = "partner_id, date, id"

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Occasion", required=True)
    date = fields.Date(required=True)
    recurrence = fields.Selection(
        [("yearly", "Every year"), ("once", "Once")], required=True, default="yearly"
    )
    notice_days = fields.Integer(
        string="Notice",
        default=7,
        help="How many days before the day the reminder comes.",
    )
    next_date = fields.Date(
        string="Next on",
        compute="_compute_next_date",
        search="_search_next_date",
        help="The next time as of today; empty when the only time has gone by.",
    )

    _notice_days_positive = models.Constraint(
        "CHECK(notice_days >= 0)", "The days of notice cannot be negative."
    )

    @api.depends("date", "recurrence")
    @api.depends_context("tz")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for day in self:
            day.next_date = day._get_next_date(today)

    def _get_next_date(self, today):
        self.ensure_one()
        if not self.date or self.date >= today:
            return self.date
        if self.recurrence == "once":
            return False
        # relativedelta puts 29 February on 28 February in a common year
        years = today.year - self.date.year
        this_year = self.date + relativedelta(years=years)
        if this_year >= today:
            return this_year
        return self.date + relativedelta(years=years + 1)

    @api.model
    def _search_next_date(self, operator, value):
        next_date = self._get_next_date_sql(fields.Date.context_today(self))
        if operator in COMPARISONS:
            condition = SQL("%s %s %s", next_date, COMPARISONS[operator], value)
        elif operator == "in":
            dates = tuple(date for date in value if date)
            parts = []
            if dates:
                parts.append(SQL("%s IN %s", next_date, dates))
            if len(dates) < len(value):
                parts.append(SQL("%s IS NULL", next_date))
            condition = SQL("(%s)", SQL(" OR ").join(parts))
        else:
            return NotImplemented
        table = SQL.identifier(self._table)
        self.flush_model(["date", "recurrence"])
        return Domain("id", "in", SQL("(SELECT id FROM %s WHERE %s)", table, condition))

    @api.model
    def _get_next_date_sql(self, today, alias=None):
        """``_get_next_date`` in SQL: PostgreSQL too moves 29 February to the 28th."""
        date = SQL.identifier(alias or self._table, "date")

        def in_year(year):
            return SQL(
                "(%(date)s + make_interval("
                "years => %(year)s - EXTRACT(YEAR FROM %(date)s)::int))::date",
                date=date,
                year=year,
            )

        return SQL(
            """(CASE
                WHEN %(date)s >= %(today)s THEN %(date)s
                WHEN %(recurrence)s = 'once' THEN NULL
                WHEN %(this_year)s >= %(today)s THEN %(this_year)s
                ELSE %(next_year)s
            END)""",
            date=date,
            recurrence=SQL.identifier(alias or self._table, "recurrence"),
            today=today,
            this_year=in_year(today.year),
            next_year=in_year(today.year + 1),
        )

    @api.constrains("date", "recurrence")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for day in self:
            if day.recurrence == "yearly" and day.date > today:
                raise ValidationError(
                    self.env._(
                        "%(name)s: a day that comes back every year begins in the"
                        " past, %(date)s is in the future. Choose 'Once' for it.",
                        name=day.name,
                        date=day.date,
                    )
                )
