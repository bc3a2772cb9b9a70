from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCreditRule(models.Model):
    """What a house does otherwise with one customer; the rest is as the house does.

    A rule that is left empty is the company's, threshold and all. In Odoo's merge the
    rules of the customer who stays win, see `_one_a_customer`.
    """

    _name = "crm.credit.rule"
    _description = "Credit rules of a customer"
    _inherit = ["crm.credit.terms"]
    _rec_name = "partner_id"
    _order = "partner_id, company_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    note = fields.Char(string="Why", help="Why he is treated otherwise.")

    _one_a_customer = models.Constraint(
        "UNIQUE (partner_id, company_id)",
        "The customer has rules of his own in this company already: change those.",
    )

    @api.constrains("partner_id", "company_id")
    def _check_customer(self):
        for rule in self:
            customer = rule.partner_id
            if customer != customer.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Credit rules are for the customer, not for his people:"
                        " choose %s.",
                        customer.commercial_partner_id.display_name,
                    )
                )
            if customer.company_id and customer.company_id != rule.company_id:
                raise ValidationError(
                    self.env._(
                        "%(customer)s belongs to another company than %(company)s.",
                        customer=customer.display_name,
                        company=rule.company_id.display_name,
                    )
                )
