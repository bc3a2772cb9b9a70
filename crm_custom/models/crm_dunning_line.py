from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("item", "Reminded of"),
    ("shown", "Shown, level stays"),
    ("credit", "Open credit"),
    ("excluded", "Left out"),
]
REASONS = [
    ("disputed", "Disputed"),
    ("promised", "Promised to pay"),
    ("paused", "Paused"),
    ("no_followup", "No Follow-Up"),
    ("early", "Not overdue for long enough"),
    ("waiting", "Waits for its next level"),
    ("last", "Had its last level"),
    ("minimum", "Below the minimum amount"),
    ("covered", "Covered by open credits"),
    ("left_out", "Left out by hand"),
    ("settled", "Settled since"),
    ("changed", "Changed since"),
]


class CrmDunningLine(models.Model):
    """An open item in a dunning run: in a letter, or left out and why.

    What it says is what was so when the letter was made; before, when it was proposed.
    An item's level is that of its last line that counts.
    """

    _name = "crm.dunning.line"
    _description = "Item of a dunning run"
    _order = "date_maturity, id"
    _rec_name = "number"

    run_id = fields.Many2one(
        "crm.dunning.run", required=True, index=True, ondelete="cascade"
    )
    letter_id = fields.Many2one(
        "crm.dunning.letter", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    # an instalment may be written anew with its invoice; what was sent stays known
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="set null"
    )
    number = fields.Char()
    kind = fields.Selection(KINDS, required=True)
    reason = fields.Selection(REASONS, string="Why not")
    date = fields.Date(string="Entry date")
    date_maturity = fields.Date(
        string="Due date",
        help="The day on which this instalment is due, not the last of the invoice.",
    )
    days_overdue = fields.Integer(string="Days overdue", aggregator="max")
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(
        string="Amount due",
        aggregator=None,
        help="What is open and not disputed, in the currency of the item.",
    )
    amount_company = fields.Monetary(
        string="Amount due in company currency", currency_field="company_currency_id"
    )
    amount_disputed = fields.Monetary(string="Disputed amount", aggregator=None)
    level_before_id = fields.Many2one("crm.dunning.level", string="Level before")
    level_id = fields.Many2one("crm.dunning.level", ondelete="restrict")
    #: whether the item has the level: from the making of its letter until it is taken
    #: back
    is_counted = fields.Boolean(export_string_translation=False)
    date_sent = fields.Date(string="Reminded on")

    # two at once give an item its next level once
    _level_once = models.UniqueIndex(
        "(move_line_id, level_id) WHERE is_counted IS TRUE",
        "This item has had its level already.",
    )
    _item_once = models.UniqueIndex(
        "(run_id, move_line_id)", "An item is in a run once."
    )

    @api.depends("number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.number or line.move_line_id.name or str(line.id)

    def action_leave_out(self):
        """Not this item, this time."""
        lines = self._check_may_change()
        lines.filtered(lambda line: line.kind != "excluded").write(
            {"kind": "excluded", "reason": "left_out"}
        )
        lines.letter_id._sum_up()

    def action_take_in(self):
        """The item after all."""
        lines = self._check_may_change().filtered(
            lambda line: line.reason == "left_out"
        )
        for line in lines:
            if line.amount < 0:
                kind = "credit"
            else:
                kind = "item" if line.level_id else "shown"
            line.write({"kind": kind, "reason": False})
        lines.letter_id._sum_up()

    def _check_may_change(self):
        """:return: the lines, to be written"""
        self.run_id.check_access("write")
        if any(line.run_id.state != "draft" or not line.letter_id for line in self):
            raise UserError(
                self.env._(
                    "What is in a letter can be changed as long as its run is to be"
                    " checked."
                )
            )
        # sudo: lines are written by buttons, whose user was checked, and by the job
        return self.sudo()

    def action_open_item(self):
        """The invoice; for who may not read entries, the customer."""
        self.ensure_one()
        may_read = self.env["crm.receivable"]._may_read_entries()
        record = self.move_id if may_read and self.move_id else self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
