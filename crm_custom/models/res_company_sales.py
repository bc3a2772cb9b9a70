from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_contract_number_unique = fields.Boolean(
        string="One order for each contract number",
        help="A customer's contract number stands on one of his orders at most.",
    )
    crm_discount_limited = fields.Boolean(
        string="Large discounts need approval",
        help="A quotation with a larger discount than its salesperson may grant is"
        " neither sent nor confirmed before somebody who may has approved it.",
    )
    crm_discount_limit = fields.Float(
        string="A salesperson may grant", digits="Discount", default=10.0
    )
    crm_discount_limit_leader = fields.Float(
        string="The leader of the team may grant", digits="Discount", default=20.0
    )

    crm_quotation_follow_up_days = fields.Integer(
        string="Follow up quotations after",
        default=7,
        help="Days after which a quotation that was sent is to be followed up.",
    )
    crm_late_stock_mail = fields.Boolean(
        string="Tell customers of late deliveries",
        help="When stock cannot meet an order on the promised day, its customer gets an"
        " e-mail with the new day, once for each promise.",
    )

    _crm_quotation_follow_up_days_positive = models.Constraint(
        "CHECK(crm_quotation_follow_up_days >= 0)",
        "The days after which a quotation is followed up cannot be negative.",
    )
    _crm_discount_limits = models.Constraint(
        "CHECK(crm_discount_limit >= 0 AND crm_discount_limit <= 100"
        " AND crm_discount_limit_leader >= 0 AND crm_discount_limit_leader <= 100)",
        "A limit of discounts is a percentage between 0 and 100.",
    )
