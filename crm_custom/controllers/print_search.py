"""The download of a printed search."""

from odoo import http
from odoo.http import request

from ..report.print_search_request import PrintSearchRequest
from ..report.print_search_sheet import PrintSearchSheet
from .download import Download


class PrintSearchController(Download, http.Controller):
    @http.route(
        "/crm_custom/print_search/<any(pdf, xlsx):output>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def print_search(self, output, data=None, **_kwargs):
        """``data``: JSON, see ``PrintSearchRequest``. Answers with the file, or with
        the error that the web client's ``download`` shows as a dialog.
        """
        return self._answer(
            output,
            lambda **limit: PrintSearchSheet(
                PrintSearchRequest(request.env, data), **limit
            ),
        )
