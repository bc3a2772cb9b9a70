from odoo import fields, models


class CrmCommissionTier(models.Model):
    _name = "crm.commission.tier"
    _description = "Commission tier"
    _order = "plan_id, categ_id, threshold, id"

    plan_id = fields.Many2one(
        "crm.commission.plan", required=True, index=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product category",
        ondelete="cascade",
        index="btree_not_null",
        help="With those below it. Without one, all products that no other line names.",
    )
    threshold = fields.Float(
        string="Tier from",
        digits=(16, 2),
        help="The amount of the month, or the percent of the target, from which on the"
        " percentage holds, for the whole month.",
    )
    rate = fields.Float(string="Commission (%)", digits=(16, 2), required=True)

    _once = models.UniqueIndex(
        "(plan_id, COALESCE(categ_id, 0), threshold)",
        "A plan has one percentage for a category and a threshold.",
    )
    _rate = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A percentage is between 0 and 100."
    )
    _threshold = models.Constraint(
        "CHECK (threshold >= 0)", "A threshold is 0 or more."
    )
