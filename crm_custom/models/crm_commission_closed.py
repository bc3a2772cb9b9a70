from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

MONTH = relativedelta(months=1)


class CrmCommissionStatement(models.Model):
    """What closed months have: read with the rights of who makes a month."""

    _inherit = "crm.commission.statement"

    @api.model
    def _get_closed_months(self, company):
        """{user id: {month}}"""
        groups = self._read_group(
            [("company_id", "=", company.id), ("state", "=", "closed")],
            ["user_id"],
            ["month:array_agg"],
        )
        return {user.id: set(months) for user, months in groups}

    @api.model
    def _get_closed_lines(self, company, closed, first, month):
        """{(plan id, user id, key): line} of closed months: their sums, one query."""
        groups = self.env["crm.commission.line"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("user_id", "in", list(closed))
            & Domain("state", "=", "closed")
            & Domain("date", ">=", first)
            & Domain("date", "<", month + MONTH),
            ["plan_id", "user_id", "key", "basis"],
            [
                "base:sum",
                "date:max",
                "order_line_id:max",
                "invoice_line_id:max",
                "move_id:max",
                "move_name:max",
                "partner_id:max",
            ],
        )
        return {
            (plan.id, user.id, key): {
                "plan_id": plan.id,
                "basis": basis,
                "key": key,
                "base": base,
                "date": date,
                "order_line_id": order_line_id,
                "invoice_line_id": line_id,
                "move_id": move_id,
                "move_name": move_name,
                "partner_id": partner_id,
                "categ_id": False,
            }
            for (
                plan,
                user,
                key,
                basis,
                base,
                date,
                order_line_id,
                line_id,
                move_id,
                move_name,
                partner_id,
            ) in groups
        }

    @api.model
    def _get_payers(self, events):
        """{(basis, user id, order line id): {plan id}}: who paid for the last document
        of an order line, and so is paid back, also when the plan has ended since.
        """
        ids = {each["order_line_id"] for each in events.values() if each["base"] < 0}
        lines = self.env["crm.commission.line"].search_fetch(
            [
                ("order_line_id", "in", list(ids)),
                ("base", ">", 0),
                ("state", "=", "closed"),
            ],
            ["basis", "user_id", "order_line_id", "plan_id", "key"],
            order="month, date, key, id",
        )
        payers, last = {}, {}
        for line in lines:
            whose = (line.basis, line.user_id.id, line.order_line_id.id)
            if last.get(whose) != line.key:
                last[whose], payers[whose] = line.key, set()
            payers[whose].add(line.plan_id.id)
        return payers
