from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class CrmFeedbackStage(models.Model):
    _inherit = "crm.feedback.stage"

    is_waiting = fields.Boolean(
        string="Waiting for the customer",
        help="The clock of a case stands still here. His reply puts it back to work.",
    )

    _waiting_is_open = models.Constraint(
        "CHECK(is_waiting IS NOT TRUE"
        " OR (is_solved IS NOT TRUE AND is_closed IS NOT TRUE))",
        "A stage that is solved or closed waits for nobody.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "is_waiting" in vals:
            here = Domain("stage_id", "in", self.ids)
            self.env["crm.feedback"]._search_running(here)._stamp_pauses()
            self.env["crm.feedback"]._refresh_deadlines(here)
        return result

    def _get_pause_reason(self):
        """Why the clock of a case stands still in this stage; False where it runs."""
        if self.is_solved or self.is_closed:
            return "over"
        return self.is_waiting and "waiting"


class CrmFeedback(models.Model):
    """When it is not our turn: pauses follow from the stages and the messages."""

    _inherit = "crm.feedback"

    is_waiting = fields.Boolean(related="stage_id.is_waiting")
    pause_ids = fields.One2many(
        "crm.feedback.pause", "feedback_id", string="Pauses", readonly=True, copy=False
    )

    def _stamp_pauses(self, are_new=False):
        """Begin and end the pauses of cases that have changed their stage: one query,
        one write and one create for any number of cases.

        :param are_new: they have no pauses yet, so none is looked for
        :return: the pauses that have begun, with sudo
        """
        now = fields.Datetime.now()
        # sudo: pauses follow from the stage, whoever changes it
        pauses_sudo = self.env["crm.feedback.pause"].sudo()
        running_sudo = (
            pauses_sudo
            if are_new
            else pauses_sudo.search(
                [("feedback_id", "in", self.ids), ("date_end", "=", False)]
            )
        )
        current = {pause.feedback_id.id: pause for pause in running_sudo}
        over_sudo, begun = pauses_sudo, []
        for case in self.sudo():
            pause, reason = current.get(case.id), case.stage_id._get_pause_reason()
            if pause and pause.reason != reason:
                over_sudo |= pause
                pause = None
            if reason and not pause:
                begun.append(
                    {"feedback_id": case.id, "reason": reason, "date_start": now}
                )
        if over_sudo:
            over_sudo.write({"date_end": now})
        return pauses_sudo.create(begun)

    # ------------------------------------------------------------
    # The customer's reply
    # ------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        # sudo: his reply ends the waiting, whoever may change the case
        case_sudo = self.sudo()
        if (
            case_sudo.is_waiting
            and case_sudo._is_customers_word(message)
            and case_sudo._is_awaited(message.sudo())
        ):
            case_sudo._reopen()
        return result

    def _is_awaited(self, message_sudo):
        """Whether he whom we asked wrote it, and nobody else from outside."""
        author = message_sudo.author_id
        if author:
            return not self.partner_id or self._is_of_customer(author)
        sender = email_normalize(message_sudo.email_from or "")
        return bool(sender) and self._is_of_sender({"email_from": sender})
