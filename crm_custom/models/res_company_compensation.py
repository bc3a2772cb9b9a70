from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_return_cost = fields.Monetary(
        string="Cost of a return", help="What it costs to take goods back, each time."
    )
    crm_compensation_limited = fields.Boolean(
        string="Large compensations need approval"
    )
    crm_compensation_limit = fields.Monetary(string="An agent may grant")
    crm_compensation_limit_manager = fields.Monetary(string="A manager may grant")

    @api.constrains(
        "crm_return_cost", "crm_compensation_limit", "crm_compensation_limit_manager"
    )
    def _check_crm_compensation(self):
        for company in self:
            if (
                min(
                    company.crm_return_cost,
                    company.crm_compensation_limit,
                    company.crm_compensation_limit_manager,
                )
                < 0
            ):
                raise ValidationError(
                    self.env._("Costs and limits of compensations are 0 or more.")
                )
