from odoo import api, models
from odoo.fields import Domain


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _get_open_delivery_domain(self):
        """What must still leave the house: transfers to the customers of orders.

        A delivery in several steps is its last one; a return comes the other way.
        """
        return (
            Domain("picking_type_code", "=", "outgoing")
            & Domain("state", "in", ("waiting", "confirmed", "assigned"))
            & Domain("sale_id", "!=", False)
        )
