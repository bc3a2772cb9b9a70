from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """When an opportunity is large: what it may bring, as the company counts."""

    _inherit = "crm.lead"

    @api.model
    def _get_large_deal_domain(self):
        """The condition of a large deal, by the threshold of each chosen company.

        An opportunity of no company goes by the current one, in whose currency Odoo
        shows it.
        """
        found = [Domain.FALSE]
        for company in self.env.companies:
            if company.crm_large_deal_amount > 0:
                of_company = Domain("company_id", "=", company.id)
                if company == self.env.company:
                    of_company |= Domain("company_id", "=", False)
                large = Domain("expected_revenue", ">=", company.crm_large_deal_amount)
                found.append(of_company & large)
        return Domain.OR(found)

    def _get_deal_amount(self):
        self.ensure_one()
        return self.expected_revenue, self.company_currency


class SaleOrder(models.Model):
    """When a quotation is large: its untaxed amount in the company's currency."""

    _inherit = "sale.order"

    @api.model
    def _get_large_deal_domain(self):
        found = [Domain.FALSE]
        for company in self.env.companies:
            threshold = company.crm_large_deal_amount
            if threshold > 0:
                found.append(
                    Domain("company_id", "=", company.id)
                    & self._get_amount_domain(threshold)
                )
        return Domain.OR(found)

    @api.model
    def _get_amount_domain(self, threshold):
        def to_sql(model, alias, query):
            return SQL(
                "%s >= %s * %s",
                model._field_to_sql(alias, "amount_untaxed", query),
                threshold,
                model._field_to_sql(alias, "currency_rate", query),
            )

        return Domain.custom(to_sql=to_sql)

    def _get_deal_amount(self):
        self.ensure_one()
        return self.amount_untaxed, self.currency_id
