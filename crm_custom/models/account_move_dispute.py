"""The doors to disputes on invoices, and Odoo's flag that goes along."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .crm_dispute_end import Tick
from .res_partner_receivable import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    crm_dispute_count = fields.Integer(
        string="Disputes", compute="_compute_crm_dispute_count", groups=READERS
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_crm_dispute_count(self):
        counts = dict(
            self.env["crm.dispute"]._read_group(
                [("move_id", "in", self._origin.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.crm_dispute_count = counts.get(move._origin, 0)

    def action_crm_dispute(self):
        """Dispute the open instalments of these invoices: the wizard asks."""
        items = self.env["crm.receivable"].search(self._get_disputable_domain())
        return items.action_dispute()

    def action_view_crm_disputes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_dispute_action"
        )
        action["domain"] = [("move_id", "=", self.id)]
        action["context"] = {}
        return action

    def _get_disputable_domain(self):
        return (
            Domain("move_id", "in", self.ids)
            & Domain("is_payable", "=", False)
            & Domain("amount_residual_currency", ">", 0)
        )

    def _crm_dispute(self, reason, amount=None, until=None, origin=None, note=None):
        """Dispute an amount of this invoice, for another room.

        It is put on the instalments from the one that is due last backwards, so that
        what has been due for longest can be chased as long as possible. Items that the
        user may not see are left out; a caller who knows better uses ``sudo()``.

        :param amount: in the currency of the invoice; None: all that is open
        :param until: date; None: as the company has it
        :param origin: the record that ends the disputes as well, see
            `crm.dispute._crm_end_disputes`
        :return: the new disputes, one an instalment
        """
        self.ensure_one()
        model = self.env["crm.dispute"]
        items = self.env["crm.receivable"].with_context(crm_receivable_date=False)
        items = items.search(
            self._get_disputable_domain(), order="date_maturity desc, id desc"
        )
        # sudo: as in `crm.dispute.create`, of items that the user sees
        lines_sudo = items.sudo().move_line_id
        left, _slots = model._get_left(lines_sudo)
        currency = self.currency_id
        wanted = sum(left.values()) if amount is None else currency.round(amount)
        if wanted <= 0 or currency.compare_amounts(wanted, sum(left.values())) > 0:
            raise UserError(
                self.env._(
                    "Of %(number)s no more than %(amount)s can be disputed: that is"
                    " what is open and not disputed yet.",
                    number=self.name,
                    amount=currency.format(sum(left.values())),
                )
            )
        vals_list = []
        for line in lines_sudo.sorted(lambda line: items.ids.index(line.id)):
            part = currency.round(min(left[line], wanted))
            if part > 0:
                wanted = currency.round(wanted - part)
                vals_list.append(
                    {
                        "move_line_id": line.id,
                        "amount": part,
                        "reason_id": reason.id,
                        "date_until": until,
                        "note": note,
                    }
                )
        disputes = model.create(vals_list)
        if origin:
            # sudo: no client says what a dispute comes from
            disputes.sudo().origin = origin
        return disputes


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _inverse_no_followup(self):
        # Odoo ticks all instalments of an invoice with one; a dispute is of one alone
        if self.env.context.get("crm_followup") is Tick.BY_DISPUTE:
            return
        super()._inverse_no_followup()
        self.env["crm.dispute"]._leave_followup_to_user(self)
