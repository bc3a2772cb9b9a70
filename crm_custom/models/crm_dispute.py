from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import clean_context

OUTCOMES = [
    ("upheld", "We were right"),
    ("conceded", "The customer was right"),
    ("withdrawn", "Withdrawn"),
    ("settled", "The item was settled"),
    ("expired", "The date passed"),
]
#: what a user may change while a dispute is open
EDITABLE = frozenset({"reason_id", "date_until", "note"})


class CrmDispute(models.Model):
    """A customer refuses to pay an instalment, or a part of it, and says why.

    While it is open, the amount is left out of dunning; the rest of the instalment is
    chased as before. An amount never changes: what was disputed on a past day is read
    from these rows. What is disputed *of what is open* is told by ``crm.receivable``.
    """

    _name = "crm.dispute"
    _description = "Dispute"
    _order = "date_opened desc, id desc"

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        domain=[("account_type", "=", "asset_receivable")],
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    number = fields.Char(related="move_line_id.move_name")
    date_maturity = fields.Date(
        related="move_line_id.date_maturity",
        string="Due date",
        help="The day on which this instalment is due.",
    )
    partner_id = fields.Many2one(
        related="move_line_id.partner_id.commercial_partner_id", string="Customer"
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    company_id = fields.Many2one(
        related="move_line_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="move_line_id.currency_id", store=True)
    amount = fields.Monetary(
        string="Disputed amount",
        required=True,
        readonly=True,
        aggregator=None,
        help="In the currency of the invoice. It does not change: end the dispute and"
        " open another one where it was wrong.",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency",
        string="Open amount",
        help="What is open of the whole instalment now.",
    )
    reason_id = fields.Many2one(
        "crm.dispute.reason", required=True, index=True, ondelete="restrict"
    )
    date_opened = fields.Date(string="Disputed on", required=True, readonly=True)
    date_until = fields.Date(
        string="Until",
        required=True,
        help="The last day. On the next one the dispute ends by itself, and the amount"
        " is chased again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Opened by",
        required=True,
        readonly=True,
        index=True,
    )
    note = fields.Text(help="What the customer said, and what has to be found out.")
    state = fields.Selection(
        [("open", "Open"), ("ended", "Ended")],
        string="Dispute status",
        required=True,
        readonly=True,
        default="open",
    )
    outcome = fields.Selection(OUTCOMES, string="How it ended", readonly=True)
    date_ended = fields.Date(string="Ended on", readonly=True)
    ended_by_id = fields.Many2one("res.users", string="Ended by", readonly=True)
    origin = fields.Reference(
        "_selection_origin",
        readonly=True,
        index=True,
        help="What the dispute comes from, which ends it as well.",
    )
    #: which of the open disputes of an item this one is: see `_one_at_a_time`
    slot = fields.Integer(readonly=True, export_string_translation=False)
    #: what became of No Follow-Up: see `_sync_followup`
    followup = fields.Selection(
        [("ticked", "Ticked"), ("by_hand", "Left to the user")],
        readonly=True,
        export_string_translation=False,
    )

    _positive = models.Constraint(
        "CHECK (amount > 0)", "What is disputed is an amount above 0."
    )
    _ends_after_it_begins = models.Constraint(
        "CHECK (date_until >= date_opened)",
        "A dispute ends on the day on which it is opened, or later.",
    )
    # Two at once have both read what is left, and take the same number.
    _one_at_a_time = models.UniqueIndex(
        "(move_line_id, slot) WHERE state = 'open'",
        "Somebody else has just disputed the same instalment. Look at it again.",
    )
    _open_until_index = models.Index("(company_id, date_until) WHERE state = 'open'")

    @api.model
    def _selection_origin(self):
        """What a dispute may come from. A later room adds its model."""
        return [("crm.interaction", self.env._("Contact made"))]

    @api.depends("number", "reason_id")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = f"{dispute.number or ''} {dispute.reason_id.name}"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Open disputes. Without an amount, all that is open and not disputed yet.

        Three queries besides Odoo's own, for any number of them.
        """
        # sudo: a salesperson has no way into the entries; his right to the items is
        # checked, and no more than these is asked
        lines_sudo = self.env["account.move.line"].sudo()
        lines_sudo = lines_sudo.browse(
            {vals.get("move_line_id") for vals in vals_list} - {None, False}
        ).exists()
        self._check_items_access(lines_sudo)
        left, slots = self._get_left(lines_sudo)
        # a context may bring defaults for what nobody decides
        model = self.with_context(clean_context(self.env.context))
        disputes = super(CrmDispute, model).create(
            [self._prepare_opening(vals, lines_sudo, left, slots) for vals in vals_list]
        )
        disputes._sync_followup()
        disputes._log_opened()
        return disputes.with_env(self.env)

    @api.model
    def _prepare_opening(self, vals, lines_sudo, left, slots):
        """The values of one of several new disputes; what is left goes along."""
        line = lines_sudo.browse(vals.get("move_line_id")) & lines_sudo
        if not line or line.account_type != "asset_receivable" or left[line] <= 0:
            raise UserError(
                self.env._(
                    "Nothing that a customer owes is left to be disputed of %s.",
                    line.move_name or self.env._("this item"),
                )
            )
        amount = left[line] if vals.get("amount") is None else vals["amount"]
        amount = line.currency_id.round(amount)
        if amount > left[line]:
            raise ValidationError(
                self.env._(
                    "Of %(number)s no more than %(amount)s can be disputed: that is"
                    " what is open and not disputed yet.",
                    number=line.move_name,
                    amount=line.currency_id.format(left[line]),
                )
            )
        left[line] = line.currency_id.round(left[line] - amount)
        slots[line] += 1
        company = line.company_id
        today = company._crm_today()
        values = {
            "date_until": today + timedelta(days=company.crm_dispute_days),
            "user_id": self.env.uid,
            **{name: vals[name] for name in EDITABLE if vals.get(name)},
            "move_line_id": line.id,
            "amount": amount,
            "date_opened": today,
            "slot": slots[line],
        }
        if self.env.su:
            # a room that opens it for somebody
            values |= {
                name: vals[name] for name in ("user_id", "origin") if name in vals
            }
        return values

    def write(self, vals):
        if not self.env.su:
            if not vals.keys() <= EDITABLE:
                raise AccessError(
                    self.env._(
                        "Of a dispute the reason, the date and the note can be changed."
                        " End it and open another one where its amount was wrong."
                    )
                )
            if any(dispute.state != "open" for dispute in self):
                raise UserError(self.env._("A dispute that has ended is history."))
        return super().write(vals)

    @api.model
    def _check_items_access(self, lines):
        """Whoever may read an open item may dispute it."""
        if self.env.su:
            return
        items = self.env["crm.receivable"].with_context(
            crm_receivable_date=False, crm_receivable_partner_ids=None
        )
        if len(items.search([("id", "in", lines.ids)])) < len(lines):
            raise AccessError(
                self.env._(
                    "You dispute the open items that you may see: those of your"
                    " customers, in your companies."
                )
            )

    @api.model
    def _get_left(self, lines):
        """What is open and not disputed yet, in the currency of each item; 1 query.

        :return: {item: amount}, {item: the highest slot that is taken}
        """
        left = {line: line.amount_residual_currency for line in lines}
        slots = defaultdict(int)
        # sudo: all disputes of the item count, whoever may read them
        for line, amount, slot in self.sudo()._read_group(
            Domain("move_line_id", "in", lines.ids) & Domain("state", "=", "open"),
            ["move_line_id"],
            ["amount:sum", "slot:max"],
        ):
            line = line.with_env(lines.env)
            left[line] = line.currency_id.round(max(left[line] - amount, 0.0))
            slots[line] = slot
        for line in lines:
            if line.parent_state != "posted" or line.reconciled:
                left[line] = 0.0
        return left, slots

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_end(self):
        """How did they end? The wizard asks."""
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dispute_end_action"
        )
        opened = self.filtered(lambda dispute: dispute.state == "open")
        action["context"] = {"default_dispute_ids": opened.ids}
        return action

    def action_open_item(self):
        """The invoice; for who may not read entries, the customer."""
        self.ensure_one()
        # sudo: the row vanishes when it is settled, and the way to it must not
        may_read = self.env["crm.receivable"]._may_read_entries()
        record = self.move_id if may_read else self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
