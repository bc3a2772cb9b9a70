from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from .crm_credit_words import credit_sentences
from .sale_order_gate import QUOTATION

ACTIVITY = "crm_custom.mail_activity_type_credit"
CONTROLLER = "crm_custom.group_crm_custom_credit"
NAMES_SHOWN = 3


class SaleOrder(models.Model):
    """What is shown of a customer's credit on his orders, and who is told of a hold."""

    _inherit = "sale.order"

    credit_check = fields.Selection(
        [
            ("warn", "Warning"),
            ("hold", "On hold"),
            ("free", "Free again"),
            ("released", "Released"),
        ],
        compute="_compute_credit_check",
        export_string_translation=False,
    )
    credit_check_text = fields.Char(
        string="Credit check",
        compute="_compute_credit_check",
        help="What the credit rules say of this order as things stand.",
    )
    credit_releasers = fields.Char(
        string="Who can release it", compute="_compute_credit_check"
    )
    credit_known = fields.Boolean(
        compute="_compute_credit_check", export_string_translation=False
    )
    credit_exposure = fields.Monetary(
        string="Credit exposure",
        compute="_compute_credit_check",
        currency_field="company_currency_id",
        help="What who pays owes, and has ordered and will owe, with tax. A quotation"
        " is not in it, a confirmed order is.",
    )
    credit_limit_amount = fields.Monetary(
        string="Credit limit",
        compute="_compute_credit_check",
        currency_field="company_currency_id",
    )
    credit_held_text = fields.Char(
        string="Why it waits", compute="_compute_credit_held", groups="base.group_user"
    )
    credit_held_since = fields.Datetime(
        string="Waits since", compute="_compute_credit_held", groups="base.group_user"
    )

    @api.depends(
        "amount_total",
        "company_id",
        "credit_release_id",
        "credit_state",
        "currency_rate",
        "delivery_status",
        "partner_id",
        "partner_invoice_id",
        "state",
        "transaction_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_check(self):
        """A query or two a company, for any number of orders."""
        self.credit_check = self.credit_check_text = self.credit_releasers = False
        self.credit_known = False
        self.credit_exposure = self.credit_limit_amount = 0.0
        if not self.env.user._is_internal():
            # what his creditor thinks of him is no business of the customer
            return
        companies = self.company_id.filtered(lambda c: c.crm_uses_credit())
        orders = self.filtered(
            lambda o: (
                o.company_id in companies
                and o.partner_id
                and o.partner_invoice_id
                and o._shows_credit()
            )
        )
        known = orders._get_known_debtors()
        found = orders._get_credit_of_debtors()
        checks = orders._check_credit(together=False)
        held = orders.filtered(lambda o: o in checks and checks[o].is_hold)
        releasers = held._get_releasers_texts()
        for order in orders:
            debtor = order._get_debtor()
            order.credit_known = debtor in known and bool(found[order])
            if order.credit_known:
                order.credit_exposure = found[order].exposure
                order.credit_limit_amount = found[order].limit
            check = checks.get(order)
            if check:
                order.credit_check = "hold" if check.is_hold else "warn"
                order.credit_check_text = order._get_check_text(check, debtor in known)
            elif order.state in QUOTATION:
                order._set_credit_check_free()
            if order in held:
                order.credit_releasers = releasers[order.company_id]

    def _set_credit_check_free(self):
        # sudo: the state of the gate is for the house, this is its user
        order_sudo = self.sudo()
        if order_sudo.credit_state == "freed":
            self.credit_check = "free"
        elif order_sudo.credit_state == "released":
            self.credit_check = "released"
            self.credit_check_text = self.env._(
                "Released by %s: the order can be confirmed.",
                order_sudo.credit_release_id.user_id.name,
            )

    def _shows_credit(self):
        """A quotation, and an order as long as something is to be delivered."""
        self.ensure_one()
        return self.state in QUOTATION or (
            self.state == "sale" and self.delivery_status not in (False, "full")
        )

    def _get_known_debtors(self):
        """The commercial entities whose figures the user may see."""
        # sudo: who they are; of whom he sees figures is asked as the user
        debtors = self.sudo().partner_invoice_id.commercial_partner_id
        return debtors.sudo(False)._filter_credit_known()

    def _get_check_text(self, check, with_figures):
        # sudo: the currency of the company, whoever reads companies
        currency = self.sudo().company_id.currency_id
        return " ".join(
            credit_sentences(self.env, check.get_snapshot(), currency, with_figures)
        )

    @api.depends("credit_state", "credit_decision_ids")
    @api.depends_context("uid", "lang")
    def _compute_credit_held(self):
        self.credit_held_text = self.credit_held_since = False
        # sudo: reasons are told to whoever reads the order, figures are not
        held_sudo = self.sudo().filtered(lambda o: o.credit_state == "held")
        known = held_sudo._get_known_debtors()
        last = held_sudo._get_last_decisions("held")
        for order in self.filtered(lambda o: o._origin.id in last):
            decision = last[order._origin.id]
            order.credit_held_since = decision.create_date
            order.credit_held_text = " ".join(
                decision._get_sentences(decision.partner_id in known)
            )

    # ------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------

    def _get_credit_controllers(self):
        """Who can release orders of this company."""
        # sudo: who has which role, whoever asks
        users = self.env["res.users"].sudo()
        return users.search(
            Domain("all_group_ids", "in", self.env.ref(CONTROLLER).ids)
            & Domain("company_ids", "in", self.company_id.ids)
            & Domain("share", "=", False)
            & Domain("id", "!=", SUPERUSER_ID)
        )

    def _get_releasers_texts(self):
        """{company: who can release its orders}; a query or two a company."""
        return {
            company: orders[0]._get_releasers_text()
            for company, orders in self.grouped("company_id").items()
        }

    def _get_releasers_text(self):
        self.ensure_one()
        names = self._get_credit_controllers().mapped("name")
        if not names:
            return self.env._("Nobody is a credit controller yet.")
        if len(names) > NAMES_SHOWN:
            names = [*names[:NAMES_SHOWN], "..."]
        return self.env._(
            "It can be released by a credit controller: %s.", ", ".join(names)
        )

    def _get_hold_messages(self, state):
        messages = super()._get_hold_messages(state)
        # sudo: the state of the gate; figures only of whom the user sees them
        held_sudo = self.sudo().filtered(lambda o: o.credit_state == "held")
        known = held_sudo._get_known_debtors()
        last = held_sudo._get_last_decisions("held")
        held_sudo = held_sudo.filtered(lambda o: o.id in last)
        releasers = held_sudo._get_releasers_texts()
        for order in held_sudo:
            decision = last[order.id]
            messages.append(
                self.env._(
                    "%(order)s waits because of the customer's credit. %(why)s %(who)s",
                    order=order.name,
                    why=" ".join(decision._get_sentences(decision.partner_id in known)),
                    who=releasers[order.company_id],
                )
            )
        return messages

    def _tell_credit_hold(self):
        """Tell the credit controllers and the salesperson that these wait."""
        asker = self.env.user
        for order in self:
            # sudo, as the system: also when the customer has signed or paid
            order_sudo = order.with_user(SUPERUSER_ID)
            if not order_sudo._get_credit_requests():
                for user in order_sudo._get_credit_controllers():
                    asked = order_sudo.with_context(lang=user.lang)
                    asked.activity_schedule(
                        ACTIVITY, user_id=user.id, note=asked._get_hold_note()
                    )
            told = order_sudo.with_context(lang=order_sudo.user_id.lang)
            told._tell_salesperson(
                told.env._("On credit hold"), told._get_hold_note(), without=asker
            )

    def _get_hold_note(self):
        """Why it waits, for whoever reads the order: without figures."""
        decision = self._get_last_decisions()[self.id].with_context(lang=self.env.lang)
        return Markup("<p>%s</p>") % " ".join(decision._get_sentences(False))

    def _tell_salesperson(self, title, text, without):
        """A note, which the salesperson gets: it is no business of the customer."""
        self.ensure_one()
        self.with_context(mark_so_as_sent=False).message_post(
            body=Markup("<p><b>%s</b></p>%s") % (title, text),
            subtype_xmlid="mail.mt_note",
            partner_ids=(self.user_id - without).partner_id.ids,
        )

    def _get_credit_requests(self):
        # sudo: what is asked of colleagues, too
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        )
