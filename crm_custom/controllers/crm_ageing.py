"""The download of an ageing, as PDF or workbook."""

import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..report.crm_ageing_sheet import AgeingSheet
from .download import Download


class AgeingController(Download, http.Controller):
    @http.route(
        "/crm_custom/ageing/<any(pdf, xlsx):output>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def ageing(self, output, data=None, **_kwargs):
        """``data``: JSON with ``options`` (see `AgeingOptions`) and the ``context``."""
        return self._answer(output, lambda **limit: self._get_sheet(data, **limit))

    @staticmethod
    def _get_sheet(data, limit=None):
        try:
            values = json.loads(data or "")
            options, context = values["options"], values["context"]
            companies = [int(company) for company in context["allowed_company_ids"]]
        except (KeyError, TypeError, ValueError) as error:
            message = request.env._("These options are none of an ageing.")
            raise UserError(message) from error
        # Odoo checks the companies against the user's own when they are first asked
        env = request.env(
            context={**request.env.context, "allowed_company_ids": companies}
        )
        sheet = AgeingSheet(env, options)
        if limit and sheet.data.line_count > limit:
            raise UserError(
                env._(
                    "%(count)s rows are too many for a PDF: choose fewer customers, or"
                    " export to XLSX.",
                    count=sheet.formatter.number(sheet.data.line_count, 0),
                )
            )
        return sheet
