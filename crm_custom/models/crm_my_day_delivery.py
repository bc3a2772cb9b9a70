from odoo import api, models


class CrmMyDayDelivery(models.AbstractModel):
    """What must leave the house: the open deliveries of a salesperson's orders."""

    _name = "crm.my.day.delivery"
    _inherit = "crm.my.day.source"
    _description = "My day: deliveries"

    _my_day_model = "stock.picking"
    _my_day_sequence = 40
    _my_day_icon = "fa-truck"
    _my_day_tells_overdue = True
    _my_day_actions = ("open",)

    @api.model
    def _get_title(self):
        return self.env._("Orders to deliver")

    @api.model
    def _get_domain(self, work_day):
        deliveries = self.env["stock.picking"]._get_open_delivery_domain()
        return deliveries & work_day.owned_by("sale_id.user_id")

    @api.model
    def _get_day(self, query, work_day):
        moment = self.env["stock.picking"]._field_to_sql(query.table, "scheduled_date")
        return work_day.local_date(moment)

    @api.model
    def _prepare_rows(self, records, work_day):
        states = dict(records._fields["state"]._description_selection(self.env))
        return {
            picking.id: {
                "partner": picking.partner_id,
                "text": f"{picking.sale_id.name} · {picking.name} · "
                f"{states[picking.state]}",
                "moment": picking.scheduled_date,
                "user": picking.sale_id.user_id,
            }
            for picking in records
        }

    @api.model
    def _get_action_labels(self):
        labels = super()._get_action_labels()
        if self.env.user.has_group("stock.group_stock_user"):
            labels["open"] = self.env._("Deliver")
        return labels
