"""What a question about results is about, and what its parts have in common."""

from collections import namedtuple

from odoo.tools import SQL


class Scope(namedtuple("Scope", "kinds date_from date_to")):
    """What a question is about; None: everything. JSON knows none of its kind."""

    def holds(self, day):
        """The condition that a day lies within."""
        terms = [SQL("TRUE")]
        if self.date_from:
            terms.append(SQL("%s >= %s", day, self.date_from))
        if self.date_to:
            terms.append(SQL("%s <= %s", day, self.date_to))
        return SQL("(%s)", SQL(" AND ").join(terms))

    def holds_about(self, moment):
        """A wider condition on a moment in UTC, that an index can answer."""
        terms = [SQL("TRUE")]
        if self.date_from:
            terms.append(SQL("%s >= %s::date - 1", moment, self.date_from))
        if self.date_to:
            terms.append(SQL("%s < %s::date + 2", moment, self.date_to))
        return SQL("(%s)", SQL(" AND ").join(terms))


def company_day(moment, company):
    """The day of a moment in UTC, where the company is."""
    return SQL(
        """(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE((
               SELECT NULLIF(place.tz, '')
                 FROM res_company AS house
                 JOIN res_partner AS place ON place.id = house.partner_id
                WHERE house.id = %s), 'UTC'))::date""",
        moment,
        company,
    )


def sold(invoice_line):
    """The order line of an invoice line, its order and its customer."""
    return SQL(
        """sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = %s
           JOIN sale_order_line AS sale_line ON sale_line.id = rel.order_line_id
            AND sale_line.display_type IS NULL
           JOIN sale_order AS sale ON sale.id = sale_line.order_id
           LEFT JOIN res_partner AS partner ON partner.id = sale.partner_id""",
        invoice_line,
    )
