from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount
from odoo.tools.misc import format_date


class CrmMyDayPromise(models.AbstractModel):
    """Promises to pay that were broken, or kept in part.

    They wait for who took them down and for the customer's salesperson, until one of
    them has spoken to the customer after that day, or has a new promise.
    """

    _name = "crm.my.day.promise"
    _inherit = "crm.my.day.source"
    _description = "My day: broken promises to pay"

    _my_day_model = "crm.promise"
    _my_day_sequence = 18
    _my_day_icon = "fa-chain-broken"
    _my_day_actions = ("log", "renew", "open")

    @api.model
    def _get_title(self):
        return self.env._("Broken promises to pay")

    @api.model
    def _get_domain(self, work_day):
        return Domain("state", "in", ("broken", "partly")) & (
            work_day.owned_by("user_id") | work_day.owned_by("partner_id.user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        self.env["crm.promise"].flush_model()
        day = SQL.identifier(query.table, "date_promised")
        parts = {
            "partner": SQL.identifier(query.table, "partner_id"),
            "company": SQL.identifier(query.table, "company_id"),
            "day": day,
        }
        self._leave_out_spoken_to(query, parts["partner"], SQL("%s + 1", day), work_day)
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_promise AS newer
                     WHERE newer.partner_id = %(partner)s
                       AND newer.company_id = %(company)s
                       AND newer.date_made > %(day)s AND newer.state <> 'cancelled'
                )""",
                **parts,
            )
        )
        return SQL("%s + 1", day)

    @api.model
    def _prepare_rows(self, records, work_day):
        return {
            promise.id: {
                "partner": promise.contact_id or promise.partner_id,
                "text": self.env._(
                    "Promised for %(date)s, received %(received)s",
                    date=format_date(self.env, promise.date_promised),
                    received=format_amount(
                        self.env, promise.amount_kept, promise.currency_id
                    ),
                ),
                "amount": format_amount(self.env, promise.amount, promise.currency_id),
                "user": promise.user_id,
            }
            for promise in records
        }

    @api.model
    def _get_action_labels(self):
        return {**super()._get_action_labels(), "renew": self.env._("New promise")}

    @api.model
    def _do_renew(self, record):
        return record.action_renew()


class CrmMyDayReceivable(models.AbstractModel):
    _inherit = "crm.my.day.receivable"

    _my_day_actions = ("log", "promise", "open")

    @api.model
    def _get_domain(self, work_day):
        """What is promised or wholly disputed waits for something else."""
        return (
            super()._get_domain(work_day)
            & Domain("date_promised", "=", False)
            & Domain("amount_undisputed", ">", 0)
        )

    @api.model
    def _get_action_labels(self):
        return {**super()._get_action_labels(), "promise": self.env._("New promise")}

    @api.model
    def _do_promise(self, record):
        return {**record.action_promise(), "target": "new"}
