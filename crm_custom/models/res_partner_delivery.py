from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

READERS = "sales_team.group_sale_salesman,stock.group_stock_user"
#: how far back a customer's figures go
MONTHS = 12


class ResPartner(models.Model):
    """How well a customer was served, by the deliveries that the user may see."""

    _inherit = "res.partner"

    delivery_count_year = fields.Integer(
        string="Deliveries in 12 months",
        compute="_compute_delivery_on_time_rate",
        groups=READERS,
        aggregator=None,
    )
    delivery_on_time_rate = fields.Float(
        string="Delivered in time (%)",
        compute="_compute_delivery_on_time_rate",
        digits=(16, 0),
        groups=READERS,
        aggregator=None,
        help="Of what the customer was delivered in the last 12 months, how much left"
        " on the promised day or before.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_delivery_on_time_rate(self):
        """One query, for any number of customers."""
        groups = self.env["crm.delivery.performance"]._read_group(
            self._get_delivery_year_domain(),
            ["commercial_partner_id"],
            ["__count", "on_time_rate:avg"],
        )
        found = {customer.id: figures for customer, *figures in groups}
        for partner in self:
            count, rate = found.get(partner.commercial_partner_id.id, (0, 0.0))
            partner.delivery_count_year = count
            partner.delivery_on_time_rate = rate

    def _get_delivery_year_domain(self):
        start = fields.Datetime.now() - relativedelta(months=MONTHS)
        return Domain(
            "commercial_partner_id", "in", self.commercial_partner_id.ids
        ) & Domain("moment_delivered", ">=", start)

    def action_view_delivery_performance(self):
        """What the customer was delivered in the last 12 months."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_delivery_performance_action"
        )
        return {**action, "domain": list(self._get_delivery_year_domain())}
