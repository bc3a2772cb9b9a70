from odoo import api, fields, models
from odoo.tools import SQL

from ..models.crm_feedback_cost import COST_GROUPS
from ..models.crm_feedback_deadline import RESULTS
from ..models.crm_feedback_severity import PRIORITIES
from .ratio_field import Ratio

#: taken over from the case as they stand there
OF_CASE = (
    "id",
    "subject",
    "active",
    "date_received",
    "date_solved",
    "date_closed",
    "partner_id",
    "user_id",
    "team_id",
    "company_id",
    "type_id",
    "severity_id",
    "priority",
    "cause_id",
    "channel_id",
    "stage_id",
    "is_solved",
    "is_closed",
    "policy_id",
    "satisfaction",
    "solution_result",
    "reopen_count",
)


def rate(string, **options):
    return Ratio(
        string=string, digits=(16, 1), readonly=True, aggregator="avg", **options
    )


class CrmFeedbackAnalysis(models.Model):
    """The figures of feedback, one row a case.

    Read from the cases on each look; the id of a row is that of its case. Rates are 0
    or 100 and empty where nothing is decided yet, times are empty where nothing has
    happened, so that the average of any group is the figure of that group.
    """

    _name = "crm.feedback.analysis"
    _description = "Figures of feedback"
    _auto = False
    _rec_name = "number"
    _order = "date_received desc, id desc"

    number = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    active = fields.Boolean(string="In use", readonly=True)
    date_received = fields.Datetime(string="Received", readonly=True)
    date_solved = fields.Datetime(string="Solved on", readonly=True)
    date_closed = fields.Datetime(string="Closed on", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_type_id = fields.Many2one(
        "crm.customer.type", string="Customer type", readonly=True
    )
    country_id = fields.Many2one("res.country", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        help="The first of the case: a case counts once. The complaint rate has each.",
    )
    categ_id = fields.Many2one(
        "product.category", string="Product category", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    team_id = fields.Many2one("crm.feedback.team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    type_id = fields.Many2one("crm.feedback.type", readonly=True)
    is_complaint = fields.Boolean(string="Complaint", readonly=True)
    severity_id = fields.Many2one("crm.feedback.severity", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    cause_id = fields.Many2one("crm.feedback.cause", readonly=True)
    channel_id = fields.Many2one("crm.interaction.channel", readonly=True)
    stage_id = fields.Many2one("crm.feedback.stage", readonly=True)
    policy_id = fields.Many2one("crm.feedback.policy", readonly=True)
    is_solved = fields.Boolean(string="Solved", readonly=True)
    is_closed = fields.Boolean(string="Closed (end flag)", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    open_count = fields.Integer(string="Open cases", readonly=True)
    hours_first_answer = rate(
        "Hours to first answer", help="Working hours, without our waiting for him."
    )
    hours_solution = rate(
        "Hours to solution", help="Working hours, without our waiting for him."
    )
    answer_rate = rate(
        "Answered in time (%)", help="Of the cases that were answered with a deadline."
    )
    solution_rate = rate(
        "Solved in time (%)", help="Of the cases that were solved with a deadline."
    )
    solution_result = fields.Selection(RESULTS, string="Solved in time", readonly=True)
    reopen_count = fields.Integer(string="Reopenings", readonly=True)
    reopen_rate = rate(
        "Reopened (%)", help="Of the cases that were solved or closed at least once."
    )
    escalation_rate = rate("Escalated (%)", help="Of all cases.")
    cost = fields.Monetary(
        readonly=True,
        groups=COST_GROUPS,
        help="Credits, replacements at cost, repairs and returns that have come about.",
    )
    satisfaction = fields.Selection(
        [("happy", "Happy"), ("neutral", "Neutral"), ("unhappy", "Unhappy")],
        readonly=True,
    )
    rating = rate("Score", help="From 1 to 5, of the customers who answered.")
    happy_rate = rate("Satisfied (%)", help="Of the customers who answered.")

    _depends = {
        "crm.feedback": [
            *(name for name in OF_CASE if name != "id"),
            "date_escalated",
            "first_answer_result",
            "hours_first_answer",
            "hours_solution",
            "name",
            "rating_last_value",
        ],
        "crm.feedback.line": ["feedback_id", "product_id"],
        "crm.feedback.type": ["is_complaint"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["currency_id"],
        "res.partner": ["country_id", "customer_type_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "SELECT %s FROM %s",
            SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in self._columns().items()
            ),
            self._from(),
        )

    @api.model
    def _columns(self):
        """{name: SQL}; ``feedback`` is the case. A later room adds its own."""
        product = SQL(
            """(SELECT part.product_id FROM crm_feedback_line AS part
                 WHERE part.feedback_id = feedback.id ORDER BY part.id LIMIT 1)"""
        )
        return {
            **{name: SQL.identifier("feedback", name) for name in OF_CASE},
            "number": SQL("feedback.name"),
            "customer_type_id": SQL("customer.customer_type_id"),
            "country_id": SQL("customer.country_id"),
            "product_id": product,
            "categ_id": SQL(
                """(SELECT template.categ_id FROM product_product AS product
                      JOIN product_template AS template
                        ON template.id = product.product_tmpl_id
                     WHERE product.id = %s)""",
                product,
            ),
            "currency_id": SQL("company.currency_id"),
            "is_complaint": SQL("kind.is_complaint IS TRUE"),
            "complaint_count": SQL("(kind.is_complaint IS TRUE)::int"),
            "open_count": SQL("(feedback.is_closed IS NOT TRUE)::int"),
            # a stored 0 of what has not happened is no time
            "hours_first_answer": SQL(
                """CASE WHEN feedback.date_first_answer IS NOT NULL
                        THEN feedback.hours_first_answer END"""
            ),
            "hours_solution": SQL(
                """CASE WHEN feedback.date_solved IS NOT NULL
                        THEN feedback.hours_solution END"""
            ),
            "answer_rate": self._in_time(SQL("feedback.first_answer_result")),
            "solution_rate": self._in_time(SQL("feedback.solution_result")),
            "reopen_rate": SQL(
                """CASE WHEN feedback.reopen_count > 0 THEN 100.0
                        WHEN feedback.is_solved OR feedback.is_closed THEN 0.0 END"""
            ),
            "escalation_rate": SQL(
                "CASE WHEN feedback.date_escalated IS NULL THEN 0.0 ELSE 100.0 END"
            ),
            "cost": SQL("COALESCE(spent.cost, 0)"),
            "rating": SQL("NULLIF(feedback.rating_last_value, 0)"),
            "happy_rate": SQL(
                """CASE WHEN feedback.satisfaction = 'happy' THEN 100.0
                        WHEN feedback.satisfaction IS NOT NULL THEN 0.0 END"""
            ),
        }

    @api.model
    def _in_time(self, result):
        return SQL("CASE %s WHEN 'in_time' THEN 100.0 WHEN 'late' THEN 0.0 END", result)

    @api.model
    def _from(self):
        # Left joins on a key: PostgreSQL leaves out those that a query does not use.
        return SQL(
            """crm_feedback AS feedback
               LEFT JOIN crm_feedback_type AS kind ON kind.id = feedback.type_id
               LEFT JOIN res_partner AS customer ON customer.id = feedback.partner_id
               LEFT JOIN res_company AS company ON company.id = feedback.company_id
               LEFT JOIN (SELECT item.feedback_id, SUM(item.cost) AS cost
                            FROM (%s) AS item GROUP BY item.feedback_id) AS spent
                      ON spent.feedback_id = feedback.id""",
            self.env["crm.feedback.cost"]._table_query,
        )

    def action_open(self):
        """The case itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": self.id,
            "view_mode": "form",
        }
