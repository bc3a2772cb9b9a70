"""The SQL of credit: what customers have ordered and nobody has invoiced yet."""

from odoo.tools import SQL

from .crm_sales_record_moves import TO_BE_DONE
from .crm_sales_record_sql import DRAFTS, INVOICES

#: lines of confirmed orders with another quantity invoiced, drafts included, than sold,
#: and others of which more was delivered than invoiced; also the condition of the index
#: `_crm_uninvoiced_index`, to the letter
UNEVEN = SQL(
    "line.display_type IS NULL AND CASE"
    " WHEN line.state = 'sale' AND line.product_uom_qty < 0"
    " THEN LEAST(line.product_uom_qty, line.qty_delivered) <> line.qty_invoiced"
    " WHEN line.state = 'sale'"
    " THEN GREATEST(line.product_uom_qty, line.qty_delivered) <> line.qty_invoiced"
    " ELSE line.qty_delivered > line.qty_invoiced END"
)


def uninvoiced(company, partner_ids=None):
    """SELECT of (partner_id, amount): confirmed and not on a posted invoice yet.

    With tax, in the currency of the company at the rate of each order, by commercial
    entity of the invoice address. What an invoice in draft bears is not invoiced.

    A line counts with the larger of ordered and delivered; where the rest of a delivery
    was cancelled, and delivered quantities are invoiced, with what was delivered; so
    does a line of an order that was cancelled: the customer has the goods. More
    invoiced than sold counts as nothing. A down payment that is invoiced, and not taken
    off a final invoice yet, is taken off here: it is a receivable.

    What was delivered of a line of nothing ordered has no total with tax to take a part
    of. Odoo works taxes out in Python, from records, and a search among all customers
    has none: each tax of such a line, in percent or an amount a unit, is taken of what
    is untaxed, and none of another tax.

    :param company: res.company
    :param partner_ids: ids of commercial entities, when the answer is about few; as an
        array their addresses are looked up first, and the orders by index
    """
    debtors = SQL()
    if partner_ids is not None:
        debtors = SQL(
            """AND sale.partner_invoice_id = ANY(ARRAY(
                   SELECT id FROM res_partner
                    WHERE commercial_partner_id = ANY(%s)))""",
            list(partner_ids),
        )
    sold = SQL(
        """CASE WHEN line.state <> 'sale' OR shipped.is_waiting IS FALSE
                THEN line.qty_delivered
                WHEN line.product_uom_qty < 0
                THEN LEAST(line.product_uom_qty, line.qty_delivered)
                ELSE GREATEST(line.product_uom_qty, line.qty_delivered) END"""
    )
    still = SQL("%s - line.qty_invoiced + COALESCE(draft.quantity, 0)", sold)
    return SQL(
        """SELECT debtor.commercial_partner_id AS partner_id,
                  SUM(part.amount
                      / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric) AS amount
             FROM (
                WITH draft AS MATERIALIZED (%(drafts)s)
                SELECT line.order_id,
                       CASE WHEN %(is_prepaid)s THEN -COALESCE(prepaid.amount, 0)
                            WHEN line.product_uom_qty > 0
                            THEN line.price_total * GREATEST(%(still)s, 0)
                                 / line.product_uom_qty
                            WHEN line.product_uom_qty < 0
                            THEN line.price_total * LEAST(%(still)s, 0)
                                 / line.product_uom_qty
                            ELSE GREATEST(line.untaxed_amount_to_invoice, 0)
                                 * (1 + COALESCE(taxed.share, 0))
                                 + GREATEST(%(still)s, 0) * COALESCE(taxed.each, 0)
                       END AS amount
                  FROM sale_order_line AS line
                  LEFT JOIN draft ON draft.order_line_id = line.id
                  LEFT JOIN product_product AS product ON product.id = line.product_id
                  LEFT JOIN product_template AS template
                         ON template.id = product.product_tmpl_id
                  LEFT JOIN LATERAL (
                        SELECT BOOL_OR(%(to_be_done)s) AS is_waiting
                          FROM stock_move AS move
                          JOIN stock_location AS source ON source.id = move.location_id
                         WHERE move.sale_line_id = line.id
                       ) AS shipped
                         ON line.qty_delivered < line.product_uom_qty
                        AND template.type = 'consu'
                        AND template.invoice_policy = 'delivery'
                  LEFT JOIN LATERAL (%(prepaid)s) AS prepaid ON %(is_prepaid)s
                  LEFT JOIN LATERAL (%(taxed)s) AS taxed ON line.product_uom_qty = 0
                 WHERE %(lines)s
             ) AS part
             JOIN sale_order AS sale ON sale.id = part.order_id
             JOIN res_partner AS debtor ON debtor.id = sale.partner_invoice_id
            GROUP BY debtor.commercial_partner_id""",
        still=still,
        drafts=_drafts(company),
        to_be_done=TO_BE_DONE,
        is_prepaid=_IS_PREPAID,
        prepaid=_PREPAID,
        taxed=_TAXED,
        lines=_lines(company, debtors),
    )


def _lines(company, debtors):
    """The condition on ``line``: uneven ones, and those of invoices in draft.

    Both are looked up by id, each by an index of its own.
    """
    found = SQL(" UNION ").join(
        SQL(
            """SELECT line.id FROM %s
                 JOIN sale_order AS sale ON sale.id = line.order_id
                  AND sale.company_id = %s %s
                WHERE %s""",
            source,
            company.id,
            debtors,
            condition,
        )
        for source, condition in (
            (SQL("sale_order_line AS line"), UNEVEN),
            (
                SQL(
                    """draft
                       JOIN sale_order_line AS line ON line.id = draft.order_line_id"""
                ),
                SQL("line.display_type IS NULL"),
            ),
        )
    )
    # an array, for which PostgreSQL assumes that they are few: most orders are invoiced
    return SQL("line.id = ANY(ARRAY(%s))", found)


def _drafts(company):
    """SELECT of (order_line_id, quantity) on invoices in draft, in the line's unit."""
    return SQL(
        """SELECT rel.order_line_id,
                  SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                      * item.quantity * COALESCE(unit.factor, 1)::numeric
                      / COALESCE(sold_unit.factor, 1)::numeric) AS quantity
             FROM account_move AS move
             JOIN account_move_line AS item ON item.move_id = move.id
              AND item.display_type = 'product'
             JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = item.id
             JOIN sale_order_line AS sold ON sold.id = rel.order_line_id
             LEFT JOIN uom_uom AS unit ON unit.id = item.product_uom_id
             LEFT JOIN uom_uom AS sold_unit ON sold_unit.id = sold.product_uom_id
            WHERE %s AND move.company_id = %s
            GROUP BY rel.order_line_id""",
        DRAFTS,
        company.id,
    )


#: whoever may write lines may call one a down payment: nothing is sold with it
_IS_PREPAID = SQL(
    "line.is_downpayment AND line.product_uom_qty = 0 AND line.qty_delivered = 0"
)

#: the taxes of ``line``: what they add to an amount of 1, and to each unit
_TAXED = SQL(
    """SELECT SUM(CASE tax.amount_type WHEN 'percent' THEN tax.amount / 100
                      WHEN 'division' THEN tax.amount / (100 - tax.amount)
                  END) AS share,
              SUM(tax.amount) FILTER (WHERE tax.amount_type = 'fixed') AS each
         FROM account_tax_sale_order_line_rel AS rel
         LEFT JOIN account_tax_filiation_rel AS part
                ON part.parent_tax = rel.account_tax_id
         JOIN account_tax AS tax
           ON tax.id = COALESCE(part.child_tax, rel.account_tax_id)
        WHERE rel.sale_order_line_id = line.id"""
)

#: what was invoiced of the down payment ``line``, in the currency of its order
_PREPAID = SQL(
    """SELECT SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                  * item.price_total * CASE WHEN item.currency_id = line.currency_id
                      THEN 1
                      ELSE ordered.currency_rate::numeric
                           / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1)::numeric
                    END) AS amount
         FROM sale_order_line_invoice_rel AS rel
         JOIN account_move_line AS item ON item.id = rel.invoice_line_id
         JOIN account_move AS move ON move.id = item.move_id AND %s
         JOIN sale_order AS ordered ON ordered.id = line.order_id
        WHERE rel.order_line_id = line.id""",
    INVOICES,
)


def broken(company, since):
    """SELECT of (partner_id, number): promises that were broken, wholly or in part.

    :param date since: those settled on that day or later
    """
    return SQL(
        """SELECT partner_id, COUNT(*) AS number
             FROM crm_promise
            WHERE state IN ('broken', 'partly') AND company_id = %s
              AND date_settled >= %s
            GROUP BY partner_id""",
        company.id,
        since,
    )
