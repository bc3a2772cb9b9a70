from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, babel_locale_parse
from odoo.tools.misc import get_lang

from .crm_sales_measure import COUNTS, MEASURE_HELP, MEASURES

PERIODS = [("month", "Month"), ("quarter", "Quarter")]
#: months of a period
LENGTHS = {"month": 1, "quarter": 3}
#: periods before that a form shows
HISTORY = 12


def get_period(day, period_type):
    """The first and the last day of the month or quarter of a day; False, False where
    one of the two is not known.
    """
    months = LENGTHS.get(period_type)
    if not day or not months:
        return False, False
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    return first, first + relativedelta(months=months, days=-1)


class CrmSalesTarget(models.Model):
    """What a salesperson or a team is to reach in a month or a quarter.

    What is reached is read from the documents (``crm.sales.result``), never stored.
    """

    _name = "crm.sales.target"
    _description = "Sales target"
    _inherit = ["mail.thread"]
    _order = "date_from desc, measure, team_id, user_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Whose target it is. Leave it empty for the target of a team.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales team",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Whose target it is. Leave it empty for the target of one person.",
    )
    measure = fields.Selection(
        MEASURES, required=True, default="ordered", help=MEASURE_HELP
    )
    period_type = fields.Selection(
        PERIODS, string="Length", required=True, default="month"
    )
    date = fields.Date(
        string="In the period of",
        required=True,
        default=fields.Date.context_today,
        help="Any day of the month or quarter.",
    )
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, precompute=True
    )
    date_to = fields.Date(
        string="To", compute="_compute_dates", store=True, precompute=True
    )
    period = fields.Char(compute="_compute_period")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="The company's; none where it is counted.",
    )
    amount = fields.Monetary(
        string="Target",
        required=True,
        tracking=True,
        help="An amount in the company's currency, or a number where it is counted.",
    )
    note = fields.Text()
    history_ids = fields.Many2many("crm.sales.target", compute="_compute_history_ids")

    _someone = models.Constraint(
        "CHECK (num_nonnulls(user_id, team_id) = 1)",
        "A target is either of a salesperson or of a team: choose one of the two.",
    )
    _positive = models.Constraint(
        "CHECK (amount > 0)", "A target is more than 0: it is what is to be reached."
    )
    # Ranges of one number each compare numbers with what PostgreSQL has on board; the
    # place of a measure in the text is a number that differs for each.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH &&,"
        " int4range(COALESCE(user_id, -team_id), COALESCE(user_id, -team_id), '[]')"
        " WITH &&,"
        " int4range(strpos('ordered invoiced collected margin new_customers contacts',"
        " measure), strpos('ordered invoiced collected margin new_customers contacts',"
        " measure), '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " DEFERRABLE INITIALLY DEFERRED",
        "There is a target for the same salesperson or team, measure and time already."
        " A quarter holds its months: change the target that is there.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("date", "period_type")
    def _compute_dates(self):
        for target in self:
            target.date_from, target.date_to = get_period(
                target.date, target.period_type
            )

    @api.depends("measure", "company_id")
    def _compute_currency_id(self):
        for target in self:
            is_count = target.measure in COUNTS
            target.currency_id = not is_count and target.company_id.currency_id

    @api.depends("date_from", "period_type")
    @api.depends_context("lang")
    def _compute_period(self):
        for target in self:
            target.period = self._get_period_name(target.date_from, target.period_type)

    @api.depends("user_id", "team_id", "measure", "date_from", "period_type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        for target in self:
            whose = target.user_id.name or target.team_id.name
            parts = (whose, measures.get(target.measure), target.period)
            target.display_name = " · ".join(filter(None, parts))

    @api.depends("user_id", "team_id", "measure", "date_from", "period_type")
    def _compute_history_ids(self):
        """Targets for the same thing in the periods before: one query for all."""
        keys = ("company_id", "user_id", "team_id", "measure", "period_type")
        others = self.search_fetch(
            [
                (
                    name,
                    "in",
                    self.mapped(name)
                    if name in ("measure", "period_type")
                    else [*self[name].ids, False],
                )
                for name in keys
            ]
        ).grouped(lambda target: tuple(target[name] for name in keys))
        for target in self:
            same = others.get(tuple(target[name] for name in keys), self.browse())
            target.history_ids = same.filtered(
                lambda each, day=target.date_from: day and each.date_from < day
            )[:HISTORY]

    @api.model
    def _get_period_name(self, first, period_type):
        """The name of a month or quarter, as the reader's language has it."""
        if not first:
            return False
        locale = babel_locale_parse(get_lang(self.env).code)
        skeleton = "yMMMM" if period_type == "month" else "yQQQ"
        return format_skeleton(skeleton, first, locale=locale)

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains(
        "company_id", "user_id", "team_id", "measure", "date", "period_type"
    )
    def _check_overlap(self):
        """Say which one is there already; what happens at once the database refuses.

        Its constraint is deferred, so that this one may speak first; it waits for who
        is writing the same, and not until the commit, whose errors nobody explains.
        """
        self.flush_model(
            ["company_id", "user_id", "team_id", "measure", "date_from", "date_to"]
        )
        clash = self.env.execute_query(
            SQL(
                """SELECT target.id, other.id
                     FROM crm_sales_target AS target
                     JOIN crm_sales_target AS other
                       ON other.id <> target.id
                      AND other.company_id = target.company_id
                      AND other.measure = target.measure
                      AND (other.user_id = target.user_id
                           OR other.team_id = target.team_id)
                      AND other.date_from <= target.date_to
                      AND other.date_to >= target.date_from
                    WHERE target.id = ANY(%s)
                    LIMIT 1""",
                self.ids,
            )
        )
        if clash:
            target, other = self.browse(clash[0])
            raise ValidationError(
                self.env._(
                    "%(target)s overlaps a target that is there already: %(other)s."
                    " Change that one, or choose another period.",
                    target=target.display_name,
                    other=other.display_name,
                )
            )
        for mode in ("IMMEDIATE", "DEFERRED"):
            self.env.cr.execute(
                SQL(
                    "SET CONSTRAINTS %s %s",
                    SQL.identifier(f"{self._table}_no_overlap"),
                    SQL(mode),
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_open_results(self):
        """The documents and contacts that a target counts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_sales_result_action"
        )
        whose = ("user_id", "=", self.user_id.id)
        if self.team_id:
            whose = ("team_id", "=", self.team_id.id)
        action["domain"] = [
            ("kind", "=", self.measure),
            ("company_id", "=", self.company_id.id),
            ("date", ">=", fields.Date.to_string(self.date_from)),
            ("date", "<=", fields.Date.to_string(self.date_to)),
            whose,
        ]
        action["display_name"] = self.display_name
        return action
