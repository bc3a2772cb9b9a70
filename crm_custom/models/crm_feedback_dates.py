from odoo import fields, models


class CrmFeedback(models.Model):
    """When a case was solved, closed and first answered.

    The days follow from what happens: a move to a stage, a message to the customer.
    """

    _inherit = "crm.feedback"

    def _stamp_stage_dates(self):
        """Set the days of cases that reached a stage, clear those of cases that left
        it: at most four writes for any number of cases.
        """
        now = fields.Datetime.now()
        for flag, date in (("is_solved", "date_solved"), ("is_closed", "date_closed")):
            reached = self.filtered(
                lambda c, f=flag, d=date: c.stage_id[f] and not c[d]
            )
            left = self.filtered(lambda c, f=flag, d=date: c[d] and not c.stage_id[f])
            for cases, moment in ((reached, now), (left, False)):
                if cases:
                    # sudo: the day follows from the stage, whoever may move the case
                    super(CrmFeedback, cases.sudo()).write({date: moment})

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if (
            len(self) == 1
            and not self.date_first_answer
            and message.message_type in ("comment", "email", "email_outgoing")
            and not message.is_internal
            and self._is_told_to_customer(message, recipients)
        ):
            # sudo: the day follows from the answer, whoever may change the case
            self.sudo().write({"date_first_answer": message.date})
        return recipients

    def _is_told_to_customer(self, message, recipients):
        """Whether one of us wrote it, and somebody of the customer gets it."""
        # sudo: who wrote it and whom the recipients belong to, whoever may read them
        author_sudo = message.sudo().author_id
        if not author_sudo or author_sudo.partner_share:
            return False
        people_sudo = (
            self.env["res.partner"]
            .sudo()
            .browse([data["id"] for data in recipients if data["id"]])
        )
        customer_sudo = self.sudo().partner_id
        if customer_sudo:
            return customer_sudo in people_sudo.commercial_partner_id
        return any(people_sudo.mapped("partner_share"))
