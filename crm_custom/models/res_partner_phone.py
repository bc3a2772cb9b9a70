import re

import phonenumbers

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

# formatted whenever they are saved; Odoo's own phone in its form and in ours
PHONE_FIELDS = ("mobile", "phone_home", "fax")
# shorter parts of a number would find nearly everybody
MIN_NATIONAL_DIGITS = 5
# what may stand before a national number: any country's code or none, and a 0
COUNTRY_CODES = "|".join(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
ANY_COUNTRY_START = rf"^((\+|00)({COUNTRY_CODES}))?0?"
LIKE_OPERATORS = {"like", "ilike", "=like", "=ilike"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    phone_country_code = fields.Integer(
        string="Dialling code", related="country_id.phone_code"
    )
    phone_area_code = fields.Char(string="Area code")
    fax = fields.Char()
    mobile = fields.Char()
    phone_home = fields.Char(string="Home phone")

    def _phone_get_number_fields(self):
        # Odoo takes the mobile first where a model has one: a text message gets there
        return [*super()._phone_get_number_fields(), "phone_home"]

    @api.onchange("mobile", "phone_home", "fax", "country_id", "company_id")
    def _onchange_phone_fields(self):
        for name in PHONE_FIELDS:
            if self[name]:
                self[name] = (
                    self._phone_format(fname=name, force_format="INTERNATIONAL")
                    or self[name]
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._format_phone_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self[:1]._format_phone_values(vals)
        return super().write(vals)

    def _format_phone_values(self, vals):
        """Format the phone numbers of ``vals`` as Odoo does in its form.

        A number that cannot be understood stays as it was typed.
        """
        names = [name for name in self._get_formatted_phone_fields() if vals.get(name)]
        if not names:
            return
        country = self.env["res.country"].browse(vals.get("country_id"))
        if not country and "parent_id" in vals:
            country = self.browse(vals["parent_id"]).country_id
        country = country or self.country_id or self.env.company.country_id
        for name in names:
            number = self._phone_format_number(
                vals[name], country, force_format="INTERNATIONAL"
            )
            vals[name] = number or vals[name]

    @api.model
    def _get_formatted_phone_fields(self):
        context = self.env.context
        if context.get("crm_customer_form") or context.get("crm_contact_form"):
            return (*PHONE_FIELDS, "phone")
        return PHONE_FIELDS

    # ------------------------------------------------------------
    # Search by any spelling
    # ------------------------------------------------------------

    def _search_phone_mobile_search(self, operator, value):
        """Find a number however it is written here and there.

        Odoo's own search ignores separators and takes 0032 for +32. It does not find a
        number with the country's code by one without it, nor the reverse.
        """
        if not isinstance(value, str) or not value.strip():
            return super()._search_phone_mobile_search(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        # Odoo's query reads the table
        self.flush_model(self._phone_get_number_fields())
        found = Domain(super()._search_phone_mobile_search(operator, value))
        spellings = self._get_phone_spellings(value, operator in LIKE_OPERATORS)
        conditions = [
            SQL(
                "(%(number)s LIKE %(digits)s AND %(number)s ~ %(spelling)s)",
                number=SQL(
                    "regexp_replace(%s::text, %s, '', 'g')",
                    SQL.identifier(name),
                    PHONE_REGEX_PATTERN,
                ),
                # the trigram index finds the few among which the spelling chooses
                digits=f"%{digits}%",
                spelling=spelling,
            )
            for digits, spelling in spellings
            for name in self._phone_get_number_fields()
        ]
        if not conditions:
            return found
        query = SQL(
            "(SELECT id FROM %s WHERE %s)",
            SQL.identifier(self._table),
            SQL(" OR ").join(conditions),
        )
        return found | Domain("id", "in", query)

    @api.model
    def _get_phone_spellings(self, value, is_part):
        """How a number may be spelt, without separators.

        :param is_part: whether the value may be a part of a number
        :return: list of (digits that each spelling has, regular expression)
        """
        value = re.sub(r"^\s*00", "+", value.strip())
        region = self.env.company.country_id.code or None
        try:
            number = phonenumbers.parse(value, region)
        except phonenumbers.NumberParseException:
            number = None
        end = "" if is_part else "$"
        if value.startswith("+"):
            if number is None:
                return []
            code = number.country_code
            region = phonenumbers.region_code_for_country_code(code)
            trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
            digits = phonenumbers.national_significant_number(number)
            return [(digits, rf"^((\+|00){code})?({trunk})?{digits}{end}")]
        candidates = {re.sub(r"\D", "", value).lstrip("0")}
        if number is not None and phonenumbers.is_valid_number(number):
            candidates.add(phonenumbers.national_significant_number(number))
        start = "" if is_part else ANY_COUNTRY_START
        return [
            (digits, f"{start}{digits}{end}")
            for digits in candidates
            if len(digits) >= MIN_NATIONAL_DIGITS
        ]
