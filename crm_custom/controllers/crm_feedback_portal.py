"""A customer's cases in the portal."""

from odoo import http
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .crm_feedback_form import (
    MAX_BODY_SIZE,
    PRODUCT_ROWS,
    SUBJECT_LENGTH,
    FeedbackForm,
)

LIST = "/my/feedback"
PAGE_SIZE = 20


class FeedbackPortal(CustomerPortal):
    """Cases are those of the visitor's own house, or the one that he has a link to.

    He has no rights on them: each route finds the case by itself, and answers the same
    for one that is not there and for one that is somebody else's.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "feedback_count" in counters:
            values["feedback_count"] = self._get_own_cases().search_count(
                self._get_own_domain()
            )
        return values

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    @http.route(
        [LIST, f"{LIST}/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_feedback(
        self, page=1, sortby=None, filterby=None, search=None, **_kwargs
    ):
        sortings = {
            "date": {
                "label": self.env._("Newest"),
                "order": "date_received desc, id desc",
            },
            "stage": {
                "label": self.env._("Stage"),
                "order": "stage_id, date_received desc, id",
            },
            "number": {"label": self.env._("Number"), "order": "name desc"},
        }
        filters = {
            "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": self.env._("Open"),
                "domain": Domain("is_closed", "=", False),
            },
            "closed": {
                "label": self.env._("Closed"),
                "domain": Domain("is_closed", "=", True),
            },
        }
        inputs = {
            "all": {"label": self.env._("Search in number and subject"), "input": "all"}
        }
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = self._get_own_domain() & filters[filterby]["domain"]
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "subject", "ilike", search
            )
        cases_sudo = self._get_own_cases()
        page_values = pager(
            url=LIST,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=cases_sudo.search_count(domain),
            page=page,
            step=PAGE_SIZE,
        )
        cases_sudo = cases_sudo.search(
            domain,
            order=sortings[sortby]["order"],
            limit=PAGE_SIZE,
            offset=page_values["offset"],
        )
        request.session["my_feedback_history"] = cases_sudo.ids
        return request.render(
            "crm_custom.portal_my_feedback",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "crm_feedback",
                "cases": cases_sudo,
                "pager": page_values,
                "default_url": LIST,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                "searchbar_filters": filters,
                "filterby": filterby,
                "searchbar_inputs": inputs,
                "search_in": "all",
                "search": search,
            },
        )

    # ------------------------------------------------------------
    # A new case
    # ------------------------------------------------------------

    @http.route(f"{LIST}/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_feedback_new(self, about=None, **_kwargs):
        form = FeedbackForm(self.env, {"about": about or ""})
        about_sudo = self._get_about(form)
        if about_sudo:
            form.values["subject"] = about_sudo.subject
        return self._render_new(form)

    @http.route(
        f"{LIST}/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=MAX_BODY_SIZE,
    )
    def portal_feedback_create(self, **post):
        # a portal user's own partner, which he may read
        partner = request.env.user.partner_id
        form = FeedbackForm(self.env, post)
        values = {
            "subject": form.line(
                "subject",
                SUBJECT_LENGTH,
                self.env._("Please say in a few words what it is."),
            ),
            "description": form.text(
                "description", self.env._("Please say what happened.")
            ),
            "type_id": form.number("type_id"),
            "products": form.products(),
            "partner_id": partner.commercial_partner_id.id,
            "contact_id": partner.id
            if partner != partner.commercial_partner_id
            else False,
            "email_from": partner.email_formatted,
        }
        form.read_files()
        if form.errors:
            return self._render_new(form)
        try:
            with request.env.cr.savepoint():
                case_sudo = request.env["crm.feedback"]._take_in(
                    self._get_company(form), values, form.files, self._get_about(form)
                )
        except ValidationError as error:
            # such as a product that his house was never sold
            form.errors["products"] = str(error.args[0])
            return self._render_new(form)
        return request.redirect(f"{case_sudo.access_url}?done=new")

    def _render_new(self, form):
        company = self._get_company(form)
        cases = request.env["crm.feedback"]
        return request.render(
            "crm_custom.portal_my_feedback_new",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "crm_feedback_new",
                "form": form,
                "types": cases._get_public_types(),
                "products": cases._get_bought_products(
                    request.env.user.partner_id, company
                ),
                "product_rows": range(PRODUCT_ROWS),
                "company": company,
                "companies": request.env.user.company_ids,
                "about": self._get_about(form),
            },
        )

    @staticmethod
    def _get_company(form):
        """With which of our companies he has to do."""
        companies = request.env.user.company_ids
        chosen = companies.filtered(lambda one: one.id == form.number("company_id"))
        return chosen or request.env.user.company_id

    def _get_about(self, form):
        """The case of his that the new one goes on with."""
        return self._get_own_cases().search(
            self._get_own_domain() & Domain("id", "=", form.number("about"))
        )

    # ------------------------------------------------------------
    # One case
    # ------------------------------------------------------------

    @http.route(f"{LIST}/<int:case_id>", type="http", auth="public", website=True)
    def portal_feedback(self, case_id, access_token=None, done=None, **kwargs):
        case_sudo = self._find_case(case_id, access_token)
        if not case_sudo:
            return request.redirect("/my")
        goes_on = case_sudo._get_merged()
        if goes_on != case_sudo:
            return request.redirect(
                goes_on.get_portal_url() if access_token else goes_on.access_url
            )
        is_customer = bool(self._get_author(case_sudo))
        values = self._get_page_view_values(
            case_sudo,
            access_token,
            {
                **self._prepare_portal_layout_values(),
                "page_name": "crm_feedback",
                "case": case_sudo,
                "done": done,
                "is_customer": is_customer,
                # the chatter reads and writes for him by this
                "token": case_sudo._portal_ensure_token(),
            },
            "my_feedback_history",
            False,
            **kwargs,
        )
        return request.render("crm_custom.portal_my_feedback_case", values)

    @http.route(
        f"{LIST}/<int:case_id>/<any(close, reopen):what>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_feedback_act(self, case_id, what, access_token=None, **post):
        case_sudo = self._find_case(case_id, access_token)
        author_sudo = case_sudo and self._get_author(case_sudo)
        if not author_sudo:
            return request.redirect("/my")
        form = FeedbackForm(self.env, post)
        text = form.text("text")
        url = case_sudo.get_portal_url() if access_token else case_sudo.access_url
        if form.errors or (what == "reopen" and not text):
            done = "why"
        elif what == "close":
            case_sudo._close_for_customer(author_sudo, text)
            done = "closed"
        else:
            case_sudo._reopen_for_customer(author_sudo, text)
            done = "reopened"
        return request.redirect(f"{url}{'&' if access_token else '?'}done={done}")

    # ------------------------------------------------------------
    # Whose
    # ------------------------------------------------------------

    @staticmethod
    def _get_own_cases():
        # sudo: customers have no rights on cases; always with _get_own_domain()
        return request.env["crm.feedback"].sudo()

    @staticmethod
    def _get_own_domain():
        return request.env["crm.feedback"]._get_customer_domain(
            request.env.user.partner_id
        )

    @staticmethod
    def _find_case(case_id, access_token):
        """The case, in sudo, if the visitor may see it: his house's, one that he has
        the token of, or one that he may read as an employee.
        """
        # sudo: customers have no rights on cases
        case_sudo = request.env["crm.feedback"].sudo().browse(case_id).exists()
        user = request.env.user
        if not case_sudo:
            return case_sudo
        is_his = not user._is_public() and case_sudo._is_of_customer(user.partner_id)
        has_token = (
            access_token
            and case_sudo.access_token
            and consteq(case_sudo.access_token.encode(), access_token.encode())
        )
        if is_his or has_token or case_sudo.sudo(False).has_access("read"):
            return case_sudo
        return case_sudo.browse()

    @staticmethod
    def _get_author(case_sudo):
        """As whom the visitor speaks; nobody for an employee who looks at the page."""
        user = request.env.user
        if user._is_internal():
            return user.partner_id.browse()
        if not user._is_public():
            return user.partner_id
        return case_sudo.contact_id or case_sudo.partner_id
