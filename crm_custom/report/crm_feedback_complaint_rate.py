from odoo import fields, models
from odoo.tools import SQL

from .ratio_field import Ratio


class CrmFeedbackComplaintRate(models.Model):
    """Complaints per hundred deliveries, by product, customer, month.

    One row a delivery of ``crm.delivery.performance``, which says what a delivery is,
    and one a product of a complaint, on the company's day on which it was received. A
    complaint counts once in each group, however many products it has; one about no
    product counts for its customer and month.
    """

    _name = "crm.feedback.complaint.rate"
    _description = "Complaints per hundred deliveries"
    _auto = False
    _rec_name = "date"
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product category", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    type_id = fields.Many2one("crm.feedback.type", readonly=True)
    feedback_id = fields.Many2one(
        "crm.feedback", string="Complaints", readonly=True, aggregator="count_distinct"
    )
    delivery_count = fields.Integer(string="Deliveries", readonly=True)
    complaint_rate = Ratio(
        string="Complaints per 100 deliveries",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of each group: its complaints by its deliveries. Empty where nothing was"
        " delivered.",
    )

    _depends = {
        "crm.feedback": ["active", "company_id", "date_received", "partner_id"],
        "crm.feedback.line": ["feedback_id", "product_id"],
        "crm.feedback.type": ["is_complaint"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.partner": ["country_id"],
    }

    @property
    def _table_query(self) -> SQL:
        """The rest of an id by four says what the row is."""
        deliveries = self.env["crm.delivery.performance"]
        return SQL(
            """SELECT delivery.id * 4::bigint AS id, delivery.date_delivered AS date,
                      delivery.commercial_partner_id AS partner_id,
                      delivery.country_id, delivery.product_id, delivery.categ_id,
                      delivery.company_id, NULL::int AS type_id,
                      NULL::int AS feedback_id, 1 AS delivery_count,
                      NULL::float AS complaint_rate
                 FROM (%(deliveries)s) AS delivery
                UNION ALL
               SELECT COALESCE(part.id * 4::bigint + 1, feedback.id * 4::bigint + 3),
                      %(received)s, feedback.partner_id, customer.country_id,
                      part.product_id, template.categ_id, feedback.company_id,
                      feedback.type_id, feedback.id, 0, NULL
                 FROM crm_feedback AS feedback
                 JOIN crm_feedback_type AS kind
                   ON kind.id = feedback.type_id AND kind.is_complaint
            LEFT JOIN res_partner AS customer ON customer.id = feedback.partner_id
            LEFT JOIN crm_feedback_line AS part ON part.feedback_id = feedback.id
            LEFT JOIN product_product AS product ON product.id = part.product_id
            LEFT JOIN product_template AS template
                   ON template.id = product.product_tmpl_id
                WHERE feedback.active""",
            deliveries=deliveries._table_query,
            received=deliveries._company_day(
                SQL("feedback.date_received"), SQL("feedback.company_id")
            ),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "complaint_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0::float * COUNT(DISTINCT %(case)s) / NULLIF(SUM(%(deliveries)s), 0)",
            case=self._field_to_sql(self._table, "feedback_id", query),
            deliveries=self._field_to_sql(self._table, "delivery_count", query),
        )
