"""How disputes end, what is told of it, and the flag of Odoo's that goes along."""

import enum
from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .crm_dispute import OUTCOMES


class Tick(enum.Enum):
    """Who writes No Follow-Up. No client can say it: JSON knows no such value."""

    BY_DISPUTE = "a dispute, on one instalment alone"


class CrmDispute(models.Model):
    _inherit = "crm.dispute"

    def _end(self, outcome, note=None):
        """End those of these disputes that are open.

        :param outcome: one of `OUTCOMES`
        """
        opened = self.filtered(lambda dispute: dispute.state == "open")
        # sudo: nobody writes these by hand; whoever calls has checked the right to
        for company, disputes in opened.sudo().grouped("company_id").items():
            disputes.write(
                {
                    "state": "ended",
                    "outcome": outcome,
                    "date_ended": company._crm_today(),
                    "ended_by_id": self.env.uid,
                }
            )
        opened._sync_followup()
        opened._log_ended(note)

    @api.model
    def _crm_end_disputes(self, origin, outcome="withdrawn", note=None):
        """End the disputes that come from a record, and no others.

        For the rooms that open them, which know who may; nothing is checked here.

        :param origin: the record that `account.move._crm_dispute` was given
        :return: the disputes that were open
        """
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("A dispute does not end like this."))
        # sudo: of exactly this record, whoever may read them
        disputes = self.sudo().search(
            Domain("origin", "=", f"{origin._name},{origin.id}")
            & Domain("state", "=", "open")
        )
        disputes._end(outcome, note)
        return disputes.sudo(self.env.su)

    # ------------------------------------------------------------------
    # No Follow-Up
    # ------------------------------------------------------------------

    def _sync_followup(self):
        """Tick Odoo's flag on the items that are wholly disputed, and on no others.

        The disputes remember which items they have ticked, and take back these alone.
        An item that a user has ticked or cleared himself is left to him.
        """
        # sudo: one flag of the items, for users who may dispute an item and not write
        # it; the amounts are read to know whether it is wholly disputed
        all_sudo = self.sudo()
        lines_sudo = all_sudo.move_line_id
        found = all_sudo.search(
            Domain("move_line_id", "in", lines_sudo.ids)
            & (Domain("state", "=", "open") | Domain("followup", "=", "ticked"))
        )
        tick = clear = lines_sudo.browse()
        tickers = forgetful = all_sudo.browse()
        for line, disputes in found.grouped("move_line_id").items():
            opened = disputes.filtered(lambda dispute: dispute.state == "open")
            ticked = disputes.filtered(lambda dispute: dispute.followup == "ticked")
            wholly = line.amount_residual_currency > 0 and (
                line.currency_id.compare_amounts(
                    sum(opened.mapped("amount")), line.amount_residual_currency
                )
                >= 0
            )
            if ticked and not wholly:
                clear += line
                forgetful += ticked
            elif (
                wholly
                and not line.no_followup
                and "by_hand" not in (opened.mapped("followup"))
            ):
                tick += line
                tickers += opened[:1]
        tickers.followup = "ticked"
        forgetful.followup = False
        self._write_followup(tick, True)
        self._write_followup(clear, False)

    @api.model
    def _write_followup(self, lines, value):
        # no amount changes: nothing has to be balanced or computed anew
        lines.with_context(
            crm_followup=Tick.BY_DISPUTE,
            skip_invoice_sync=True,
            check_move_validity=False,
        ).write({"no_followup": value})

    @api.model
    def _leave_followup_to_user(self, lines):
        """A user has written the flag himself: from now on it is his."""
        # sudo: whoever may write the item may not read its disputes
        self.sudo().search(
            Domain("move_line_id", "in", lines.ids)
            & (Domain("state", "=", "open") | Domain("followup", "=", "ticked"))
        ).followup = "by_hand"

    @api.model
    def _take_back_followup(self):
        """Before the disputes go with the addon, what they have ticked."""
        ticked = self.search([("followup", "=", "ticked")])
        self._write_followup(ticked.move_line_id, False)

    # ------------------------------------------------------------------
    # The history of the invoice
    # ------------------------------------------------------------------

    def _log_opened(self):
        self._log(
            lambda dispute, details: self.env._(
                "Disputed until %(date)s: %(amount)s of the instalment due on %(due)s."
                " Reason: %(reason)s.",
                date=format_date(self.env, dispute.date_until),
                **details,
            ),
            lambda dispute: dispute.note,
        )

    def _log_ended(self, note=None):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        self._log(
            lambda dispute, details: self.env._(
                "Dispute ended: %(amount)s of the instalment due on %(due)s. Reason:"
                " %(reason)s. How it ended: %(outcome)s.",
                outcome=labels[dispute.outcome],
                **details,
            ),
            lambda dispute: note,
        )

    def _log(self, get_text, get_note):
        """A note on each entry, one for all of its disputes."""
        lines = defaultdict(list)
        # sudo: a salesperson may not read the entry whose history is written
        for dispute in self.sudo():
            details = {
                "amount": dispute.currency_id.format(dispute.amount),
                "due": format_date(
                    self.env,
                    dispute.date_maturity or dispute.move_line_id.date,
                ),
                "reason": dispute.reason_id.with_env(self.env).sudo().name,
            }
            lines[dispute.move_id].append(get_text(dispute, details))
            if note := get_note(dispute):
                lines[dispute.move_id].append(note)
        moves = self.env["account.move"].union(*(move for move in lines))
        if moves:
            moves._message_log_batch(
                {move.id: Markup("<br/>").join(texts) for move, texts in lines.items()}
            )
