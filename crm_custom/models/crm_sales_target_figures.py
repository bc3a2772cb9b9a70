from datetime import date

from dateutil.relativedelta import relativedelta

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
#: follows from today, which is the reader's own
TODAY = ("tz",)


class CrmSalesTarget(models.Model):
    """What is attained of targets: fields without a column, told by SQL.

    Lists filter, sort and group by them in the database. Reading costs one query for
    the results of this period, one more for each other window that is asked for, and
    one for the pace, however many targets there are.

    The results of a target are summed without the reader's rules: who may see a team's
    target may see what the team attained, but not each colleague's documents.
    """

    _inherit = "crm.sales.target"

    attained = fields.Monetary(
        compute="_compute_attained",
        search="_search_attained",
        aggregator="sum",
        help="What the documents dated in the period add up to.",
    )
    attained_percent = fields.Float(
        string="Attained (%)",
        compute="_compute_attained",
        search="_search_attained_percent",
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
        search="_search_pace",
        help="On track: at least as much of the target is attained as working days have"
        " passed, today included.",
    )

    # ------------------------------------------------------------
    # Computes and searches
    # ------------------------------------------------------------

    def _compute_figures(self, *names):
        """Read figures as the SQL tells them; of what is not saved there are none."""
        self.flush_model()
        found = {}
        if self.ids:
            model = self._with_results_of(Domain("id", "in", self.ids))
            query = model._as_query(ordered=False)
            target_id = SQL.identifier(self._table, "id")
            query.add_where(SQL("%s = ANY(%s)", target_id, self.ids))
            columns = [model._field_to_sql(self._table, name, query) for name in names]
            rows = self.env.execute_query(query.select(target_id, *columns))
            found = {row_id: values for row_id, *values in rows}
        nothing = [False] * len(names)
        for target in self:
            values = found.get(target._origin.id or target.id, nothing)
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
    @api.depends_context(*TODAY)
    def _compute_pace(self):
        self._compute_figures("time_percent", "forecast", "pace")

    def _search_figure(self, name, operator, value):
        field = self._fields[name]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    @api.model
    def _search_attained(self, operator, value):
        return self._search_figure("attained", operator, value)

    @api.model
    def _search_attained_percent(self, operator, value):
        return self._search_figure("attained_percent", operator, value)

    @api.model
    def _search_pace(self, operator, value):
        return self._search_figure("pace", operator, value)

    # ------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        model = self
        domain = Domain(domain)
        asked = [term.field_expr for term in domain.iter_conditions()]
        if any(name in FIGURES for name in (*asked, *(order or "").split())):
            model = self._with_results_of(domain)
        return super(CrmSalesTarget, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        model = self
        names = {spec.split(":")[0] for spec in (*groupby, *aggregates)}
        if names.intersection(FIGURES):
            model = self._with_results_of(Domain(domain))
        return super(CrmSalesTarget, model)._read_group(
            domain, groupby, aggregates, *args, **kwargs
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        model = self._with_results_of(Domain(domain))
        return super(CrmSalesTarget, model)._read_grouping_sets(
            domain, grouping_sets, aggregates, order
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "attained_percent:avg":
            return SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "attained", query),
                self._field_to_sql(self._table, "amount", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in FIGURES:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if field_expr in WINDOWS:
            return self._get_attained_sql(alias, field_expr, query)
        attained = self._get_attained_sql(alias, "attained", query)
        amount = SQL.identifier(alias, "amount")
        if field_expr == "attained_percent":
            return SQL("(100 * %s / %s)", attained, amount)
        time = self._get_time_sql(alias)
        today = fields.Date.context_today(self)
        first, last = (SQL.identifier(alias, name) for name in ("date_from", "date_to"))
        if field_expr == "time_percent":
            return SQL("(100 * %s)", time)
        if field_expr == "forecast":
            return SQL(
                """(CASE WHEN %(last)s < %(today)s THEN %(attained)s
                         WHEN %(first)s <= %(today)s
                         THEN %(attained)s / NULLIF(%(time)s, 0) END)""",
                attained=attained,
                time=time,
                today=today,
                first=first,
                last=last,
            )
        return SQL(
            """(CASE WHEN %(attained)s >= %(amount)s THEN 'reached'
                     WHEN %(first)s > %(today)s THEN 'upcoming'
                     WHEN %(last)s < %(today)s THEN 'missed'
                     WHEN %(attained)s < %(amount)s * %(time)s THEN 'behind'
                     ELSE 'on_track' END)""",
            attained=attained,
            amount=amount,
            time=time,
            today=today,
            first=first,
            last=last,
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
                    results=self._get_results_sql(WINDOWS[name]),
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
    def _get_results_sql(self, periods_back):
        """SELECT of results by kind, company, salesperson, team and month.

        Periods are whole months, so nothing finer has to be compared with them.
        """
        measures, first, last = self._get_results_of()
        if first and periods_back is None:
            first -= relativedelta(years=1)
            # the last day of February is not the same each year
            last = last + relativedelta(days=1) - relativedelta(years=1, days=1)
        elif first:
            # a quarter at most; of a month the one before is not as far back
            first -= relativedelta(months=3 * periods_back)
        # sudo: a sum of documents of which the reader may see each or not (see above)
        model = self.env["crm.sales.result"].sudo()
        query = model._search(
            [
                ("kind", "in", list(measures)),
                ("date", ">=", first or date.min),
                ("date", "<=", last or date.min),
            ]
        )
        table = SQL.identifier(model._table)
        rows = query.select(
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
