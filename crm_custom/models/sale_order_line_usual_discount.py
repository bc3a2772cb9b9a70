from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

YEARS = 2


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    usual_discount = fields.Char(
        string="Usual discount",
        compute="_compute_usual_discount",
        help="The median of the discounts on the customer's confirmed orders of the"
        " last two years that you may see: of this product, or of its category where he"
        " never bought the product. Behind it, of how many lines.",
    )

    @api.depends("product_id", "order_id.partner_id", "order_id.company_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_usual_discount(self):
        """One query for the lines of an order."""
        self.usual_discount = False
        for order, lines in self.grouped("order_id").items():
            customer = order.partner_id.commercial_partner_id
            if not customer or not lines.product_id:
                continue
            of_product, of_category = order._get_usual_discounts(
                customer, lines.product_id
            )
            for line in lines:
                product, category = line.product_id, line.product_id.categ_id
                if found := of_product.get(product.id):
                    line.usual_discount = self._format_usual_discount(*found)
                elif found := of_category.get(category.id):
                    line.usual_discount = self.env._(
                        "%(discount)s in %(category)s",
                        discount=self._format_usual_discount(*found),
                        category=category.name,
                    )

    @api.model
    def _format_usual_discount(self, discount, count):
        return f"{formatLang(self.env, discount, digits=2)} % ({count})"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_usual_discounts(self, customer, products):
        """What the customer usually gets on these products, and on their categories.

        :return: two dicts {product or category id: (median in percent, lines)}, of the
            sales records that the user may read, this order left out
        """
        records = self.env["crm.sales.record"]
        query = records._search(
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.company_id.id)
            & (
                Domain("product_id", "in", products.ids)
                | Domain("categ_id", "in", products.categ_id.ids)
            )
            & Domain("state", "=", "sale")
            & Domain("is_downpayment", "=", False)
            & Domain("product_uom_qty", ">", 0)
            & Domain("price_unit", ">", 0)
            & Domain("date", ">=", fields.Datetime.now() - relativedelta(years=YEARS))
            & Domain("order_id", "not in", self._origin.ids)
        )
        product, category, discount = (
            records._field_to_sql(records._table, name, query)
            for name in ("product_id", "categ_id", "discount")
        )
        query.groupby = SQL("GROUPING SETS ((%s), (%s))", product, category)
        rows = self.env.execute_query(
            query.select(
                product,
                category,
                SQL(
                    """percentile_cont(0.5) WITHIN GROUP (
                           ORDER BY COALESCE(%s, 0)::double precision)""",
                    discount,
                ),
                SQL("count(*)"),
            )
        )
        of_product = {row[0]: row[2:] for row in rows if row[0]}
        return of_product, {row[1]: row[2:] for row in rows if row[1]}
