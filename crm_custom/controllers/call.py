"""What a soft-phone opens on a ring."""

import re
from urllib.parse import urlencode

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from ..models.res_partner_phone import MIN_NATIONAL_DIGITS

#: the client action in static/src/call/
CALL_ACTION = "/odoo/action-crm_custom.call"
MAX_LENGTH = 40
MAX_FOUND = 20


class CallController(http.Controller):
    @http.route(
        "/crm_custom/call", type="http", auth="user", methods=["GET"], readonly=True
    )
    def call(self, number="", **_kwargs):
        """Show who calls. Nothing is written: what is opened is not saved yet.

        :param number: the caller's number in any spelling
        """
        user = request.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            return self._answer("crm_custom.call_refused", {}, status=403)
        number = self._clean(number)
        if sum(character.isdigit() for character in number) < MIN_NATIONAL_DIGITS:
            return self._answer("crm_custom.call_without_number", {"number": number})
        callers = self._find_callers(number)
        if len(callers) == 1:
            return request.redirect(self._get_url(callers[0], number))
        values = {
            "number": number,
            "callers": [
                {"partner": caller, "url": self._get_url(caller, number)}
                for caller in callers
            ],
            "create_url": f"{CALL_ACTION}?{urlencode({'number': number})}",
        }
        return self._answer("crm_custom.call_choice", values)

    @staticmethod
    def _clean(number):
        if re.match(r"\s[1-9]", number):
            # a + that was not encoded arrives as a space
            number = f"+{number}"
        number = re.sub(r"[^\d+().\-/ ]", "", number)
        return " ".join(number.split())[:MAX_LENGTH].replace("+ ", "+")

    @staticmethod
    def _find_callers(number):
        """Partners with this number, under the user's rights: customers and their
        people alone if there are any, and a person before the company he answers for.
        """
        partners = request.env["res.partner"].search(
            Domain("phone_mobile_search", "=", number), limit=MAX_FOUND
        )
        customers = partners.filtered("commercial_partner_id.is_crm_customer")
        callers = customers or partners
        return callers - callers.filtered("parent_id").parent_id

    @staticmethod
    def _get_url(caller, number):
        """The web client's door to a customer with a contact to be logged."""
        customer = caller.commercial_partner_id
        values = {"customer_id": customer.id, "number": number}
        if caller != customer:
            values["contact_id"] = caller.id
        return f"{CALL_ACTION}?{urlencode(values)}"

    @staticmethod
    def _answer(template, values, status=200):
        response = request.render(template, values, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response
