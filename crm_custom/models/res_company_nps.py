from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_nps_months = fields.Integer(string="Ask each customer once in")
    crm_nps_daily = fields.Integer(string="Customers a day, at most", default=50)

    @api.constrains("crm_nps_months", "crm_nps_daily")
    def _check_crm_nps(self):
        for company in self:
            if not 0 <= company.crm_nps_months <= 120:
                raise ValidationError(
                    self.env._("Months between two questions: 0 to 120; 0 asks nobody.")
                )
            if company.crm_nps_daily < 1:
                raise ValidationError(
                    self.env._("At least one customer a day is asked.")
                )
