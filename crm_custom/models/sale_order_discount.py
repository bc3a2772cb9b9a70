from odoo import fields, models

#: percents and prices that differ by less are the same
PERCENT_DIGITS = 2
SMALLEST_PRICE = 1e-6


class SaleOrder(models.Model):
    """What is granted on an order beyond what its pricelist grants.

    Of each line counts what the customer pays for a unit in the end: after the line's
    discount, and after its share of all negative lines (global discounts, credits).
    It is compared with what the pricelist asks for this product, quantity, unit and
    day; what the pricelist itself grants is not counted.
    """

    _inherit = "sale.order"

    def _get_lines_with_price(self):
        """The lines that say what is paid for what."""
        # what was spent for the customer on a confirmed order is charged as it was
        return self.order_line.filtered(
            lambda line: (
                not line.display_type
                and line.product_uom_qty
                and line.product_type != "combo"
                and not (
                    line.is_expense
                    and line.state == "sale"
                    and line.product_id.expense_policy != "no"
                )
            )
        )

    def _get_net_prices(self, lines):
        """{line: what is paid for a unit in the end}, of the positive ones of these.

        In the order's currency, with tax where the price has it.
        """
        prices = {
            line: line.price_unit * (1 - (line.discount or 0.0) / 100) for line in lines
        }
        amounts = [price * line.product_uom_qty for line, price in prices.items()]
        asked = sum(amount for amount in amounts if amount > 0)
        taken_off = -sum(amount for amount in amounts if amount < 0)
        share = min(taken_off / asked, 1.0) if asked else 0.0
        return {
            line: price * (1 - share)
            for line, price in prices.items()
            if line.product_uom_qty > 0 and price >= 0
        }

    def _get_pricelist_prices(self, lines):
        """{line: what the pricelist asks for a unit}, by one search of its rules.

        Odoo asks for the rules line by line; what it makes of a rule is used here.
        """
        day = self._get_pricelist_day()
        rules = self.pricelist_id._get_applicable_rules(lines.product_id, day)
        prices = {}
        for line in lines.with_company(self.company_id):
            if line.combo_item_id:
                price = line._get_combo_item_display_price()
            else:
                price = line._get_price_by_rules(rules, day)
            taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
            prices[line] = line.product_id._get_tax_included_unit_price_from_price(
                price, product_taxes=taxes, fiscal_position=self.fiscal_position_id
            )
        return prices

    def _get_pricelist_day(self):
        """The moment whose prices are asked: that of the order's date, which anybody
        may write, but not before the quotation was made and not in the future.
        """
        now = fields.Datetime.now()
        return min(max(self.date_order or now, self.create_date or now), now)

    def _get_granted_discounts(self, net_prices):
        """{line: percent granted beyond the pricelist}, of the lines of ``net_prices``.

        A product without price has none to compare with: there it is the discount that
        is typed, and the share of negative lines.
        """
        if not net_prices:
            return {}
        lines = self.env["sale.order.line"].concat(*net_prices)
        # what is read of these is read of the lines of all orders at once
        lines = lines.with_prefetch(self.order_line._prefetch_ids)
        asked = self._get_pricelist_prices(lines)
        granted = {}
        for line, net in net_prices.items():
            reference = asked[line] if asked[line] > SMALLEST_PRICE else line.price_unit
            percent = (1 - net / reference) * 100 if reference > SMALLEST_PRICE else 0.0
            granted[line] = round(percent, PERCENT_DIGITS)
        return granted


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_price_by_rules(self, rules, day):
        product, terms = self.product_id, {**self._get_pricelist_kwargs(), "date": day}
        quantity = terms["quantity"]
        if terms["uom"] != product.uom_id:
            quantity = terms["uom"]._compute_quantity(
                quantity, product.uom_id, raise_if_failure=False
            )
        rule = next(
            (each for each in rules if each._is_applicable_for(product, quantity)),
            rules.browse(),
        )
        return rule._compute_price(
            product=product.with_context(**self._get_product_price_context()), **terms
        )
