from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        invoices = posted.filtered(
            lambda move: move.move_type in ("out_invoice", "out_receipt")
        )
        for company, moves in invoices.grouped("company_id").items():
            moves.partner_id.with_company(company)._register_customer_business()
        return posted
