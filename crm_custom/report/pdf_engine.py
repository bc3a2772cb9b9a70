"""The PDF engine (wkhtmltopdf) for many documents: one short call each, some at once.

Odoo gives it all documents in one call, with one file that holds the headers of all of
them and that the engine loads again for each page: time and memory grow with the
square of their number. One call a document is linear, and the calls of several
documents run side by side. What a call costs is kept small:

- style sheets and fonts come from this machine instead of over HTTP, so that nothing
  depends on whether the server has a worker left to answer its own job;
- no second is waited for scripts that might still load something: there are none.
"""

import re
import subprocess
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tools.misc import file_path

from odoo.addons.base.models import ir_actions_report

from .ir_actions_report import SharedPages

PROCESSES_PARAMETER = "crm_custom.pdf_processes"
DEFAULT_PROCESSES = 2
MAX_PROCESSES = 16

STYLE_SHEET = re.compile(r'<link\b[^>]*\bhref="(/web/assets/[^"]*\.css)"[^>]*>')
BUNDLE = re.compile(r"/([\w.]+?)((?:\.rtl|\.autoprefixed|\.min)*)\.css$")
STATIC_FILE = re.compile(r"""url\((["']?)/web/static/""")


def get_processes(env):
    """How many engine processes may run at once."""
    # sudo: the number alone
    value = env["ir.config_parameter"].sudo().get_param(PROCESSES_PARAMETER)
    try:
        return min(max(int(value or DEFAULT_PROCESSES), 1), MAX_PROCESSES)
    except (TypeError, ValueError):
        return DEFAULT_PROCESSES


class PdfEngine:
    """Renders the documents of one report, each to a PDF of its own."""

    def __init__(self, env, report_name):
        self.reports = env["ir.actions.report"].with_context(debug=False)
        if self.reports.get_wkhtmltopdf_state() == "install":
            raise UserError(env._("PDFs can't be made on this server."))
        report = self.reports._get_report(report_name).with_context(debug=False)
        self.report = report.with_context(
            crm_shared_pages=SharedPages(report._get_layout(), report.get_paperformat())
        )
        self.processes = get_processes(env)
        self._styles = {}
        self._static = Path(file_path("web/static")).resolve()

    def render(self, documents):
        """Yield (key, bytes of the PDF) of each document, in their order.

        A document is prepared while the engine works on those before it; as many are
        held in memory as it takes to keep all processes busy.

        :param documents: pairs of (key, HTML as the report's template gives it)
        """
        waiting = deque()
        with ThreadPoolExecutor(max_workers=self.processes) as pool:
            try:
                for key, html in documents:
                    # the environment belongs to this thread: only files go to others
                    waiting.append((key, pool.submit(_run, *self._prepare(html))))
                    if len(waiting) > 2 * self.processes:
                        yield self._get_result(*waiting.popleft())
                while waiting:
                    yield self._get_result(*waiting.popleft())
            finally:
                for _key, future in waiting:
                    future.cancel()

    def _get_result(self, key, future):
        code, message, content = future.result()
        # 1 is a picture that could not be loaded, as Odoo takes it
        if code not in (0, 1) or not content:
            raise UserError(
                self.report.env._(
                    "The PDF engine failed (%(code)s): %(message)s",
                    code=code,
                    message=message[-500:],
                )
            )
        return key, content

    def _prepare(self, html):
        """:return: (arguments of the engine, {option or None: HTML of a file})"""
        bodies, _ids, header, footer, special = self.report._prepare_html(html)
        arguments = self.report._build_wkhtmltopdf_args(
            self.report.get_paperformat(), False, specific_paperformat_args=special
        )
        delay = arguments.index("--javascript-delay")
        arguments[delay + 1] = "0"
        arguments += ["--allow", str(self._static)]
        pages = [("--header-html", header), ("--footer-html", footer)]
        pages += [(None, body) for body in bodies]
        return arguments, [(option, self._inline(page)) for option, page in pages]

    def _inline(self, page):
        """The page with its style sheets in it."""
        return STYLE_SHEET.sub(
            lambda link: f"<style>{self._get_style(link[1]) or ''}</style>", str(page)
        )

    def _get_style(self, url):
        if url not in self._styles:
            name, flags = BUNDLE.search(url).groups()
            bundle = self.reports.env["ir.qweb"]._get_asset_bundle(
                name,
                css=True,
                js=False,
                rtl="rtl" in flags,
                autoprefix="autoprefixed" in flags,
            )
            # sudo: the sheet is public, its attachment is the system's
            css = bundle.css().sudo().raw.decode()
            folder = f"url(\\1file://{self._static}/"
            self._styles[url] = STATIC_FILE.sub(folder, css)
        return self._styles[url]


def _run(arguments, pages):
    """Run the engine on files; in a thread, without Odoo's environment.

    :return: (exit code, what it said, bytes of the PDF)
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="crm_pdf_"))
        arguments, body = list(arguments), 0
        for option, page in pages:
            if option:
                path = Path(folder, f"{option.strip('-')}.html")
                arguments += [option, str(path)]
            else:
                # Odoo's header finds its part by the number after the third dot
                path = Path(folder, f"report.body.tmp.{body}.html")
                arguments.append(str(path))
                body += 1
            path.write_text(page, encoding="utf-8")
        output = Path(folder, "out.pdf")
        process = subprocess.run(
            [ir_actions_report._wkhtml().bin, *arguments, str(output)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        content = output.read_bytes() if output.exists() else b""
        return process.returncode, process.stderr, content
