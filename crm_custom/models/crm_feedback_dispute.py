"""A complaint about an invoice disputes what it is about, until the case is over."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    dispute_ids = fields.One2many(
        "crm.dispute", "feedback_id", string="Disputes", copy=False
    )

    def action_dispute(self):
        """How much of which invoice? The wizard asks."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_dispute()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_dispute_action"
        )
        action["context"] = {"default_feedback_id": self.id}
        return action

    def _check_may_dispute(self):
        if self.is_solved or self.is_closed:
            raise UserError(
                self.env._(
                    "This case is over, and so are its disputes. Open it again first."
                )
            )
        if not self._get_disputable_invoices():
            raise UserError(
                self.env._(
                    "No invoice of this case can be disputed. Name the invoice, or the"
                    " products: what was invoiced of them is found by itself."
                )
            )

    def _get_disputable_invoices(self):
        """The posted invoices that the case is about.

        :return: `account.move` with sudo
        """
        # sudo: of this case and its products alone, which whoever works on the case
        # knows; he may read no invoices
        case_sudo = self.sudo()
        invoices_sudo = case_sudo.invoice_id | case_sudo.line_ids.invoice_id
        return invoices_sudo.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _get_disputed_value(self, invoice_sudo):
        """What the products of the case cost on an invoice, with tax, in its currency;
        None where the case names the invoice as a whole.
        """
        # sudo: as in _get_disputable_invoices
        lines_sudo = self.sudo().line_ids.filtered(
            lambda line: line.invoice_id == invoice_sudo
        )
        if not lines_sudo:
            return None
        shares = {}
        for line_sudo in lines_sudo:
            item_sudo = line_sudo.invoice_line_id
            shares[item_sudo] = shares.get(item_sudo, 0) + line_sudo._get_share(
                item_sudo
            )
        return sum(
            item_sudo.price_total * min(share, 1) for item_sudo, share in shares.items()
        )

    def _stamp_stage_dates(self):
        over = self.filtered(
            lambda case: (
                (case.stage_id.is_solved and not case.date_solved)
                or (case.stage_id.is_closed and not case.date_closed)
            )
        )
        result = super()._stamp_stage_dates()
        over._end_disputes()
        return result

    def _end_disputes(self, outcome=None):
        """End what these cases dispute, and nothing else.

        :param outcome: None: as the stage says
        """
        if not self:
            return
        model = self.env["crm.dispute"]
        # sudo: whoever may solve a case ends what it disputes
        disputes_sudo = model.sudo().search(
            Domain("feedback_id", "in", self.ids) & Domain("state", "=", "open")
        )
        for case in disputes_sudo.feedback_id.sudo(self.env.su).with_env(self.env):
            model._crm_end_disputes(
                case,
                outcome or ("conceded" if case.stage_id.is_solved else "upheld"),
                case.display_name,
            )

    @api.ondelete(at_uninstall=False)
    def _end_disputes_of_deleted(self):
        self._end_disputes("withdrawn")


class CrmFeedbackLine(models.Model):
    _inherit = "crm.feedback.line"

    def _get_share(self, item):
        """Which part of a line of an invoice this is, from 0 on."""
        unit = item.product_uom_id
        if not item.quantity:
            return 1
        quantity = self.uom_id._compute_quantity(self.quantity, unit, round=False)
        return quantity / item.quantity
