"""The documents by which a case is compensated, and what becomes of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_feedback_compensation import LIVE


class CrmFeedbackDocument(models.AbstractModel):
    """A document of Odoo's that may compensate somebody."""

    _name = "crm.feedback.document"
    _description = "Document that compensates"

    #: the field of a compensation that leads here
    _compensation_field = ""

    crm_feedback_id = fields.Many2one(
        "crm.feedback",
        string="Compensates case",
        compute="_compute_crm_feedback_id",
        compute_sudo=True,
        groups="base.group_user",
        export_string_translation=False,
    )

    def _compute_crm_feedback_id(self):
        compensations = self._get_compensations().grouped(self._compensation_field)
        for document in self:
            found = compensations.get(document._origin)
            document.crm_feedback_id = found[:1].feedback_id if found else False

    def _get_compensations(self):
        """What these documents were made for.

        :return: `crm.feedback.compensation` with sudo
        """
        # sudo: a document may be of use to who may not read its case
        return (
            self.env["crm.feedback.compensation"]
            .sudo()
            .search([(self._compensation_field, "in", self._origin.ids)])
        )

    def action_view_crm_feedback(self):
        """The case that this compensates."""
        self.ensure_one()
        case = self.crm_feedback_id.sudo(False)
        case.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": case.id,
            "views": [(False, "form")],
        }

    def unlink(self):
        # a document that is gone frees what it was for
        compensations_sudo = self._get_compensations()
        names = {one: one.document_name for one in compensations_sudo}
        result = super().unlink()
        if compensations_sudo:
            compensations_sudo.write({"is_withdrawn": True})
            compensations_sudo._message_log_batch(
                {
                    one.id: self.env._("%s was deleted.", name)
                    for one, name in names.items()
                }
            )
        return result


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.feedback.document"]

    _compensation_field = "credit_note_id"

    crm_compensation_ids = fields.One2many(
        "crm.feedback.compensation",
        "credit_note_id",
        groups="base.group_user",
        export_string_translation=False,
    )

    def _post(self, soft=True):
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        for compensation_sudo in refunds._get_compensations():
            note_sudo = compensation_sudo.credit_note_id
            invoice_sudo = compensation_sudo.invoice_id
            # at the rate of the invoice: what was let through was told at it
            rate = abs(invoice_sudo.amount_untaxed_signed) / (
                invoice_sudo.amount_untaxed or 1
            )
            compensation_sudo.with_env(self.env)._check_let_through(
                note_sudo.amount_untaxed * rate
            )
        return super()._post(soft)


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "crm.feedback.document"]

    _compensation_field = "return_id"

    crm_compensation_ids = fields.One2many(
        "crm.feedback.compensation",
        "return_id",
        groups="base.group_user",
        export_string_translation=False,
    )


class RepairOrder(models.Model):
    _name = "repair.order"
    _inherit = ["repair.order", "crm.feedback.document"]

    _compensation_field = "repair_id"

    crm_compensation_ids = fields.One2many(
        "crm.feedback.compensation",
        "repair_id",
        groups="base.group_user",
        export_string_translation=False,
    )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.feedback.document"]

    _compensation_field = "replacement_id"

    crm_compensation_ids = fields.One2many(
        "crm.feedback.compensation",
        "replacement_id",
        groups="base.group_user",
        export_string_translation=False,
    )

    def _get_excessive_discounts(self):
        """Goods that compensate are free by the decision in the case."""
        discounts = super()._get_excessive_discounts()
        if not discounts:
            return discounts
        left = {}
        for compensation_sudo in self._get_compensations():
            if compensation_sudo.state in LIVE:
                for line in compensation_sudo.line_ids:
                    left[line.product_id] = (
                        left.get(line.product_id, 0.0) + line.quantity
                    )
        kept = {}
        for line, percent in discounts.items():
            # sudo: as those of the compensation, to be compared with them
            product = line.product_id.sudo()
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, round=False
            )
            if product.uom_id.compare(quantity, left.get(product, 0.0)) > 0:
                kept[line] = percent
            else:
                left[product] -= quantity
        return kept


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_documents(self):
        # sudo: whoever may delete a case, its documents count
        if self.sudo().compensation_ids.filtered(
            lambda one: one.state in ("draft", "progress", "done")
        ):
            raise UserError(
                self.env._(
                    "A case that has led to a credit note, a return, a replacement or a"
                    " repair is kept: archive it instead."
                )
            )


class CrmFeedbackLine(models.Model):
    _inherit = "crm.feedback.line"

    def write(self, vals):
        if "product_id" in vals:
            self.filtered(
                lambda line: line.product_id.id != vals["product_id"]
            )._unlink_except_compensated()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_compensated(self):
        # sudo: what compensates it, whoever may read that
        if any(self.sudo().compensation_line_ids.mapped("is_live")):
            raise UserError(
                self.env._(
                    "This product is compensated already: withdraw or cancel that"
                    " first."
                )
            )
