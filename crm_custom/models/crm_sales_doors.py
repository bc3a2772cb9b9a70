from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_view_sales_records(self):
        """The sales of this customer, or those of this contact."""
        self.ensure_one()
        if self.commercial_partner_id == self:
            domain = [("commercial_partner_id", "=", self.id)]
        else:
            # not the record's own column, which has no index
            domain = [
                "|",
                ("order_id.contact_id", "=", self.id),
                ("partner_id", "=", self.id),
            ]
        return self.env["crm.sales.record"]._get_action(domain)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_view_sales_records(self):
        """The lines of these orders."""
        return self.env["crm.sales.record"]._get_action([("order_id", "in", self.ids)])


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_sales_records(self):
        """The sales of all variants of these products."""
        return self.env["crm.sales.record"]._get_action(
            [("product_tmpl_id", "in", self.ids)]
        )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_sales_records(self):
        """The sales of these products."""
        return self.env["crm.sales.record"]._get_action(
            [("product_id", "in", self.ids)]
        )
