from odoo import fields, models

ACTIONS = [("none", "Nothing"), ("warn", "Warn"), ("hold", "Hold")]


class CrmCreditTerms(models.AbstractModel):
    """What a house, or a house with one customer, does about credit risks."""

    _name = "crm.credit.terms"
    _description = "Credit rules"

    currency_id = fields.Many2one("res.currency")
    credit_limit_action = fields.Selection(
        ACTIONS,
        string="Over the credit limit",
        help="The exposure, the order included, is more than the credit limit.",
    )
    credit_overdue_action = fields.Selection(
        ACTIONS,
        string="Overdue for long",
        help="An instalment is overdue for more days than are allowed.",
    )
    credit_overdue_days = fields.Integer(string="Days allowed", default=30)
    credit_overdue_amount_action = fields.Selection(
        ACTIONS,
        string="Overdue with much",
        help="More is overdue than is allowed.",
    )
    credit_overdue_amount = fields.Monetary(string="Overdue amount allowed")
    credit_promise_action = fields.Selection(
        ACTIONS,
        string="Broken promises",
        help="So many promises to pay were broken, wholly or in part, within a year.",
    )
    credit_promise_count = fields.Integer(string="From broken promises", default=1)
    credit_blacklist_action = fields.Selection(ACTIONS, string="Blacklisted")

    _credit_allowed = models.Constraint(
        "CHECK (credit_overdue_days >= 0 AND credit_overdue_amount >= 0"
        " AND credit_promise_count >= 1)",
        "Days and amounts that are allowed cannot be negative, and it takes one broken"
        " promise at least.",
    )
