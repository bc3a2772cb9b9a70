from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # few of all lines, and a stage of the sales record
    _crm_to_invoice_index = models.Index("(id) WHERE qty_to_invoice <> 0")
