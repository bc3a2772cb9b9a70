"""The page on which a customer says how likely he is to recommend us."""

from odoo import http
from odoo.http import request

SCORES = [str(score) for score in range(11)]


class FeedbackNps(http.Controller):
    """Whoever has the link answers, once; to all others each link is equally wrong."""

    @http.route(
        "/crm_custom/nps/<int:row_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def ask(self, row_id, token, score=None, **_kwargs):
        row_sudo = request.env["crm.feedback.nps"]._get_open(row_id, token)
        if not row_sudo:
            return self._refuse()
        return self._render(
            row_sudo,
            "crm_custom.feedback_nps_form",
            score=score if score in SCORES else None,
        )

    @http.route(
        "/crm_custom/nps/<int:row_id>/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def answer(self, row_id, token, score=None, comment="", **_kwargs):
        row_sudo = request.env["crm.feedback.nps"]._get_open(row_id, token)
        if not row_sudo:
            return self._refuse()
        if score not in SCORES:
            return self._render(
                row_sudo, "crm_custom.feedback_nps_form", comment=comment, error=True
            )
        if not row_sudo._take_answer(int(score), comment):
            return self._refuse()
        return self._render(row_sudo, "crm_custom.feedback_nps_thanks")

    @staticmethod
    def _render(row_sudo, template, **values):
        request.update_context(lang=row_sudo.contact_id.lang or request.env.lang)
        response = request.render(
            template,
            {
                "company_name": row_sudo.company_id.name,
                "res_company": row_sudo.company_id,
                "scores": SCORES,
                **values,
            },
        )
        return FeedbackNps._keep_private(response)

    @staticmethod
    def _refuse():
        response = request.render("crm_custom.feedback_nps_over")
        response.status_code = 404
        return FeedbackNps._keep_private(response)

    @staticmethod
    def _keep_private(response):
        """The link is a key: it stays out of caches, indexes and of other sites."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
