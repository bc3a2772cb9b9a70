from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..report.crm_ageing import LIMIT_FIELDS


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_ageing_days_1 = fields.Integer(string="First overdue period ends", default=30)
    crm_ageing_days_2 = fields.Integer(string="Second overdue period ends", default=60)
    crm_ageing_days_3 = fields.Integer(string="Third overdue period ends", default=90)
    crm_ageing_days_4 = fields.Integer(string="Fourth overdue period ends", default=180)
    crm_ageing_credits = fields.Selection(
        [("own", "In a column of their own"), ("oldest", "Against the oldest items")],
        string="Unallocated credits",
        default="own",
        required=True,
    )
    crm_ageing_pause_entries = fields.Boolean(
        string="Journal entries can be paused", default=True
    )

    crm_large_share = fields.Integer(string="Large share (%)", default=10)

    @api.constrains("crm_large_share")
    def _check_crm_large_share(self):
        if any(not 0 < company.crm_large_share <= 100 for company in self):
            raise ValidationError(
                self.env._("A large share is a percentage from 1 to 100.")
            )

    @api.constrains(*LIMIT_FIELDS)
    def _check_crm_ageing_days(self):
        for company in self:
            limits = [0, *(company[name] for name in LIMIT_FIELDS)]
            if limits != sorted(set(limits)):
                raise ValidationError(
                    self.env._(
                        "The overdue periods of %(company)s must be positive and"
                        " increase: %(limits)s days.",
                        company=company.display_name,
                        limits=", ".join(map(str, limits[1:])),
                    )
                )
