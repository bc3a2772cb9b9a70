from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .feedback_solution_words import wanted_words

# What makes a solution fit a case. The text counts by the share of its words that the
# solution has, or by how alike the two are, where a word is misspelt.
TEXT_WEIGHT = 0.6
PRODUCT_WEIGHT = 0.2
TYPE_WEIGHT = 0.1
MIN_SCORE = 0.25
# of pg_trgm: below it two words are different ones
WORD_SIMILARITY = 0.6
MAX_OFFERED = 5
# a search of more words is looked up by the first ones
MAX_WORDS = 20
# so many solutions of like words, like spelling and of the same product are looked at
MAX_LOOKED_AT = 50


class CrmFeedbackSolution(models.Model):
    """How solutions are found: by whole words and their beginnings, else by spelling.

    English words are found by their stem, those of other languages as they are
    written, Chinese by any of its signs.
    """

    _inherit = "crm.feedback.solution"

    full_text = fields.Char(
        string="Any word",
        compute="_compute_full_text",
        search="_search_full_text",
        help="Finds solutions by what stands anywhere in them.",
    )

    @api.depends("search_words")
    def _compute_full_text(self):
        for solution in self:
            solution.full_text = solution.search_words

    @api.model
    def _search_full_text(self, operator, value):
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        words = self._get_lexemes(str(value).replace("%", " "))
        if not words:
            return Domain("name", "ilike", value)
        self.flush_model(["search_words"])
        return Domain("id", "in", SQL("(%s)", self._get_having_sql(words)))

    @api.model
    def _get_lexemes(self, text):
        """The words of a search with the stems that full-text search knows them by,
        without those that stand in every text.
        """
        return self.env.execute_query(
            SQL(
                """SELECT word, min(lexeme)
                     FROM unnest(%s) AS word, unnest(to_tsvector('english', word))
                    GROUP BY word""",
                wanted_words(text).split()[:MAX_WORDS],
            )
        )

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if operator == "ilike" and value:
            domain |= Domain("full_text", "ilike", value)
        return domain

    @api.model
    def _get_having_sql(self, words):
        """SELECT of the ids of solutions that have each of these words, as it begins or
        spelt much alike.

        :param words: pairs of (word, stem)
        """
        has_trigram = self.env.registry.has_trigram
        if has_trigram:
            self._set_word_similarity()
        return SQL(
            "SELECT s.id FROM crm_feedback_solution AS s WHERE %s",
            SQL(" AND ").join(
                SQL(
                    "(to_tsvector('english', s.search_words)"
                    " @@ (quote_literal(%s) || ':*')::tsquery OR %s)",
                    stem,
                    SQL("%s <%% s.search_words", word) if has_trigram else SQL("FALSE"),
                )
                for word, stem in words
            ),
        )

    @api.model
    def _set_word_similarity(self):
        self.env.cr.execute(
            SQL(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, TRUE)",
                str(WORD_SIMILARITY),
            )
        )

    @api.model
    def _get_query_sql(self, words):
        """Any of these words, as it begins, as a tsquery."""
        return SQL(
            """SELECT string_agg(quote_literal(lexeme) || ':*', ' | ')::tsquery
                 FROM unnest(to_tsvector('english', %s))""",
            words,
        )

    @api.model
    def _find_for(self, text, products, feedback_type, company):
        """Reviewed solutions that fit what was said, the best first: two queries.

        :param str text: what the customer says, in a few words
        :param products: product.product records that it is about
        :param feedback_type: crm.feedback.type record, maybe empty
        :param company: res.company record whose solutions, and those of all, are told
        """
        words = wanted_words(text or "")
        if not (words or products):
            return self.browse()
        self.flush_model()
        if self.env.registry.has_trigram:
            self._set_word_similarity()
        rows = self.env.execute_query(
            self._get_fitting_sql(words, products, feedback_type, company)
        )
        ids = [id_ for (id_,) in rows]
        readable = set(self.search([("id", "in", ids)]).ids)
        return self.browse([id_ for id_ in ids if id_ in readable])

    @api.model
    def _get_fitting_sql(self, words, products, feedback_type, company):
        path = (feedback_type.parent_path or "").split("/")
        alike, similarity = SQL("SELECT NULL::int WHERE FALSE"), SQL("0")
        if self.env.registry.has_trigram and words:
            alike = SQL(
                """SELECT s.id FROM crm_feedback_solution AS s
                    WHERE %s <%% s.search_words LIMIT %s""",
                words,
                MAX_LOOKED_AT,
            )
            similarity = SQL("word_similarity(%s, s.search_words)", words)
        return SQL(
            """
            WITH wanted AS (
                SELECT lexeme, (quote_literal(lexeme) || ':*')::tsquery AS query
                  FROM unnest(to_tsvector('english', %(words)s))
            ), candidates AS (
                (SELECT s.id FROM crm_feedback_solution AS s
                  WHERE to_tsvector('english', s.search_words) @@ (%(any_word)s)
                  ORDER BY ts_rank(to_tsvector('english', s.search_words),
                                   (%(any_word)s)) DESC
                  LIMIT %(looked_at)s)
                UNION (%(alike)s)
                UNION
                (SELECT rel.solution_id
                   FROM crm_feedback_solution_product_rel AS rel
                  WHERE rel.product_id = ANY(%(products)s)
                  LIMIT %(looked_at)s)
            ), scored AS (
                SELECT s.id, s.success_rate, s.solved_count,
                       %(text_weight)s * GREATEST(%(similarity)s, COALESCE((
                            SELECT avg((doc.vector @@ wanted.query)::int) FROM wanted
                       ), 0))
                       + CASE WHEN EXISTS (
                            SELECT FROM crm_feedback_solution_product_rel AS rel
                             WHERE rel.solution_id = s.id
                               AND rel.product_id = ANY(%(products)s)
                         ) THEN %(product_weight)s ELSE 0 END
                       + CASE WHEN EXISTS (
                            SELECT FROM crm_feedback_solution_type_rel AS rel
                             WHERE rel.solution_id = s.id
                               AND rel.type_id = ANY(%(types)s)
                         ) THEN %(type_weight)s ELSE 0 END AS score
                  FROM candidates
                  JOIN crm_feedback_solution AS s ON s.id = candidates.id
                 CROSS JOIN LATERAL (
                        SELECT to_tsvector('english', s.search_words) AS vector OFFSET 0
                       ) AS doc
                 WHERE s.active AND s.state = 'reviewed'
                   AND (s.company_id IS NULL OR s.company_id = %(company)s)
            )
            SELECT id FROM scored
             WHERE score >= %(min_score)s
             ORDER BY score DESC, success_rate DESC, solved_count DESC, id DESC
             LIMIT %(limit)s
            """,
            words=words,
            any_word=self._get_query_sql(words),
            alike=alike,
            similarity=similarity,
            products=products.ids,
            types=[int(id_) for id_ in path if id_],
            company=company.id or 0,
            text_weight=TEXT_WEIGHT,
            product_weight=PRODUCT_WEIGHT,
            type_weight=TYPE_WEIGHT,
            min_score=MIN_SCORE,
            looked_at=MAX_LOOKED_AT,
            limit=MAX_OFFERED,
        )
