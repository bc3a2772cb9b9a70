"""The download of statements by employees."""

import json
import tempfile

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools.osutil import clean_filename
from odoo.tools.pdf import merge_pdf

from ..report.crm_statement_options import StatementOptions
from ..report.crm_statement_pdf import get_filename, render_pdfs
from ..report.crm_statement_sheet import StatementSheet
from ..report.print_search_xlsx import write_xlsx
from .download import XLSX, Download

#: more at once take longer than a browser should wait
MAX_PDFS = 500


class StatementController(Download, http.Controller):
    @http.route(
        "/crm_custom/statement/<any(pdf, xlsx):output>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def statement(self, output, data=None, **_kwargs):
        """``data``: JSON with ``company_id``, ``partner_ids``, `StatementOptions`."""
        return self._answer(output, lambda **_limit: self._get_request(data))

    @staticmethod
    def _get_request(data):
        """(statements, options) under the user's rights."""
        try:
            values = json.loads(data or "")
            ids = [int(partner_id) for partner_id in values["partner_ids"]]
            company = int(values["company_id"])
        except (KeyError, TypeError, ValueError) as error:
            message = request.env._("These options are none of a statement.")
            raise UserError(message) from error
        # Odoo checks the company against the user's own when it is first asked
        context = {**request.env.context, "allowed_company_ids": [company]}
        env = request.env(context=context)
        options = StatementOptions(env, values)
        partners = env["res.partner"].browse(ids).exists()
        env["crm.statement"]._check_may_print(partners)
        return env["crm.statement"]._get_statements(partners, options), options

    def _get_pdf(self, sheet):
        statements, _options = sheet
        env = statements[0].partner.env
        if len(statements) > MAX_PDFS:
            raise UserError(
                env._(
                    "%(count)s statements are too many to wait for: at most %(most)s"
                    " are printed at once. A statement run sends as many as you like.",
                    count=len(statements),
                    most=MAX_PDFS,
                )
            )
        pdfs = [content for _statement, content in render_pdfs(env, statements)]
        content = pdfs[0] if len(pdfs) == 1 else merge_pdf(pdfs)
        return make_file(env, statements, "pdf", content)

    def _get_xlsx(self, sheet):
        statements, options = sheet
        env = statements[0].partner.env
        return make_workbook(env, statements, options)


def make_workbook(env, statements, options):
    with tempfile.TemporaryFile() as file:
        write_xlsx(StatementSheet(env, statements, options), file)
        file.seek(0)
        return make_file(env, statements, "xlsx", file.read())


def make_file(env, statements, extension, content):
    """The response; its name tells the day, and whose statement it is when of one."""
    filename = get_filename(statements[0], extension)
    if len(statements) > 1:
        title = env._("Statements of account")
        filename = f"{title} {statements[0].options.date}.{extension}"
    content_type = "application/pdf" if extension == "pdf" else XLSX
    headers = [
        ("Content-Type", content_type),
        ("Content-Length", str(len(content))),
        ("Content-Disposition", content_disposition(clean_filename(filename))),
        ("Cache-Control", "no-store"),
    ]
    return request.make_response(content, headers=headers)
