from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_dispute_days = fields.Integer(string="Days of a dispute", default=30)

    @api.constrains("crm_dispute_days")
    def _check_crm_dispute_days(self):
        if any(company.crm_dispute_days < 1 for company in self):
            raise ValidationError(self.env._("A dispute lasts for a day or more."))
