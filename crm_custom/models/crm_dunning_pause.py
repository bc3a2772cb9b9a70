from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

#: what a user may change later
EDITABLE = frozenset({"date_until", "reason"})


class CrmDunningPause(models.Model):
    """Nobody is reminded until a day: of all that a customer owes, or of one invoice.

    What is paused is a row, so that it is known later who paused what, and why.
    """

    _name = "crm.dunning.pause"
    _description = "Dunning pause"
    _order = "date_until desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('state', '=', 'posted'), ('company_id', '=', company_id),"
        " ('commercial_partner_id', '=', partner_id)]",
        help="Without one, all that the customer owes is paused.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_until = fields.Date(
        string="Until",
        required=True,
        help="The last day of the pause.",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Paused by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )

    @api.constrains("partner_id", "move_id", "company_id")
    def _check_invoice(self):
        for pause in self:
            # sudo: who pauses a customer of his may not read the invoice
            move = pause.move_id.sudo()
            if move and (
                move.commercial_partner_id != pause.partner_id
                or move.company_id != pause.company_id
            ):
                raise ValidationError(
                    self.env._("Choose an invoice of this customer and company.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
            if not self.env.su:
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not vals.keys() <= EDITABLE:
            raise AccessError(
                self.env._(
                    "Of a pause the date and the reason can be changed. End it and make"
                    " another one for somebody else."
                )
            )
        return super().write(vals)

    def action_end(self):
        """From now on the customer is reminded again."""
        self.check_access("write")
        for pause in self:
            yesterday = pause.company_id._crm_today() - timedelta(days=1)
            pause.date_until = min(pause.date_until, yesterday)
