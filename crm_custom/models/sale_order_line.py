from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # few of all lines, and a stage of the sales record
    _crm_to_invoice_index = models.Index("(id) WHERE qty_to_invoice <> 0")
    # few of all lines, and part of what a customer will owe
    _crm_uninvoiced_index = models.Index(
        """(order_id)
        WHERE display_type IS NULL AND CASE
              WHEN state = 'sale' AND product_uom_qty < 0
              THEN LEAST(product_uom_qty, qty_delivered) <> qty_invoiced
              WHEN state = 'sale'
              THEN GREATEST(product_uom_qty, qty_delivered) <> qty_invoiced
              ELSE qty_delivered > qty_invoiced END"""
    )
