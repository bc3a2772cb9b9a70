from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_dispute_days = fields.Integer(string="Days of a dispute", default=30)

    @api.constrains("crm_dispute_days")
    def _check_crm_dispute_days(self):
        if any(company.crm_dispute_days < 1 for company in self):
            raise ValidationError(self.env._("A dispute lasts for a day or more."))

    def _crm_today(self):
        """The day that it is where the company is: jobs have no time zone."""
        self.ensure_one()
        # sudo: the time zone alone
        tz = pytz.timezone(self.sudo().partner_id.tz or "UTC")
        now = pytz.utc.localize(fields.Datetime.now())
        return datetime.astimezone(now, tz).date()
