from odoo import fields, models


class CrmFeedbackTag(models.Model):
    _name = "crm.feedback.tag"
    _description = "Feedback tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_unique = models.Constraint("UNIQUE(name)", "There is such a tag already.")
