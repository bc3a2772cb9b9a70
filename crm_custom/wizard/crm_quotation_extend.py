from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

DEFAULT_DAYS = 30


class CrmQuotationExtend(models.TransientModel):
    """A later day until which quotations are valid."""

    _name = "crm.quotation.extend"
    _description = "Extend the validity of quotations"

    order_ids = fields.Many2many("sale.order", string="Quotations", required=True)
    validity_date = fields.Date(
        string="Valid until",
        required=True,
        default=lambda self: self._default_validity_date(),
    )

    @api.model
    def _default_validity_date(self):
        days = self.env.company.quotation_validity_days or DEFAULT_DAYS
        return fields.Date.context_today(self) + timedelta(days=days)

    def action_extend(self):
        self.ensure_one()
        orders = self.order_ids
        if not orders:
            raise UserError(self.env._("Choose the quotations to extend."))
        if self.validity_date < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day that has not passed."))
        orders.check_access("write")
        orders._check_is_quotation()
        orders.validity_date = self.validity_date
        text = self.env._(
            "Valid until %s now.", format_date(self.env, self.validity_date)
        )
        orders._message_log_batch(dict.fromkeys(orders.ids, text))
        return {"type": "ir.actions.act_window_close"}
