from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

#: whoever was spoken to is left in peace so long, the day itself included
QUIET_DAYS = 7


class CrmMyDayReceivable(models.AbstractModel):
    """What one's customers owe, due this week or overdue.

    A contact settles a row for today; once it is overdue, a contact since the due date
    does so for a week. What is paused is nobody's work.
    """

    _name = "crm.my.day.receivable"
    _inherit = "crm.my.day.source"
    _description = "My day: invoices of my customers due"

    _my_day_model = "crm.receivable"
    _my_day_sequence = 35
    _my_day_icon = "fa-money"
    _my_day_actions = ("log", "open")

    @api.model
    def _get_title(self):
        return self.env._("Invoices due")

    @api.model
    def _get_domain(self, work_day):
        return (
            Domain("is_payable", "=", False)
            & Domain("partner_id", "!=", False)
            & Domain("amount_residual", ">", 0)
            & Domain("is_paused", "=", False)
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        day = SQL.identifier(query.table, "date_maturity")
        last_week = work_day.today - timedelta(days=QUIET_DAYS - 1)
        self._leave_out_spoken_to(
            query,
            SQL.identifier(query.table, "partner_id"),
            SQL("LEAST(%s, GREATEST(%s, %s))", work_day.today, day, last_week),
            work_day,
        )
        return day

    @api.model
    def _prepare_rows(self, records, work_day):
        return {
            item.id: {
                "partner": item.partner_id,
                "text": item.display_name,
                "amount": format_amount(
                    self.env, item.amount_residual_currency, item.currency_id
                ),
                "user": item.user_id,
            }
            for item in records
        }

    @api.model
    def _do_log(self, record):
        return record.partner_id.action_log_interaction()

    @api.model
    def _do_open(self, record):
        """The entry; for who may not read entries, its customer."""
        return {**record.action_open(), "target": "new"}
