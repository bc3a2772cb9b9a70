from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_commission_plan import BASES


class CrmCommissionLine(models.Model):
    """One amount that commission is paid on, or paid back for.

    It names what it comes from: the line of an invoice or credit note, and for what is
    collected the matching of the payment. The ids stay when a document goes.
    """

    _name = "crm.commission.line"
    _description = "Commission line"
    _order = "date, id"
    _rec_name = "move_name"

    statement_id = fields.Many2one(
        "crm.commission.statement", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="statement_id.state")
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    user_id = fields.Many2one(
        related="statement_id.user_id", store=True, index=True, string="Salesperson"
    )
    month = fields.Date(related="statement_id.month", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    plan_id = fields.Many2one(
        "crm.commission.plan", required=True, index=True, ondelete="restrict"
    )
    basis = fields.Selection(BASES, required=True)
    date = fields.Date(
        required=True, help="The day of the invoice, the credit note or the payment."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index="btree_not_null", ondelete="set null"
    )
    order_line_id = fields.Many2one(
        "sale.order.line",
        string="Order line",
        index="btree_not_null",
        ondelete="set null",
    )
    order_id = fields.Many2one(related="order_line_id.order_id")
    product_id = fields.Many2one(related="order_line_id.product_id")
    invoice_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice line",
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="set null"
    )
    move_name = fields.Char(string="Document", help="As it was called then.")
    key = fields.Char(
        required=True,
        index=True,
        help="Order line, invoice line and matching that the amount comes from, by"
        " number.",
    )
    base = fields.Monetary(
        required=True,
        help="Invoiced: without tax. Collected: the share of the payment, with tax. In"
        " the company's currency; negative where it is paid back.",
    )
    rate = fields.Float(string="Rate (%)", digits=(16, 2), aggregator=None)
    commission = fields.Monetary(help="Base times rate, rounded line by line.")
    is_late = fields.Boolean(
        string="Of a closed month",
        help="Its day is in a month that is closed, so it counts in this one.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    def _check_open(self):
        # sudo: the state alone
        closed = self.sudo().statement_id.filtered(lambda each: each.state == "closed")
        if closed:
            raise UserError(
                self.env._(
                    "%(statement)s is closed and does not change. What comes later goes"
                    " to the next open month.",
                    statement=closed[0].display_name,
                )
            )

    def action_open(self):
        """The invoice where it may be read, else the order."""
        self.ensure_one()
        invoice = self.move_id
        if invoice and not invoice.has_access("read"):
            invoice = invoice.browse()
        return (invoice or self.order_id or self.partner_id).get_formview_action()
