from odoo import api, fields, models
from odoo.tools import float_compare

from .crm_credit_words import credit_sentences

DECISIONS = [
    ("warned", "Warned"),
    ("held", "Held"),
    ("released", "Released"),
    ("refused", "Kept on hold"),
    ("freed", "Free again"),
]
DOORS = [
    ("confirm", "Confirmation"),
    ("change", "Change of a confirmed order"),
    ("delivery", "Delivery"),
    ("look", "Looked at again"),
]
SAME = ("decision", "door", "picking_id", "partner_id", "snapshot")


class CrmCreditDecision(models.Model):
    """What was decided about an order because of its customer's credit, and on what.

    Written by the gate and by the release alone, see ``sale.order``; nobody changes it.
    Amounts are in the currency of the company, as they stood then.
    """

    _name = "crm.credit.decision"
    _description = "Credit decision"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Delivery",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    create_date = fields.Datetime(string="Decided on", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Decided by", required=True, readonly=True
    )
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    door = fields.Selection(DOORS, string="At", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    amount_order = fields.Monetary(
        string="This order",
        readonly=True,
        help="What the order adds to the exposure. When it is confirmed already, what"
        " its deliveries bring beyond it. Less what was paid online for it and is not"
        " booked yet.",
    )
    receivable = fields.Monetary(string="Open amount", readonly=True, aggregator=None)
    uninvoiced = fields.Monetary(string="To invoice", readonly=True, aggregator=None)
    exposure = fields.Monetary(
        string="Credit exposure",
        readonly=True,
        aggregator=None,
        help="Open, to invoice, and this order.",
    )
    credit_limit = fields.Monetary(readonly=True, aggregator=None)
    overdue = fields.Monetary(string="Overdue amount", readonly=True, aggregator=None)
    amount_covered = fields.Monetary(
        string="Covers an exposure up to",
        readonly=True,
        aggregator=None,
        help="As long as the exposure is not larger, the order and its deliveries go.",
    )
    snapshot = fields.Json(readonly=True, export_string_translation=False)
    """The fields of `Credit`, with ``added``: what the order and those before it in the
    same call add; ``total``: the exposure with it; ``said``: {rule: action}."""
    said_text = fields.Char(
        string="Why", compute="_compute_said_text", help="What the credit rules said."
    )

    @api.depends("snapshot")
    @api.depends_context("lang")
    def _compute_said_text(self):
        for decision in self:
            decision.said_text = " ".join(decision._get_sentences())

    def _get_sentences(self, with_figures=True):
        """See `credit_sentences`; none of no decision."""
        return credit_sentences(self.env, self.snapshot, self.currency_id, with_figures)

    def _is_same(self, values):
        """Whether these values would say the same again."""
        return bool(self) and all(
            (self[name].id if name in ("partner_id", "picking_id") else self[name])
            == values[name]
            for name in SAME
        )

    def _covers(self, check):
        """Whether this release covers an order as things stand.

        :param check: `CreditCheck` of the order
        """
        return bool(
            self
            and self.decision == "released"
            and self.partner_id.id == check.credit.customer_id
            and float_compare(
                check.exposure,
                self.amount_covered,
                precision_rounding=self.currency_id.rounding,
            )
            <= 0
        )
