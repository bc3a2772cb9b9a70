from odoo import api, fields, models
from odoo.tools.misc import format_date

STATES = [
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly", "Partly kept"),
    ("broken", "Broken"),
    ("cancelled", "Cancelled"),
]
#: what became of it is known
SETTLED = ("kept", "partly", "broken")


class CrmPromise(models.Model):
    """A customer says that he will pay, how much and by when.

    With items it is about these instalments: what payments settle of them counts.
    Without, it is about an amount: whatever is received from the customer counts, and
    it covers his oldest items. What it covers is not chased until the day.
    """

    _name = "crm.promise"
    _description = "Promise to pay"
    _inherit = ["crm.customer.contact", "crm.partner.guard"]
    _order = "date_promised desc, id desc"
    _check_company_auto = True

    _crm_partner_fields = ("partner_id", "contact_id")
    _crm_guarded_fields = ("partner_id", "contact_id")

    partner_id = fields.Many2one(required=True, index=True, ondelete="cascade")
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    contact_id = fields.Many2one(
        string="Promised by", help="Who promised it: one of the customer's people."
    )
    channel_id = fields.Many2one(
        "crm.interaction.channel",
        index="btree_not_null",
        ondelete="restrict",
        help="How it was promised.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(string="Promised amount", required=True, aggregator=None)
    date_made = fields.Date(string="Promised on", required=True, readonly=True)
    date_promised = fields.Date(
        string="Pays by",
        required=True,
        help="The last day on which a payment keeps the promise.",
    )
    user_id = fields.Many2one(
        "res.users", string="Taken down by", required=True, readonly=True, index=True
    )
    item_ids = fields.One2many("crm.promise.item", "promise_id", string="Items")
    has_items = fields.Boolean(readonly=True, export_string_translation=False)
    interaction_id = fields.Many2one(
        "crm.interaction",
        string="Contact made",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The contact in which it was promised.",
    )
    replaces_id = fields.Many2one(
        "crm.promise",
        string="Instead of",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The promise that this one takes the place of.",
    )
    note = fields.Text()
    state = fields.Selection(
        STATES, string="Promise status", required=True, readonly=True, default="open"
    )
    amount_kept = fields.Monetary(
        string="Received",
        readonly=True,
        aggregator=None,
        help="What payments brought by the day, as of the last look at an open promise."
        " Credit notes are no payments.",
    )
    share_kept = fields.Float(
        string="Kept (%)",
        readonly=True,
        aggregator="avg",
        help="The received part of what was promised; 100 % at most.",
    )
    date_settled = fields.Date(
        string="Settled on",
        readonly=True,
        help="The day on which it was known what became of the promise.",
    )
    # of a promise of an amount, what had been received when it was taken down: see
    # `received`; items have theirs
    received_before = fields.Float(readonly=True, export_string_translation=False)
    #: 0; others tell open promises apart that came together: see `_one_at_a_time`
    slot = fields.Integer(readonly=True, export_string_translation=False)

    _positive = models.Constraint(
        "CHECK (amount > 0)", "What is promised is an amount above 0."
    )
    _in_order = models.Constraint(
        "CHECK (date_promised >= date_made)",
        "A promise is for the day on which it is made, or later.",
    )
    # a payment would count for both
    _one_at_a_time = models.UniqueIndex(
        "(partner_id, company_id, currency_id, slot)"
        " WHERE state = 'open' AND has_items IS NOT TRUE",
        "The customer has an open promise of an amount already: renew that one.",
    )
    _open_index = models.Index("(company_id, date_promised) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """What is known of the items in the context: see `crm.receivable`."""
        values = super().default_get(fields)
        ids = self.env.context.get("crm_promise_item_ids")
        if ids and "item_ids" in fields:
            values |= self._prepare_items(ids)
        return values

    @api.depends("company_id")
    def _compute_currency_id(self):
        for promise in self:
            company = promise.company_id or self.env.company
            promise.currency_id = company.currency_id

    @api.depends("partner_id", "date_promised")
    def _compute_display_name(self):
        for promise in self:
            if not promise.date_promised:
                promise.display_name = self.env._("New promise")
                continue
            promise.display_name = self.env._(
                "%(customer)s: %(amount)s by %(date)s",
                # sudo: the name alone, of a customer who may be hidden by now
                customer=promise.partner_id.sudo().name,
                amount=promise.currency_id.format(promise.amount),
                date=format_date(self.env, promise.date_promised),
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Taken down by mistake, or not needed any more: it counts for nothing."""
        self.check_access("write")
        self._cancel()

    def _cancel(self):
        opened = self.filtered(lambda promise: promise.state == "open")
        # sudo: the state is set by the buttons and the job; who presses was checked
        for company, promises in opened.sudo().grouped("company_id").items():
            promises.write({"state": "cancelled", "date_settled": company._crm_today()})

    def action_renew(self):
        """A new promise of the same: it takes the place of one that is still open."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_promise_action_new"
        )
        context = {
            "default_partner_id": self.partner_id.id,
            "default_contact_id": self.contact_id.id,
            "default_company_id": self.company_id.id,
            "default_currency_id": self.currency_id.id,
            "default_replaces_id": self.id,
        }
        if self.has_items:
            # sudo: which of the items are open; whether he may see them is asked anew
            lines_sudo = self.item_ids.sudo().move_line_id
            context["crm_promise_item_ids"] = lines_sudo.filtered(
                lambda line: (
                    line.parent_state == "posted" and line.amount_residual_currency > 0
                )
            ).ids
        else:
            context["default_amount"] = self.amount - self.amount_kept
        return {**action, "context": context}

    def action_log_interaction(self):
        self.ensure_one()
        return self.env["res.partner"]._get_log_interaction_action(
            default_partner_id=(self.contact_id or self.partner_id).id
        )
