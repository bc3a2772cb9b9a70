from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from .sale_order_gate import QUOTATION

ACTIVITY = "crm_custom.mail_activity_type_discount"


class SaleOrder(models.Model):
    """Who is told of a discount that waits, who is asked, and what was decided."""

    _inherit = "sale.order"

    is_discount_held = fields.Boolean(
        compute="_compute_is_discount_held",
        # the customer is told that it waits, and not what is remembered of prices
        compute_sudo=True,
        export_string_translation=False,
    )
    discount_hold = fields.Selection(
        [
            ("ask", "Needs approval"),
            ("asked", "Approval asked for"),
            ("may", "Yours to approve"),
        ],
        string="Discount",
        compute="_compute_discount_hold",
        help="A discount above the limit of a salesperson. The quotation is neither"
        " sent nor confirmed before somebody whose limit covers it has approved it.",
    )
    discount_hold_text = fields.Char(
        string="Discounts",
        compute="_compute_discount_hold",
        help="What the customer pays in the end less than his pricelist asks.",
    )
    discount_approval_ids = fields.One2many(
        "crm.discount.approval",
        "order_id",
        string="Decisions on discounts",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "discount_cleared",
        "order_line.discount",
        "order_line.price_unit",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "partner_id",
        "pricelist_id",
        "state",
    )
    def _compute_is_discount_held(self):
        for order in self:
            order.is_discount_held = order.state in QUOTATION and bool(
                order._get_excessive_discounts()
            )

    @api.depends("activity_ids", "is_discount_held", "team_id")
    @api.depends_context("lang", "uid")
    def _compute_discount_hold(self):
        self.discount_hold = False
        self.discount_hold_text = False
        if not self.env.user._is_internal():
            # what is granted beyond the pricelist is no business of the customer
            return
        for order in self.filtered("is_discount_held"):
            discounts = order._get_excessive_discounts()
            order.discount_hold_text = order._get_discount_text(discounts)
            if order._may_grant(discounts):
                order.discount_hold = "may"
            else:
                asked = order._get_discount_requests()
                order.discount_hold = "asked" if asked else "ask"

    def _get_discount_text(self, discounts):
        """The lines and their discounts, in the user's words."""
        return ", ".join(
            self.env._(
                "%(product)s: %(percent)s %%",
                product=line.product_id.display_name,
                percent=formatLang(self.env, percent, digits=2),
            )
            for line, percent in discounts.items()
        )

    def _get_hold_messages(self, state):
        held = self.filtered(lambda o: not o._may_grant(o._get_excessive_discounts()))
        return super()._get_hold_messages(state) + [
            self.env._(
                "%(order)s is neither sent, confirmed nor changed: you may grant"
                " %(limit)s %% on it. Lower the discount, or ask for approval."
                " %(lines)s",
                order=order.name,
                limit=formatLang(self.env, order._get_discount_limit(), digits=2),
                lines=order._get_discount_text(order._get_excessive_discounts()),
            )
            for order in held
        ]

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _tell_hold(self, state):
        held = self._get_held_by_discount()
        if held == self and len(self) == 1 and self._is_told_to_user():
            return self.action_decide_discount()
        held._ask_for_discount(
            self.env._("Somebody has tried to confirm it, or the customer has paid.")
        )
        return super()._tell_hold(state)

    def action_decide_discount(self):
        """Ask for the approval of this order's discount, or give it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Discount above the limit"),
            "res_model": "crm.discount.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _get_discount_approvers(self, percent):
        """Who is asked: the leader of the team, or else all sales managers."""
        self.ensure_one()
        company = self.company_id
        # sudo: who leads and who manages, whoever asks
        order_sudo = self.sudo()
        leader = order_sudo.team_id.user_id
        people = leader if company.crm_discount_limit_leader >= percent else leader[:0]
        people = people.filtered("active") - self.env.user - order_sudo.user_id
        people = people.filtered(
            lambda user: (
                company in user.company_ids and self.with_user(user).has_access("read")
            )
        )
        if people:
            return people
        manager = self.env.ref("sales_team.group_sale_manager")
        return order_sudo.env["res.users"].search(
            Domain("all_group_ids", "in", manager.ids)
            & Domain("company_ids", "in", company.ids)
            & Domain("share", "=", False)
            & Domain("id", "!=", SUPERUSER_ID)
        )

    def _get_discount_requests(self):
        # sudo: what is asked of colleagues, too
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        )

    def _ask_for_discount(self, note=""):
        """Plan the decision with those who may take it; once."""
        for order in self:
            discounts = order._get_excessive_discounts()
            if not discounts or order._get_discount_requests():
                continue
            approvers = order._get_discount_approvers(max(discounts.values()))
            for approver in approvers:
                asked = order.with_context(lang=approver.lang)
                asked.activity_schedule(
                    ACTIVITY,
                    user_id=approver.id,
                    note=Markup("<p>%s</p><p>%s</p>")
                    % (asked._get_discount_text(discounts), note or ""),
                )

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _approve_discounts(self, discounts, reason):
        """Let the prices through as they stand.

        Whoever calls this has asked ``_may_grant()``.
        """
        self._record_discount_decision(discounts, reason, approved=True)
        self._clear_discounts()

    def _record_discount_decision(self, discounts, reason, approved):
        self.ensure_one()
        text = self._get_discount_text(discounts)
        # sudo: a decision is recorded by this alone, nobody writes it
        self.env["crm.discount.approval"].sudo().create(
            {
                "order_id": self.id,
                "user_id": self.env.uid,
                "is_approved": approved,
                "discount": max(discounts.values()),
                "lines": text,
                "reason": reason,
            }
        )
        self._get_discount_requests().unlink()
        title = (
            self.env._("Discount approved")
            if approved
            else self.env._("Discount refused")
        )
        # a note: it is no business of the customer
        self.with_context(mark_so_as_sent=False).message_post(
            body=Markup("<p><b>%s</b><br/>%s</p><p>%s</p>") % (title, text, reason),
            subtype_xmlid="mail.mt_note",
            partner_ids=(self.user_id - self.env.user).partner_id.ids,
        )
