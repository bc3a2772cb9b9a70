"""Solutions that customers may read, in the portal."""

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

LIST = "/my/solutions"
PAGE_SIZE = 20
SEARCH_LENGTH = 200


class FeedbackSolutionPortal(CustomerPortal):
    """Reviewed solutions that are shared, of the visitor's company or of all: what the
    customer sees and what to do. He has no rights on them.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "solution_count" in counters:
            values["solution_count"] = self._get_solutions().search_count(
                self._get_shared_domain()
            )
        return values

    @http.route(
        [LIST, f"{LIST}/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_solutions(self, page=1, search="", **_kwargs):
        solutions_sudo = self._get_solutions()
        search = search[:SEARCH_LENGTH].strip()
        domain = self._get_shared_domain()
        if search:
            domain &= Domain("full_text", "ilike", search)
        pages = pager(
            url=LIST,
            url_args={"search": search} if search else {},
            total=solutions_sudo.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        return request.render(
            "crm_custom.portal_my_solutions",
            {
                "page_name": "crm_solutions",
                "default_url": LIST,
                "pager": pages,
                "search": search,
                "solutions": solutions_sudo.search(
                    domain, limit=PAGE_SIZE, offset=pages["offset"]
                ),
            },
        )

    @staticmethod
    def _get_solutions():
        # sudo: customers have no rights on solutions; which they read is fixed below
        return request.env["crm.feedback.solution"].sudo()

    @staticmethod
    def _get_shared_domain():
        company = request.env.user.company_id
        return (
            Domain("state", "=", "reviewed")
            & Domain("is_shared", "=", True)
            & Domain("company_id", "in", [False, company.id])
        )
