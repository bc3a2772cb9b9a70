from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, formatLang


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    last_sale = fields.Char(
        string="Last sale",
        compute="_compute_last_sale",
        help="When the customer ordered the product last, for how much a unit and with"
        " which discount, of the orders that you may see.",
    )

    @api.depends("product_id", "order_id.partner_id", "order_id.company_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_last_sale(self):
        """One query for the lines of an order, and what Odoo needs to name units."""
        self.last_sale = False
        for order, lines in self.grouped("order_id").items():
            customer = order.partner_id.commercial_partner_id
            if not customer or not lines.product_id:
                continue
            found = order._get_last_sales(customer, lines.product_id)
            for line in lines:
                line.last_sale = found.get(line.product_id.id, False)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_last_sales(self, customer, products):
        """{product id: text} of the last confirmed line of each product.

        :return: of the sales records that the user may read, this order left out
        """
        records = self.env["crm.sales.record"]
        query = records._search(
            Domain("commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("product_id", "in", products.ids)
            & Domain("state", "=", "sale")
            & Domain("product_uom_qty", ">", 0)
            & Domain("order_id", "not in", self._origin.ids)
        )
        columns = [
            records._field_to_sql(records._table, name, query)
            for name in (
                "product_id",
                "date",
                "price_unit",
                "currency_id",
                "product_uom_id",
                "discount",
            )
        ]
        query.order = SQL("%s, %s DESC", columns[0], columns[1])
        rows = self.env.execute_query(
            query.select(
                SQL("DISTINCT ON (%s) %s", columns[0], columns[0]), *columns[1:]
            )
        )
        return {row[0]: self._format_last_sale(*row[1:]) for row in rows}

    def _format_last_sale(self, date, price, currency_id, unit_id, discount):
        currency = self.env["res.currency"].browse(currency_id)
        unit = self.env["uom.uom"].browse(unit_id)
        day = fields.Datetime.context_timestamp(self, date).date()
        text = (
            f"{format_date(self.env, day)}: {format_amount(self.env, price, currency)}"
        )
        text = f"{text} / {unit.name}" if unit else text
        if discount:
            text += f" - {formatLang(self.env, discount, digits=2)} %"
        return text
