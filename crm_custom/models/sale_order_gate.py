from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

QUOTATION = ("draft", "sent")
#: in these states somebody outside relies on the order
GATED = ("sent", "sale")
#: a line that is changed here may cost something else
PRICE_FIELDS = {
    "combo_item_id",
    "discount",
    "extra_tax_data",
    "is_expense",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_delivered",
    "tax_ids",
}
#: of an order: who orders, who pays, and in what money
CUSTOMER_FIELDS = {
    "company_id",
    "currency_id",
    "date_order",
    "partner_id",
    "partner_invoice_id",
}


class Known(frozenset):
    """Ids of orders, in the context of a method of Odoo that does more with them.

    A class of its own: what a client puts into the context is none.
    """


class SaleOrder(models.Model):
    """Every door by which an order can leave, and what stands there.

    A gate extends `_pass_gates`, for orders that are to be sent or confirmed, and
    `_pass_changes`, for confirmed ones that are changed; what it has to say of those
    that it holds, it adds to `_get_hold_messages` and `_tell_hold`.
    """

    _inherit = "sale.order"

    # ------------------------------------------------------------
    # The doors
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for state in GATED:
            orders.filtered(lambda o, state=state: o.state == state)._check_gates(state)
        return orders

    def write(self, vals):
        state = vals.get("state")
        moved = self.browse()
        if state in GATED:
            passed = self._get_known("crm_gates_passed")
            moved = self.filtered(lambda o: o.state != state and o.id not in passed)
        changed = self.browse()
        if not CUSTOMER_FIELDS.isdisjoint(vals):
            changed = self - moved
        # what is written of their lines is looked at with the rest
        order = self.with_context(crm_gates_ahead=Known(moved.ids)) if moved else self
        with changed._gated_change():
            result = super(SaleOrder, order).write(vals)
            moved._check_gates(state)
        return result

    def action_quotation_send(self):
        # before a gate tells, remembers or asks anything
        self.check_access("write")
        held = self - self._pass_gates("sent", asking=True)
        if held and len(self) == 1:
            return held._tell_hold("sent")
        if held:
            raise UserError(held._get_hold_message("sent"))
        return super().action_quotation_send()

    def action_quotation_sent(self):
        self.check_access("write")
        passed = self._pass_gates("sent")
        held = self - passed
        result = True
        if passed or not held:
            result = super(SaleOrder, passed._with_passed()).action_quotation_sent()
        return held._tell_hold("sent") if held else result

    def action_confirm(self):
        """Orders that a gate holds stay as they are, the others are confirmed.

        Nothing is raised: a signature or a payment that led here is kept.

        :return: True, or the action that tells the user what waits
        """
        self.check_access("write")
        passed = self._pass_gates("sale")
        held = self - passed
        result = True
        if passed or not held:
            result = super(SaleOrder, passed._with_passed()).action_confirm()
        return held._tell_hold("sale") if held else result

    def _with_passed(self):
        return self.with_context(crm_gates_passed=Known(self.ids))

    def _get_known(self, key):
        ids = self.env.context.get(key)
        return ids if isinstance(ids, Known) else ()

    # ------------------------------------------------------------
    # What stands there
    # ------------------------------------------------------------

    def _pass_gates(self, state, asking=False):
        """Let through what may get this state, and remember it.

        :param asking: nothing is decided yet, so nothing is remembered
        :return: these orders without the held ones
        """
        return self

    def _check_gates(self, state):
        held = self - self._pass_gates(state) if self else self
        if held:
            raise UserError(held._get_hold_message(state))

    def _get_gated_confirmed(self):
        """The confirmed ones among these whose changes a gate looks at."""
        ahead = self._get_known("crm_gates_ahead")
        confirmed = self.filtered(lambda o: o.state == "sale" and o.id not in ahead)
        companies = confirmed._get_gated_companies()
        return confirmed.filtered(lambda o: o.company_id in companies)

    def _get_gated_companies(self):
        """The companies of these orders in which a gate stands."""
        return self.env["res.company"]

    def _before_change(self):
        """{order: what a gate has to know of it} before confirmed orders change."""
        return {order: {} for order in self}

    def _pass_changes(self, before):
        """Let through the changes of confirmed orders, as `_pass_gates` does.

        :param before: what `_before_change` told of them
        """
        return self

    @contextmanager
    def _gated_change(self):
        """Look at what is changed of the confirmed ones among these.

        :raises UserError: when a gate holds them as they are then
        """
        confirmed = self._get_gated_confirmed()
        before = confirmed._before_change()
        yield
        held = confirmed
        if confirmed:
            held -= confirmed._pass_changes(before)
        if held:
            raise UserError(held._get_hold_message("sale"))

    # ------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------

    def _get_hold_messages(self, state):
        """Sentences: why these do not get this state, or are not changed."""
        return []

    def _get_hold_message(self, state):
        return "\n".join(self._get_hold_messages(state))

    def _is_told_to_user(self):
        """Whether somebody in the house is told: no customer and no job."""
        return self.env.user._is_internal() and self.env.uid != SUPERUSER_ID

    def _tell_hold(self, state):
        """Tell that these wait: the user, and whoever decides.

        :return: the action that tells it
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Waiting for a decision"),
                "message": self._get_hold_message(state),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class SaleOrderLine(models.Model):
    """Lines of confirmed orders: what was confirmed stands, a change is looked at."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        # a gate looks at the orders as they were: new lines are told apart by it
        default = self.env.context.get("default_order_id")
        order_ids = {vals.get("order_id", default) for vals in vals_list} - {
            None,
            False,
        }
        with self.env["sale.order"].browse(order_ids)._gated_change():
            return super().create(vals_list)

    def write(self, vals):
        if PRICE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or ())
        with orders._gated_change():
            result = super().write(vals)
        # as soon as that, for Odoo stumbles over lines that are written with the state
        ahead = orders._get_known("crm_gates_ahead")
        orders.filtered(lambda o: o.id in ahead and o.state == "sale")._check_gates(
            "sale"
        )
        return result

    def unlink(self):
        """Of a confirmed order some may go, such as a discount: then it costs more."""
        with self.filtered(lambda line: not line.display_type).order_id._gated_change():
            return super().unlink()
