from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # few of all documents, and what they invoice is a stage of the sales record
    _crm_draft_index = models.Index(
        "(id) WHERE state = 'draft' AND move_type IN ('out_invoice', 'out_refund')"
    )

    def _post(self, soft=True):
        posted = super()._post(soft)
        invoices = posted.filtered(
            lambda move: move.move_type in ("out_invoice", "out_receipt")
        )
        for company, moves in invoices.grouped("company_id").items():
            moves.partner_id.with_company(company)._register_customer_business()
        return posted
