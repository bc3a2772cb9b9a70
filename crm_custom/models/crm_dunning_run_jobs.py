from collections import defaultdict

from odoo import models
from odoo.fields import Command

from ..report.crm_dunning_pdf import get_filename, render_letters
from .crm_dunning_proposal import COLUMNS

#: what of a line the ledger tells anew when its letter is made
REFRESHED = (
    "partner_id",
    "number",
    "date_maturity",
    "days_overdue",
    "amount",
    "amount_company",
    "amount_disputed",
)


class CrmDunningRun(models.Model):
    _inherit = "crm.dunning.run"

    def _make_lines(self, lines):
        """Make letters: what they say is read anew, their items get their levels, and
        all of it is one transaction with the e-mail, the PDF or the call.
        """
        run = self._as_sender()
        run.check_access("write")
        lines = lines.with_context(lang=self.user_id.lang, tracking_disable=True)
        lines._refresh(run)
        lines = lines.filtered(lambda letter: letter.state == "pending")
        if not lines:
            return
        lines._address(run)
        today = self.company_id._crm_today()
        for letter in lines:
            letter.date_sent = today
            letter.date_deadline_pay = letter._get_deadline(today)
        written = lines.filtered(lambda letter: letter.channel != "call")
        pdfs = render_letters(run.env, written.with_env(run.env))
        files = {letter.id: (get_filename(letter), content) for letter, content in pdfs}
        mailed = written.filtered(lambda letter: letter.channel == "email")
        attachments = mailed._put_into_outbox(
            self.env.ref("crm_custom.mail_template_crm_dunning"),
            lambda letter: files[letter.id],
        )
        for letter, attachment in zip(mailed, attachments, strict=True):
            letter.pdf_id = attachment
        (written - mailed)._keep_paper(files)
        (lines - written)._plan_calls()
        lines._count_items(today)


class CrmDunningLetter(models.Model):
    _inherit = "crm.dunning.letter"

    def _fail(self, reason):
        self.write({"state": "failed", "reason": reason})

    def _refresh(self, run):
        """The items as they are now: since the proposal one may be paid, disputed,
        promised or paused, and a credit may have come in. New debts wait for the next
        run, since nobody has looked at them.

        :param run: under the rights of who sends; two queries for all letters
        """
        self.env.flush_all()
        rows = run.env.execute_query_dict(run._get_rows(self.partner_id))
        found = {row["move_line_id"]: row for row in rows}
        credits = [row for row in rows if row["kind"] == "credit"]
        # of customers who were merged, one may stand in another letter of the run
        known = self.env["crm.dunning.line"].search(
            [
                ("run_id", "=", run.id),
                ("move_line_id", "in", [row["move_line_id"] for row in credits]),
            ]
        )
        known_ids = set(known.move_line_id.ids)
        new = defaultdict(list)
        for row in credits:
            if row["move_line_id"] not in known_ids:
                new[row["partner_id"]].append(row)
        for letter in self:
            for line in letter.line_ids:
                line._refresh(found.get(line.move_line_id.id))
            letter.line_ids = [
                Command.create(
                    {
                        **{name: row[name] for name in COLUMNS},
                        "run_id": letter.run_id.id,
                        "company_id": letter.company_id.id,
                    }
                )
                for row in new.pop(letter.partner_id.id, ())
            ]
            letter._sum_up()
            # sudo: the limit alone
            minimum = letter.level_id.sudo().amount_min
            if letter.state != "pending" or letter.amount < minimum:
                letter.write(
                    {
                        "state": "dropped",
                        "reason": run.env._(
                            "Since it was proposed, nothing is left to remind of."
                        ),
                    }
                )

    def _address(self, run):
        """Whom each goes to; who can't be reached by e-mail is called."""
        model = run.env["crm.statement"]
        recipients = model._get_recipients(self.partner_id.with_env(run.env))
        refusals = model._get_refusals(set(recipients.values()))
        for letter in self:
            contact = recipients[letter.partner_id.with_env(run.env)]
            letter.contact_id = contact.id
            if letter.channel == "email" and contact in refusals:
                letter.write({"channel": "call", "reason": refusals[contact]})


class CrmDunningLine(models.Model):
    _inherit = "crm.dunning.line"

    def _refresh(self, row):
        """:param row: what the ledger says now, or None when nothing is open"""
        if row is None:
            if self.kind != "excluded":
                self.write({"kind": "excluded", "reason": "settled"})
            return
        values = {name: row[name] for name in REFRESHED}
        if self.kind == "item" and row["level_id"] != self.level_id.id:
            values |= {"kind": "excluded", "reason": row["reason"] or "changed"}
        elif self.kind == "shown" and row["kind"] == "excluded":
            values |= {"kind": "excluded", "reason": row["reason"]}
        self.write(values)
