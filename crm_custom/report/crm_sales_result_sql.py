"""The SQL of results: what was sold, invoiced, collected, and on which day it counts.

Each function gives a SELECT of the columns in `COLUMNS`, one row an event. Summed over
all days an order line's ordered, margin, invoiced and collected amounts are those of
its sales record; what dates them is

=============  ====================================================================
ordered        the order date, as a day of the company's
margin         the same
invoiced       the invoice date
collected      the day of the payment, or of the invoice where it was paid before
new_customers  the customer's first confirmed order or first posted invoice
contacts       the day of the contact, as a day of the company's
=============  ====================================================================
"""

from odoo.tools import SQL

from ..models.res_partner_status import CUSTOMER_INVOICES
from .crm_sales_record_sql import INVOICES
from .crm_sales_result_collected import collected
from .crm_sales_result_scope import company_day, sold

COLUMNS = (
    "date",
    "company_id",
    "user_id",
    "team_id",
    "partner_id",
    "order_line_id",
    "invoice_line_id",
    "partial_id",
    "interaction_id",
    "amount",
)


def ordered(record, scope, column="price_subtotal"):
    """Of the lines of confirmed orders.

    :param record: the model ``crm.sales.record``, which says what an amount is
    """
    columns = record._columns()
    day = company_day(SQL("sale.date_order"), SQL("line.company_id"))
    return SQL(
        """SELECT %(day)s AS date, line.company_id, sale.user_id, sale.team_id,
                  %(partner)s AS partner_id, line.id AS order_line_id,
                  NULL::integer AS invoice_line_id, NULL::integer AS partial_id,
                  NULL::integer AS interaction_id, %(amount)s AS amount
             FROM %(source)s
            WHERE line.display_type IS NULL AND line.state = 'sale' AND %(about)s
              AND %(within)s""",
        day=day,
        partner=columns["commercial_partner_id"],
        amount=columns[column],
        source=record._from(),
        about=scope.holds_about(SQL("sale.date_order")),
        within=scope.holds(day),
    )


def margin(record, scope):
    return SQL(
        "SELECT * FROM (%s) AS margin WHERE amount IS NOT NULL",
        ordered(record, scope, "margin"),
    )


def invoiced(record, scope):
    """Of the lines of posted invoices and, negative, credit notes; without tax."""
    day = SQL("COALESCE(move.invoice_date, move.date)")
    # to the letter what the index knows, and what has no invoice date beside it
    within = SQL(
        "(%s OR (move.invoice_date IS NULL AND %s))",
        scope.holds(SQL("move.invoice_date")),
        scope.holds(SQL("move.date")),
    )
    return SQL(
        """SELECT %(day)s AS date, sale.company_id, sale.user_id, sale.team_id,
                  partner.commercial_partner_id AS partner_id,
                  sale_line.id AS order_line_id, line.id AS invoice_line_id,
                  NULL::integer AS partial_id, NULL::integer AS interaction_id,
                  -line.balance AS amount
             FROM account_move AS move
             JOIN account_move_line AS line ON line.move_id = move.id
              AND line.display_type = 'product'
             JOIN %(sold)s
            WHERE %(invoices)s AND %(within)s""",
        day=day,
        sold=sold(SQL("line.id")),
        invoices=INVOICES,
        within=within,
    )


def new_customers(record, scope):
    """Customers by their first business in a company, as the status of a customer
    knows it; it is the salesperson's whose order or invoice it was.
    """
    order_day = company_day(SQL("sale.date_order"), SQL("sale.company_id"))
    orders = SQL(
        """SELECT sale.company_id, partner.commercial_partner_id AS partner_id,
                  %(day)s AS date, 1 AS place, sale.id, sale.user_id, sale.team_id
             FROM sale_order AS sale
             JOIN res_partner AS partner ON partner.id = sale.partner_id
            WHERE sale.state = 'sale'""",
        day=order_day,
    )
    invoices = SQL(
        """SELECT move.company_id, partner.commercial_partner_id, move.invoice_date,
                  2, move.id, move.invoice_user_id, move.team_id
             FROM account_move AS move
             JOIN res_partner AS partner ON partner.id = move.partner_id
            WHERE move.state = 'posted' AND move.move_type IN %s""",
        CUSTOMER_INVOICES,
    )
    return SQL(
        """SELECT date, company_id, user_id, team_id, partner_id,
                  NULL::integer AS order_line_id, NULL::integer AS invoice_line_id,
                  NULL::integer AS partial_id, NULL::integer AS interaction_id,
                  1::numeric AS amount
             FROM (
                SELECT DISTINCT ON (company_id, partner_id) *
                  FROM (%(orders)s UNION ALL %(invoices)s) AS business
                 WHERE partner_id IN (
                    SELECT partner_id FROM (
                        %(orders)s AND %(orders_about)s
                         UNION ALL %(invoices)s AND %(invoices_within)s
                    ) AS lately
                 )
                 ORDER BY company_id, partner_id, date, place, id
             ) AS first
            WHERE %(within)s""",
        orders=orders,
        invoices=invoices,
        orders_about=scope.holds_about(SQL("sale.date_order")),
        invoices_within=scope.holds(SQL("move.invoice_date")),
        within=scope.holds(SQL("first.date")),
    )


def contacts(record, scope):
    """Contacts made; attempts that reached nobody are none."""
    day = company_day(SQL("contact.date_start"), SQL("contact.company_id"))
    return SQL(
        """SELECT %(day)s AS date, contact.company_id, contact.user_id,
                  seller.sale_team_id AS team_id, contact.partner_id,
                  NULL::integer AS order_line_id, NULL::integer AS invoice_line_id,
                  NULL::integer AS partial_id, contact.id AS interaction_id,
                  1::numeric AS amount
             FROM crm_interaction AS contact
             LEFT JOIN crm_interaction_outcome AS outcome
                    ON outcome.id = contact.outcome_id
             LEFT JOIN res_users AS seller ON seller.id = contact.user_id
            WHERE contact.active IS TRUE AND outcome.is_contact IS NOT FALSE
              AND %(about)s AND %(within)s""",
        day=day,
        about=scope.holds_about(SQL("contact.date_start")),
        within=scope.holds(day),
    )


KINDS = {
    "ordered": ordered,
    "invoiced": invoiced,
    "collected": collected,
    "margin": margin,
    "new_customers": new_customers,
    "contacts": contacts,
}
