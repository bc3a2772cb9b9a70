from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq, hmac
from odoo.tools.urls import urljoin

SCOPE = "crm_feedback_nps"
PROMOTER, PASSIVE = 9, 7
#: for so long the link in the e-mail works
VALID_DAYS = 30
MAX_COMMENT = 5000


class CrmFeedbackNps(models.Model):
    """How likely a customer is to recommend us: one row a question that was sent.

    The net promoter score of any set of answers is the average of their ``nps``: 100 of
    a promoter (9 or 10), -100 of a detractor (0 to 6), 0 of the rest.

    The link in the e-mail carries a signature of the row. Nothing is stored of it, so
    nobody who reads rows can answer for a customer.
    """

    _name = "crm.feedback.nps"
    _description = "Recommendation"
    _order = "date_asked desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Asked",
        required=True,
        index=True,
        ondelete="cascade",
        help="Who got the e-mail.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        index="btree_not_null",
        ondelete="set null",
        help="Of the customer, when he was asked.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    date_asked = fields.Datetime(
        string="Asked on", required=True, default=fields.Datetime.now
    )
    date_answered = fields.Datetime(string="Answered on", index="btree_not_null")
    score = fields.Integer(aggregator="avg", help="From 0 to 10, as he answered.")
    comment = fields.Text()
    answer = fields.Selection(
        [("promoter", "Promoter"), ("passive", "Passive"), ("detractor", "Detractor")],
        compute="_compute_answer",
        store=True,
        help="Promoter: 9 or 10. Passive: 7 or 8. Detractor: 0 to 6. Empty: he has not"
        " answered.",
    )
    nps = fields.Float(
        string="Net promoter score",
        compute="_compute_answer",
        store=True,
        aggregator="avg",
        digits=(16, 1),
        help="Of a set of answers: the percentage of promoters less that of"
        " detractors.",
    )

    _score_range = models.Constraint(
        "CHECK(score BETWEEN 0 AND 10)", "The score is from 0 to 10."
    )
    _asked_index = models.Index("(company_id, partner_id, date_asked DESC)")

    @api.depends("score", "date_answered")
    def _compute_answer(self):
        for row in self:
            row.nps = 0
            if not row.date_answered:
                row.answer = False
            elif row.score >= PROMOTER:
                row.answer, row.nps = "promoter", 100
            elif row.score >= PASSIVE:
                row.answer = "passive"
            else:
                row.answer, row.nps = "detractor", -100

    # ------------------------------------------------------------
    # The link
    # ------------------------------------------------------------

    def _get_token(self):
        self.ensure_one()
        # sudo: the key of the signature
        return hmac(self.env(su=True), SCOPE, (self.id, str(self.date_asked)))

    def _get_url(self, score=None):
        """Where the customer answers; ``score`` is ticked there, and not taken yet:
        programs that look at e-mails follow links too.
        """
        path = f"/crm_custom/nps/{self.id}/{self._get_token()}"
        return urljoin(
            self.company_id.get_base_url(),
            path if score is None else f"{path}?score={score}",
        )

    @api.model
    def _get_open(self, row_id, token):
        """The question of this link while it may be answered, else none.

        Which of them is wrong is not told: neither that there is such a question, nor
        that it was answered.
        """
        # sudo: the customer has no rights; the signature says that it is his
        row_sudo = self.sudo().browse(row_id).exists()
        expected = row_sudo._get_token() if row_sudo else "0" * 64
        is_right = consteq(expected.encode(), token.encode())
        earliest = fields.Datetime.now() - timedelta(days=VALID_DAYS)
        if (
            not row_sudo
            or not is_right
            or row_sudo.date_answered
            or row_sudo.date_asked < earliest
        ):
            return self.sudo().browse()
        return row_sudo

    def _take_answer(self, score, comment):
        """Take what the customer answered, once.

        :param int score: from 0 to 10
        :return: whether it was taken; of two answers at once one is
        """
        self.ensure_one()
        if not self.try_lock_for_update():
            return False
        self.write(
            {
                "score": score,
                "comment": (comment or "").replace("\0", "").strip()[:MAX_COMMENT],
                "date_answered": fields.Datetime.now(),
            }
        )
        return True
