"""What a case, a product, a cause and a customer cost: sums of `crm.feedback.cost`."""

from odoo import api, fields, models
from odoo.fields import Domain

COST_GROUPS = "crm_custom.group_crm_custom_feedback_agent,sales_team.group_sale_manager"


class CrmFeedbackCostMixin(models.AbstractModel):
    """Something that cost is counted for."""

    _name = "crm.feedback.cost.mixin"
    _description = "What feedback costs"

    #: the field of `crm.feedback.cost` that leads here
    _feedback_cost_field = ""

    feedback_cost_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_feedback_cost",
        groups=COST_GROUPS,
        export_string_translation=False,
    )
    feedback_cost = fields.Monetary(
        string="Cost of feedback",
        compute="_compute_feedback_cost",
        currency_field="feedback_cost_currency_id",
        groups=COST_GROUPS,
        help="Credits, replacements at cost, repairs and returns of its cases that have"
        " come about, in the currency of your company.",
    )

    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_feedback_cost(self):
        """Of the user's companies, in the currency of the present one: one query."""
        company = self.env.company
        today = company._crm_today()
        costs = {}
        for record, currency, cost in self.env["crm.feedback.cost"]._read_group(
            Domain(self._feedback_cost_field, "in", self.ids)
            & Domain("company_id", "in", self.env.companies.ids),
            [self._feedback_cost_field, "currency_id"],
            ["cost:sum"],
        ):
            costs[record.id] = costs.get(record.id, 0) + currency._convert(
                cost, company.currency_id, company, today
            )
        for record in self:
            record.feedback_cost = costs.get(record._origin.id, 0)
            record.feedback_cost_currency_id = company.currency_id

    def action_view_feedback_cost(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_feedback_cost_action"
        )
        action["domain"] = [(self._feedback_cost_field, "=", self.id)]
        action["context"] = {
            "crm_print_view": "crm_custom.crm_feedback_cost_view_list_print"
        }
        return action


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "crm.feedback.cost.mixin"]

    _feedback_cost_field = "product_id"


class CrmFeedbackCause(models.Model):
    _name = "crm.feedback.cause"
    _inherit = ["crm.feedback.cause", "crm.feedback.cost.mixin"]

    _feedback_cost_field = "cause_id"


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.feedback.cost.mixin"]

    _feedback_cost_field = "partner_id"


class CrmFeedback(models.Model):
    """What its compensations are worth, and what they have cost."""

    _inherit = "crm.feedback"

    currency_id = fields.Many2one(related="company_id.currency_id")
    compensation_ids = fields.One2many(
        "crm.feedback.compensation",
        "feedback_id",
        string="Compensations",
        readonly=True,
        copy=False,
    )
    compensation_amount = fields.Monetary(
        string="Decided",
        compute="_compute_cost",
        help="What compensates in this case, proposals and drafts included, without"
        " tax; goods at cost.",
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        help="Credits, replacements at cost, parts of repairs and returns that have"
        " come about, without tax.",
    )

    @api.depends("compensation_ids.state")
    def _compute_cost(self):
        sums = self._get_costs()
        for case in self:
            case.compensation_amount, case.cost = sums.get(case._origin.id, (0, 0))

    def _get_costs(self):
        """{id: (decided, come about)}, in the currency of each company: one query."""
        # sudo: whoever reads a case reads what it costs, not what else is sold
        costs_sudo = self.env["crm.feedback.cost"].sudo()
        return {
            case.id: (amount, cost)
            for case, amount, cost in costs_sudo._read_group(
                [("feedback_id", "in", self.ids)],
                ["feedback_id"],
                ["amount:sum", "cost:sum"],
            )
        }

    def _get_compensation_value(self):
        self.ensure_one()
        return self._get_costs().get(self.id, (0, 0))[0]


class CrmFeedbackCompensation(models.Model):
    _inherit = "crm.feedback.compensation"

    handling_cost = fields.Monetary(
        readonly=True, help="What a return costs the company, when it was proposed."
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        compute_sudo=True,
        help="What it is worth, without tax, in the company's currency: as proposed,"
        " then as the document has it. Goods at cost.",
    )
    cost = fields.Monetary(
        compute="_compute_amount",
        compute_sudo=True,
        help="What of it has come about: posted, delivered, taken back, repaired.",
    )

    case_amount = fields.Monetary(
        string="Whole case",
        compute="_compute_amount",
        compute_sudo=True,
        help="What compensates in its case, proposals and drafts included: this is what"
        " limits are for.",
    )

    @api.depends("state", "line_ids.amount")
    def _compute_amount(self):
        sums = self._get_sums()
        of_cases = self.feedback_id._get_costs()
        for compensation in self:
            compensation.amount, compensation.cost = sums.get(
                compensation._origin.id, (0, 0)
            )
            case = compensation.feedback_id
            compensation.case_amount = of_cases.get(case.id, (0, 0))[0]

    def _get_sums(self):
        return {
            compensation.id: (amount, cost)
            for compensation, amount, cost in self.env["crm.feedback.cost"]._read_group(
                [("compensation_id", "in", self.ids)],
                ["compensation_id"],
                ["amount:sum", "cost:sum"],
            )
        }

    def _get_value(self):
        self.ensure_one()
        return self._get_sums().get(self.id, (0, 0))[0]
