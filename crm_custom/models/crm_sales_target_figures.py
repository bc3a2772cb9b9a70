from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_sales_measure import FIGURES, WINDOWS

PACES = [
    ("missed", "Missed"),
    ("behind", "Behind pace"),
    ("on_track", "On track"),
    ("reached", "Target reached"),
    ("upcoming", "Not begun"),
]
#: what does not add up where money and counts are together
SUMS = [
    f"{name}:{how}"
    for name in ("amount", "forecast", *WINDOWS)
    for how in ("sum", "sum_currency")
]
#: what follows from what is attained
EXPRESSIONS = {
    "attained_percent": "(100 * %(attained)s / %(amount)s)",
    "time_percent": "(100 * %(time)s)",
    "forecast": """(CASE WHEN %(last)s < %(today)s THEN %(attained)s
                         WHEN %(first)s <= %(today)s
                         THEN %(attained)s / NULLIF(%(time)s, 0) END)""",
    "pace": """(CASE WHEN %(attained)s >= %(amount)s THEN 'reached'
                     WHEN %(first)s > %(today)s THEN 'upcoming'
                     WHEN %(last)s < %(today)s THEN 'missed'
                     WHEN %(attained)s < %(amount)s * %(time)s THEN 'behind'
                     ELSE 'on_track' END)""",
}


def search_figure(name):
    """The search method of a figure: its SQL is compared in the database."""

    def search(model, operator, value):
        field = model._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    return search


class CrmSalesTarget(models.Model):
    """What is attained of targets: fields without a column, told by SQL.

    Lists filter, sort and group by them in the database. Reading costs two queries for
    each window that is asked for, and for the pace, however many targets there are: of
    which measures and days the targets are, and what the documents of these say.

    The results of a target are summed without the reader's rules: who may see a team's
    target may see what the team attained, but not each colleague's documents.
    """

    _inherit = "crm.sales.target"

    attained = fields.Monetary(
        compute="_compute_attained",
        search=search_figure("attained"),
        aggregator="sum",
        help="What the documents dated in the period add up to.",
    )
    attained_percent = fields.Float(
        string="Attained (%)",
        compute="_compute_attained",
        search=search_figure("attained_percent"),
        digits=(16, 1),
        aggregator="avg",
        help="Attained of the target. Of several: all that is attained of all that is"
        " to be.",
    )
    attained_previous = fields.Monetary(
        string="Previous period",
        compute="_compute_attained_previous",
        aggregator="sum",
        help="What was attained in the month or quarter before.",
    )
    attained_last_year = fields.Monetary(
        string="Last year",
        compute="_compute_attained_last_year",
        aggregator="sum",
        help="What was attained in the same month or quarter a year before.",
    )
    time_percent = fields.Float(
        string="Time passed (%)",
        compute="_compute_pace",
        digits=(16, 1),
        aggregator="avg",
        help="Working days of the period that have passed, today included, by the"
        " company's working hours and public holidays.",
    )
    forecast = fields.Monetary(
        compute="_compute_pace",
        aggregator="sum",
        help="What is attained at the end if it goes on at the pace of the working days"
        " so far.",
    )
    pace = fields.Selection(
        PACES,
        compute="_compute_pace",
        search=search_figure("pace"),
        help="On track: at least as much of the target is attained as working days have"
        " passed, today included.",
    )

    # ------------------------------------------------------------
    # Computes and searches
    # ------------------------------------------------------------

    def _compute_figures(self, *names):
        """Read figures as the SQL tells them; of what is not saved there are none."""
        query = self.browse(self.ids)._as_query(ordered=False)
        columns = [self._field_to_sql(self._table, name, query) for name in names]
        target_id = SQL.identifier(self._table, "id")
        rows = self.env.execute_query(query.select(target_id, *columns))
        found = {row_id: values for row_id, *values in rows}
        nothing = [False] * len(names)
        for target in self:
            values = found.get(target._origin.id, nothing)
            for name, value in zip(names, values, strict=True):
                target[name] = value

    @api.depends("user_id", "team_id", "measure", "date_from", "date_to", "amount")
    def _compute_attained(self):
        self._compute_figures("attained", "attained_percent")

    @api.depends("user_id", "team_id", "measure", "date_from", "date_to")
    def _compute_attained_previous(self):
        self._compute_figures("attained_previous")

    @api.depends("user_id", "team_id", "measure", "date_from", "date_to")
    def _compute_attained_last_year(self):
        self._compute_figures("attained_last_year")

    @api.depends("attained", "amount", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_pace(self):
        self._compute_figures("time_percent", "forecast", "pace")

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Figures come last, of the targets that the rest of the domain is about."""
        domain = Domain(domain).optimize(self)
        is_all_of = getattr(domain, "OPERATOR", None) == "&"
        rest, figures = [], []
        for term in domain.children if is_all_of else (domain,):
            names = {each.field_expr for each in term.iter_conditions()}
            (figures if names.intersection(FIGURES) else rest).append(term)
        query = super()._search(Domain.AND(rest), order=order, **options)
        for term in figures:
            term = term.optimize_full(self)
            query.add_where(term._to_sql(self, self._table, query))
        query.limit, query.offset = limit or None, offset
        return query

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "attained_percent:avg":
            total = SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "attained", query),
                self._field_to_sql(self._table, "amount", query),
            )
        elif aggregate_spec in SUMS:
            total = super()._read_group_select(aggregate_spec, query)
        else:
            return super()._read_group_select(aggregate_spec, query)
        currency = self._field_to_sql(self._table, "currency_id", query)
        return SQL(
            "CASE WHEN COUNT(DISTINCT %s IS NULL) = 1 THEN %s END", currency, total
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in FIGURES:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr in WINDOWS:
            return self._get_attained_sql(alias, field_expr, query)
        return SQL(
            EXPRESSIONS[field_expr],
            attained=self._get_attained_sql(alias, "attained", query),
            amount=SQL.identifier(alias, "amount"),
            time=self._get_time_sql(alias),
            today=fields.Date.context_today(self),
            first=SQL.identifier(alias, "date_from"),
            last=SQL.identifier(alias, "date_to"),
        )

    @api.model
    def _get_attained_sql(self, alias, name, query):
        """What is attained in the window of a figure; the results are joined once."""
        results = query.make_alias(alias, name)
        if results not in query._joins:
            first, last = self._get_window_sql(SQL("target"), WINDOWS[name])
            query.add_join(
                "LEFT JOIN",
                results,
                SQL(
                    """(SELECT target.id, SUM(result.amount) AS amount
                          FROM crm_sales_target AS target
                          JOIN (%(results)s) AS result
                            ON result.kind = target.measure
                           AND result.company_id = target.company_id
                           AND (result.user_id = target.user_id
                                OR result.team_id = target.team_id)
                           AND result.month BETWEEN %(first)s AND %(last)s
                         GROUP BY target.id)""",
                    results=self._get_results_sql(alias, name, query),
                    first=first,
                    last=last,
                ),
                SQL(
                    "%s = %s",
                    SQL.identifier(results, "id"),
                    SQL.identifier(alias, "id"),
                ),
            )
        return SQL("COALESCE(%s, 0)", SQL.identifier(results, "amount"))

    @api.model
    def _get_window_sql(self, alias, periods_back):
        """The first and the last day of a window of a target."""
        back = SQL("interval '1 year'")
        if periods_back is not None:
            months = "CASE %s.period_type WHEN 'month' THEN 1 ELSE 3 END"
            back = SQL(f"{months} * %s * interval '1 month'", alias, periods_back)
        first = SQL("(%s.date_from - %s)::date", alias, back)
        # a month may be longer than the one it is compared with
        last = SQL("(%s.date_to + 1 - %s)::date - 1", alias, back)
        return first, last

    @api.model
    def _get_results_sql(self, alias, name, query):
        """SELECT of the results that a window of these targets is about: by kind,
        company, salesperson, team and month.

        Periods are whole months, so nothing finer has to be compared with them.
        """
        measures, first, last = self._read_bounds(alias, name, query)
        # sudo: a sum of documents of which the reader may see each or not (see above)
        model = self.env["crm.sales.result"].sudo()
        results = model._search(
            [("kind", "in", measures), ("date", ">=", first), ("date", "<=", last)]
        )
        table = SQL.identifier(model._table)
        rows = results.select(
            *(
                SQL("%s.%s", table, SQL.identifier(name))
                for name in ("kind", "company_id", "user_id", "team_id", "amount")
            ),
            SQL("date_trunc('month', %s.date)::date AS month", table),
        )
        return SQL(
            """SELECT kind, company_id, user_id, team_id, month, SUM(amount) AS amount
                 FROM (%s) AS dated
                GROUP BY kind, company_id, user_id, team_id, month""",
            rows,
        )

    @api.model
    def _read_bounds(self, alias, name, query):
        """(measures, first day, last day) of a window of the targets of a query."""
        self.flush_model()
        first, last = self._get_window_sql(SQL.identifier(alias), WINDOWS[name])
        bounds = query.subselect(
            SQL(
                "COALESCE(array_agg(DISTINCT %s.measure), '{}')", SQL.identifier(alias)
            ),
            SQL("COALESCE(MIN(%s), 'infinity'::date)", first),
            SQL("COALESCE(MAX(%s), 'infinity'::date)", last),
        )
        return self.env.execute_query(SQL("SELECT * FROM %s AS bounds", bounds))[0]
