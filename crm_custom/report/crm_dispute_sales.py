from odoo import api, fields, models
from odoo.tools import SQL

from .crm_dispute_sql import disputed
from .crm_sales_record_facts import Fact
from .crm_sales_record_sql import PRODUCT_LINES, is_overdue, of_open_items


class CrmSalesRecord(models.Model):
    """Sales that are stuck because the customer disputes an invoice.

    *Disputed* is asked before *overdue*, which would only say that nobody pays what is
    in dispute. A sale of whose invoices something overdue is not disputed stays
    overdue: that can be chased.
    """

    _inherit = "crm.sales.record"

    stage = fields.Selection(
        selection_add=[("overdue",), ("disputed", "Disputed"), ("settled",)]
    )

    _depends = {
        "crm.dispute": ["amount", "move_line_id", "state"],
    }

    @api.model
    def _get_stage_conditions(self, record):
        conditions = super()._get_stage_conditions(record)
        stages = {}
        for stage, alternatives in conditions.items():
            if stage == "overdue":
                stages["disputed"] = [(None, "disputed")]
            stages[stage] = alternatives
        return stages

    @api.model
    def _get_facts(self):
        lines = disputed_lines(fields.Date.context_today(self))
        return {**super()._get_facts(), "disputed": Fact(lines, few=lines)}

    @api.model
    def _get_few(self):
        few = super()._get_few()
        lines = self._get_facts()["disputed"].few
        few["stage"]["disputed"] = (("disputed",), lines)
        return few

    @api.model
    def _document_columns(self):
        return {**super()._document_columns(), "is_disputed": SQL("disputed.one")}

    @api.model
    def _from_documents(self):
        return SQL(
            """%s LEFT JOIN (SELECT order_line_id, 1 AS one FROM (%s) AS found
                              GROUP BY order_line_id) AS disputed
                         ON disputed.order_line_id = line.id""",
            super()._from_documents(),
            disputed_lines(fields.Date.context_today(self)),
        )


def disputed_lines(today):
    """SELECT of ``order_line_id``: a line maybe more than once.

    Something that is open of its invoices is disputed, and nothing that is overdue of
    them is not. It starts from the open disputes, which are few.
    """
    return SQL(
        """SELECT claimed.order_line_id
             FROM crm_dispute AS dispute
             JOIN account_move_line AS instalment
               ON instalment.id = dispute.move_line_id
              AND instalment.parent_state = 'posted'
              AND instalment.amount_residual_currency > 0
             JOIN account_move_line AS line ON line.move_id = instalment.move_id
              AND %(product_lines)s AND line.price_total <> 0
             JOIN sale_order_line_invoice_rel AS claimed
               ON claimed.invoice_line_id = line.id
            WHERE dispute.state = 'open' AND NOT EXISTS (
                SELECT FROM %(items)s
                  LEFT JOIN (%(disputed)s) AS claim ON claim.move_line_id = item.id
                 WHERE rel.order_line_id = claimed.order_line_id AND %(is_overdue)s
                   AND COALESCE(claim.amount, 0) < item.amount_residual_currency
            )""",
        product_lines=PRODUCT_LINES,
        items=of_open_items(),
        disputed=disputed(),
        is_overdue=is_overdue(today),
    )
