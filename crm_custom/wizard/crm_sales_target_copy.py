import math

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.crm_sales_target import LENGTHS, PERIODS, get_period


class CrmSalesTargetCopy(models.TransientModel):
    """Copy the targets of a month or quarter to the next one.

    Who has a target for the same thing then keeps it: it is not copied.
    """

    _name = "crm.sales.target.copy"
    _description = "Copy sales targets"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period_type = fields.Selection(
        PERIODS, string="Length", required=True, default="month"
    )
    date = fields.Date(
        string="From the period of",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Any day of the month or quarter whose targets are copied.",
    )
    percent = fields.Float(
        string="Raise (%)",
        help="10 makes 1,000 into 1,100; a negative percentage lowers the targets."
        " Where it is counted, the number is rounded up.",
    )
    period = fields.Char(string="From", compute="_compute_targets")
    next_period = fields.Char(string="To", compute="_compute_targets")
    target_count = fields.Integer(string="Targets to copy", compute="_compute_targets")
    skipped_count = fields.Integer(
        string="Left out: there already", compute="_compute_targets"
    )

    @api.depends("company_id", "period_type")
    def _compute_date(self):
        """The last period that has targets."""
        for copy in self:
            last = self.env["crm.sales.target"].search(
                [
                    ("company_id", "=", copy.company_id.id),
                    ("period_type", "=", copy.period_type),
                ],
                order="date_from desc",
                limit=1,
            )
            copy.date = last.date_from or fields.Date.context_today(self)

    @api.depends("company_id", "period_type", "date")
    @api.depends_context("lang")
    def _compute_targets(self):
        for copy in self:
            model = self.env["crm.sales.target"]
            first, following = copy._get_first_days()
            copy.period = model._get_period_name(first, copy.period_type)
            copy.next_period = model._get_period_name(following, copy.period_type)
            targets, skipped = copy._get_targets() if first else (model, model)
            copy.target_count = len(targets)
            copy.skipped_count = len(skipped)

    def action_copy(self):
        self.ensure_one()
        targets, skipped = self._get_targets()
        if not targets:
            raise UserError(
                self.env._(
                    "Nothing is copied: %(period)s has no targets that %(next)s does"
                    " not have already. Choose another period.",
                    period=self.period,
                    next=self.next_period,
                )
            )
        _first, following = self._get_first_days()
        factor = 1 + self.percent / 100
        self.env["crm.sales.target"].create(
            [
                {
                    "company_id": target.company_id.id,
                    "user_id": target.user_id.id,
                    "team_id": target.team_id.id,
                    "measure": target.measure,
                    "period_type": target.period_type,
                    "date": following,
                    "amount": self._raise(target, factor),
                }
                for target in targets
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_sales_target_action"
        )
        action.update(
            domain=[
                ("company_id", "=", self.company_id.id),
                ("period_type", "=", self.period_type),
                ("date_from", "=", fields.Date.to_string(following)),
            ],
            context={"crm_print_view": "crm_custom.crm_sales_target_view_list_print"},
            display_name=self.next_period,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(copied)s targets were copied to %(period)s, %(skipped)s were"
                    " there already.",
                    copied=len(targets),
                    period=self.next_period,
                    skipped=len(skipped),
                ),
                "next": action,
            },
        }

    def _get_first_days(self):
        """The first day of the period, and of the one to copy to."""
        first, last = get_period(self.date, self.period_type)
        return first, first and last + relativedelta(days=1)

    def _get_targets(self):
        """(targets to copy, those for whom there is one): two queries."""
        first, following = self._get_first_days()
        model = self.env["crm.sales.target"]
        in_company = Domain("company_id", "=", self.company_id.id)
        targets = model.search(
            in_company
            & Domain("period_type", "=", self.period_type)
            & Domain("date_from", "=", first)
        )
        # a quarter is in the way of its months, and the other way round
        end = following + relativedelta(months=LENGTHS[self.period_type])
        there = model.search(
            in_company
            & Domain("date_from", "<", end)
            & Domain("date_to", ">=", following)
        )
        taken = {(each.user_id, each.team_id, each.measure) for each in there}
        skipped = targets.filtered(
            lambda each: (each.user_id, each.team_id, each.measure) in taken
        )
        return targets - skipped, skipped

    @api.model
    def _raise(self, target, factor):
        amount = target.amount * factor
        if target.currency_id:
            return target.currency_id.round(amount)
        # 10 times 1.1 is a little more than 11 to a computer
        return math.ceil(round(amount, 6))

    @api.constrains("percent")
    def _check_percent(self):
        if any(copy.percent <= -100 for copy in self):
            raise UserError(self.env._("Nothing would be left of the targets."))
