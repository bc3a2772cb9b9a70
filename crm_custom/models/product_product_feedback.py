from odoo import api, fields, models
from odoo.fields import Domain

from .crm_feedback_sold import sold_products


class ProductProduct(models.Model):
    """The products that a customer was sold, for whoever takes his complaint."""

    _inherit = "product.product"

    crm_sold_to_id = fields.Many2one(
        "res.partner",
        string="Sold to",
        store=False,
        search="_search_crm_sold_to_id",
        groups="crm_custom.group_crm_custom_feedback_agent,sales_team.group_sale_salesman",
        help="Finds the products that a customer was sold by an order, a delivery or an"
        " invoice.",
    )

    @api.model
    def _search_crm_sold_to_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        # only of customers that the user may see
        customers = self.env["res.partner"].search([("id", "in", list(value))])
        # sudo: which company they belong to
        customer_ids = customers.sudo().commercial_partner_id.ids
        if not customer_ids:
            return Domain.FALSE
        # the SELECT knows nothing of what is not written yet
        self.env.flush_all()
        return Domain("id", "in", sold_products(customer_ids, self.env.companies.ids))
