"""The download of the letters of a dunning run as one PDF."""

import json

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools.osutil import clean_filename
from odoo.tools.pdf import merge_pdf

from .download import Download


class DunningController(Download, http.Controller):
    @http.route(
        "/crm_custom/dunning/letters", type="http", auth="user", methods=["POST"]
    )
    def letters(self, data=None, **_kwargs):
        """``data``: JSON with ``run_id``."""
        return self._answer("pdf", lambda **_limit: self._get_run(data))

    @staticmethod
    def _get_run(data):
        try:
            run_id = int(json.loads(data or "")["run_id"])
        except (KeyError, TypeError, ValueError):
            run_id = 0
        run = request.env["crm.dunning.run"].browse(run_id).exists()
        if not run:
            raise UserError(request.env._("This is no dunning run."))
        run.check_access("write")
        return run

    def _get_pdf(self, run):
        letters = run._take_to_print()
        # sudo: the files of letters whose run he may write, see _get_run()
        content = merge_pdf([pdf.raw for pdf in letters.sudo().pdf_id])
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", str(len(content))),
            (
                "Content-Disposition",
                content_disposition(clean_filename(f"{run.name}.pdf")),
            ),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
