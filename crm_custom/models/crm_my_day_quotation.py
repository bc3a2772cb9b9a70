from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount

#: what expired longer ago is no work of the day any more
EXPIRED_DAYS = 30


class CrmMyDayQuotation(models.AbstractModel):
    """Quotations that expire, unless a next step is planned for them."""

    _name = "crm.my.day.quotation"
    _inherit = "crm.my.day.source"
    _description = "My day: quotations that expire"

    _my_day_model = "sale.order"
    _my_day_sequence = 30
    _my_day_icon = "fa-file-text-o"
    _my_day_tells_overdue = True

    @api.model
    def _get_title(self):
        return self.env._("Quotations that expire")

    @api.model
    def _get_domain(self, work_day):
        oldest = work_day.today - timedelta(days=EXPIRED_DAYS)
        return (
            self.env[self._my_day_model]._get_quotation_domain()
            & Domain("validity_date", ">=", oldest)
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        self._leave_out_planned(query)
        return self.env["sale.order"]._field_to_sql(query.table, "validity_date")

    @api.model
    def _prepare_rows(self, records, work_day):
        return {
            order.id: {
                "partner": order.partner_id,
                "text": order.name,
                "amount": format_amount(
                    self.env, order.amount_total, order.currency_id
                ),
                "user": order.user_id,
            }
            for order in records
        }
