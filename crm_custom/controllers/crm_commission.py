"""The download of commission statements as a workbook."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..report.crm_commission_sheet import CommissionSheet
from .download import Download


class CommissionController(Download, http.Controller):
    @http.route(
        "/crm_custom/commission/xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def commission(self, statements=None, **_kwargs):
        """``statements``: ids with commas between them."""
        return self._answer("xlsx", lambda **_limit: self._get_sheet(statements))

    @staticmethod
    def _get_sheet(statements):
        try:
            ids = [int(each) for each in (statements or "").split(",")]
        except ValueError as error:
            message = request.env._("These are no commission statements.")
            raise UserError(message) from error
        records = request.env["crm.commission.statement"].browse(ids).exists()
        records.check_access("read")
        if not records:
            raise UserError(request.env._("These are no commission statements."))
        return CommissionSheet(records)
