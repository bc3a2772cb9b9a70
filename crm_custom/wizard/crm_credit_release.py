from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCreditRelease(models.TransientModel):
    """The credit controller's decision on an order that waits."""

    _name = "crm.credit.release"
    _description = "Credit release"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.company_id.currency_id")
    check_text = fields.Char(
        string="Why it waits", related="order_id.credit_check_text"
    )
    exposure = fields.Monetary(
        compute="_compute_exposure",
        compute_sudo=False,
        string="Credit exposure",
        help="The exposure of today, this order included.",
    )
    amount_covered = fields.Monetary(
        string="Covers an exposure up to",
        compute="_compute_amount_covered",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The order and its deliveries go as long as the customer's exposure is not"
        " larger. Put in more where the order may still grow.",
    )
    reason = fields.Char()

    @api.depends("order_id")
    def _compute_exposure(self):
        for release in self:
            release.exposure = release.order_id._get_check_to_release().exposure

    @api.depends("exposure")
    def _compute_amount_covered(self):
        for release in self:
            release.amount_covered = release.exposure

    def action_release(self):
        self.ensure_one()
        self.order_id._decide_on_credit(self._get_reason(), self.amount_covered)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        self.ensure_one()
        self.order_id._decide_on_credit(self._get_reason())
        return {"type": "ir.actions.act_window_close"}

    def _get_reason(self):
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give a reason: it is kept on the order."))
        return reason
