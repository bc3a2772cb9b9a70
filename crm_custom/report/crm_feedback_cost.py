from odoo import api, fields, models
from odoo.tools import SQL

#: by what a customer is compensated
KINDS = [
    ("credit", "Credit note"),
    ("reduction", "Price reduction"),
    ("return", "Return"),
    ("replacement", "Replacement"),
    ("repair", "Repair"),
]


class CrmFeedbackCost(models.Model):
    """What cases cost: one row a line of a document that compensates.

    The one place that knows. Amounts are in the company's currency, without tax:

    ===========  ===============================================================
    credit       what the credit note takes off the sales, at its own rate
    return       what the company says that a return costs, when it was proposed,
                 spread over its products
    replacement  the goods at the cost that the order line has
    repair       the parts from stock, at the value of their moves; nothing where
                 the customer pays for them
    ===========  ===============================================================

    ``amount`` is what was decided, drafts included; ``cost`` what has come about:
    posted, delivered, taken back, repaired. What was cancelled has no row.
    """

    _name = "crm.feedback.cost"
    _description = "Cost of feedback"
    _auto = False
    _rec_name = "feedback_id"
    _order = "date desc, id desc"

    date = fields.Date(readonly=True, help="Of the document; until then, the proposal.")
    feedback_id = fields.Many2one("crm.feedback", string="Case", readonly=True)
    compensation_id = fields.Many2one("crm.feedback.compensation", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    type_id = fields.Many2one("crm.feedback.type", readonly=True)
    cause_id = fields.Many2one("crm.feedback.cause", readonly=True)
    team_id = fields.Many2one("crm.feedback.team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        string="Decided", readonly=True, help="Proposals and drafts included."
    )
    cost = fields.Monetary(
        readonly=True,
        help="What has come about: posted, delivered, taken back, repaired.",
    )

    _depends = {
        "account.move": ["date", "state"],
        "account.move.line": ["balance", "display_type", "move_id", "product_id"],
        "crm.feedback": ["cause_id", "company_id", "partner_id", "team_id", "type_id"],
        "crm.feedback.compensation": [
            "company_id",
            "credit_note_id",
            "feedback_id",
            "handling_cost",
            "kind",
            "repair_id",
            "replacement_id",
            "return_id",
            "state",
        ],
        "crm.feedback.compensation.line": [
            "amount",
            "compensation_id",
            "credit_line_id",
            "feedback_line_id",
        ],
        "crm.feedback.line": ["product_id"],
        "repair.order": ["product_id", "schedule_date", "under_warranty"],
        "res.company": ["currency_id"],
        "sale.order": ["currency_rate", "date_order"],
        "sale.order.line": [
            "display_type",
            "order_id",
            "product_id",
            "product_uom_qty",
            "purchase_price",
            "qty_delivered",
        ],
        "stock.move": [
            "product_id",
            "product_qty",
            "repair_id",
            "repair_line_type",
            "state",
            "value",
        ],
        "stock.picking": ["date_done"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT item.id, item.date, item.product_id, item.amount, item.cost,
                      comp.id AS compensation_id, comp.kind, comp.feedback_id,
                      comp.company_id, company.currency_id, feedback.partner_id,
                      feedback.type_id, feedback.cause_id, feedback.team_id
                 FROM (%s) AS item
                 JOIN crm_feedback_compensation AS comp
                   ON comp.id = item.compensation_id
                 JOIN crm_feedback AS feedback ON feedback.id = comp.feedback_id
                 JOIN res_company AS company ON company.id = comp.company_id""",
            SQL(" UNION ALL ").join(self._get_items()),
        )

    @api.model
    def _get_items(self):
        """SELECTs of (id, compensation_id, date, product_id, amount, cost)."""
        return (_PROPOSED, _CREDITED, _RETURNED, _REPLACED, _REPAIRED)


# The last digit of an id says which of these SELECTs it is from.
_PROPOSED = SQL(
    """SELECT line.id * 10::bigint AS id, comp.id AS compensation_id,
              comp.create_date::date AS date, product.product_id,
              line.amount::numeric AS amount, 0.0 AS cost
         FROM crm_feedback_compensation AS comp
         JOIN crm_feedback_compensation_line AS line ON line.compensation_id = comp.id
         JOIN crm_feedback_line AS product ON product.id = line.feedback_line_id
        WHERE comp.state IN ('waiting', 'proposed') AND comp.kind <> 'return'"""
)
_CREDITED = SQL(
    """SELECT line.id * 10::bigint + 1, comp.id, note.date,
              COALESCE(named.product_id, line.product_id), line.balance,
              CASE WHEN note.state = 'posted' THEN line.balance ELSE 0.0 END
         FROM crm_feedback_compensation AS comp
         JOIN account_move AS note ON note.id = comp.credit_note_id
         JOIN account_move_line AS line ON line.move_id = note.id
          AND line.display_type = 'product'
    LEFT JOIN LATERAL (
                SELECT product.product_id
                  FROM crm_feedback_compensation_line AS one
                  JOIN crm_feedback_line AS product
                    ON product.id = one.feedback_line_id
                 WHERE one.credit_line_id = line.id LIMIT 1
              ) AS named ON TRUE
        WHERE comp.state IN ('draft', 'done')"""
)
_RETURNED = SQL(
    """SELECT line.id * 10::bigint + 2, comp.id,
              COALESCE(back.date_done, comp.create_date)::date, product.product_id,
              comp.handling_cost / COUNT(*) OVER (PARTITION BY comp.id),
              CASE WHEN comp.state = 'done'
                   THEN comp.handling_cost / COUNT(*) OVER (PARTITION BY comp.id)
                   ELSE 0.0 END
         FROM crm_feedback_compensation AS comp
         JOIN crm_feedback_compensation_line AS line ON line.compensation_id = comp.id
         JOIN crm_feedback_line AS product ON product.id = line.feedback_line_id
    LEFT JOIN stock_picking AS back ON back.id = comp.return_id
        WHERE comp.kind = 'return'
          AND comp.state IN ('waiting', 'proposed', 'draft', 'progress', 'done')"""
)
_REPLACED = SQL(
    """SELECT line.id * 10::bigint + 3, comp.id, sale.date_order::date,
              line.product_id,
              (line.product_uom_qty * line.purchase_price
                  / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric,
              CASE WHEN sale.state = 'sale' THEN
                  (line.qty_delivered * line.purchase_price
                      / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric
                  ELSE 0.0 END
         FROM crm_feedback_compensation AS comp
         JOIN sale_order AS sale ON sale.id = comp.replacement_id
         JOIN sale_order_line AS line ON line.order_id = sale.id
          AND line.display_type IS NULL
        WHERE comp.state IN ('draft', 'progress', 'done')"""
)
_REPAIRED = SQL(
    """SELECT part.id * 10::bigint + 4, comp.id, repair.schedule_date::date,
              repair.product_id,
              CASE WHEN part.state = 'done' THEN COALESCE(part.value, 0)
                   ELSE part.product_qty * COALESCE(
                      (good.standard_price ->> repair.company_id::text)::numeric, 0)
                   END,
              CASE WHEN part.state = 'done' THEN COALESCE(part.value, 0)
                   ELSE 0.0 END
         FROM crm_feedback_compensation AS comp
         JOIN repair_order AS repair ON repair.id = comp.repair_id
         JOIN stock_move AS part ON part.repair_id = repair.id
          AND part.repair_line_type = 'add' AND part.state <> 'cancel'
         JOIN product_product AS good ON good.id = part.product_id
        WHERE comp.state IN ('draft', 'progress', 'done')
          AND repair.under_warranty"""
)
