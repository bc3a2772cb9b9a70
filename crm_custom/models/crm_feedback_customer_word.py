from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .feedback_mail_text import is_mere_thanks


class CrmFeedback(models.Model):
    """What follows from a customer's word in his case, by whichever door it comes: who
    is told, and whether a closed case opens again.
    """

    _inherit = "crm.feedback"

    is_customer_answered = fields.Boolean(
        string="Customer answered",
        readonly=True,
        copy=False,
        help="The customer wrote last, and waits for us.",
    )

    _customer_answered_index = models.Index(
        "(priority DESC, date_received DESC, id DESC)"
        " WHERE is_customer_answered IS TRUE AND is_closed IS NOT TRUE"
    )

    # ------------------------------------------------------------
    # He writes
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        super()._message_post_after_hook(message, msg_values)
        if len(self) == 1 and self._is_customers_word(message):
            self._on_customers_word(message)

    def _is_customers_word(self, message):
        """Whether somebody of outside wrote it for us to read, after the case was
        opened.
        """
        # sudo: who wrote it, whoever may read him
        message_sudo = message.sudo()
        return (
            not self.env.context.get("crm_feedback_intake")
            and message_sudo.message_type in ("comment", "email")
            and message_sudo.subtype_id == self.env.ref("mail.mt_comment")
            and not message_sudo.is_internal
            and (not message_sudo.author_id or message_sudo.author_id.partner_share)
            and message_sudo.message_id not in self._get_automatic_mails()
        )

    def _on_customers_word(self, message):
        if is_mere_thanks(message.body) and not message.attachment_ids:
            return
        # sudo: it follows from what the customer wrote; he may not change his case
        case_sudo = self.sudo()
        case_sudo.is_customer_answered = True
        author_sudo = message.sudo().author_id
        if case_sudo._is_of_customer(author_sudo):
            # a colleague who takes part gets the answer; a stranger does not
            case_sudo._message_subscribe(partner_ids=author_sudo.ids)
        if (
            message.message_type == "comment"
            and (case_sudo.is_closed or case_sudo.is_solved)
            and not case_sudo._is_past_reopening()
        ):
            case_sudo._reopen()
        case_sudo._tell_team()

    def _tell_team(self):
        """Tell the leader, else the members, of a word in a case that nobody has. Its
        owner follows the case, and is told by Odoo.
        """
        team = self.team_id
        people = team.user_id or team.member_ids
        if self.user_id or not people:
            return
        for lang, users in people.grouped("lang").items():
            case = self.with_context(lang=lang)
            case.message_notify(
                author_id=case.env.ref("base.partner_root").id,
                partner_ids=users.partner_id.ids,
                subject=case.env._(
                    "%(case)s: the customer wrote, and nobody has the case",
                    case=case.display_name,
                ),
                body=case.env._("The customer wrote. Nobody sees to this case yet."),
            )

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if (
            len(self) == 1
            and self.is_customer_answered
            and message.message_type in ("comment", "email", "email_outgoing")
            and not message.is_internal
            and self._is_told_to_customer(message, recipients)
        ):
            # sudo: it follows from the answer, whoever may change the case
            self.sudo().is_customer_answered = False
        return recipients

    # ------------------------------------------------------------
    # He closes and opens again
    # ------------------------------------------------------------

    def _can_close(self):
        return not self.is_closed

    def _can_reopen(self):
        return (self.is_closed or self.is_solved) and not self._is_past_reopening()

    def _close_for_customer(self, author, text):
        """He says that nothing is left to do.

        :param author: the partner who says so
        :param str text: what he adds
        """
        self.ensure_one()
        if not self._can_close():
            return
        stages = self.env["crm.feedback.stage"].search([("is_closed", "=", True)])
        of_team = stages._filter_of_team(self.team_id)
        stage = of_team.filtered("is_solved")[:1] or of_team[:1]
        if not stage:
            raise UserError(
                self.env._("This case cannot be closed here: write to us, please.")
            )
        self._post_of_customer(
            author, self.env._("The customer closed the case."), text
        )
        self.write({"stage_id": stage.id, "is_customer_answered": False})

    def _reopen_for_customer(self, author, text):
        """He says that it is not settled, and why."""
        self.ensure_one()
        if not self._can_reopen():
            return
        self._reopen()
        self.is_customer_answered = True
        self._post_of_customer(
            author, self.env._("The customer opened the case again."), text
        )
        self._tell_team()

    def _post_of_customer(self, author, title, text):
        """What he did, and his own words, for him and for us."""
        body = plaintext2html("\n\n".join(filter(None, (title, text))))
        self.with_context(crm_feedback_intake=True).message_post(
            author_id=author.id,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
