"""Dunning letters as PDFs, each in its customer's language."""

from odoo import api, models
from odoo.tools.osutil import clean_filename

from .pdf_engine import PdfEngine
from .print_search_format import Formatter

REPORT = "crm_custom.report_crm_dunning_letter"


def render_letters(env, letters):
    """Yield (letter, bytes of its PDF), in the order of the letters."""
    engine = PdfEngine(env, REPORT)

    def documents():
        for letter in letters:
            html, _type = engine.reports._render_qweb_html(
                engine.report, letter.ids, data={"report_type": "pdf"}
            )
            yield letter, html

    return engine.render(documents())


def get_filename(letter):
    """The name of the file, in the customer's language."""
    lang = letter.partner_id.lang or letter.env.lang
    letter = letter.with_context(lang=lang)
    name = letter.partner_id.ref or letter.partner_id.name
    return clean_filename(f"{letter.level_id.name} {name} {letter.date_sent}.pdf")


class ReportCrmDunningLetter(models.AbstractModel):
    _name = "report.crm_custom.report_crm_dunning_letter"
    _description = "Dunning letter on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["crm.dunning.letter"].browse(docids)
        letters.check_access("read")
        letters = letters.filtered("level_id")
        model = self.env["crm.statement"].with_company(letters.company_id[:1])
        return {
            "doc_ids": letters.ids,
            "doc_model": letters._name,
            "docs": letters,
            "get_address": lambda letter: model._get_addresses(letter.partner_id)[
                letter.partner_id
            ],
            "get_banks": lambda letter: model.with_company(
                letter.company_id
            )._get_banks(),
            "get_tables": self.env[
                "report.crm_custom.report_crm_statement"
            ]._get_tables,
            "get_formatter": lambda lang: Formatter(self.with_context(lang=lang).env),
            "is_paid_online": model._is_paid_online(),
            "portal_url": model._get_portal_url(),
        }
