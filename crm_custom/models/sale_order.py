from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        for company, orders in self.grouped("company_id").items():
            orders.partner_id.with_company(company)._register_customer_business()
        return result
