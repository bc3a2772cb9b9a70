from odoo import api, models

#: what Odoo works out, and a client could write all the same
ORDER_FIELDS = {"amount_tax", "amount_total", "amount_untaxed", "currency_rate"}
LINE_FIELDS = {
    "currency_id",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
    "price_subtotal",
    "price_tax",
    "price_total",
    "qty_delivered_method",
    "qty_invoiced",
    "qty_to_invoice",
    "state",
    "untaxed_amount_invoiced",
    "untaxed_amount_to_invoice",
}


def _without(names, vals):
    return {name: value for name, value in vals.items() if name not in names}


class SaleOrder(models.Model):
    """What an order comes to is worked out, whatever a client says of it.

    Gates and figures go by it.
    """

    _inherit = "sale.order"

    @api.model
    def default_get(self, fields):
        # neither by the context nor by a default of one's own
        if not self.env.su:
            fields = [name for name in fields if name not in ORDER_FIELDS]
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [_without(ORDER_FIELDS, vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        return super().write(vals if self.env.su else _without(ORDER_FIELDS, vals))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def default_get(self, fields):
        worked_out = self._get_worked_out()
        return super().default_get([name for name in fields if name not in worked_out])

    @api.model_create_multi
    def create(self, vals_list):
        worked_out = self._get_worked_out()
        if worked_out:
            vals_list = [_without(worked_out, vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        # a line is made a down payment, it does not become one
        vals = _without(self._get_worked_out() | {"is_downpayment"}, vals)
        counted = self.browse()
        if "qty_delivered" in vals:
            # what transfers and the like have told is not taken back by hand
            delivered = vals["qty_delivered"] or 0.0
            counted = self.filtered(
                lambda line: (
                    line.qty_delivered_method != "manual"
                    and line.qty_delivered > max(delivered, 0.0)
                )
            )
        if counted:
            rest = _without({"qty_delivered"}, vals)
            super(SaleOrderLine, counted).write(rest)
        return super(SaleOrderLine, self - counted).write(vals)

    def _get_worked_out(self):
        if self.env.su:
            return set()
        # by which invoice a line is settled says who writes invoices
        if self.env["account.move.line"].has_access("write"):
            return LINE_FIELDS
        return LINE_FIELDS | {"invoice_lines"}
