import logging

from psycopg2 import InterfaceError, OperationalError

from odoo import api, models
from odoo.exceptions import UserError

from ..report.crm_statement_pdf import get_filename, render_pdfs

_logger = logging.getLogger(__name__)

#: customers of a commit; what a kill makes anew
BATCH = 20


class CrmStatementRun(models.Model):
    _inherit = "crm.statement.run"

    @api.model
    def _cron_send(self):
        """Put the statements of all runs that are being sent into the outbox.

        An e-mail and the note that it is there are committed together, some customers
        at a time: killed in between, neither is there and the next run makes both. A
        second job at the same time leaves the work to the first. The outbox is Odoo's,
        which sends each of its e-mails once.
        """
        cron = self.env["ir.cron"]
        while True:
            if not cron._crm_is_alone("statements"):
                return
            lines = self._get_next_lines()
            if not lines:
                break
            lines.run_id._send_lines(lines)
            left = self.env["crm.statement.run.line"].search_count(
                [("state", "=", "pending"), ("run_id.state", "=", "running")]
            )
            if not cron._commit_progress(len(lines), remaining=left):
                return
        self.search([("state", "=", "running")]).state = "done"
        cron._commit_progress(remaining=0)

    @api.model
    def _get_next_lines(self):
        """The next customers of one run, locked for this transaction."""
        run = self.search(
            [("state", "=", "running"), ("line_ids.state", "=", "pending")],
            order="id",
            limit=1,
        )
        lines = self.env["crm.statement.run.line"].search(
            [("run_id", "=", run.id), ("state", "=", "pending")],
            order="id",
            limit=BATCH,
        )
        return lines.try_lock_for_update(allow_referencing=True)

    def _send_lines(self, lines):
        """Make the e-mails of some customers; one by one where together they fail."""
        try:
            with self.env.cr.savepoint():
                self._make_mails(lines)
        except (InterfaceError, OperationalError):
            # another transaction, or no connection: no fault of the customers
            raise
        except Exception as error:
            if len(lines) > 1:
                for line in lines:
                    self._send_lines(line)
                return
            sender = self.with_context(lang=self.user_id.lang)
            if isinstance(error, UserError):
                reason = str(error)
            else:
                _logger.exception("No statement for customer %s", lines.partner_id.id)
                reason = sender.env._("It could not be made: see the server's log.")
            lines._fail(reason)

    def _make_mails(self, lines):
        self.ensure_one()
        # under the rights of who sends, in the company of the run
        run = self.with_user(self.user_id).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.user_id.lang
        )
        model = run.env["crm.statement"]
        partners = lines.partner_id.with_env(run.env)
        model._check_may_print(partners)
        recipients = model._get_recipients(partners)
        refusals = model._get_refusals(set(recipients.values()))
        owing = run._get_owing(partners)
        for line in lines:
            contact = recipients[line.partner_id.with_env(run.env)]
            # since the list was drawn up he may have paid, or been merged
            line.contact_id = contact.id
            line.amount, line.overdue = owing.get(line.partner_id.id, (0, 0))
            if contact in refusals:
                line._fail(refusals[contact])
            elif line.partner_id.id not in owing:
                line._fail(run.env._("He owes nothing any more."))
        lines = lines.filtered(lambda line: line.state == "pending")
        if not lines:
            return
        statements = model._get_statements(
            lines.partner_id.with_env(run.env), run._get_options()
        )
        files = {
            statement.partner.id: (
                get_filename(statement, "pdf"),
                content,
            )
            for statement, content in render_pdfs(run.env, statements)
        }
        mails = self.template_id.send_mail_batch(
            lines.ids, email_layout_xmlid="mail.mail_notification_light"
        )
        for line, mail in zip(lines, mails, strict=True):
            name, content = files[line.partner_id.id]
            attachment = self.env["ir.attachment"].create(
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
                    "author_id": self.user_id.partner_id.id,
                    "attachment_ids": [(4, attachment.id)],
                }
            )
            line.write({"state": "queued", "mail_mail_id": mail.id})
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
