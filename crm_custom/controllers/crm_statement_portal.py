"""A customer's own statements in the portal."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..report.crm_statement_options import StatementOptions
from ..report.crm_statement_pdf import render_pdfs
from .crm_statement import make_file, make_workbook


class StatementPortal(CustomerPortal):
    """Whose statement it is follows from the login alone: no id and no token goes over
    the wire that somebody could try out.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "crm_statement_count" in counters:
            values["crm_statement_count"] = len(self._get_statement_companies())
        return values

    @http.route("/my/statement", type="http", auth="user", website=True)
    def portal_my_statement(self, kind=None, date_from=None, date=None, **_kwargs):
        options = self._get_statement_options(kind, date_from, date)
        companies = self._get_statement_companies()
        statements = [self._get_statement(one, options) for one in companies]
        page = request.env["report.crm_custom.report_crm_statement"]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "crm_statement",
            "options": options,
            "parts": [
                {
                    "statement": statement,
                    "labels": statement.partner.env["crm.statement"]._get_labels(),
                    "marks": statement.partner.env["crm.statement"]._get_marks(),
                }
                for statement in statements
            ],
            "formatter": page._get_page({}, request.env.lang)["formatter"],
            "is_paid_online": any(
                one.partner.env["crm.statement"]._is_paid_online() for one in statements
            ),
        }
        return request.render("crm_custom.portal_my_statement", values)

    @http.route(
        "/my/statement/<any(pdf, xlsx):output>", type="http", auth="user", website=True
    )
    def portal_my_statement_file(
        self, output, company=None, kind=None, date_from=None, date=None, **_kwargs
    ):
        options = self._get_statement_options(kind, date_from, date)
        companies = self._get_statement_companies()
        if company:
            companies = companies.filtered(lambda one: str(one.id) == company)
        if not companies:
            return request.redirect("/my/statement")
        statement = self._get_statement(companies[:1], options)
        env = statement.partner.env
        if output == "xlsx":
            return make_workbook(env, [statement], options)
        ((_statement, content),) = render_pdfs(env, [statement])
        return make_file(env, [statement], "pdf", content)

    # ------------------------------------------------------------------
    # Whose, and with whom
    # ------------------------------------------------------------------

    @staticmethod
    def _get_statement_options(kind, date_from, date):
        values = {"kind": kind, "date_from": date_from, "date": date}
        try:
            return StatementOptions(request.env, values)
        except UserError:
            # a hand-made address: what he sees without one
            return StatementOptions(request.env, {})

    @staticmethod
    def _get_statement_companies():
        """The companies with which the customer has an account."""
        # sudo: a portal user reads no journal items; these are his own alone
        customer = request.env.user.sudo().partner_id.commercial_partner_id
        rows = request.env.execute_query(
            SQL(
                """SELECT DISTINCT line.company_id
                     FROM account_move_line AS line
                     JOIN account_account AS account ON account.id = line.account_id
                    WHERE line.partner_id = %s AND line.parent_state = 'posted'
                      AND account.account_type = 'asset_receivable'
                    ORDER BY 1""",
                customer.id,
            )
        )
        # sudo: he knows with whom he has an account
        return request.env["res.company"].sudo().browse(one for (one,) in rows)

    @staticmethod
    def _get_statement(company, options):
        # sudo: of his own account, and of no other
        env = request.env(
            su=True,
            context={**request.env.context, "allowed_company_ids": company.ids},
        )
        customer = env.user.partner_id.commercial_partner_id
        (statement,) = env["crm.statement"]._get_statements(customer, options)
        return statement
