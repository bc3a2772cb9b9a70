from odoo import api, fields, models

from ..report.crm_statement_options import KINDS, default_date_from


class CrmStatementPrint(models.TransientModel):
    """What is to be printed, for customers that were chosen."""

    _name = "crm.statement.print"
    _description = "Print statements"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        default=lambda self: self._default_partner_ids(),
    )
    kind = fields.Selection(KINDS, string="Content", required=True, default="open")
    date = fields.Date(
        string="Until",
        required=True,
        default=fields.Date.context_today,
        help="What was open at the end of this day, with the payments known by then.",
    )
    date_from = fields.Date(
        string="From",
        default=lambda self: default_date_from(fields.Date.context_today(self)),
    )

    @api.model
    def _default_partner_ids(self):
        """The customers of what is ticked: partners, or open items."""
        records = self.env[self.env.context.get("active_model") or "res.partner"]
        records = records.browse(self.env.context.get("active_ids") or ())
        if records._name == "res.partner":
            return records.commercial_partner_id
        if records._name == "crm.receivable":
            return records.partner_id
        return self.env["res.partner"]

    def action_pdf(self):
        return self._download("pdf")

    def action_xlsx(self):
        return self._download("xlsx")

    def _download(self, output):
        self.ensure_one()
        self.env["crm.statement"]._check_may_print(self.partner_ids)
        return {
            "type": "ir.actions.client",
            "tag": "crm_custom.download",
            "params": {
                "url": f"/crm_custom/statement/{output}",
                "data": {
                    "company_id": self.env.company.id,
                    "partner_ids": self.partner_ids.ids,
                    "kind": self.kind,
                    "date": fields.Date.to_string(self.date),
                    "date_from": fields.Date.to_string(self.date_from),
                },
            },
        }
