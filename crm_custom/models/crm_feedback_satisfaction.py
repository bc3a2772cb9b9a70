from odoo import api, fields, models
from odoo.tools import plaintext2html

from odoo.addons.rating.models import rating_data

TOLD = "unhappy answer"


class CrmFeedback(models.Model):
    """Whether the customer was satisfied: asked when his case is solved, by Odoo's
    rating mail, and never again while he has not answered.
    """

    _inherit = "crm.feedback"

    date_rating_asked = fields.Datetime(
        string="Asked on",
        readonly=True,
        copy=False,
        help="When the customer was last asked whether he is satisfied.",
    )
    satisfaction = fields.Selection(
        [("happy", "Happy"), ("neutral", "Neutral"), ("unhappy", "Unhappy")],
        compute="_compute_satisfaction",
        store=True,
        index="btree_not_null",
        help="What the customer answered last.",
    )

    @api.depends("rating_last_value")
    def _compute_satisfaction(self):
        for case in self:
            # sudo: what was answered is shown with the case
            value = case.sudo().rating_last_value
            if value >= rating_data.RATING_LIMIT_SATISFIED:
                case.satisfaction = "happy"
            elif value >= rating_data.RATING_LIMIT_OK:
                case.satisfaction = "neutral"
            else:
                case.satisfaction = "unhappy" if value else False

    def write(self, vals):
        unsolved = self.filtered(lambda case: not case.date_solved)
        result = super().write(vals)
        # an import takes in what is long over
        if "stage_id" in vals and not self.env.context.get("import_file"):
            unsolved.filtered("date_solved")._ask_satisfaction()
        return result

    # ------------------------------------------------------------
    # To ask
    # ------------------------------------------------------------

    def _ask_satisfaction(self):
        """Ask the customers of these cases, if their team asks at all."""
        template = self.env.ref(
            "crm_custom.mail_template_crm_feedback_rating", raise_if_not_found=False
        )
        # sudo: whoever solves the case, the house asks
        cases_sudo = self.sudo().filtered(
            lambda case: case.team_id.ask_satisfaction and case._can_ask_satisfaction()
        )
        if not (template and cases_sudo):
            return
        for case_sudo in cases_sudo:
            if not case_sudo._rating_get_partner():
                # posted, it would make a partner of whoever wrote to us
                template.sudo().send_mail(case_sudo.id)
                continue
            case_sudo.rating_send_request(
                template,
                lang=case_sudo._rating_get_partner().lang,
                force_send=False,
            )
        cases_sudo.write({"date_rating_asked": fields.Datetime.now()})

    def _can_ask_satisfaction(self):
        """Whether somebody can be asked, and owes us no answer yet."""
        if not (self._rating_get_partner().email or self.email_from):
            return False
        return not self.date_rating_asked or bool(
            self.rating_ids.filtered(
                lambda rating: (
                    rating.consumed and rating.rated_on >= self.date_rating_asked
                )
            )
        )

    def _rating_get_partner(self):
        """The person, else the house: he may be unknown."""
        return self.contact_id or self.partner_id

    def _rating_get_parent_field_name(self):
        return "team_id"

    # ------------------------------------------------------------
    # What is answered
    # ------------------------------------------------------------

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        rating = super().rating_apply(
            rate,
            token=token,
            rating=rating,
            feedback=feedback,
            subtype_xmlid=subtype_xmlid,
            notify_delay_send=notify_delay_send,
        )
        if rate < rating_data.RATING_LIMIT_OK:
            self._take_unhappy_answer(rating)
        return rating

    def _take_unhappy_answer(self, rating):
        """Open the case again, or tell the manager, as the team has it; once, however
        often the customer corrects his words.
        """
        self.ensure_one()
        if not self.env["crm.notice"]._claim("rating.rating", [(rating.id, TOLD)]):
            return
        # sudo: the customer answers; the house does what it has set down for that
        case_sudo = self.sudo()
        manager_sudo = case_sudo._get_satisfaction_manager()
        who_sudo = manager_sudo
        if case_sudo.team_id.unhappy_action == "reopen":
            if case_sudo.is_solved or case_sudo.is_closed:
                case_sudo._reopen()
            who_sudo = case_sudo.user_id or manager_sudo
        if who_sudo:
            case_sudo.with_context(lang=who_sudo.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=who_sudo.id,
                summary=case_sudo.with_context(lang=who_sudo.lang).env._(
                    "The customer is not satisfied"
                ),
                note=plaintext2html(rating.feedback or ""),
            )

    def _get_satisfaction_manager(self):
        """Who is told: the leader of the team, else a feedback manager of the company,
        else who has the case.
        """
        leader = self.team_id.user_id
        if leader.active:
            return leader
        managers = self.env.ref(
            "crm_custom.group_crm_custom_feedback_manager"
        ).all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return managers.sorted("id")[-1:] or self.user_id
