from odoo import fields, models


class CrmCustomerType(models.Model):
    _name = "crm.customer.type"
    _description = "Customer type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: the type is for the customers of all companies.",
    )
    color = fields.Integer()
