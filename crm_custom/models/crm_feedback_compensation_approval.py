"""Above the limit of his role, nobody compensates without a manager."""

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

APPROVE = "crm_custom.mail_activity_type_compensation_approve"
MAKE = "crm_custom.mail_activity_type_compensation_make"
MANAGER = "crm_custom.group_crm_custom_feedback_manager"
ADMINISTRATOR = "crm_custom.group_crm_custom_admin"


class CrmFeedbackCompensation(models.Model):
    _inherit = "crm.feedback.compensation"

    approval = fields.Selection(
        [
            ("none", "Not needed"),
            ("waiting", "Waiting"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        required=True,
        default="none",
        readonly=True,
        tracking=True,
        help="What a case costs in all, compensations that are not done yet included,"
        " against the limit of who proposes.",
    )
    approver_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, tracking=True
    )
    approval_reason = fields.Char(
        string="Reason of the decision", readonly=True, tracking=True
    )
    cleared_amount = fields.Monetary(
        string="Let through",
        readonly=True,
        help="What it was worth when it was let through. More needs a manager anew.",
    )
    may_decide = fields.Boolean(
        compute="_compute_may_decide", export_string_translation=False
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for compensation in self:
            compensation.may_decide = (
                compensation.state == "waiting" and compensation._may_decide()
            )

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    @api.model
    def _get_limit(self, user, company):
        """Up to which cost of a case a user compensates; None: without limit."""
        # sudo: the settings of the case's company
        company_sudo = company.sudo()
        if not company_sudo.crm_compensation_limited or user.has_group(ADMINISTRATOR):
            return None
        if user.has_group(MANAGER):
            return company_sudo.crm_compensation_limit_manager or None
        return company_sudo.crm_compensation_limit

    def _is_within_limit(self, user):
        return bool(self._filter_within_limit(user))

    def _filter_within_limit(self, users):
        """Those of these users who may compensate what the case costs: one query."""
        limits = {user: self._get_limit(user, self.company_id) for user in users}
        if all(limit is None for limit in limits.values()):
            return users
        # sudo: what the case costs, whoever may read costs
        total = self.sudo().feedback_id._get_compensation_value()
        return users.filtered(
            lambda user: (
                limits[user] is None
                or self.currency_id.compare_amounts(total, limits[user]) <= 0
            )
        )

    def _may_decide(self):
        user = self.env.user
        return (
            user.has_group(MANAGER) or user.has_group(ADMINISTRATOR)
        ) and self._is_within_limit(user)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _ask_approval_where_needed(self):
        # sudo: nobody writes these records; whoever proposes is asked for his limit
        for compensation_sudo in self.sudo():
            if compensation_sudo._is_within_limit(self.env.user):
                compensation_sudo._clear()
            else:
                compensation_sudo.approval = "waiting"
                compensation_sudo._ask(APPROVE, compensation_sudo._get_approvers())

    def _clear(self):
        self.cleared_amount = self._get_value()

    def _get_approvers(self):
        """The leader of the team where he may, else the managers, else the
        administrators.
        """
        company = self.company_id
        people = self.env["res.users"]
        for xml_id in (MANAGER, ADMINISTRATOR):
            people = self._filter_within_limit(
                people.search(
                    Domain("all_group_ids", "in", self.env.ref(xml_id).ids)
                    & Domain("company_ids", "in", company.ids)
                    & Domain("share", "=", False)
                    & Domain("id", "not in", (SUPERUSER_ID, self.env.uid))
                )
            )
            if people:
                break
        return (people & self.feedback_id.team_id.user_id) or people

    def _ask(self, activity, users, note=None):
        """Plan an activity on this for each of these users."""
        for user in users:
            asked = self.with_context(lang=user.lang)
            asked.activity_schedule(
                activity,
                user_id=user.id,
                note=Markup("<p>%s</p><p>%s</p>")
                % (asked.product_names, note or self.note or ""),
            )

    def _close_requests(self):
        """Nobody is asked any more; what users have planned themselves stays."""
        kinds = self.env.ref(APPROVE) | self.env.ref(MAKE)
        self.activity_ids.filtered(
            lambda activity: activity.activity_type_id in kinds
        ).unlink()

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_decide(self):
        """Approve or refuse? The wizard asks why."""
        self.ensure_one()
        self._check_may_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_compensation_decision_action"
        )
        action["context"] = {"default_compensation_id": self.id}
        return action

    def _check_may_decide(self):
        self.check_access("read")
        if self.state != "waiting":
            raise UserError(self.env._("Nothing is to be decided here any more."))
        if not self._may_decide():
            raise AccessError(
                self.env._(
                    "What this case costs is above your limit: a manager with a higher"
                    " one decides."
                )
            )

    def _decide(self, approved, reason):
        """Whoever calls this has asked `_check_may_decide`."""
        self.ensure_one()
        # sudo: nobody writes these records; he who decides was asked
        self_sudo = self.sudo()
        self_sudo.write(
            {
                "approval": "approved" if approved else "refused",
                "approver_id": self.env.uid,
                "approval_reason": reason,
            }
        )
        if approved:
            self_sudo._clear()
        self_sudo._close_requests()
        text = (
            self.env._("%s: approved", self.display_name)
            if approved
            else self.env._("%s: refused", self.display_name)
        )
        # a note: it is no business of the customer
        self_sudo.feedback_id.message_post(
            body=Markup("<p><b>%s</b><br/>%s</p><p>%s</p>")
            % (text, self_sudo.product_names, reason),
            subtype_xmlid="mail.mt_note",
            partner_ids=(self_sudo.user_id - self.env.user).partner_id.ids,
        )

    def _check_let_through(self, value):
        """Raise where a document has become worth more than was let through.

        :param value: in the company's currency, without tax, at the rate of the
            invoice
        """
        # sudo: what was let through, whoever makes the document
        self_sudo = self.sudo()
        # each product may be rounded once
        slack = self_sudo.currency_id.rounding * (1 + len(self_sudo.line_ids))
        if value <= self_sudo.cleared_amount + slack:
            return
        if self_sudo._is_within_limit(self.env.user):
            return
        raise UserError(
            self.env._(
                "%(what)s: %(amount)s were let through, and this is %(value)s. Lower"
                " it, or propose the rest in the case: a manager decides.",
                what=self_sudo.display_name,
                amount=self_sudo.currency_id.format(self_sudo.cleared_amount),
                value=self_sudo.currency_id.format(value),
            )
        )
