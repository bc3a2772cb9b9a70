from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime, html2plaintext

# messages that are printed of one case, the latest, and how much of each
MAX_MESSAGES = 20
MAX_MESSAGE_LENGTH = 1500


class ReportFeedbackSheet(models.AbstractModel):
    """The case sheet: what a customer told us, about which products, and what came of
    it, for a technician or a file.

    The number of queries does not grow with the number of cases. A room adds its
    section by putting its block into ``report_crm_feedback_sheet_document``, before or
    after one of the blocks there (each has a ``name``).
    """

    _name = "report.crm_custom.report_crm_feedback_sheet"
    _description = "Case sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        # the report's address is open to every login, portal users too
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The case sheet is an internal paper."))
        cases = self.env["crm.feedback"].browse(docids).exists()
        if not cases:
            raise UserError(self.env._("Choose the cases to print a sheet of."))
        cases.check_access("read")
        return {
            "doc_ids": cases.ids,
            "doc_model": "crm.feedback",
            "docs": cases,
            "messages": self._get_messages(cases),
            "documents": self._get_documents(cases),
            "footnote": self._get_footnote(),
        }

    @api.model
    def _get_messages(self, cases):
        """What was written between the customer and us, without notes of ours.

        :return: {case id: list of {"date", "author", "text"}, the oldest first}
        """
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "crm.feedback"),
                ("res_id", "in", cases.ids),
                ("message_type", "in", ("comment", "email", "email_outgoing")),
                ("is_internal", "=", False),
                ("subtype_id.internal", "=", False),
            ],
            order="id desc",
        )
        found = {}
        for message in messages:
            rows = found.setdefault(message.res_id, [])
            text = html2plaintext(message.body or "", include_references=False).strip()
            if text and len(rows) < MAX_MESSAGES:
                # sudo: who wrote it, whoever may read him: his name stands in the case
                author = message.sudo().author_id.name or message.email_from or ""
                rows.append(
                    {
                        "date": message.date,
                        "author": author,
                        "text": text[:MAX_MESSAGE_LENGTH],
                    }
                )
        return {case_id: rows[::-1] for case_id, rows in found.items()}

    @api.model
    def _get_documents(self, cases):
        """The numbers of the documents by which the customer got each product.

        :return: {line id: text}
        """
        # sudo: their numbers alone, which stand in the case that the user may read; he
        # may read no orders, deliveries or invoices
        lines_sudo = cases.sudo().line_ids
        return {
            line.id: ", ".join(
                document.name
                for document in (line.order_id, line.picking_id, line.invoice_id)
                if document.name
            )
            for line in lines_sudo
        }

    @api.model
    def _get_footnote(self):
        now = format_datetime(
            self.env, fields.Datetime.now(), tz=self.env.tz.zone, dt_format="short"
        )
        return self.env._(
            "Printed by %(user)s on %(date)s.", user=self.env.user.name, date=now
        )
