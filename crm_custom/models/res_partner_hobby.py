from odoo import fields, models


class ResPartnerHobby(models.Model):
    _name = "res.partner.hobby"
    _description = "Hobby"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()
    active = fields.Boolean(string="In use", default=True)

    _name_unique = models.Constraint("UNIQUE(name)", "This hobby is there already.")
