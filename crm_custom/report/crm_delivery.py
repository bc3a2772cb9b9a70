from odoo import api, fields, models
from odoo.tools import SQL

#: follows from today and the end of the week, which are the reader's own
TODAY = ("tz", "lang")

STATES = [
    ("waiting", "Waiting for another step"),
    ("confirmed", "Waiting for stock"),
    ("assigned", "Ready"),
]
DUE_STATES = [
    ("overdue", "Late"),
    ("today", "Today"),
    ("tomorrow", "Tomorrow"),
    ("week", "This week"),
    ("later", "Later"),
]


class CrmDelivery(models.Model):
    """What must leave the house, one row an open delivery of an order.

    Read from Odoo's transfers, nothing is stored; the id of a row is that of its
    transfer. When it is due is as on *My day*: the scheduled date, where the reader is.
    A salesperson sees those of his orders; Odoo itself lets him read every transfer.
    """

    _name = "crm.delivery"
    _description = "Delivery to be made"
    _auto = False
    _rec_name = "name"
    _order = "date_scheduled, id"

    name = fields.Char(string="Delivery", readonly=True)
    picking_id = fields.Many2one("stock.picking", string="Transfer", readonly=True)
    picking_type_id = fields.Many2one(
        "stock.picking.type", string="Operation", readonly=True
    )
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    order_name = fields.Char(string="Order number", readonly=True)
    contract_number = fields.Char(string="Contract number", readonly=True)
    client_order_ref = fields.Char(string="Customer reference", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Deliver to", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(STATES, string="Stock", readonly=True)
    date_scheduled = fields.Datetime(
        string="Scheduled",
        readonly=True,
        help="When it must leave the house: as a rule the promised date, less the"
        " company's security time.",
    )
    date_promised = fields.Datetime(
        string="Promised", readonly=True, help="When the customer expects it."
    )
    due_state = fields.Selection(
        DUE_STATES,
        string="To deliver",
        depends_context=TODAY,
        group_expand=True,
        readonly=True,
        help="By the scheduled date. Late: it should have left before today.",
    )
    days_late = fields.Integer(
        string="Days late",
        depends_context=TODAY,
        readonly=True,
        aggregator="max",
        help="From the promised day to today.",
    )

    _depends = {
        "res.partner": ["commercial_partner_id"],
        "sale.order": [
            "client_order_ref",
            "contract_number",
            "name",
            "partner_id",
            "team_id",
            "user_id",
        ],
        "stock.picking": [
            "company_id",
            "date_deadline",
            "location_dest_id",
            "location_id",
            "name",
            "partner_id",
            "picking_type_id",
            "sale_id",
            "scheduled_date",
            "state",
        ],
        "stock.location": ["company_id", "usage"],
        "stock.picking.type": ["warehouse_id"],
    }

    @property
    def _table_query(self) -> SQL:
        # sudo: which transfers there are; the rules of this model say who sees which
        pickings = self.env["stock.picking"].sudo()
        query = pickings._search(pickings._get_open_delivery_domain())
        return SQL(
            """SELECT %s
                 FROM %s
                 JOIN sale_order AS sale ON sale.id = stock_picking.sale_id
                 JOIN res_partner AS buyer ON buyer.id = sale.partner_id
                 JOIN stock_picking_type AS kind
                   ON kind.id = stock_picking.picking_type_id
                WHERE %s""",
            SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name))
                for name, column in self._columns().items()
            ),
            query.from_clause,
            query.where_clause,
        )

    @api.model
    def _columns(self):
        """{name: SQL}; ``stock_picking`` is the transfer, ``sale`` its order. A later
        room adds its own.
        """
        day = self.env["crm.my.day.delivery"]
        return {
            "id": SQL("stock_picking.id"),
            "picking_id": SQL("stock_picking.id"),
            "name": SQL("stock_picking.name"),
            "picking_type_id": SQL("stock_picking.picking_type_id"),
            "warehouse_id": SQL("kind.warehouse_id"),
            "order_id": SQL("sale.id"),
            "order_name": SQL("sale.name"),
            "contract_number": SQL("sale.contract_number"),
            "client_order_ref": SQL("sale.client_order_ref"),
            "partner_id": SQL("stock_picking.partner_id"),
            "commercial_partner_id": SQL("buyer.commercial_partner_id"),
            "user_id": SQL("sale.user_id"),
            "team_id": SQL("sale.team_id"),
            "company_id": SQL("stock_picking.company_id"),
            "state": SQL("stock_picking.state"),
            "date_scheduled": SQL("stock_picking.scheduled_date"),
            "date_promised": SQL("stock_picking.date_deadline"),
            "due_state": day._get_bucket_sql(SQL("stock_picking.scheduled_date")),
            "days_late": SQL(
                "GREATEST(0, %s)",
                day._get_days_since_sql(SQL("stock_picking.date_deadline")),
            ),
        }

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_picking(self):
        """Odoo's own form of the transfer, where it is delivered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }

    def action_print_slips(self):
        """Odoo's delivery slips of these deliveries, those that the user sees."""
        slip = self.env.ref("stock.action_report_delivery")
        return slip.report_action(self.search([("id", "in", self.ids)]).picking_id)
