from odoo import fields, models


class CrmDisputeReason(models.Model):
    """Why customers refuse to pay: a short list that the managers keep."""

    _name = "crm.dispute.reason"
    _description = "Dispute reason"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(string="In use", default=True)
