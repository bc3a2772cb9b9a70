from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What the customer owes, at a glance on his quotations and orders.

    The open items are asked under the user's own rights. Of a customer whose items he
    does not see the figures are not known, which is not the same as 0.
    """

    _inherit = "sale.order"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    customer_receivable_known = fields.Boolean(
        compute="_compute_customer_receivable", export_string_translation=False
    )
    customer_amount_open = fields.Monetary(
        string="Customer owes",
        compute="_compute_customer_receivable",
        currency_field="company_currency_id",
        help="All that is open of the customer in this company, with tax, less payments"
        " and credit notes that nobody has matched yet.",
    )
    customer_amount_overdue = fields.Monetary(
        string="Of it overdue",
        compute="_compute_customer_receivable",
        currency_field="company_currency_id",
        help="The instalments whose due date has passed, with tax.",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "tz")
    def _compute_customer_receivable(self):
        """Two queries, for any number of orders."""
        items = self.env["crm.receivable"]
        customers = self.partner_id.commercial_partner_id._filter_credit_known()
        known = self.filtered(
            lambda order: order.partner_id.commercial_partner_id in customers
        )
        amounts, overdue = {}, {}
        if known:
            receivable = (
                Domain("is_payable", "=", False)
                & Domain("partner_id", "in", known.partner_id.commercial_partner_id.ids)
                & Domain("company_id", "in", known.company_id.ids)
            )
            late = (
                receivable
                & Domain("amount_residual", ">", 0)
                & Domain("date_maturity", "<", fields.Date.context_today(self))
            )
            for found, domain in ((amounts, receivable), (overdue, late)):
                for partner, company, amount in items._read_group(
                    domain, ["partner_id", "company_id"], ["amount_residual:sum"]
                ):
                    found[partner.id, company.id] = amount
        for order in self:
            key = (order.partner_id.commercial_partner_id.id, order.company_id.id)
            order.customer_receivable_known = order in known
            order.customer_amount_open = amounts.get(key, 0.0)
            order.customer_amount_overdue = overdue.get(key, 0.0)

    def action_view_customer_receivable(self):
        """The open items of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_receivable_action"
        )
        customer = self.partner_id.commercial_partner_id
        return {
            **action,
            "domain": [
                ("is_payable", "=", False),
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
