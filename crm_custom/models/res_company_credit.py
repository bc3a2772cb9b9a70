from odoo import api, fields, models

from ..report.crm_credit_exposure import RULES


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "crm.credit.terms"]

    credit_limit_action = fields.Selection(required=True, default="none")
    credit_overdue_action = fields.Selection(required=True, default="none")
    credit_overdue_amount_action = fields.Selection(required=True, default="none")
    credit_promise_action = fields.Selection(required=True, default="none")
    credit_blacklist_action = fields.Selection(required=True, default="none")
    credit_disputed_counts = fields.Boolean(
        string="Disputed amounts count",
        default=True,
        help="What customers dispute is part of what they owe, and can be overdue.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_credit_limits(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_credit_limits(vals))

    @api.model
    def _with_credit_limits(self, vals):
        """What is done about limits is done about Odoo's: they are switched on."""
        if vals.get("credit_limit_action", "none") == "none":
            return vals
        return {"account_use_credit_limit": True, **vals}

    @api.private
    def crm_uses_credit(self):
        """Whether the figures say something here: there are limits, or rules."""
        self.ensure_one()
        # sudo: a setting for who keeps companies
        return self.sudo().account_use_credit_limit or self.crm_checks_credit()

    @api.private
    def crm_checks_credit(self):
        """Whether anything is done about credit risks here; else nothing is asked."""
        self.ensure_one()
        # sudo: settings for who keeps companies; rules of customers are few
        company = self.sudo()
        return any(company[action] != "none" for action in RULES.values()) or bool(
            company.env["crm.credit.rule"].search_count(
                [("company_id", "=", company.id)], limit=1
            )
        )
