"""What the downloads of printed lists have in common."""

import json
import logging
import tempfile
from contextlib import ExitStack

import psycopg2
import werkzeug.exceptions
from werkzeug.wsgi import FileWrapper

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.http import content_disposition, request
from odoo.tools import html_escape
from odoo.tools.osutil import clean_filename

from ..report.print_search_pdf import MAX_ROWS, render_pdf
from ..report.print_search_xlsx import write_xlsx

_logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Download:
    """Base of the controllers. No controller itself: Odoo makes one class of all that
    inherit from the same controller, and each has a file of its own to give.
    """

    def _answer(self, output, get_sheet):
        """The file of a sheet; ``get_sheet`` takes a ``limit`` of rows."""
        try:
            self._check_user(output)
            if output == "pdf":
                return self._get_pdf(get_sheet(limit=MAX_ROWS))
            return self._get_xlsx(get_sheet())
        except (psycopg2.OperationalError, ConcurrencyError):
            # Odoo tries again by itself
            raise
        except UserError as error:
            status = 403 if isinstance(error, AccessError) else 400
            raise self._get_refusal(error, status) from error
        except Exception as error:
            _logger.exception("A search can't be printed")
            message = request.env._(
                "The list can't be printed. Your administrator finds the reason in "
                "the server's log."
            )
            raise self._get_refusal(UserError(message), 500) from error

    @staticmethod
    def _check_user(output):
        user = request.env.user
        if not user._is_internal():
            raise AccessError(request.env._("Only employees may print lists."))
        if output == "xlsx" and not user.has_group("base.group_allow_export"):
            raise AccessError(request.env._("You may not export data."))

    @staticmethod
    def _get_refusal(error, status):
        """What Odoo's own download routes answer, without the traceback."""
        payload = {
            "code": 0,
            "message": "Odoo Server Error",
            "data": {
                "name": f"odoo.exceptions.{type(error).__name__}",
                "message": str(error),
                "arguments": [str(error)],
                "context": {},
                "debug": "",
            },
        }
        response = request.make_response(
            html_escape(json.dumps(payload)),
            headers=[("Content-Type", "text/html; charset=utf-8")],
            status=status,
        )
        return werkzeug.exceptions.HTTPException(response=response)

    def _get_pdf(self, sheet):
        content = render_pdf(sheet)
        headers = self._get_headers(sheet, "pdf", "application/pdf", len(content))
        return request.make_response(content, headers=headers)

    def _get_xlsx(self, sheet):
        with ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile())
            write_xlsx(sheet, file)
            size = file.seek(0, 2)
            file.seek(0)
            headers = self._get_headers(sheet, "xlsx", XLSX, size)
            response = request.make_response(FileWrapper(file), headers=headers)
            response.direct_passthrough = True
            # from here on the response closes the file, when it has been sent
            stack.pop_all()
        return response

    @staticmethod
    def _get_headers(sheet, extension, content_type, size):
        day = sheet.formatter.local(sheet.now).date()
        filename = clean_filename(f"{sheet.title} {day}.{extension}")
        return [
            ("Content-Type", content_type),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(filename)),
            ("Cache-Control", "no-store"),
        ]
