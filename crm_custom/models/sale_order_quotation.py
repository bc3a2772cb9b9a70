from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..report.crm_quotation_analysis import QUOTATION_STATES

QUOTATION = ("draft", "sent")


class SaleOrder(models.Model):
    """What became of a quotation, and when: sent, won, lost and why."""

    _inherit = "sale.order"

    date_quotation_sent = fields.Datetime(
        string="Sent on",
        copy=False,
        readonly=True,
        help="When the quotation was sent first.",
    )
    date_quotation_won = fields.Datetime(
        string="Won on",
        copy=False,
        readonly=True,
        help="When it was confirmed. It stays when the order is cancelled, which is no"
        " lost quotation.",
    )
    lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        string="Lost reason",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Why the customer did not order.",
    )
    quotation_state = fields.Selection(
        QUOTATION_STATES,
        string="Quotation",
        compute="_compute_quotation_state",
        search="_search_quotation_state",
        help="Lost is a quotation that was cancelled, an order that was cancelled is"
        " none. Replaced is what was cancelled without reason or has expired while"
        " another quotation of the same opportunity was won.",
    )
    is_quotation_expiring = fields.Boolean(
        string="Expires this week",
        compute="_compute_is_quotation_expiring",
        search="_search_is_quotation_expiring",
    )
    is_quotation_to_follow_up = fields.Boolean(
        string="To follow up",
        compute="_compute_is_quotation_to_follow_up",
        search="_search_is_quotation_to_follow_up",
        help="Sent some time ago and still valid, without an answer, an activity or a"
        " contact logged since. The settings say after how many days.",
    )

    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, **self._get_quotation_dates(vals)} for vals in vals_list]
        )

    def write(self, vals):
        dates = self._get_quotation_dates(vals)
        if not dates or vals["state"] != "sent":
            return super().write({**vals, **dates})
        # what was sent first counts: it is then that the customer began to think
        known = self.filtered("date_quotation_sent")
        result = super(SaleOrder, self - known).write({**vals, **dates})
        return super(SaleOrder, known).write(vals) and result

    @api.model
    def _get_quotation_dates(self, vals):
        """What a new state says of the quotation."""
        state = vals.get("state")
        if state == "sent":
            sent = vals.get("date_quotation_sent") or fields.Datetime.now()
            return {"date_quotation_sent": sent}
        if state == "sale":
            return {
                "date_quotation_won": vals.get("date_order") or fields.Datetime.now(),
                "lost_reason_id": False,
            }
        if state == "draft":
            return {"date_quotation_won": False, "lost_reason_id": False}
        return {}

    # ------------------------------------------------------------
    # Which, by the reader's day
    # ------------------------------------------------------------

    @api.model
    def _get_quotation_domain(self):
        """The quotations that are neither confirmed nor cancelled, expired or not."""
        return Domain("state", "in", QUOTATION)

    @api.model
    def _get_expiring_domain(self):
        """Those that expire this week, as the reader's language has it."""
        today, week_end = self.env["res.partner"]._get_contact_due_limits()
        return (
            self._get_quotation_domain()
            & Domain("validity_date", ">=", today)
            & Domain("validity_date", "<=", week_end)
        )

    @api.model
    def _get_follow_up_domain(self):
        """Those that have been sent, and nobody has heard of them since."""
        today = fields.Date.context_today(self)
        return (
            Domain("state", "=", "sent")
            & (
                Domain("validity_date", "=", False)
                | Domain("validity_date", ">=", today)
            )
            & Domain.OR(
                Domain("company_id", "=", company.id)
                & self._get_silent_domain(company.crm_quotation_follow_up_days)
                for company in self.env.companies
            )
        )

    @api.model
    def _get_silent_domain(self, days):
        moment = fields.Datetime.now() - timedelta(days=days)
        sent = Domain("date_quotation_sent", "<=", moment) | (
            Domain("date_quotation_sent", "=", False)
            & Domain("date_order", "<=", moment)
        )
        # what tells that a quotation expires is no plan
        overdue_id = self.env["crm.my.day.source"]._get_overdue_type_id()
        # sudo: that somebody is at it, whoever may read what he writes
        planned = (
            self.env["mail.activity"]
            .sudo()
            ._search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "!=", False)
                & Domain("activity_type_id", "!=", overdue_id)
            )
        )
        contacted = (
            self.env["crm.interaction"]
            .sudo()
            ._search(
                Domain("order_id", "!=", False) & Domain("date_start", ">", moment)
            )
        )
        return (
            sent
            & Domain("id", "not any!", planned.subselect("res_id"))
            & Domain("id", "not any!", contacted.subselect("order_id"))
        )

    @api.depends("state", "validity_date")
    @api.depends_context("lang", "tz", "uid")
    def _compute_is_quotation_expiring(self):
        found = self.filtered_domain(self._get_expiring_domain())
        for order in self:
            order.is_quotation_expiring = order in found

    @api.model
    def _search_is_quotation_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_expiring_domain()

    @api.depends("activity_ids", "date_quotation_sent", "state", "validity_date")
    @api.depends_context("allowed_company_ids", "tz", "uid")
    def _compute_is_quotation_to_follow_up(self):
        found = self.search(
            Domain("id", "in", self._origin.ids) & self._get_follow_up_domain()
        )
        for order in self:
            order.is_quotation_to_follow_up = order._origin in found

    @api.model
    def _search_is_quotation_to_follow_up(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_follow_up_domain()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_mark_quotation_lost(self):
        """Say why these quotations were lost."""
        return self._open_quotation_wizard(
            "crm.quotation.lost", self.env._("Mark as lost")
        )

    def action_extend_quotation(self):
        """Let these quotations be valid for longer."""
        return self._open_quotation_wizard(
            "crm.quotation.extend", self.env._("Extend validity")
        )

    def _open_quotation_wizard(self, model_name, title):
        self._check_is_quotation()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def _check_is_quotation(self):
        others = self.filtered(lambda order: order.state not in QUOTATION)
        if others:
            raise UserError(
                self.env._(
                    "Only quotations can be followed up. These are confirmed or"
                    " cancelled: %s",
                    ", ".join(others.mapped("name")),
                )
            )
