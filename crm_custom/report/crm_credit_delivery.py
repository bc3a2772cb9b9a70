from odoo import fields, models


class CrmDelivery(models.Model):
    """A delivery that is ready may not leave."""

    _inherit = "crm.delivery"

    credit_state = fields.Selection(related="picking_id.credit_state")
