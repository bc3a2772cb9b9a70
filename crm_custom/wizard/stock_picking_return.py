from odoo import api, fields, models
from odoo.exceptions import UserError


class StockReturnPicking(models.TransientModel):
    """Odoo's wizard of returns, for what a case takes back."""

    _inherit = "stock.return.picking"

    crm_compensation_id = fields.Many2one(
        "crm.feedback.compensation", readonly=True, export_string_translation=False
    )

    @api.depends("crm_compensation_id")
    def _compute_moves_locations(self):
        super()._compute_moves_locations()
        for wizard in self:
            if wizard.crm_compensation_id:
                wizard._fill_in_compensation()

    def _fill_in_compensation(self):
        # sudo: what was proposed, for who takes goods back alone
        lines_sudo = self.crm_compensation_id.sudo().line_ids
        for back in self.product_return_moves:
            found_sudo = lines_sudo.filtered(
                lambda line, b=back: line.move_id.id == b.move_id.id
            )
            back.quantity = sum(line._to_unit_of(back.move_id) for line in found_sudo)
            # goods that are replaced or repaired stay sold
            back.to_refund = not any(
                other.is_live
                and other.compensation_id.kind in ("replacement", "repair")
                for other in found_sudo.feedback_line_id.compensation_line_ids
            )

    def action_create_returns_all(self):
        self._check_as_proposed()
        return super().action_create_returns_all()

    def action_create_exchanges(self):
        self._check_as_proposed()
        return super().action_create_exchanges()

    def _check_as_proposed(self):
        if self.crm_compensation_id:
            raise UserError(
                self.env._("Take back what was proposed: the case says the rest.")
            )

    def _create_return(self):
        compensation = self.crm_compensation_id
        if not compensation:
            return super()._create_return()
        compensation._check_may_make("return")
        if self.picking_id != compensation.picking_id:
            raise UserError(self.env._("This is not the delivery that comes back."))
        self._take_over_quantities(compensation)
        picking = super()._create_return()
        compensation._link_document(picking)
        return picking

    def _take_over_quantities(self, compensation):
        """Less may come back than was proposed; what does not is free again."""
        # sudo: what was proposed, for who takes goods back alone
        left = {line: line.quantity for line in compensation.sudo().line_ids}
        for back in self.product_return_moves:
            quantity = back.quantity
            for line_sudo in left:
                if line_sudo.move_id.id == back.move_id.id:
                    part = min(quantity, line_sudo._to_unit_of(back.move_id))
                    left[line_sudo] = back.uom_id._compute_quantity(
                        part, line_sudo.uom_id, round=False
                    )
                    quantity -= part
            if back.uom_id.compare(quantity, 0) > 0:
                raise UserError(
                    self.env._(
                        "%s: more than was proposed. Propose the rest in the case.",
                        back.product_id.display_name,
                    )
                )
        for line_sudo, quantity in left.items():
            if not quantity:
                line_sudo.unlink()
            elif quantity != line_sudo.quantity:
                line_sudo.quantity = quantity


class CrmFeedbackCompensationLine(models.Model):
    _inherit = "crm.feedback.compensation.line"

    def _to_unit_of(self, move):
        return self.uom_id._compute_quantity(
            self.quantity, move.product_uom, round=False
        )
