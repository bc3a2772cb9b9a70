from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: of a move that is done, by which it counts more or less as delivered
COUNTED = {
    "location_dest_id",
    "location_id",
    "origin_returned_move_id",
    "quantity",
    "sale_line_id",
    "state",
    "to_refund",
}
#: the same of its lines
LINE_COUNTED = {"move_id", "product_uom_id", "quantity", "state"}


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _is_at_customer(self):
        """Whether what is there is delivered; `at_customer` says the same in SQL."""
        return self.usage == "customer" or (
            self.usage == "transit" and not self.company_id
        )

    @api.model
    def _get_at_customer_domain(self):
        """The same for a search."""
        return Domain("usage", "=", "customer") | (
            Domain("usage", "=", "transit") & Domain("company_id", "=", False)
        )


class StockMove(models.Model):
    """What leaves for an order has passed the gate, however it leaves; what is said
    afterwards of how much it was is a change of the order.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        line_ids = {
            vals["sale_line_id"]
            for vals in vals_list
            if vals.get("state") == "done" and vals.get("sale_line_id")
        }
        # sudo: who moves goods may not read orders
        lines_sudo = self.env["sale.order.line"].sudo().browse(line_ids)
        with lines_sudo.order_id._gated_change():
            return super().create(vals_list)

    def write(self, vals):
        if COUNTED.isdisjoint(vals):
            return super().write(vals)
        if vals.get("state") == "done":
            self._check_leaving()
        with self._gated_done(vals.get("sale_line_id")):
            return super().write(vals)

    def _gated_done(self, line_id=None):
        """Look at the change of what is done of these, see `_gated_change` of orders.

        :param line_id: order line to which they will belong
        """
        # sudo: as above
        done_sudo = self.sudo().filtered(lambda m: m.state == "done")
        lines_sudo = done_sudo.sale_line_id
        if done_sudo and line_id:
            lines_sudo |= lines_sudo.browse(line_id)
        return lines_sudo.order_id._gated_change()

    def _check_leaving(self):
        """:raises UserError: when an order waits whose transfer has not been asked"""
        # sudo: as above
        orders_sudo = self.env["sale.order"].sudo()
        orders_sudo = orders_sudo.union(*(m._get_leaving_order() for m in self.sudo()))
        passed = orders_sudo._get_known("crm_credit_delivered")
        asked = orders_sudo.filtered(lambda o: o.id not in passed)
        held = asked - asked._pass_credit_gate("delivery")
        if held:
            raise UserError(held._get_hold_message("sale"))

    def _is_leaving(self):
        """Whether this is about to go to a customer, and does not come from one."""
        return (
            self.state not in ("done", "cancel")
            and self.location_dest_id._is_at_customer()
            and not self.location_id._is_at_customer()
        )

    @api.model
    def _get_leaving_domain(self):
        """As `_is_leaving` says of one."""
        at_customer = self.env["stock.location"]._get_at_customer_domain()
        return (
            Domain("state", "not in", ("done", "cancel"))
            & Domain("location_dest_id", "any", at_customer)
            & Domain("location_id", "not any", at_customer)
        )

    def _get_leaving_order(self):
        """The order for which this is about to leave, if it is for one."""
        order = self.sale_line_id.order_id or self.picking_id.sale_id
        return order if self._is_leaving() else order.browse()

    def _get_quantity_picked(self):
        """What leaves when it is validated now, in the unit of the product.

        As Odoo has it: what is picked, or all where nothing is.
        """
        lines = self.move_line_ids
        if any(m.picked for m in self.picking_id.move_ids or self if m._is_leaving()):
            lines = lines.filtered("picked")
        return sum(lines.mapped("quantity_product_uom"))


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        with moves._gated_done():
            return super().create(vals_list)

    def write(self, vals):
        if LINE_COUNTED.isdisjoint(vals):
            return super().write(vals)
        moves = self.move_id | self.move_id.browse(vals.get("move_id") or ())
        with moves._gated_done():
            return super().write(vals)
