from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# How far ahead of our clock the clock of a telephone may be.
FUTURE_TOLERANCE = timedelta(hours=1)


class CrmInteraction(models.Model):
    """One contact with a customer: a call, a visit, a letter.

    It belongs to the commercial entity; the person spoken to is one of its people. A
    contact that is named as the customer stands for both.
    """

    _name = "crm.interaction"
    _description = "Contact made"
    _inherit = ["crm.customer.contact", "crm.partner.guard"]
    _order = "date_start desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    _crm_partner_fields = ("partner_id", "contact_id")
    _crm_guarded_fields = ("partner_id", "contact_id", "user_id")

    active = fields.Boolean(string="In use", default=True)
    partner_id = fields.Many2one(required=True, ondelete="cascade")
    contact_id = fields.Many2one(help="Whom you spoke to.")
    channel_id = fields.Many2one(
        "crm.interaction.channel",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["crm.interaction.channel"].search([], limit=1),
    )
    channel_icon = fields.Char(related="channel_id.icon")
    direction = fields.Selection(
        [("out", "Outgoing"), ("in", "Incoming")],
        required=True,
        default="out",
        help="Outgoing: we called, wrote or went there.",
    )
    date_start = fields.Datetime(
        string="Date", required=True, default=fields.Datetime.now
    )
    duration = fields.Float(help="In hours and minutes.", aggregator="sum")
    user_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Who made the contact on our side.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    subject = fields.Char()
    note = fields.Html(help="What was said.")
    outcome_id = fields.Many2one(
        "crm.interaction.outcome",
        index="btree_not_null",
        ondelete="restrict",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    origin = fields.Selection(
        [
            ("manual", "Logged by hand"),
            ("activity", "Done activity"),
            ("meeting", "Meeting"),
        ],
        required=True,
        readonly=True,
        default="manual",
        copy=False,
    )

    # a customer's history, and his last contact
    _customer_index = models.Index("(partner_id, date_start DESC, id DESC)")
    # the log as it opens, and the contacts per day
    _log_index = models.Index("(date_start DESC, id DESC)")

    # ------------------------------------------------------------
    # Defaults and computes
    # ------------------------------------------------------------

    @api.depends("partner_id", "lead_id", "order_id")
    def _compute_company_id(self):
        for interaction in self:
            interaction.company_id = (
                interaction.order_id.company_id
                or interaction.lead_id.company_id
                or interaction.partner_id.company_id
                or interaction.company_id
                or self.env.company
            )

    @api.depends("subject", "channel_id", "partner_id")
    def _compute_display_name(self):
        for interaction in self:
            interaction.display_name = interaction.subject or " ".join(
                filter(
                    None,
                    # sudo: the name alone, of a customer who may be hidden by now
                    (
                        interaction.channel_id.name,
                        interaction.partner_id.sudo().name,
                    ),
                )
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        super()._onchange_partner_id()
        for name in ("lead_id", "order_id"):
            if self[name].partner_id.commercial_partner_id != self.partner_id:
                self[name] = False

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("partner_id", "lead_id", "order_id")
    def _check_documents(self):
        # sudo: as above
        for interaction in self.sudo():
            for document in (interaction.lead_id, interaction.order_id):
                customer = document.partner_id.commercial_partner_id
                if customer and customer != interaction.partner_id:
                    raise ValidationError(
                        self.env._(
                            "%(document)s is of another customer than %(customer)s.",
                            document=document.display_name,
                            customer=interaction.partner_id.name,
                        )
                    )

    @api.constrains("date_start")
    def _check_date_start(self):
        latest = fields.Datetime.now() + FUTURE_TOLERANCE
        for interaction in self:
            if interaction.date_start > latest:
                raise ValidationError(
                    self.env._(
                        "A contact is logged when it has been made, and this one would"
                        " begin in the future: plan it as a next step, or as a"
                        " meeting."
                    )
                )

    @api.constrains("duration")
    def _check_duration(self):
        for interaction in self:
            if interaction.duration < 0:
                raise ValidationError(
                    self.env._("The duration of a contact cannot be negative.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # asked for once, not once an entry
        defaults = self.default_get(["channel_id"])
        interactions = super().create(
            self._with_commercial_entities([{**defaults, **vals} for vals in vals_list])
        )
        interactions._check_links_access()
        self.env["crm.contact.schedule"]._refresh(interactions.partner_id.ids)
        return interactions

    def write(self, vals):
        customers = self.partner_id
        result = super().write(vals)
        if not self._get_link_fields().isdisjoint(vals):
            self._check_links_access()
        if not {"partner_id", "date_start", "outcome_id", "active"}.isdisjoint(vals):
            self.env["crm.contact.schedule"]._refresh((customers | self.partner_id).ids)
        return result

    def unlink(self):
        customer_ids = self.partner_id.ids
        result = super().unlink()
        self.env["crm.contact.schedule"]._refresh(customer_ids)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_captured(self):
        if any(interaction.origin != "manual" for interaction in self):
            raise UserError(
                self.env._(
                    "This contact comes from an activity or a meeting and would be"
                    " taken in again: archive it instead."
                )
            )

    @api.model
    def _get_link_fields(self):
        """The documents that an entry may name: only those that its author may read."""
        return {"lead_id", "order_id"}

    def _check_links_access(self):
        if self.env.su:
            return
        for name in self._get_link_fields():
            self[name].check_access("read")

    # ------------------------------------------------------------
    # Business
    # ------------------------------------------------------------

    @api.model
    def _get_reached_domain(self):
        """Entries that count as contacts: all but the attempts."""
        return Domain("outcome_id", "=", False) | Domain(
            "outcome_id.is_contact", "=", True
        )
