from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_sales_record_moves import at_customer


class CrmDeliveryPerformance(models.Model):
    """What was delivered and whether in time, one row a done move to a customer.

    Read from Odoo's moves, nothing is stored; the id of a row is that of its move. A
    delivery in parts is one row each part, judged by the promise as it stood when the
    part left. What came back stays delivered, and what goes out again in its place is
    not judged. Days are those of the company, so everybody sees the same figures.
    """

    _name = "crm.delivery.performance"
    _description = "Delivery performance"
    _auto = False
    _rec_name = "order_name"
    _order = "moment_delivered desc, id desc"

    moment_delivered = fields.Datetime(string="Delivered at", readonly=True)
    date_delivered = fields.Date(
        string="Delivered on", readonly=True, help="The day at the company."
    )
    date_promised = fields.Date(
        string="Promised",
        readonly=True,
        help="The day at the company: the delivery date of the order, or its date and"
        " the product's lead time, as it stood when the goods left.",
    )
    picking_id = fields.Many2one("stock.picking", string="Transfer", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_name = fields.Char(string="Order number", readonly=True)
    contract_number = fields.Char(string="Contract number", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    country_id = fields.Many2one("res.country", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product category", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    quantity = fields.Float(
        digits="Product Unit", readonly=True, help="In the product's unit."
    )
    days_late = fields.Float(
        string="Days late",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="From the promised to the last day; 0 where it was in time. The average is"
        " over all deliveries, those in time included.",
    )
    is_on_time = fields.Boolean(string="In time", readonly=True)
    on_time_rate = fields.Float(
        string="In time (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of a hundred deliveries, how many left on the promised day or before.",
    )

    _depends = {
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "res.partner": ["commercial_partner_id", "country_id", "tz"],
        "sale.order": [
            "commitment_date",
            "contract_number",
            "date_order",
            "name",
            "partner_id",
            "team_id",
            "user_id",
        ],
        "sale.order.line": ["customer_lead", "order_id"],
        "stock.move": [
            "company_id",
            "date",
            "date_deadline",
            "location_dest_id",
            "location_id",
            "origin_returned_move_id",
            "picking_id",
            "picking_type_id",
            "product_id",
            "product_uom",
            "quantity",
            "sale_line_id",
            "state",
        ],
    }

    @property
    def _table_query(self) -> SQL:
        columns = SQL(", ").join(
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in self._columns().items()
        )
        return SQL("SELECT %s FROM %s WHERE %s", columns, self._from(), self._where())

    @api.model
    def _columns(self):
        """{name: SQL}; ``move`` is the move, ``line`` and ``sale`` what was ordered."""
        delivered = self._company_day(SQL("move.date"))
        promised = self._company_day(
            SQL(
                """COALESCE(move.date_deadline, sale.commitment_date,
                       sale.date_order + line.customer_lead * interval '1 day')"""
            )
        )
        return {
            "id": SQL("move.id"),
            "moment_delivered": SQL("move.date"),
            "date_delivered": delivered,
            "date_promised": promised,
            "picking_id": SQL("move.picking_id"),
            "order_id": SQL("line.order_id"),
            "order_name": SQL("sale.name"),
            "contract_number": SQL("sale.contract_number"),
            "commercial_partner_id": SQL("buyer.commercial_partner_id"),
            "country_id": SQL("customer.country_id"),
            "user_id": SQL("sale.user_id"),
            "team_id": SQL("sale.team_id"),
            "company_id": SQL("move.company_id"),
            "warehouse_id": SQL("kind.warehouse_id"),
            "product_id": SQL("move.product_id"),
            "categ_id": SQL("template.categ_id"),
            "product_uom_id": SQL("template.uom_id"),
            "quantity": SQL("move.quantity * unit.factor / product_unit.factor"),
            "days_late": SQL("GREATEST(0, %s - %s)", delivered, promised),
            "is_on_time": SQL("%s <= %s", delivered, promised),
            "on_time_rate": SQL(
                "CASE WHEN %s <= %s THEN 100.0 ELSE 0.0 END", delivered, promised
            ),
        }

    @api.model
    def _from(self):
        # Left joins on a key: PostgreSQL leaves out those that a query does not use.
        return SQL(
            """stock_move AS move
            JOIN sale_order_line AS line ON line.id = move.sale_line_id
            JOIN sale_order AS sale ON sale.id = line.order_id
            LEFT JOIN res_partner AS buyer ON buyer.id = sale.partner_id
            LEFT JOIN res_partner AS customer
                   ON customer.id = buyer.commercial_partner_id
            LEFT JOIN stock_picking_type AS kind ON kind.id = move.picking_type_id
            LEFT JOIN product_product AS product ON product.id = move.product_id
            LEFT JOIN product_template AS template
                   ON template.id = product.product_tmpl_id
            LEFT JOIN uom_uom AS unit ON unit.id = move.product_uom
            LEFT JOIN uom_uom AS product_unit ON product_unit.id = template.uom_id"""
        )

    @api.model
    def _where(self):
        return SQL(
            """move.state = 'done' AND move.quantity > 0
               AND move.origin_returned_move_id IS NULL
               AND move.location_dest_id IN (
                      SELECT place.id FROM stock_location AS place WHERE %(there)s)
               AND move.location_id IN (
                      SELECT place.id FROM stock_location AS place
                       WHERE NOT %(there)s)""",
            there=at_customer("place"),
        )

    @api.model
    def _company_day(self, moment, company=None):
        """The day of a UTC timestamp at the company of the move, or another one.

        The zones stand in the query: one look-up for each row would cost more.
        """
        # sudo: where its companies are is no secret of the user's
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        zones = {
            company.id: company.partner_id.tz
            for company in companies
            if company.partner_id.tz and company.partner_id.tz != "UTC"
        }
        if not zones:
            return SQL("(%s)::date", moment)
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", company_id, zone)
            for company_id, zone in zones.items()
        )
        return SQL(
            "timezone(CASE %s %s ELSE 'UTC' END, timezone('UTC', %s))::date",
            company or SQL("move.company_id"),
            cases,
            moment,
        )

    @api.model
    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        # a pivot has each month once for each customer, and its name takes long to make
        return cache(super()._web_read_group_groupby_formatter(groupby_spec, values))

    def action_open_picking(self):
        """Odoo's own form of the transfer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }
