from odoo import api, fields, models
from odoo.tools import SQL

from .ratio_field import Ratio

QUOTATION_STATES = [
    ("open", "Undecided"),
    ("expired", "Expired"),
    ("won", "Won"),
    ("lost", "Lost quotation"),
    ("replaced", "Replaced"),
    ("cancelled", "Order cancelled"),
]
#: follows from today, which is the reader's own
TODAY = ("tz",)


def company_amount(string, **options):
    return fields.Monetary(
        string=string, currency_field="company_currency_id", readonly=True, **options
    )


class CrmQuotationAnalysis(models.Model):
    """What became of quotations, one row a quotation or order.

    Read from the orders on each look; the id of a row is that of its order. Rates are
    averages of 0 and 1 and empty where nothing is decided, so that a grouping by
    anything shows the rate of its group. Amounts are untaxed, at the order's rate.
    """

    _name = "crm.quotation.analysis"
    _description = "Quotations won and lost"
    _auto = False
    _order = "date_created desc, id desc"

    order_id = fields.Many2one("sale.order", readonly=True)
    name = fields.Char(string="Order number", readonly=True)
    date_created = fields.Datetime(string="Created on", readonly=True)
    date_sent = fields.Datetime(
        string="Sent on",
        readonly=True,
        help="When the quotation was sent first; not known of those from before.",
    )
    date_won = fields.Datetime(string="Won on", readonly=True)
    validity_date = fields.Date(string="Expiration", readonly=True)
    quotation_state = fields.Selection(
        QUOTATION_STATES, string="Status", readonly=True, depends_context=TODAY
    )
    lost_reason_id = fields.Many2one(
        "crm.lost.reason", string="Lost reason", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Ordered by", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    customer_type_id = fields.Many2one(
        "crm.customer.type", string="Customer type", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    amount = company_amount("Untaxed")
    amount_won = company_amount("Untaxed won")
    amount_lost = company_amount("Untaxed lost", depends_context=TODAY)
    conversion_rate = Ratio(
        string="Conversion rate",
        readonly=True,
        aggregator="avg",
        depends_context=TODAY,
        help="Quotations won, of those won or lost. Undecided, expired and replaced"
        " ones do not count.",
    )
    conversion_rate_ended = Ratio(
        string="Conversion rate with expired",
        readonly=True,
        aggregator="avg",
        depends_context=TODAY,
        help="Quotations won, of those won, lost or expired: an offer that nobody took"
        " up in time counts as lost.",
    )
    days_to_win = Ratio(
        string="Days to win",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="From the day the quotation was created until it was confirmed.",
    )

    _depends = {
        "res.company": ["currency_id"],
        "res.partner": ["commercial_partner_id", "customer_type_id"],
        "sale.order": [
            "amount_untaxed",
            "campaign_id",
            "company_id",
            "create_date",
            "currency_rate",
            "date_order",
            "date_quotation_sent",
            "date_quotation_won",
            "lost_reason_id",
            "medium_id",
            "name",
            "opportunity_id",
            "partner_id",
            "source_id",
            "state",
            "team_id",
            "user_id",
            "validity_date",
        ],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT quotation.*,
                      CASE WHEN quotation_state = 'won' THEN amount END AS amount_won,
                      CASE WHEN quotation_state = 'lost' THEN amount END AS amount_lost,
                      CASE quotation_state WHEN 'won' THEN 1 WHEN 'lost' THEN 0
                      END AS conversion_rate,
                      CASE quotation_state WHEN 'won' THEN 1 WHEN 'lost' THEN 0
                                           WHEN 'expired' THEN 0
                      END AS conversion_rate_ended,
                      CASE WHEN quotation_state = 'won' AND date_won >= date_created
                           THEN EXTRACT(EPOCH FROM date_won - date_created) / 86400
                      END AS days_to_win
                 FROM (SELECT %s FROM %s) AS quotation""",
            SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in self._columns().items()
            ),
            self._from(),
        )

    @api.model
    def _columns(self):
        return {
            **{
                name: SQL.identifier("sale", name)
                for name in (
                    "id",
                    "name",
                    "validity_date",
                    "lost_reason_id",
                    "partner_id",
                    "user_id",
                    "team_id",
                    "source_id",
                    "medium_id",
                    "campaign_id",
                    "company_id",
                )
            },
            "order_id": SQL("sale.id"),
            "date_created": SQL("sale.create_date"),
            "date_sent": SQL("sale.date_quotation_sent"),
            "date_won": SQL(
                """CASE WHEN sale.state = 'sale'
                        THEN COALESCE(sale.date_quotation_won, sale.date_order) END"""
            ),
            "quotation_state": self.env["sale.order"]._get_quotation_state_sql("sale"),
            "commercial_partner_id": SQL("partner.commercial_partner_id"),
            "customer_type_id": SQL("customer.customer_type_id"),
            "company_currency_id": SQL("company.currency_id"),
            "amount": SQL(
                """ROUND(sale.amount_untaxed
                         / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric,
                         currency.decimal_places)"""
            ),
        }

    @api.model
    def _from(self):
        return SQL(
            """sale_order AS sale
            LEFT JOIN res_partner AS partner ON partner.id = sale.partner_id
            LEFT JOIN res_partner AS customer
                   ON customer.id = partner.commercial_partner_id
            LEFT JOIN res_company AS company ON company.id = sale.company_id
            LEFT JOIN res_currency AS currency ON currency.id = company.currency_id"""
        )

    def action_open(self):
        self.ensure_one()
        return self.order_id.get_formview_action()
