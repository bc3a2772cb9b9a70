from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # what was matched after a day: little, where the day is a recent one, as on a
    # statement of today, which would else read all that was ever matched
    _crm_max_date_index = models.Index("(max_date)")
