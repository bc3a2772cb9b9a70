from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmFeedbackDispute(models.TransientModel):
    """What of the invoices of a case the customer refuses to pay until it is over."""

    _name = "crm.feedback.dispute"
    _description = "Dispute the invoices of a case"

    feedback_id = fields.Many2one(
        "crm.feedback",
        string="Case",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_ids = fields.One2many("crm.feedback.dispute.line", "wizard_id")
    # required by the form: when the wizard opens, nobody has chosen one
    reason_id = fields.Many2one("crm.dispute.reason")
    date_until = fields.Date(
        string="Until",
        required=True,
        help="The last day. The dispute ends before it when the case is solved or"
        " closed.",
    )
    note = fields.Text()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        case = self.env["crm.feedback"].browse(values.get("feedback_id"))
        if not case:
            return values
        case.check_access("write")
        if "date_until" in fields:
            company = case.company_id
            values["date_until"] = (
                self.env["crm.dispute.open"].with_company(company)._default_date_until()
            )
        if "line_ids" in fields:
            values["line_ids"] = [
                Command.create(self._prepare_line(case, invoice_sudo))
                for invoice_sudo in case._get_disputable_invoices()
            ]
        return values

    @api.model
    def _prepare_line(self, case, invoice_sudo):
        items_sudo = invoice_sudo.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        left, _slots = self.env["crm.dispute"]._get_left(items_sudo)
        amount_left = sum(left.values())
        value = case._get_disputed_value(invoice_sudo)
        currency = invoice_sudo.currency_id
        return {
            "invoice_id": invoice_sudo.id,
            "number": invoice_sudo.name,
            "currency_id": currency.id,
            "amount_left": amount_left,
            "amount": currency.round(
                amount_left if value is None else min(value, amount_left)
            ),
        }

    def action_open(self):
        self.ensure_one()
        case = self.feedback_id
        case.check_access("write")
        case._check_may_dispute()
        lines = self.line_ids.filtered("amount")
        if not lines:
            raise UserError(self.env._("Say how much of which invoice is disputed."))
        invoices_sudo = case._get_disputable_invoices()
        for line in lines:
            # sudo: the id alone; only invoices of the case are taken
            invoice_sudo = line.sudo().invoice_id & invoices_sudo
            if not invoice_sudo:
                raise UserError(
                    self.env._("%s is no invoice of this case.", line.number)
                )
            # sudo: who works on the case may see neither open items nor entries; of
            # the invoices of this case a dispute is opened, and nothing else
            invoice_sudo._crm_dispute(
                self.reason_id,
                amount=line.amount,
                until=self.date_until,
                origin=case,
                note=self.note,
            )
        return {"type": "ir.actions.act_window_close"}


class CrmFeedbackDisputeLine(models.TransientModel):
    """An invoice of the case. What it says is checked again on opening."""

    _name = "crm.feedback.dispute.line"
    _description = "Invoice to dispute"

    wizard_id = fields.Many2one(
        "crm.feedback.dispute",
        required=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    invoice_id = fields.Many2one("account.move", required=True, ondelete="cascade")
    number = fields.Char(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_left = fields.Monetary(
        string="Open, not disputed yet", readonly=True, aggregator=None
    )
    amount = fields.Monetary(
        string="Disputed amount",
        aggregator=None,
        help="In the currency of the invoice. Proposed is what the products of the case"
        " cost on it, with tax. It is put on the instalments that are due last.",
    )
