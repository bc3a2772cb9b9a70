from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

BASES = [("invoiced", "Invoiced"), ("collected", "Collected")]


class CrmCommissionPlan(models.Model):
    """What percentage a salesperson gets of what is invoiced or collected.

    The tier that a month reaches holds for the whole month's amounts, by category.
    """

    _name = "crm.commission.plan"
    _description = "Commission plan"
    _inherit = ["mail.thread"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(string="In use", default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    basis = fields.Selection(
        BASES,
        required=True,
        default="invoiced",
        tracking=True,
        help="Invoiced: posted invoices of orders less credit notes, by invoice date,"
        " without tax.\nCollected: what payments settled of them, by the day of the"
        " payment, with tax.",
    )
    tier_by = fields.Selection(
        [("amount", "Amount of the month"), ("target", "Percent of the target")],
        string="Tiers by",
        required=True,
        default="amount",
        tracking=True,
        help="Amount: all that is invoiced or collected of a salesperson in the month."
        "\nTarget: what is attained of his target on the same, of a month, or of a"
        " quarter to the end of the month. Without a target nothing is attained.",
    )
    date_from = fields.Date(
        string="Valid from",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="Valid until", tracking=True, help="Without one it holds on."
    )
    user_ids = fields.Many2many(
        "res.users",
        "crm_commission_plan_user_rel",
        "plan_id",
        "user_id",
        string="Salespeople",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    team_ids = fields.Many2many(
        "crm.team",
        "crm_commission_plan_team_rel",
        "plan_id",
        "team_id",
        string="Sales teams",
        check_company=True,
        help="All members of these teams. Without salespeople and teams it is"
        " everybody's.",
    )
    tier_ids = fields.One2many("crm.commission.tier", "plan_id", copy=True)
    line_count = fields.Integer(compute="_compute_line_count")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A plan ends after it begins.",
    )

    def _compute_line_count(self):
        counts = dict(
            self.env["crm.commission.line"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.line_count = counts.get(plan, 0)

    @api.constrains("basis", "company_id")
    def _check_basis(self):
        for plan in self:
            # sudo: there are lines or not, whoever may read them
            basis = plan.sudo().line_count and self.env[
                "crm.commission.line"
            ].sudo().search(
                [
                    ("plan_id", "=", plan.id),
                    "|",
                    ("basis", "!=", plan.basis),
                    ("company_id", "!=", plan.company_id.id),
                ],
                limit=1,
            )
            if basis:
                raise ValidationError(
                    self.env._(
                        "%(plan)s has statements by its basis already: end it, and make"
                        " another plan.",
                        plan=plan.name,
                    )
                )

    def _get_domain_of_users(self):
        """The salespeople of a plan."""
        self.ensure_one()
        if not self.user_ids and not self.team_ids:
            return Domain.TRUE
        users = self.user_ids | self.team_ids.crm_team_member_ids.user_id
        return Domain("user_id", "in", users.ids)
