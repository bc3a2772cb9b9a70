from odoo import api, models
from odoo.fields import Domain


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _get_open_delivery_domain(self):
        """What must still reach the customers of orders, from a supplier, too.

        A delivery in several steps is its last one; a return comes the other way.
        """
        delivered = self.env["stock.location"]._get_at_customer_domain()
        return (
            Domain("location_dest_id", "any", delivered)
            & Domain("location_id", "not any", delivered)
            & Domain("state", "in", ("waiting", "confirmed", "assigned"))
            & Domain("sale_id", "!=", False)
        )
