from odoo import fields, models

from .crm_partner_key import STRONG_KINDS, WEAK_KINDS

CHOICES = [
    ("off", "Do not compare"),
    ("warn", "Warn"),
    ("refuse", "Refuse to save"),
]


class ResCompany(models.Model):
    """What is compared of two customers, and what follows from it."""

    _inherit = "res.company"

    crm_duplicate_vat = fields.Selection(
        CHOICES, string="Same tax ID", default="warn", required=True
    )
    crm_duplicate_registry = fields.Selection(
        CHOICES, string="Same registry number", default="warn", required=True
    )
    crm_duplicate_email = fields.Selection(
        CHOICES, string="Same e-mail address", default="warn", required=True
    )
    crm_duplicate_phone = fields.Selection(
        CHOICES, string="Same phone number", default="warn", required=True
    )
    crm_duplicate_similar = fields.Boolean(
        string="Similar names, same web site or mail domain",
        default=True,
        help="Warned of, never refused.",
    )

    def _get_duplicate_policy(self):
        """What to do about each kind of key: "off", "warn" or "refuse"."""
        self.ensure_one()
        policy = {kind: self[f"crm_duplicate_{kind}"] for kind in STRONG_KINDS}
        similar = "warn" if self.crm_duplicate_similar else "off"
        return policy | dict.fromkeys(WEAK_KINDS, similar)
