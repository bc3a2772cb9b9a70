"""How a proposal becomes a document: through Odoo's own forms and rights."""

from odoo import models
from odoo.fields import Command

from .crm_feedback_compensation import LIVE


class CrmFeedbackCompensation(models.Model):
    _inherit = "crm.feedback.compensation"

    def _make_credit(self):
        """Odoo's wizard of credit notes, see `account.move.reversal`."""
        invoice = self.invoice_id
        invoice.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        action["views"] = [
            (self.env.ref("account.view_account_move_reversal").id, "form")
        ]
        action["context"] = {
            "active_model": "account.move",
            "active_ids": invoice.ids,
            "active_id": invoice.id,
            # sudo: the number of the case, for who makes credit notes alone
            "default_reason": self.sudo().feedback_id.display_name,
            "default_crm_compensation_id": self.id,
        }
        return action

    def _make_reduction(self):
        return self._make_credit()

    def _make_return(self):
        """Odoo's wizard of returns, see `stock.return.picking`."""
        self.picking_id.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.act_stock_return_picking"
        )
        action["context"] = {
            "active_model": "stock.picking",
            "active_id": self.picking_id.id,
            "active_ids": self.picking_id.ids,
            "default_crm_compensation_id": self.id,
        }
        return action

    def _make_replacement(self):
        """A quotation of the same goods at no charge."""
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(self._prepare_replacement())
        )
        self._link_document(order)
        return self.action_open_document()

    def _prepare_replacement(self):
        # sudo: of the case whom and what it is for, for who writes quotations alone
        case_sudo = self.sudo().feedback_id
        text = self.with_context(lang=case_sudo.partner_id.lang or self.env.lang).env._(
            "Replacement for %s, at no charge", case_sudo.display_name
        )
        return {
            "partner_id": case_sudo.partner_id.id,
            "contact_id": case_sudo.contact_id.id,
            "company_id": self.company_id.id,
            "origin": case_sudo.name,
            "order_line": [
                Command.create({"display_type": "line_note", "name": text}),
                *(
                    Command.create(
                        {
                            "product_id": line_sudo.product_id.id,
                            "product_uom_qty": line_sudo.quantity,
                            "product_uom_id": line_sudo.uom_id.id,
                            "price_unit": 0.0,
                            # unlike the price: Odoo keeps what was set by hand when
                            # the quantity changes
                            "technical_price_unit": line_sudo.product_id.lst_price
                            or 1.0,
                        }
                    )
                    for line_sudo in self.sudo().line_ids
                ),
            ],
        }

    def _make_repair(self):
        """A repair order, and the technician's time in his calendar."""
        repair = (
            self.env["repair.order"]
            .with_company(self.company_id)
            .create(self._prepare_repair())
        )
        self._link_document(repair)
        repair._book_technician(self.duration)
        return self.action_open_document()

    def _prepare_repair(self):
        # sudo: of the case whom and what it is for, for who writes repairs alone
        self_sudo = self.sudo()
        case_sudo = self_sudo.feedback_id
        line_sudo = self_sudo.line_ids[:1]
        back_sudo = case_sudo.compensation_ids.filtered(
            lambda one: (
                one.return_id
                and one.state in LIVE
                and line_sudo.feedback_line_id in one.line_ids.feedback_line_id
            )
        )
        values = {
            "partner_id": case_sudo.partner_id.id,
            "company_id": self.company_id.id,
            "product_id": line_sudo.product_id.id,
            "product_uom": line_sudo.uom_id.id,
            "lot_id": line_sudo.feedback_line_id.lot_id.id,
            "picking_id": back_sudo[:1].return_id.id,
            "product_qty": line_sudo.quantity,
            "under_warranty": True,
            "internal_notes": case_sudo.description,
            "user_id": (self.technician_id or self.env.user).id,
        }
        if self.date_planned:
            values["schedule_date"] = self.date_planned
        return values
