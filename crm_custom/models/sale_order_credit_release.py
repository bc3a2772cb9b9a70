from markupsafe import Markup

from odoo import models
from odoo.exceptions import AccessError, UserError

from .sale_order_credit_hold import CONTROLLER
from .sale_order_gate import QUOTATION


class SaleOrder(models.Model):
    """The decision of the credit controller on an order that waits."""

    _inherit = "sale.order"

    def action_release_credit(self):
        """The release of this order, or that it is kept on hold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit release"),
            "res_model": "crm.credit.release",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _get_check_to_release(self):
        """The check of this order, for who may release it.

        :raises AccessError: for whoever is no credit controller
        :raises UserError: when nothing holds it
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(CONTROLLER):
            raise AccessError(
                self.env._("%s is not yours to release.", self.name)
                + " "
                + self._get_releasers_text()
            )
        check = self._check_credit().get(self)
        if not check or not check.is_hold:
            raise UserError(
                self.env._("Nothing holds %s any more: confirm it.", self.name)
                if self.state in QUOTATION
                else self.env._("Nothing holds %s any more: deliver it.", self.name)
            )
        return check

    def _decide_on_credit(self, reason, amount_covered=None):
        """Release this order up to an exposure, or keep it on hold without one."""
        check = self._get_check_to_release()
        door = "confirm" if self.state in QUOTATION else "delivery"
        released = amount_covered is not None
        if (
            released
            and self.company_id.currency_id.compare_amounts(
                amount_covered, check.exposure
            )
            < 0
        ):
            raise UserError(
                self.env._(
                    "A release covers the exposure of today at least: %s.",
                    self.company_id.currency_id.format(check.exposure),
                )
            )
        decision = self._record_credit(
            {self: check},
            "released" if released else "refused",
            door,
            reason=reason,
            amount_covered=amount_covered or 0.0,
        )
        # sudo: the controller decides, and has no right to write orders
        order_sudo = self.sudo()
        order_sudo.credit_state = "released" if released else "held"
        if released:
            order_sudo.credit_release_id = decision
        order_sudo._get_credit_requests().unlink()
        title = self.env._("Credit released")
        if not released:
            title = self.env._("Kept on credit hold")
        order_sudo._tell_salesperson(
            title, Markup("<p>%s</p>") % reason, without=self.env.user
        )
