from typing import NamedTuple

from odoo import models


class SharedPages(NamedTuple):
    """What the documents of one `PdfEngine` have in common. No client can name one in a
    context: JSON knows no such value.
    """

    layout: models.BaseModel
    paper: models.BaseModel


class IrActionsReport(models.Model):
    """Layout and paper are looked up once for many documents, and not in each page."""

    _inherit = "ir.actions.report"

    def _get_shared_pages(self):
        shared = self.env.context.get("crm_shared_pages")
        return shared if isinstance(shared, SharedPages) else None

    def _get_layout(self):
        shared = self._get_shared_pages()
        return shared.layout if shared else super()._get_layout()

    def get_paperformat_by_xmlid(self, xml_id):
        shared = self._get_shared_pages()
        return shared.paper if shared else super().get_paperformat_by_xmlid(xml_id)
