from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_contract_number_unique = fields.Boolean(
        string="One order for each contract number",
        help="A customer's contract number stands on one of his orders at most.",
    )
