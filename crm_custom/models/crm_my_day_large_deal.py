from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount


class CrmMyDayLargeDeal(models.AbstractModel):
    """Open deals above the company's threshold for which no next step is planned.

    They are due every day until one is: a large deal is never without a next step.
    """

    _name = "crm.my.day.large.deal"
    _inherit = "crm.my.day.source"
    _description = "My day: large opportunities"

    _my_day_model = "crm.lead"
    _my_day_sequence = 10
    _my_day_icon = "fa-star-o"
    _my_day_actions = ("plan", "open", "log")

    @api.model
    def _get_title(self):
        return self.env._("Large opportunities without a next step")

    @api.model
    def _get_domain(self, work_day):
        return (
            self._get_open_domain()
            & self.env[self._my_day_model]._get_large_deal_domain()
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_open_domain(self):
        return Domain("type", "=", "opportunity") & Domain("won_status", "=", "pending")

    @api.model
    def _get_day(self, query, work_day):
        self._leave_out_planned(query)
        return SQL("%s::date", work_day.today)

    @api.model
    def _prepare_rows(self, records, work_day):
        rows = {}
        for record in records:
            amount, currency = record._get_deal_amount()
            rows[record.id] = {
                "partner": record.partner_id,
                "text": record.display_name,
                "amount": format_amount(self.env, amount, currency),
                "user": record.user_id,
            }
            if not record.partner_id:
                rows[record.id]["name"] = record.display_name
        return rows


class CrmMyDayLargeQuotation(models.AbstractModel):
    """As large opportunities; a quotation of an opportunity is that opportunity."""

    _name = "crm.my.day.large.quotation"
    _inherit = "crm.my.day.large.deal"
    _description = "My day: large quotations"

    _my_day_model = "sale.order"
    _my_day_sequence = 11

    @api.model
    def _get_title(self):
        return self.env._("Large quotations without a next step")

    @api.model
    def _get_open_domain(self):
        quotations = self.env[self._my_day_model]._get_quotation_domain()
        return quotations & Domain("opportunity_id", "=", False)
