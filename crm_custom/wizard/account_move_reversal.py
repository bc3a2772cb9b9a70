from dataclasses import dataclass

from odoo import fields, models
from odoo.exceptions import UserError


@dataclass(frozen=True)
class Portion:
    """Which part of an invoice is credited. No client can say it: it is no JSON.

    ``parts`` is {id of an invoice line: (quantity in its unit, reduction)}; with a
    reduction, that amount is credited and no goods are.
    """

    parts: dict


class AccountMoveReversal(models.TransientModel):
    """Odoo's wizard of credit notes, for what a case compensates."""

    _inherit = "account.move.reversal"

    crm_compensation_id = fields.Many2one(
        "crm.feedback.compensation", readonly=True, export_string_translation=False
    )
    crm_product_names = fields.Char(
        string="What is credited",
        related="crm_compensation_id.product_names",
        related_sudo=False,
    )

    def reverse_moves(self, is_modify=False):
        compensation = self.crm_compensation_id
        if not compensation:
            return super().reverse_moves(is_modify=is_modify)
        compensation._check_may_make("credit", "reduction")
        if is_modify or self.move_ids != compensation.invoice_id:
            raise UserError(
                self.env._(
                    "What a case compensates is credited of its own invoice, and the"
                    " rest of the invoice stays."
                )
            )
        portion = Portion(compensation._get_portion())
        action = super(
            AccountMoveReversal, self.with_context(crm_portion=portion)
        ).reverse_moves(is_modify=is_modify)
        compensation._link_credit_note(self.new_move_ids.with_env(self.env))
        return action


class CrmFeedbackCompensation(models.Model):
    _inherit = "crm.feedback.compensation"

    def _get_portion(self):
        """{id of an invoice line: (quantity, reduction)} that is credited."""
        parts = {}
        # sudo: what was proposed, for who makes credit notes alone
        for line_sudo in self.sudo().line_ids:
            item_sudo = line_sudo.invoice_line_id
            unit = item_sudo.product_uom_id or line_sudo.uom_id
            quantity, reduction = parts.get(item_sudo.id, (0.0, 0.0))
            parts[item_sudo.id] = (
                quantity
                + line_sudo.uom_id._compute_quantity(
                    line_sudo.quantity, unit, round=False
                ),
                reduction + line_sudo.reduction,
            )
        return parts

    def _link_credit_note(self, note):
        self._link_document(note)
        # Odoo copies the lines in the order of their ids
        items = note.line_ids.filtered(lambda line: line.display_type == "product")
        # sudo: what was proposed, for who makes credit notes alone
        lines_sudo = self.sudo().line_ids
        for item, origin in zip(
            items.sorted("id"), lines_sudo.invoice_line_id.sorted("id"), strict=True
        ):
            lines_sudo.filtered(
                lambda line, o=origin: line.invoice_line_id == o
            ).credit_line_id = item


class AccountMove(models.Model):
    _inherit = "account.move"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if isinstance(self.env.context.get("crm_portion"), Portion):
            for vals in vals_list:
                # taxes and instalments follow from what is left
                vals["line_ids"] = [
                    command
                    for command in vals["line_ids"]
                    if command[2].get("display_type") == "product"
                    and command[2].get("quantity")
                ]
        return vals_list


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _copy_data_extend_business_fields(self, values):
        super()._copy_data_extend_business_fields(values)
        portion = self.env.context.get("crm_portion")
        if not isinstance(portion, Portion):
            return
        quantity, reduction = portion.parts.get(self.id, (0.0, 0.0))
        values["quantity"] = quantity
        for name in ("amount_currency", "balance", "debit", "credit"):
            values.pop(name, None)
        if reduction:
            # an amount and no goods: neither is stock valued by it, nor has the order
            # fewer of them invoiced
            values |= {
                "quantity": 1.0,
                "price_unit": reduction,
                "discount": 0.0,
                "product_id": False,
                "product_uom_id": False,
                "sale_line_ids": False,
                "name": self.env._("Price reduction: %s", self.name or ""),
            }
