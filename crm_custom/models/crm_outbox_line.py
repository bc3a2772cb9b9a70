from odoo import fields, models


class CrmOutboxLine(models.AbstractModel):
    """A line of a run, which learns what became of its e-mail.

    The e-mail and its PDF stand in the history of the line, which those read who may
    read open items: in the customer's own, every employee would read what he owes.
    """

    _name = "crm.outbox.line"
    _inherit = ["mail.thread"]
    _description = "Line of a run"

    contact_id = fields.Many2one(
        "res.partner",
        string="To",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The first of invoice address, primary contact and customer that has an"
        " e-mail address.",
    )
    mail_mail_id = fields.Many2one(
        "mail.mail",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        export_string_translation=False,
        groups=fields.NO_ACCESS,
    )
    merged_name = fields.Char(
        string="Merged from",
        readonly=True,
        help="Under which name the customer was on the list, if he was merged with"
        " another one on it.",
    )
    # 0, or the id of the line where its customer was merged with another one of the run
    merged_key = fields.Integer(
        required=True, readonly=True, default=0, export_string_translation=False
    )

    def _put_into_outbox(self, template, get_file):
        """The e-mails of the lines, in Odoo's outbox, each with its PDF.

        :param get_file: line -> (file name, bytes)
        :return: the attachments, in the order of the lines
        """
        mails = template.send_mail_batch(
            self.ids, email_layout_xmlid="mail.mail_notification_light"
        )
        attachments = self.env["ir.attachment"]
        for line, mail in zip(self, mails, strict=True):
            name, content = get_file(line)
            attachment = attachments.create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": line._name,
                    "res_id": line.id,
                }
            )
            mail.write(
                {
                    "author_id": line.run_id.user_id.partner_id.id,
                    "attachment_ids": [(4, attachment.id)],
                }
            )
            line.write({"state": "queued", "mail_mail_id": mail.id})
            attachments += attachment
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return attachments

    def _message_receive_bounce(self, email, partner):
        """The e-mail came back: a failure that somebody has to look at."""
        # sudo: what the gateway does is no user's
        for line in self.sudo():
            line._mail_bounced(line._get_reason("mail_bounce"))
        return super()._message_receive_bounce(email, partner)

    def _get_reason(self, failure_type):
        """What went wrong, in the language of who sent the run, or None."""
        local = self.with_context(lang=self.run_id.user_id.lang)
        kinds = self.env["mail.notification"]._fields["failure_type"]
        return dict(kinds._description_selection(local.env)).get(failure_type)

    def _mail_sent(self):
        """The e-mails of these lines have left."""
        raise NotImplementedError

    def _mail_failed(self, failure_type, reason):
        """The e-mail of this line could not be sent.

        :param failure_type: as `mail.notification` has them
        """
        raise NotImplementedError

    def _mail_bounced(self, reason):
        """The e-mail of this line, or an answer to it, came back."""
        raise NotImplementedError


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the runs what became of their e-mails; Odoo calls it for each."""
        for name in set(self.mapped("model")) & self.env.registry.keys():
            if not hasattr(self.env[name], "_put_into_outbox"):
                continue
            # sudo: whoever sends the outbox knows nothing of the runs
            model = self.env[name].sudo()
            lines = model.search([("mail_mail_id", "in", self.ids)])
            if failure_type:
                for line in lines:
                    reason = line._get_reason(failure_type) or failure_reason
                    line._mail_failed(failure_type, reason)
            else:
                lines._mail_sent()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
