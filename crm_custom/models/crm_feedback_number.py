from odoo import api, models

SEQUENCE_CODE = "crm.feedback"


class CrmFeedback(models.Model):
    """The number of a case: from the company's sequence, or the one of all."""

    _inherit = "crm.feedback"

    @api.model
    def _add_numbers(self, vals_list):
        """Put numbers into values that have none: two queries a company."""
        without = {}
        for vals in vals_list:
            if not vals.get("name"):
                without.setdefault(vals["company_id"], []).append(vals)
        for company_id, company_vals in without.items():
            # sudo: whoever opens a case may read no sequences
            sequence_sudo = (
                self.env["ir.sequence"]
                .sudo()
                .search(
                    [
                        ("code", "=", SEQUENCE_CODE),
                        ("company_id", "in", [company_id, False]),
                    ],
                    order="company_id",
                    limit=1,
                )
            )
            numbers = sequence_sudo._draw_codes(len(company_vals))
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["name"] = number
