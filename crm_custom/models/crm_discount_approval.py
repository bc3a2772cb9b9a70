from odoo import fields, models


class CrmDiscountApproval(models.Model):
    """A discount above the limit that somebody has approved or refused.

    Written by the decision alone, see ``sale.order``; nobody may change it.
    """

    _name = "crm.discount.approval"
    _description = "Decision on a discount"
    _order = "create_date desc, id desc"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    create_date = fields.Datetime(string="Decided on", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Decided by", required=True, readonly=True
    )
    is_approved = fields.Boolean(string="Approved", readonly=True)
    discount = fields.Float(
        string="Largest discount (%)",
        digits="Discount",
        readonly=True,
        help="What the customer pays less than the pricelist asks, his share of global"
        " discounts and credits included.",
    )
    lines = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
