from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What is left of a customer's margin when what went wrong is paid for."""

    _inherit = "res.partner"

    margin_after_feedback = fields.Monetary(
        string="Margin after feedback",
        compute="_compute_margin_after_feedback",
        currency_field="feedback_cost_currency_id",
        groups="sales_team.group_sale_manager",
        help="The margin of his confirmed orders, less the cost of feedback. A"
        " replacement is an order itself, so it is in the margin already. Goods that"
        " came back to stock are not counted as an income.",
    )

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_margin_after_feedback(self):
        """Two queries, in the currency of the present company."""
        company = self.env.company
        today = company._crm_today()
        margins = {}
        in_companies = Domain("company_id", "in", self.env.companies.ids)
        for model, domain, name, amount, sign in (
            (
                "crm.sales.record",
                Domain("state", "=", "sale"),
                "commercial_partner_id",
                "margin",
                1,
            ),
            (
                "crm.feedback.cost",
                Domain("kind", "!=", "replacement"),
                "partner_id",
                "cost",
                -1,
            ),
        ):
            for partner, of_company, value in self.env[model]._read_group(
                domain & in_companies & Domain(name, "in", self.ids),
                [name, "company_id"],
                [f"{amount}:sum"],
            ):
                margins[partner.id] = margins.get(partner.id, 0) + sign * (
                    of_company.currency_id._convert(
                        value, company.currency_id, company, today
                    )
                )
        for partner in self:
            partner.margin_after_feedback = margins.get(partner._origin.id, 0)
