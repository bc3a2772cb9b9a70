from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..report.crm_credit_exposure import RULES, THRESHOLDS
from .crm_credit_terms import ACTIONS

#: of an action: the larger, the stricter
STRICTNESS = {action: rank for rank, (action, _label) in enumerate(ACTIONS)}


class CrmCreditRule(models.Model):
    """What a house does otherwise with one customer; the rest is as the house does.

    A rule that is left empty is the company's, threshold and all. Of two customers who
    are merged the stricter rules stay.
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

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Who stays has the stricter of their rules; what he alone has stays his."""
        customer = dst_partner.commercial_partner_id
        # sudo: rules of companies that the user does not see are not lost either
        rules_sudo = self.sudo().search(
            [("partner_id", "in", (src_partners | customer).ids)]
        )
        for same_sudo in rules_sudo.grouped("company_id").values():
            stays_sudo, *others_sudo = same_sudo.sorted(
                lambda rule: rule.partner_id != customer
            )
            for other_sudo in others_sudo:
                stays_sudo.write(stays_sudo._get_stricter(other_sudo))
                other_sudo.unlink()
            if customer != dst_partner:
                # Odoo would move it to the person
                stays_sudo.partner_id = customer

    def _get_stricter(self, other):
        """The values of another customer's rules where they are stricter than these."""
        values = {}
        for action in RULES.values():
            threshold = THRESHOLDS.get(action)
            if other._get_strictness(action) > self._get_strictness(action):
                values[action] = other[action]
                if threshold:
                    values[threshold] = other[threshold]
        notes = dict.fromkeys(note for note in (self.note, other.note) if note)
        values["note"] = " / ".join(notes) or False
        return values

    def _get_strictness(self, action):
        """Comparable; a rule that is left empty is the company's, threshold and all."""
        self.ensure_one()
        terms = self if self[action] else self.company_id
        threshold = THRESHOLDS.get(action)
        return STRICTNESS[terms[action]], -terms[threshold] if threshold else 0
