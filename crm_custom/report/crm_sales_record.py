from odoo import api, fields, models

from .crm_sales_stage import STAGES

#: follows from today, which is the reader's own
TODAY = ("tz",)

STATES = [
    ("draft", "Quotation"),
    ("sent", "Quotation sent"),
    ("sale", "Sales order"),
    ("cancel", "Cancelled"),
]
DELIVERY_STATES = [
    ("nothing", "Nothing to deliver"),
    ("waiting", "Waiting for stock"),
    ("ready", "Ready"),
    ("partly", "Partly delivered"),
    ("late", "Late"),
    ("done", "Delivered"),
]


def company_amount(string, **options):
    return fields.Monetary(
        string=string,
        currency_field="company_currency_id",
        readonly=True,
        **options,
    )


class CrmSalesRecord(models.Model):
    """Sales, one row an order line, from the quotation to the cash.

    Read from the order lines and the documents behind them on each look, nothing is
    stored. The id of a row is that of its order line; sections and notes are left out.

    What follows from a line and its order is read by index. What is asked of moves,
    invoices and payments is worked out for the rows of a page alone, and for all rows
    of a search only where it is searched, sorted, grouped or summed by it.

    Amounts are in the company's currency, at the rate of their document, unless their
    name says otherwise. Open, overdue and what is a payment are as in
    ``crm.receivable``:
    ``amount_invoiced = amount_collected + amount_open + amount_settled_otherwise``.
    """

    _name = "crm.sales.record"
    _description = "Sales record"
    _auto = False
    _rec_name = "order_name"
    _order = "date desc, id desc"

    date = fields.Datetime(
        string="Order date",
        readonly=True,
        help="The day on which the quotation was made, or the order confirmed.",
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    order_name = fields.Char(string="Order number", readonly=True)
    order_line_id = fields.Many2one(
        "sale.order.line", string="Order line", readonly=True
    )
    name = fields.Text(string="Description", readonly=True)
    state = fields.Selection(STATES, string="Order status", readonly=True)
    contract_number = fields.Char(string="Contract number", readonly=True)
    client_order_ref = fields.Char(string="Customer reference", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Ordered by",
        readonly=True,
        help="The customer as the order has it: a company, or one of its people.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        readonly=True,
        help="The person of the order; where none is named, the one who ordered.",
    )
    customer_type_id = fields.Many2one(
        "crm.customer.type", string="Customer type", readonly=True
    )
    country_id = fields.Many2one("res.country", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", string="Order currency", readonly=True
    )
    company_currency_id = fields.Many2one(
        "res.currency", string="Company currency", readonly=True
    )
    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product template", readonly=True
    )
    categ_id = fields.Many2one(
        "product.category", string="Product category", readonly=True
    )
    is_downpayment = fields.Boolean(
        string="Down payment",
        readonly=True,
        help="Money in advance, no sale: it is taken off the invoice that follows.",
    )
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    product_uom_qty = fields.Float(
        string="Ordered",
        digits="Product Unit",
        readonly=True,
        help="In the unit of the order line, like all quantities here.",
    )
    price_unit = fields.Float(
        string="Unit price",
        min_display_digits="Product Price",
        readonly=True,
        aggregator="avg",
        help="In the order's currency, as it stands on the order: with tax only where"
        " the tax is included in prices.",
    )
    discount = fields.Float(
        string="Discount (%)", digits="Discount", readonly=True, aggregator="avg"
    )
    price_subtotal = company_amount("Untaxed", help="Of what was ordered, without tax.")
    price_total = company_amount("Total", help="Of what was ordered, with tax.")
    price_subtotal_currency = fields.Monetary(
        string="Untaxed in currency",
        readonly=True,
        aggregator=None,
        help="Of what was ordered, without tax, in the order's currency.",
    )
    price_total_currency = fields.Monetary(
        string="Total in currency",
        readonly=True,
        aggregator=None,
        help="Of what was ordered, with tax, in the order's currency.",
    )
    cost = company_amount(
        "Cost",
        groups="base.group_user",
        help="Of what was ordered, as the product's cost was on that day. Empty where"
        " the product had no cost.",
    )
    margin = company_amount(
        "Margin",
        groups="base.group_user",
        help="Untaxed less cost. Empty where the product had no cost.",
    )

    qty_delivered = fields.Float(
        string="Delivered",
        digits="Product Unit",
        readonly=True,
        help="As on the order line: less what came back to be refunded.",
    )
    qty_returned = fields.Float(
        string="Returned",
        digits="Product Unit",
        readonly=True,
        help="All that the customer has sent back, to be refunded or not.",
    )
    qty_to_deliver = fields.Float(
        string="To deliver",
        digits="Product Unit",
        readonly=True,
        help="Ordered and not delivered, as long as there is a delivery that will bring"
        " it.",
    )
    date_promised = fields.Datetime(
        string="Promised",
        readonly=True,
        help="The delivery date of the order, or its date and the product's lead time.",
    )
    date_delivered = fields.Datetime(
        string="Last delivery", readonly=True, help="The last delivery that is done."
    )
    days_late = fields.Integer(
        string="Days late",
        readonly=True,
        depends_context=TODAY,
        aggregator="avg",
        help="From the promised day to the last delivery, or to today while something"
        " is to be delivered.",
    )
    delivery_state = fields.Selection(
        DELIVERY_STATES,
        string="Delivery",
        depends_context=TODAY,
        readonly=True,
    )

    qty_invoiced = fields.Float(
        string="Invoiced quantity",
        digits="Product Unit",
        readonly=True,
        help="Less credit notes, drafts included, as on the order line.",
    )
    qty_to_invoice = fields.Float(
        string="Quantity to invoice", digits="Product Unit", readonly=True
    )
    amount_to_invoice = company_amount(
        "Untaxed to invoice", help="Not on a posted invoice yet, without tax."
    )
    untaxed_invoiced = company_amount(
        "Untaxed invoiced",
        help="On posted invoices less credit notes, without tax, as the ledger has it.",
    )
    amount_invoiced = company_amount(
        "Invoiced", help="On posted invoices less credit notes, with tax."
    )
    amount_credited = company_amount(
        "Credited", help="On posted credit notes, with tax."
    )
    amount_collected = company_amount(
        "Collected",
        help="The line's share, with tax, of what payments and bank lines have settled"
        " of its invoices; less what was paid back. A discount that a payment wrote off"
        " is in it, an exchange difference is not.",
    )
    amount_settled_otherwise = company_amount(
        "Settled otherwise",
        help="The line's share, with tax, of what credit notes and entries have settled"
        " of its invoices.",
    )
    amount_open = company_amount(
        "Open amount",
        help="The line's share, with tax, of what is open of its invoices, less open"
        " credit notes.",
    )
    amount_overdue = company_amount(
        "Overdue",
        depends_context=TODAY,
        help="Of what is open, the instalments whose due date has passed; with tax.",
    )
    date_first_payment = fields.Date(string="First payment", readonly=True)
    date_last_payment = fields.Date(string="Last payment", readonly=True)

    stage = fields.Selection(
        STAGES,
        depends_context=TODAY,
        group_expand=True,
        readonly=True,
        help="Where the line is stuck. Of several, the one that needs somebody first:"
        " overdue, late, to deliver, to invoice, to collect.",
    )

    _depends = {
        "account.move": ["amount_total_signed", "invoice_currency_rate", "state"],
        "account.move.line": ["balance", "price_total", "sale_line_ids"],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id"],
        "crm.receivable": ["amount_residual", "date_maturity"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["currency_id"],
        "res.partner": ["commercial_partner_id", "country_id", "customer_type_id"],
        "sale.order": [
            "client_order_ref",
            "commitment_date",
            "contact_id",
            "contract_number",
            "currency_rate",
            "date_order",
            "name",
            "partner_id",
            "team_id",
            "user_id",
        ],
        "sale.order.line": [
            "customer_lead",
            "discount",
            "invoice_status",
            "is_downpayment",
            "margin",
            "name",
            "order_id",
            "price_subtotal",
            "price_total",
            "price_unit",
            "product_id",
            "product_uom_id",
            "product_uom_qty",
            "purchase_price",
            "qty_delivered",
            "qty_delivered_method",
            "qty_invoiced",
            "qty_to_invoice",
            "state",
            "untaxed_amount_to_invoice",
        ],
        "stock.move": ["date", "quantity", "sale_line_id", "state"],
    }

    @api.depends("order_name", "product_id")
    def _compute_display_name(self):
        for record in self:
            product = record.product_id.display_name or record.name or ""
            record.display_name = f"{record.order_name} {product}".strip()
