from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import float_compare

from .sale_order_discount import PERCENT_DIGITS, SMALLEST_PRICE
from .sale_order_gate import QUOTATION

NO_LIMIT = 100.0


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
        return super().create(vals_list)

    def write(self, vals):
        if "discount_cleared" in vals and not self.env.su:
            vals = {key: vals[key] for key in vals if key != "discount_cleared"}
        return super().write(vals)

    # ------------------------------------------------------------
    # The doors
    # ------------------------------------------------------------

    def _pass_gates(self, state, asking=False):
        passed = super()._pass_gates(state, asking)
        if asking:
            return passed - passed._get_held_by_discount()
        return passed._pass_discount_gate()

    def _get_gated_companies(self):
        limited = self.company_id.filtered("crm_discount_limited")
        return super()._get_gated_companies() | limited

    def _before_change(self):
        """Prices that were confirmed before there was a limit stand: remember them."""
        self.filtered(lambda order: not order.discount_cleared)._clear_discounts()
        return super()._before_change()

    def _pass_changes(self, before):
        return super()._pass_changes(before)._pass_discount_gate()

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

    def _clear_discounts(self):
        """Remember the prices as they stand: they may be sent and confirmed."""
        for order in self.filtered("company_id.crm_discount_limited"):
            lines = order._get_lines_with_price()
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
    _inherit = "sale.order.line"

    def _discount_key(self):
        line = self._origin
        return (line.id, self.product_id.id, self.product_uom_id.id)
