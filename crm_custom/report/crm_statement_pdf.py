"""Statements as PDFs, each in its customer's language."""

from odoo import api, models
from odoo.tools import split_every
from odoo.tools.osutil import clean_filename

from .crm_statement import Statement
from .crm_statement_options import StatementOptions
from .pdf_engine import PdfEngine
from .print_search_format import Formatter

REPORT = "crm_custom.report_crm_statement"
# a longer table costs the engine the square of its length
ROWS_PER_TABLE = 300


def render_pdfs(env, statements):
    """Yield (statement, bytes of its PDF), in the order of the statements."""
    engine, pages = PdfEngine(env, REPORT), {}

    def documents():
        for statement in statements:
            html, _type = engine.reports._render_qweb_html(
                engine.report,
                statement.partner.ids,
                data={"report_type": "pdf", "statements": [statement], "pages": pages},
            )
            yield statement, html

    return engine.render(documents())


def get_filename(statement, extension):
    """The name of the file, in the customer's language."""
    partner = statement.partner
    env = partner.with_context(lang=partner.lang or partner.env.lang).env
    name = partner.ref or partner.name
    title = env._("Statement")
    return clean_filename(f"{title} {name} {statement.options.date}.{extension}")


class ReportCrmStatement(models.AbstractModel):
    _name = "report.crm_custom.report_crm_statement"
    _description = "Statement of account on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        statements, pages = data.get("statements"), data.get("pages", {})
        # JSON knows no statement: what a client gives under these names is not taken
        if not (
            isinstance(statements, list)
            and statements
            and all(isinstance(one, Statement) for one in statements)
        ):
            pages = {}
            # asked by its address: what is open today, if the user may read it
            partners = self.env["res.partner"].browse(docids).exists()
            model = self.env["crm.statement"]
            model._check_may_print(partners)
            statements = model._get_statements(partners, StatementOptions(self.env, {}))
        model = self.env["crm.statement"]
        return {
            "doc_ids": [statement.partner.id for statement in statements],
            "doc_model": "res.partner",
            "docs": statements,
            "company": self.env.company,
            "banks": model._get_banks(),
            "portal_url": model._get_portal_url(),
            "get_page": lambda lang: self._get_page(pages, lang),
            "get_tables": self._get_tables,
        }

    @api.model
    def _get_page(self, pages, lang):
        """What all statements in a language share."""
        if lang not in pages:
            env = self.with_context(lang=lang).env
            model = env["crm.statement"]
            pages[lang] = {
                "formatter": Formatter(env),
                "labels": model._get_labels(),
                "marks": model._get_marks(),
                "is_paid_online": model._is_paid_online(),
            }
        return pages[lang]

    @api.model
    def _get_tables(self, rows):
        """The rows in tables that the engine is quick with."""
        return [list(part) for part in split_every(ROWS_PER_TABLE, rows)]
