from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .crm_dunning_level import CHANNELS

STATES = [
    ("pending", "To make"),
    ("left_out", "Left out"),
    ("queued", "In the outbox"),
    ("done", "Made"),
    ("failed", "Failed"),
    ("dropped", "Nothing due any more"),
    ("cancelled", "Cancelled"),
    ("taken_back", "Taken back"),
]
#: the customer has got it, or is about to
MADE = ("queued", "done")


class CrmDunningLetter(models.Model):
    """All that one customer is reminded of in one run: by e-mail, letter or call.

    Its level is the highest that one of its items reaches; each item has its own.
    """

    _name = "crm.dunning.letter"
    _inherit = ["crm.outbox.line", "mail.activity.mixin"]
    # what the customer reads above his e-mail
    _description = "Payment reminder"
    _order = "id"
    # a salesperson who calls his customer says in it what was said
    _mail_post_access = "read"

    run_id = fields.Many2one(
        "crm.dunning.run",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    level_id = fields.Many2one(
        "crm.dunning.level",
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    channel = fields.Selection(CHANNELS, string="By", required=True)
    #: by a person: it stays with another level
    is_channel_chosen = fields.Boolean(readonly=True, export_string_translation=False)
    state = fields.Selection(
        STATES,
        string="Reminder status",
        required=True,
        readonly=True,
        default="pending",
    )
    #: left out since nothing was left to be reminded of, and by nobody
    is_emptied = fields.Boolean(readonly=True, export_string_translation=False)
    reason = fields.Char(
        string="Remark",
        readonly=True,
        help="Why it was not made, or why it became a call.",
    )
    line_ids = fields.One2many("crm.dunning.line", "letter_id", readonly=True)
    item_ids = fields.One2many(
        "crm.dunning.line",
        "letter_id",
        domain=[("kind", "!=", "excluded")],
        readonly=True,
    )
    excluded_ids = fields.One2many(
        "crm.dunning.line",
        "letter_id",
        domain=[("kind", "=", "excluded")],
        readonly=True,
    )
    amount = fields.Monetary(
        string="Amount due",
        readonly=True,
        help="Of all items, open credits taken off, in the currency of the company.",
    )
    days_overdue = fields.Integer(
        string="Days overdue", readonly=True, aggregator="max"
    )
    date_sent = fields.Date(string="Reminded on", readonly=True)
    date_deadline_pay = fields.Date(string="Asked to pay by", readonly=True)
    recipient_id = fields.Many2one("res.partner", compute="_compute_recipient")
    recipient_email = fields.Char(string="E-mail address", compute="_compute_recipient")
    refusal = fields.Char(
        string="Why no e-mail",
        compute="_compute_recipient",
        help="Whom no e-mail can reach is called.",
    )
    pdf_id = fields.Many2one(
        "ir.attachment", string="PDF", ondelete="set null", readonly=True, copy=False
    )
    is_printed = fields.Boolean(string="Printed", readonly=True)
    note_taken_back = fields.Text(string="Why taken back", readonly=True)

    _once = models.Constraint(
        "UNIQUE (run_id, partner_id, merged_key)", "A customer is in a run once."
    )
    _to_make_index = models.Index("(run_id, id) WHERE state = 'pending'")

    @api.depends("partner_id", "level_id")
    def _compute_display_name(self):
        for letter in self:
            # sudo: the names alone, of a customer who may be hidden by now
            names = (letter.level_id.sudo().name, letter.partner_id.sudo().name)
            letter.display_name = ": ".join(filter(None, names))

    @api.depends("contact_id", "state", "partner_id")
    def _compute_recipient(self):
        """Who got it, or would; two queries, for any number of letters."""
        model = self.env["crm.statement"]
        recipients = model._get_recipients(self.partner_id)
        for letter in self:
            letter.recipient_id = letter.contact_id or recipients.get(letter.partner_id)
        refusals = model._get_refusals(self.recipient_id)
        for letter in self:
            # sudo: the address of who is written to
            letter.recipient_email = letter.recipient_id.sudo().email
            letter.refusal = letter.channel == "email" and refusals.get(
                letter.recipient_id
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            if not vals.keys() <= {"channel"}:
                raise AccessError(self.env._("A reminder is changed by its buttons."))
            self._check_draft()
            if "channel" in vals:
                vals = {**vals, "is_channel_chosen": True}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_before_sending(self):
        if any(letter.run_id.state != "draft" for letter in self):
            raise UserError(
                self.env._("What was confirmed is kept: take it back instead.")
            )

    def _check_draft(self):
        if any(
            letter.run_id.state != "draft"
            or letter.state not in ("pending", "left_out")
            for letter in self
        ):
            raise UserError(
                self.env._(
                    "A letter can be changed as long as its run is to be checked."
                )
            )

    # ------------------------------------------------------------------
    # Before: checked by a person
    # ------------------------------------------------------------------

    def action_leave_out(self):
        """Nothing to this customer, this time."""
        self.run_id.check_access("write")
        self._check_draft()
        # sudo: letters are written by buttons, whose user was checked, and by the job
        self.sudo().write(
            {
                "state": "left_out",
                "is_emptied": False,
                "reason": self.env._("Left out by hand"),
            }
        )

    def action_take_in(self):
        """To this customer after all."""
        self.run_id.check_access("write")
        self._check_draft()
        # sudo: as above
        letters = self.sudo().filtered("level_id")
        letters.write({"state": "pending", "is_emptied": False, "reason": False})
        letters._sum_up()

    def _sum_up(self):
        """Amount, level and way by the lines as they are now."""
        self.env["crm.dunning.line"].flush_model()
        for letter in self:
            lines = letter.line_ids.filtered(lambda line: line.kind != "excluded")
            letter.amount = letter.currency_id.round(
                sum(lines.mapped("amount_company"))
            )
            letter.days_overdue = max(lines.mapped("days_overdue"), default=0)
            levels = lines.filtered(lambda line: line.kind == "item").level_id
            level = levels.sorted(lambda level: (level.sequence, level.id))[-1:]
            if level and level != letter.level_id:
                letter.level_id = level
                if not letter.is_channel_chosen:
                    letter.channel = level.channel
            if letter.state == "pending" and (not level or letter.amount <= 0):
                letter.write(
                    {
                        "state": "left_out",
                        "is_emptied": True,
                        "reason": self.env._("No item is left to be reminded of"),
                    }
                )
            elif (
                letter.state == "left_out"
                and letter.is_emptied
                and level
                and letter.amount > 0
            ):
                letter.write({"state": "pending", "is_emptied": False, "reason": False})

    # ------------------------------------------------------------------
    # Ways
    # ------------------------------------------------------------------

    def action_open_pdf(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.pdf_id.id}",
            "target": "new",
        }

    def action_preview(self):
        """The letter as it would be made now."""
        self.ensure_one()
        report = self.env.ref("crm_custom.ir_actions_report_crm_dunning_letter")
        # sudo: what the report's action says, nothing of the letter
        return report.sudo().report_action(self.ids, config=False)

    def action_open_partner(self):
        self.ensure_one()
        return self.partner_id._get_records_action()

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Of the letters of one run that were not made yet, one takes the others'
        items; those that were made stay, each of its own. What was left out by hand
        stays so, but what the customer has to his credit counts.
        """
        customer = dst_partner.commercial_partner_id
        # sudo: runs of companies that the user does not see keep their letters, too
        letters_sudo = self.sudo().search(
            [
                ("partner_id", "in", (src_partners | customer).ids),
                ("merged_key", "=", 0),
            ]
        )
        for same_sudo in letters_sudo.grouped("run_id").values():
            same_sudo = same_sudo.sorted(
                lambda one: (
                    one.state not in MADE,
                    one.state != "pending",
                    one.partner_id != customer,
                    one.id,
                )
            )
            pending_sudo = same_sudo.filtered(lambda one: one.state == "pending")
            for letter_sudo in same_sudo[1:]:
                local = self.with_context(lang=letter_sudo.run_id.user_id.lang)
                letter_sudo.merged_key = letter_sudo.id
                letter_sudo.merged_name = letter_sudo.partner_id.display_name
                if letter_sudo in pending_sudo[1:]:
                    letter_sudo.line_ids.letter_id = pending_sudo[0]
                    letter_sudo.write(
                        {
                            "state": "dropped",
                            "reason": local.env._(
                                "Merged with a customer who is on the list."
                            ),
                        }
                    )
                elif letter_sudo.state == "left_out" and pending_sudo:
                    letter_sudo.line_ids.filtered(
                        lambda line: line.kind == "credit"
                    ).letter_id = pending_sudo[0]
            pending_sudo[:1]._sum_up()
        letters_sudo.partner_id = customer
