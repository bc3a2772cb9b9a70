from collections import defaultdict
from itertools import accumulate

from odoo import api, fields, models
from odoo.fields import Domain

OPEN_MOVES = Domain(
    "state", "in", ("waiting", "confirmed", "partially_available", "assigned")
)


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _get_stock_dates(self, warehouse, quantities):
        """From when on a warehouse can spare these quantities.

        What has been promised to others leaves on its day and is never touched: after
        the date found, stock and what is on its way still cover all that is to leave.
        Like Odoo's forecast, what should have come or left already does so now.

        :param quantities: {product id: quantity in the product's unit}
        :return: {product id: datetime, None: nothing on its way covers it}; four
            queries, for any number of products
        """
        # sudo: what is in stock, as Odoo's own widget tells on each order line
        products = self.sudo().with_context(warehouse_id=warehouse.id)
        of_products = Domain("product_id", "in", list(quantities))
        in_stock, coming, leaving = products._get_domain_locations()
        now = fields.Datetime.now()
        changes = defaultdict(lambda: defaultdict(float))
        for product, quantity in products.env["stock.quant"]._read_group(
            of_products & Domain(in_stock), ["product_id"], ["quantity:sum"]
        ):
            changes[product.id][now] += quantity
        for sign, place in ((1, coming), (-1, leaving)):
            for product, _day, moment, quantity in products.env[
                "stock.move"
            ]._read_group(
                of_products & Domain(place) & OPEN_MOVES,
                ["product_id", "date:day"],
                ["date:max" if sign > 0 else "date:min", "product_qty:sum"],
            ):
                changes[product.id][max(moment, now)] += sign * quantity
        return {
            product.id: self._find_stock_date(
                changes[product.id], quantities[product.id], product.uom_id
            )
            for product in products.browse(quantities)
        }

    @api.model
    def _find_stock_date(self, changes, quantity, unit):
        """The first moment from which on there are always as many.

        :param changes: {datetime: quantity that comes (or leaves, negative)}
        """
        moments = sorted({fields.Datetime.now(), *changes})
        balances = list(accumulate(changes.get(moment, 0.0) for moment in moments))
        found = None
        for moment, balance in zip(reversed(moments), reversed(balances), strict=True):
            if unit.compare(balance, quantity) < 0:
                break
            found = moment
        return found
