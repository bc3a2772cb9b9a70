"""What making a letter leaves behind: paper, calls, levels, notes on invoices; what its
e-mail came to; and how it is taken back.
"""

from collections import defaultdict

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .crm_dunning_letter import MADE

#: why an e-mail did not leave, whoever it was for
SERVER_FAILURES = ("mail_smtp", "mail_from_invalid", "mail_from_missing", "unknown")


class CrmDunningLetter(models.Model):
    _inherit = "crm.dunning.letter"

    def _keep_paper(self, files):
        """:param files: {letter id: (file name, bytes)}"""
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": files[letter.id][0],
                    "raw": files[letter.id][1],
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": letter.id,
                }
                for letter in self
            ]
        )
        for letter, attachment in zip(self, attachments, strict=True):
            letter.write({"state": "done", "pdf_id": attachment.id})

    def _plan_calls(self):
        """An activity on each, for the customer's salesperson or else the sender."""
        self.state = "done"
        for letter in self:
            caller = letter._get_caller()
            local = letter.with_context(lang=caller.lang)
            note = Markup("<p>%s</p>") % local.amount_text
            if letter.reason:
                note = Markup("<p>%s</p>") % letter.reason + note
            letter.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=letter.company_id._crm_today(),
                summary=local.env._("Remind of what is due: %s", local.level_id.name),
                note=note + (local.text or ""),
                user_id=caller.id,
            )

    def _get_caller(self):
        """The customer's salesperson, if he works and sees the letter; who sends."""
        self.ensure_one()
        # sudo: who that is and in which companies he works, whoever sends
        salesperson_sudo = self.partner_id.sudo().user_id
        # the companies of the run need not be his: Odoo refuses to look with them
        his = self.with_user(salesperson_sudo).with_context(
            allowed_company_ids=salesperson_sudo.company_ids.ids
        )
        if salesperson_sudo.active and his.has_access("read"):
            return salesperson_sudo.sudo(False)
        return self.run_id.user_id

    # ------------------------------------------------------------------
    # The e-mail
    # ------------------------------------------------------------------

    def _mail_sent(self):
        # failed: somebody has sent it anew from Odoo's outbox
        self.filtered(lambda letter: letter.state in ("queued", "failed")).write(
            {"state": "done", "reason": False}
        )

    def _mail_failed(self, failure_type, reason):
        if failure_type in SERVER_FAILURES:
            # no fault of the address: the same e-mail may leave later
            self._get_mailed().write({"state": "failed", "reason": reason})
        else:
            self._become_call(reason)

    def _try_again(self):
        """Make what could not be made, send what could not be sent."""
        for letter in self.filtered(lambda letter: letter.state == "failed"):
            mail = letter.mail_mail_id
            if not letter.date_sent:
                letter.write({"state": "pending", "reason": False})
            elif mail:
                letter.write({"state": "queued", "reason": False})
                mail.mark_outgoing()
            else:
                letter._become_call(letter.reason)

    def _mail_bounced(self, reason):
        self._become_call(reason)

    def _become_call(self, reason):
        """What no e-mail has told is told by phone."""
        for letter in self._get_mailed():
            letter.write({"channel": "call", "reason": reason})
            letter._plan_calls()

    def _get_mailed(self):
        """Those that went by e-mail, or should have, and that still count."""
        return self.filtered(
            lambda letter: (
                letter.channel == "email"
                and letter.date_sent
                and letter.state in (*MADE, "failed")
            )
        )

    # ------------------------------------------------------------------
    # Levels, and what the invoices tell of them
    # ------------------------------------------------------------------

    def _count_items(self, today):
        """From now on the items have their levels."""
        items = self.line_ids.filtered(lambda line: line.kind == "item")
        items.write({"is_counted": True, "date_sent": today})
        channels = dict(self._fields["channel"]._description_selection(self.env))
        self._log_on_invoices(
            items,
            lambda line: self.env._(
                "Dunning: %(level)s on %(date)s, by %(channel)s, for %(amount)s of the"
                " instalment due on %(due)s.",
                level=line.level_id.with_env(self.env).name,
                date=format_date(self.env, today),
                channel=channels[line.letter_id.channel],
                amount=line.currency_id.format(line.amount),
                due=format_date(self.env, line.date_maturity),
            ),
        )

    def _log_on_invoices(self, items, get_text):
        """A note on each entry, one for all of its instalments."""
        texts = defaultdict(list)
        authors = {}
        # sudo: the history of invoices, written by a job and by who takes back
        for line in items.sudo():
            if line.move_id:
                texts[line.move_id].append(get_text(line))
                authors[line.move_id] = line.run_id.user_id.partner_id
        for author in self.env["res.partner"].union(*authors.values()):
            moves = self.env["account.move"].union(
                *(move for move in texts if authors[move] == author)
            )
            # sudo: as above
            moves.sudo()._message_log_batch(
                {move.id: Markup("<br/>").join(texts[move]) for move in moves},
                author_id=author.id,
            )

    def _take_back(self, note):
        """The letter was an error: its items have the levels that they had before.

        :param str note: why
        """
        # sudo: letters are written by buttons, whose user was checked, and by the job
        letters = self.sudo().try_lock_for_update(allow_referencing=True)
        letters.invalidate_recordset()
        if len(letters) < len(self) or any(
            one.state not in (*MADE, "failed") or not one.date_sent for one in letters
        ):
            raise UserError(
                self.env._("Only what was sent, printed or called can be taken back.")
            )
        # what has not left yet stays here
        letters.mail_mail_id.filtered(
            lambda mail: mail.state in ("outgoing", "exception")
        ).cancel()
        letters.activity_ids.unlink()
        items = letters.line_ids.filtered("is_counted")
        items.is_counted = False
        letters.write({"state": "taken_back", "note_taken_back": note})
        letters._message_log_batch(
            {
                letter.id: Markup("<p>%s</p><p>%s</p>")
                % (self.env._("Taken back:"), note)
                for letter in letters
            },
            author_id=self.env.user.partner_id.id,
        )
        self._log_on_invoices(
            items,
            lambda line: self.env._(
                "Dunning taken back: %(level)s of %(date)s for the instalment due on"
                " %(due)s. %(note)s",
                # sudo: the name alone
                level=line.level_id.with_env(self.env).sudo().name,
                date=format_date(self.env, line.date_sent),
                due=format_date(self.env, line.date_maturity),
                note=note,
            ),
        )
