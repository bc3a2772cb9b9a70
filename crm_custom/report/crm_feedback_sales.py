from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: a case that a customer complains in and that is still work; ``kind`` is its type
OPEN_COMPLAINT = SQL("feedback.active AND feedback.is_closed IS NOT TRUE")
_FROM = SQL(
    """crm_feedback AS feedback
       JOIN crm_feedback_type AS kind
         ON kind.id = feedback.type_id AND kind.is_complaint"""
)
#: {field: SQL of the condition that there is one}, from the open complaints, which are
#: few
COMPLAINED = {
    "complaint_count": """%(record)s.id = ANY(ARRAY(
        SELECT part.order_line_id
          FROM %(complaints)s
          JOIN crm_feedback_line AS part ON part.feedback_id = feedback.id
         WHERE %(is_open)s AND part.order_line_id IS NOT NULL))""",
    "customer_complaint_count": """
        ((%(record)s.commercial_partner_id, %(record)s.company_id) IN (
            SELECT feedback.partner_id, feedback.company_id
              FROM %(complaints)s WHERE %(is_open)s)) IS TRUE""",
}


class CrmSalesRecord(models.Model):
    """Which sales a customer complains about, and who complains at all."""

    _inherit = "crm.sales.record"

    complaint_count = fields.Integer(
        string="Open complaints",
        readonly=True,
        aggregator=None,
        help="Complaints about what was sold on this line that are not closed.",
    )
    customer_complaint_count = fields.Integer(
        string="Open complaints of the customer",
        readonly=True,
        aggregator=None,
        help="All complaints of the customer in this company that are not closed.",
    )

    _depends = {
        "crm.feedback": ["active", "company_id", "is_closed", "partner_id", "type_id"],
        "crm.feedback.line": ["feedback_id", "order_line_id"],
        "crm.feedback.type": ["is_complaint"],
    }

    @api.model
    def _document_columns(self):
        return {
            **super()._document_columns(),
            "complaint_count": SQL("complained.complaints"),
            "customer_complaint_count": SQL("unhappy.complaints"),
        }

    @api.model
    def _from_documents(self):
        # Each by a key of its own, so that PostgreSQL leaves out what is not asked for.
        # It keeps a join by a constant, which a reader of one company makes of the
        # line's.
        return SQL(
            """%(source)s
            LEFT JOIN (SELECT part.order_line_id,
                              count(DISTINCT feedback.id)::int AS complaints
                         FROM %(complaints)s
                         JOIN crm_feedback_line AS part
                           ON part.feedback_id = feedback.id
                        WHERE %(is_open)s AND part.order_line_id IS NOT NULL
                        GROUP BY part.order_line_id) AS complained
                   ON complained.order_line_id = line.id
            LEFT JOIN (SELECT feedback.partner_id, feedback.company_id,
                              count(*)::int AS complaints
                         FROM %(complaints)s
                        WHERE %(is_open)s
                        GROUP BY feedback.partner_id, feedback.company_id) AS unhappy
                   ON unhappy.partner_id = customer.id
                  AND unhappy.company_id = sale.company_id""",
            source=super()._from_documents(),
            complaints=_FROM,
            is_open=OPEN_COMPLAINT,
        )

    @api.model
    def _look_up(self, term, known=(), one_by_one=False):
        if term.field_expr in COMPLAINED and (term.operator, term.value) == (">", 0):
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    COMPLAINED[term.field_expr],
                    record=SQL.identifier(alias),
                    complaints=_FROM,
                    is_open=OPEN_COMPLAINT,
                )
            )
        return super()._look_up(term, known, one_by_one)

    def action_view_complaints(self):
        """The open complaints about this line, else those of the customer."""
        self.ensure_one()
        action = self.env["crm.feedback"]._get_complaint_action(
            self.commercial_partner_id
        )
        if self.complaint_count:
            action["domain"].append(("line_ids.order_line_id", "=", self.id))
        return action
