from odoo import api, fields, models


class ResPartner(models.Model):
    """The number behind "whom do I call", for the customer's card."""

    _inherit = "res.partner"

    customer_call_number = fields.Char(
        string="Call",
        compute="_compute_customer_call_number",
        help="The number of the primary contact, or the customer's own.",
    )

    @api.depends(
        "phone", "mobile", "primary_contact_id.phone", "primary_contact_id.mobile"
    )
    def _compute_customer_call_number(self):
        for partner in self:
            contact = partner.primary_contact_id
            partner.customer_call_number = (
                contact.phone or contact.mobile or partner.phone or partner.mobile
            )
