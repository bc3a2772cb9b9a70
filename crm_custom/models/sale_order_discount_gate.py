from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .sale_order_discount import PERCENT_DIGITS, SMALLEST_PRICE

QUOTATION = ("draft", "sent")
#: in these states somebody outside relies on the price
GATED = ("sent", "sale")
NO_LIMIT = 100.0
PRICE_FIELDS = {
    "combo_item_id",
    "discount",
    "is_expense",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
}


class SaleOrder(models.Model):
    """A discount above the limit of a role waits for somebody who may grant it.

    A quotation is saved with any discount. It is neither sent nor confirmed, signed nor
    paid, by whichever door, before somebody whose limit covers the discount has
    approved it or does it himself. What was let through is remembered in
    ``discount_cleared``: only a lower price, another product or another customer asks
    anew, not a pricelist that has changed since.
    """

    _inherit = "sale.order"

    discount_cleared = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        export_string_translation=False,
    )
    """``{"customer": id, "currency": id, "lines": {line id: [product, unit, price]}}``:
    the net unit prices that may be sent and confirmed."""

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # neither by value nor by a default of the context
            vals_list = [{**vals, "discount_cleared": False} for vals in vals_list]
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state in GATED)._check_discount_gate()
        return orders

    def write(self, vals):
        if "discount_cleared" in vals and not self.env.su:
            vals = {key: vals[key] for key in vals if key != "discount_cleared"}
        state = vals.get("state")
        moved = self.browse()
        if state in GATED:
            moved = self.filtered(lambda order: order.state != state)
        result = super().write(vals)
        moved._check_discount_gate()
        return result

    # ------------------------------------------------------------
    # The doors
    # ------------------------------------------------------------

    def action_quotation_send(self):
        held = self._get_held_by_discount()
        if held and len(self) == 1:
            return held._tell_discount_hold()
        if held:
            raise UserError(held._get_discount_hold_message())
        return super().action_quotation_send()

    def action_quotation_sent(self):
        passed = self._pass_discount_gate()
        held = self - passed
        result = True
        if passed or not held:
            result = super(SaleOrder, passed).action_quotation_sent()
        return held._tell_discount_hold() if held else result

    def action_confirm(self):
        """Orders whose discount waits stay as they are, the others are confirmed.

        Nothing is raised: a signature or a payment that led here is kept.

        :return: True, or the action that tells the user what waits
        """
        passed = self._pass_discount_gate()
        held = self - passed
        result = True
        if passed or not held:
            result = super(SaleOrder, passed).action_confirm()
        return held._tell_discount_hold() if held else result

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self.is_discount_held

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self.is_discount_held

    # ------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------

    def _get_discount_limit(self):
        """The percent that the acting user may grant on this order."""
        self.ensure_one()
        company, user = self.company_id, self.env.user
        limit = company.crm_discount_limit
        # what the customer or a job does grants no more than a salesperson may
        if user.id == SUPERUSER_ID or not user._is_internal():
            return limit
        if user.has_group("sales_team.group_sale_manager"):
            return NO_LIMIT
        # sudo: who leads the team, whoever may read it
        if self.team_id.sudo().user_id == user:
            return max(limit, company.crm_discount_limit_leader)
        return limit

    def _get_excessive_discounts(self):
        """{line: percent} of what a salesperson may not grant and nobody let through.

        :return: empty where the company has no limits
        """
        self.ensure_one()
        if not self.company_id.crm_discount_limited:
            return {}
        net_prices = self._get_net_prices(self._get_lines_with_price())
        cleared = self._get_cleared_prices()
        open_prices = {
            line: net
            for line, net in net_prices.items()
            if net < cleared.get(line._discount_key(), net + 1) - SMALLEST_PRICE
        }
        limit = self.company_id.crm_discount_limit
        return {
            line: percent
            for line, percent in self._get_granted_discounts(open_prices).items()
            if float_compare(percent, limit, precision_digits=PERCENT_DIGITS) > 0
        }

    def _may_grant(self, discounts):
        """Whether the acting user may grant these ``{line: percent}``."""
        return not discounts or max(discounts.values()) <= self._get_discount_limit()

    def _get_held_by_discount(self):
        """The quotations among these that the acting user may not let through."""
        return self.filtered(
            lambda order: (
                order.state in QUOTATION
                and not order._may_grant(order._get_excessive_discounts())
            )
        )

    def _get_limited_confirmed(self):
        return self.filtered(
            lambda order: (
                order.state == "sale" and order.company_id.crm_discount_limited
            )
        )

    def _pass_discount_gate(self):
        """Let through what may go on, and remember it.

        :return: these orders without the held ones
        """
        passed = self.browse()
        for order in self:
            discounts = order._get_excessive_discounts()
            if not order._may_grant(discounts):
                continue
            if discounts:
                order._approve_discounts(
                    discounts, self.env._("Granted by sending, confirming or changing.")
                )
            else:
                order._clear_discounts()
            passed |= order
        return passed

    def _check_discount_gate(self):
        held = self - self._pass_discount_gate()
        if held:
            raise UserError(held._get_discount_hold_message())

    # ------------------------------------------------------------
    # What was let through
    # ------------------------------------------------------------

    def _get_cleared_prices(self):
        """{(line, product, unit): price} of this customer in this currency."""
        cleared = self.discount_cleared or {}
        customer = self.partner_id.commercial_partner_id
        if (cleared.get("customer"), cleared.get("currency")) != (
            customer.id,
            self.currency_id.id,
        ):
            return {}
        return {
            (int(line_id), product_id, unit_id): price
            for line_id, (product_id, unit_id, price) in cleared["lines"].items()
        }

    def _clear_discounts(self, without=None):
        """Remember the prices as they stand: they may be sent and confirmed.

        :param without: lines that are not let through by this
        """
        for order in self.filtered("company_id.crm_discount_limited"):
            lines = order._get_lines_with_price()
            if without:
                lines -= without
            before = order._get_cleared_prices()
            cleared = {
                "customer": order.partner_id.commercial_partner_id.id,
                "currency": order.currency_id.id,
                "lines": {
                    # a price that was let through may be come back to
                    str(line.id): [
                        line.product_id.id,
                        line.product_uom_id.id,
                        min(net, before.get(line._discount_key(), net)),
                    ]
                    for line, net in order._get_net_prices(lines).items()
                },
            }
            if cleared != order.discount_cleared:
                # sudo: no user writes this, see create() and write()
                order.sudo().discount_cleared = cleared


class SaleOrderLine(models.Model):
    """Prices of confirmed orders: what was confirmed stands, a lower one is asked."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        orders = lines.order_id._get_limited_confirmed()
        orders.filtered(lambda order: not order.discount_cleared)._clear_discounts(
            without=lines
        )
        orders._check_discount_gate()
        return lines

    def write(self, vals):
        if PRICE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id"))
        orders = orders._get_limited_confirmed()
        orders.filtered(lambda order: not order.discount_cleared)._clear_discounts()
        result = super().write(vals)
        orders._check_discount_gate()
        return result

    def _discount_key(self):
        line = self._origin
        return (line.id, self.product_id.id, self.product_uom_id.id)
