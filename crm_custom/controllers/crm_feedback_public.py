"""The page on which anybody writes to a company."""

import time

from odoo import http
from odoo.http import request
from odoo.tools import consteq, email_normalize, hmac

from .crm_feedback_form import MAX_BODY_SIZE, SUBJECT_LENGTH, FeedbackForm

SESSION_KEY = "crm_feedback_sent"
#: a person needs longer to fill it in, and less long than a day
MIN_SECONDS = 3
MAX_SECONDS = 12 * 3600


class FeedbackPublic(http.Controller):
    """What is answered depends on what was typed, and on nothing that we know: whether
    an address is a customer's makes no difference.
    """

    @http.route(
        ["/feedback", "/feedback/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def feedback(self, company_id=None, **_kwargs):
        company = self._get_company(company_id)
        sent = request.session.pop(SESSION_KEY, None)
        if sent and sent.get("company_id") == company.id:
            return self._render("crm_custom.feedback_public_sent", company, sent=sent)
        return self._render_form(company, FeedbackForm(self.env, {}))

    @http.route(
        ["/feedback", "/feedback/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_BODY_SIZE,
    )
    def feedback_send(self, company_id=None, **post):
        company = self._get_company(company_id)
        address = request.httprequest.remote_addr
        intake = request.env["crm.feedback.intake"]
        form = FeedbackForm(self.env, post)
        if not intake._is_free(company, address):
            return self._render_limit(company, form)
        if form.values.get("website"):
            # a field that people do not see: a program, that shall not learn from it
            return self._redirect_sent(company, "")
        values = {
            "email_from": form.address(),
            "subject": form.line(
                "subject",
                SUBJECT_LENGTH,
                self.env._("Please say in a few words what it is."),
            ),
            "description": self._get_text(form),
            "type_id": form.number("type_id"),
            "lang": request.env.lang,
        }
        form.read_files()
        if not form.errors and not self._is_in_time(company, form):
            form.errors["time"] = self.env._(
                "Please look it over once more, and send it again."
            )
        if form.errors:
            return self._render_form(company, form)
        recipient = email_normalize(values["email_from"])
        if not intake._is_free(company, recipient):
            # the answers would fill somebody's mailbox
            return self._render_limit(company, form)
        cases = request.env["crm.feedback"]
        # whose it is, for us to see: the answer does not depend on it
        customer, contact = cases._recognise(recipient, company)
        values.update(partner_id=customer.id, contact_id=contact.id)
        intake._count(company, address)
        intake._count(company, recipient)
        case_sudo = cases._take_in(company, values, form.files)
        return self._redirect_sent(company, case_sudo.name)

    # ------------------------------------------------------------
    # What came
    # ------------------------------------------------------------

    @staticmethod
    def _get_company(company_id):
        host = request.httprequest.host.partition(":")[0].lower()
        company = request.env["res.company"]._get_crm_feedback_company(company_id, host)
        if not company:
            raise request.not_found()
        return company

    def _get_text(self, form):
        """What happened, and below it what else helps to find it."""
        text = form.text("description", self.env._("Please say what happened."))
        more = [
            (self.env._("Phone"), form.line("phone", 60)),
            (self.env._("Order, delivery or invoice"), form.line("document", 120)),
        ]
        found = [f"{label}: {value}" for label, value in more if value]
        return "\n\n".join(filter(None, (text, "\n".join(found))))

    @classmethod
    def _is_in_time(cls, company, form):
        """Whether the form was made by us, and open for as long as people need."""
        moment, _dash, signature = form.values.get("stamp", "").partition("-")
        if not consteq(cls._sign(company, moment).encode(), signature.encode()):
            return False
        return MIN_SECONDS <= time.time() - int(moment) <= MAX_SECONDS

    @staticmethod
    def _sign(company, moment):
        # sudo: the key of the signature
        env = request.env(su=True)
        return hmac(env, "crm_feedback_public", (company.id, moment))

    # ------------------------------------------------------------
    # What is answered
    # ------------------------------------------------------------

    def _render_form(self, company, form):
        moment = str(int(time.time()))
        return self._render(
            "crm_custom.feedback_public",
            company,
            form=form,
            types=request.env["crm.feedback"]._get_public_types(),
            stamp=f"{moment}-{self._sign(company, moment)}",
        )

    def _render_limit(self, company, form):
        form.errors["limit"] = self.env._(
            "Too many messages came from here within an hour. Please try again later,"
            " or write an e-mail."
        )
        response = self._render_form(company, form)
        response.status_code = 429
        return response

    @staticmethod
    def _render(template, company, **values):
        return request.render(
            template, {"company": company, "res_company": company, **values}
        )

    @staticmethod
    def _redirect_sent(company, number):
        request.session[SESSION_KEY] = {"company_id": company.id, "number": number}
        return request.redirect(f"/feedback/{company.id}")
