from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # the open items in the order of their list, so that its first page is read from
    # the index; Odoo's own index of unreconciled lines holds every income line as well
    _crm_open_index = models.Index(
        """((COALESCE(date_maturity, date)), id)
        WHERE reconciled IS NOT TRUE AND parent_state = 'posted'
              AND (amount_residual <> 0 OR amount_residual_currency <> 0)"""
    )
    # what an ageing of everybody adds up and which invoices are owed, without a look at
    # the table; the keys of whatever `crm.receivable` joins are read, used or not
    _crm_open_ageing_index = models.Index(
        """(account_id, partner_id)
        INCLUDE (id, move_id, company_id, company_currency_id, currency_id,
                 date, date_maturity, amount_residual, amount_residual_currency)
        WHERE reconciled IS NOT TRUE AND parent_state = 'posted'
              AND (amount_residual <> 0 OR amount_residual_currency <> 0)"""
    )
    # entries that were reset to draft keep their matching: few, and looked for in each
    # tie-out
    _crm_draft_matched_index = models.Index(
        "(id) WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )
    # over which lines an amount of an invoice is spread: the entries of payments, most
    # of the rows, have product lines, too
    _crm_product_index = models.Index(
        """(move_id, id) INCLUDE (price_total, balance, company_currency_id)
        WHERE display_type = 'product'
              AND payment_id IS NULL AND statement_line_id IS NULL"""
    )
