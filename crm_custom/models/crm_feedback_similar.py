from odoo import api, fields, models
from odoo.tools import SQL

# of pg_trgm: below it two subjects speak of different things
SUBJECT_SIMILARITY = 0.4
# the same customer and the same product count as much as so much alike a subject
SAME_CUSTOMER = 0.3
SAME_PRODUCT = 0.3
MIN_SCORE = 0.45
MAX_SIMILAR = 5
# so many of a customer's latest cases, and of like subjects, are looked at
MAX_LOOKED_AT = 50


class CrmFeedback(models.Model):
    """Cases that may be the same one again, shown while a case is typed."""

    _inherit = "crm.feedback"

    similar_ids = fields.Many2many(
        "crm.feedback",
        string="Similar cases",
        compute="_compute_similar_ids",
        help="By subject, customer and products: perhaps the same has been told us"
        " before.",
    )

    @api.depends("subject", "partner_id", "line_ids.product_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_ids(self):
        for case in self:
            case.similar_ids = case._find_similar()

    def _find_similar(self):
        """Those that the user may read, the likeliest first: two queries."""
        if not (self.subject or self.partner_id):
            return self.browse()
        self.env["crm.feedback"].flush_model()
        self.env["crm.feedback.line"].flush_model()
        subject = self.env.registry.unaccent(SQL("%s", self.subject or ""))
        column = self.env.registry.unaccent(SQL("c.subject"))
        products = self.line_ids.product_id._origin.ids
        self.env.cr.execute(
            SQL(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, TRUE)",
                str(SUBJECT_SIMILARITY),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT found.id
                  FROM (
                    SELECT c.id, c.date_received,
                           similarity(%(column)s, %(subject)s)
                           + CASE WHEN c.partner_id = %(partner)s
                                  THEN %(same_customer)s ELSE 0 END
                           + CASE WHEN EXISTS (
                                    SELECT FROM crm_feedback_line AS line
                                     WHERE line.feedback_id = c.id
                                       AND line.product_id = ANY(%(products)s)
                                  ) THEN %(same_product)s ELSE 0 END AS score
                      FROM crm_feedback AS c
                     WHERE c.id IN (
                            (SELECT c.id FROM crm_feedback AS c
                              WHERE c.partner_id = %(partner)s
                              ORDER BY c.date_received DESC LIMIT %(looked_at)s)
                            UNION
                            (SELECT c.id FROM crm_feedback AS c
                              WHERE %(column)s %% %(subject)s
                              LIMIT %(looked_at)s)
                           )
                       AND c.company_id = %(company)s AND c.active
                       AND c.id != %(own)s
                  ) AS found
                 WHERE found.score >= %(min_score)s
                 ORDER BY found.score DESC, found.date_received DESC, found.id DESC
                 LIMIT %(limit)s
                """,
                column=column,
                subject=subject,
                partner=self.partner_id._origin.id or 0,
                products=products,
                company=self.company_id.id or 0,
                own=self._origin.id or 0,
                same_customer=SAME_CUSTOMER,
                same_product=SAME_PRODUCT,
                looked_at=MAX_LOOKED_AT,
                min_score=MIN_SCORE,
                limit=MAX_SIMILAR,
            )
        )
        ids = [id_ for (id_,) in rows]
        # only what the user may read, in the order of the score
        readable = set(self.env["crm.feedback"].search([("id", "in", ids)]).ids)
        return self.browse([id_ for id_ in ids if id_ in readable])
