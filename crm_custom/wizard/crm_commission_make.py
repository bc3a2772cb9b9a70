from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError


class CrmCommissionMake(models.TransientModel):
    """Make the commission statements of a month."""

    _name = "crm.commission.make"
    _description = "Make commission statements"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Month of",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - relativedelta(days=1)
        ),
        help="Any day of the month.",
    )

    def action_make(self):
        self.ensure_one()
        model = self.env["crm.commission.statement"]
        model._check_manager()
        statements = model._make_month(self.company_id, self.date)
        if not statements:
            raise UserError(
                self.env._(
                    "Nobody has commission to be stated for this month: there is no"
                    " plan for it, nothing was invoiced or collected, or it is closed."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_commission_statement_action"
        )
        action["domain"] = [("id", "in", statements.ids)]
        return action
