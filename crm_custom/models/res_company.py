from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_customer_code_auto = fields.Boolean(
        string="Automatic customer codes",
        default=True,
        help="A new customer without a code gets the next number of the sequence.",
    )
    crm_status_at_risk_days = fields.Integer(
        string="At risk after",
        default=90,
        help="A customer is at risk when his last confirmed order or invoice is"
        " more days ago than this.",
    )
    crm_status_dormant_days = fields.Integer(
        string="Dormant after",
        default=180,
        help="A customer is dormant when his last confirmed order or invoice is"
        " more days ago than this.",
    )
    crm_status_lost_days = fields.Integer(
        string="Lost after",
        default=365,
        help="A customer is lost when his last confirmed order or invoice is"
        " more days ago than this.",
    )
    crm_large_deal_amount = fields.Monetary(
        string="Large deal from",
        currency_field="currency_id",
        help="Opportunities and orders of this amount or more are large deals."
        " 0: there are none.",
    )

    _crm_large_deal_amount_positive = models.Constraint(
        "CHECK(crm_large_deal_amount >= 0)",
        "The amount of a large deal cannot be negative.",
    )

    @api.constrains(
        "crm_status_at_risk_days", "crm_status_dormant_days", "crm_status_lost_days"
    )
    def _check_crm_status_days(self):
        for company in self:
            at_risk = company.crm_status_at_risk_days
            dormant = company.crm_status_dormant_days
            lost = company.crm_status_lost_days
            if not 0 < at_risk < dormant < lost:
                raise ValidationError(
                    self.env._(
                        "The status periods of %(company)s must be positive and"
                        " increase: at risk (%(at_risk)s days) before dormant"
                        " (%(dormant)s days) before lost (%(lost)s days).",
                        company=company.display_name,
                        at_risk=at_risk,
                        dormant=dormant,
                        lost=lost,
                    )
                )

    def _crm_today(self):
        """The day that it is where the company is: jobs have no time zone."""
        return self._crm_day(fields.Datetime.now())

    def _crm_day(self, moment):
        """The day of a moment in UTC where the company is."""
        self.ensure_one()
        # sudo: the time zone alone
        tz = self.sudo().partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz), moment)
