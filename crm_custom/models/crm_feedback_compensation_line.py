from odoo import api, fields, models

from .crm_feedback_compensation import LIVE

#: what a product is counted for: a piece is made good once, comes back once, and is
#: repaired once
CLAIMS = {
    "credit": "quantity_made_good",
    "reduction": "quantity_made_good",
    "replacement": "quantity_made_good",
    "return": "quantity_returned",
    "repair": "quantity_repaired",
}


class CrmFeedbackCompensationLine(models.Model):
    """A product of a case and the quantity of it that a compensation is for."""

    _name = "crm.feedback.compensation.line"
    _description = "Product of a compensation"
    _order = "compensation_id, id"
    _rec_name = "product_id"

    compensation_id = fields.Many2one(
        "crm.feedback.compensation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    feedback_line_id = fields.Many2one(
        "crm.feedback.line",
        string="Product of the case",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="feedback_line_id.product_id")
    uom_id = fields.Many2one(related="feedback_line_id.uom_id")
    quantity = fields.Float(required=True, readonly=True, digits="Product Unit")
    #: the column of the case's product that counts it
    claim = fields.Selection(
        [
            ("quantity_made_good", "Made good"),
            ("quantity_returned", "Returned"),
            ("quantity_repaired", "Repaired"),
        ],
        required=True,
        readonly=True,
        export_string_translation=False,
    )
    is_live = fields.Boolean(
        compute="_compute_is_live", store=True, export_string_translation=False
    )
    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "stock.move", readonly=True, index="btree_not_null", ondelete="set null"
    )
    #: which of the claims on an invoice line or delivery this is: see `_one_at_a_time`
    slot = fields.Integer(readonly=True, export_string_translation=False)
    invoice_currency_id = fields.Many2one(
        related="invoice_line_id.currency_id", string="Currency of the invoice"
    )
    reduction = fields.Monetary(
        string="Price reduction",
        readonly=True,
        currency_field="invoice_currency_id",
        help="In the currency of the invoice, as its prices are: with tax where they"
        " include it.",
    )
    company_currency_id = fields.Many2one(related="compensation_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        currency_field="company_currency_id",
        help="What it is worth, as far as that is known when it is proposed: without"
        " tax; goods at cost.",
    )
    credit_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity must be more than nothing."
    )
    # Two at once have both read what is left, and take the same number.
    _invoice_one_at_a_time = models.UniqueIndex(
        "(invoice_line_id, claim, slot) WHERE is_live AND invoice_line_id IS NOT NULL",
        "Somebody else has just proposed the same. Look at it again.",
    )
    _move_one_at_a_time = models.UniqueIndex(
        "(move_id, claim, slot) WHERE is_live AND move_id IS NOT NULL",
        "Somebody else has just proposed the same. Look at it again.",
    )

    @api.depends("compensation_id.state")
    def _compute_is_live(self):
        for line in self:
            line.is_live = line.compensation_id.state in LIVE


class CrmFeedbackLine(models.Model):
    """What of a product is compensated already.

    The three sums are columns with a CHECK: two users at once write the same row, so
    one of them is told, and a cancelled document that comes back is asked again.
    """

    _inherit = "crm.feedback.line"

    compensation_line_ids = fields.One2many(
        "crm.feedback.compensation.line", "feedback_line_id", readonly=True, copy=False
    )
    quantity_made_good = fields.Float(
        string="Made good",
        digits="Product Unit",
        compute="_compute_compensated",
        store=True,
        help="Credited, reduced in price or replaced, drafts and proposals included.",
    )
    quantity_returned = fields.Float(
        string="Returned",
        digits="Product Unit",
        compute="_compute_compensated",
        store=True,
        help="Taken back, or to be taken back.",
    )
    quantity_repaired = fields.Float(
        string="Repaired",
        digits="Product Unit",
        compute="_compute_compensated",
        store=True,
        help="Repaired, or to be repaired.",
    )

    _not_compensated_twice = models.Constraint(
        "CHECK (GREATEST(quantity_made_good, quantity_returned, quantity_repaired)"
        " <= quantity + 0.000001)",
        "Of a product of this case more would be compensated than the customer"
        " complains of: there is a compensation for it already. Cancel that first, or"
        " correct the quantity in the case.",
    )

    @api.depends(
        "compensation_line_ids.claim",
        "compensation_line_ids.is_live",
        "compensation_line_ids.quantity",
    )
    def _compute_compensated(self):
        for line in self:
            live = line.compensation_line_ids.filtered("is_live")
            for name in dict.fromkeys(CLAIMS.values()):
                line[name] = sum(
                    live.filtered(lambda one, n=name: one.claim == n).mapped("quantity")
                )
