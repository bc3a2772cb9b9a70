from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .product_product_stock_date import OPEN_MOVES

BATCH = 100
KEY = "late stock"
#: what Odoo calls outgoing of a location, see `_get_waiting_moves`
TO_CUSTOMER = Domain("location_dest_id.usage", "=", "customer") | (
    Domain("location_dest_id.usage", "=", "transit")
    & Domain("location_dest_id.company_id", "=", False)
)
#: so many days before its promised day stock is asked whether it can meet an order
HORIZON_DAYS = 14
#: who is told, by the beginning of the key
SALESPERSON = "late stock/"
CUSTOMER = "late stock customer/"


class CrmNotice(models.Model):
    """Orders that stock cannot meet on the promised day are told in time.

    The salesperson gets an activity, and the customer, where the company says so, an
    e-mail with the new day as soon as there is one: once for each promise. A new
    delivery date of the order is a new promise. The activity goes when stock can meet
    the promise after all, or another one is made.

    Only goods that wait for stock and are promised within `HORIZON_DAYS` are looked at,
    a batch of orders with one forecast. What lies ready and has not been sent is told
    by *My day*.
    """

    _inherit = "crm.notice"

    @api.model
    def _cron_tell_late_stock(self):
        cron = self.env["ir.cron"]
        # sudo: the job works for all companies
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            orders = (
                self.env["sale.order"]
                .sudo()
                .with_company(company)
                .with_context(
                    allowed_company_ids=company.ids,
                    tz=company.partner_id.tz or "UTC",
                )
            )
            for ids, work in (
                (orders._get_told_late_stock(), orders._take_back_late_stock),
                (orders._get_untold_late_stock(), orders._tell_late_stock),
            ):
                if not cron._crm_run_in_batches(ids, BATCH, work, lock=KEY):
                    return
        cron._commit_progress(remaining=0)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_late_stock_key(self, who):
        """What is told once: the present promise of the order."""
        self.ensure_one()
        promised = self.commitment_date
        return f"{who}{promised.replace(microsecond=0) if promised else ''}"

    @api.model
    def _get_told_late_stock(self):
        """Ids of the orders with an open activity."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT notice.res_id
                     FROM crm_notice AS notice
                     JOIN mail_activity AS activity
                       ON activity.id = notice.activity_id AND activity.active
                     JOIN sale_order AS sale ON sale.id = notice.res_id
                    WHERE notice.res_model = 'sale.order' AND notice.key LIKE %s
                      AND sale.company_id = %s
                    ORDER BY notice.res_id""",
                f"{SALESPERSON}%",
                self.env.company.id,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _get_untold_late_stock(self):
        """Ids of the orders that wait for stock, and somebody may have to be told."""
        until = fields.Datetime.now() + timedelta(days=HORIZON_DAYS)
        waiting = (
            OPEN_MOVES
            & Domain("state", "!=", "assigned")
            & TO_CUSTOMER
            & Domain("date_deadline", "<=", until)
        )
        query = self._search(
            Domain("state", "=", "sale")
            & Domain("company_id", "=", self.env.company.id)
            & (Domain("user_id", "!=", False) | Domain("team_id.user_id", "!=", False))
            & Domain("order_line.move_ids", "any", waiting)
        )
        told = [SALESPERSON]
        if self.env.company.crm_late_stock_mail:
            told.append(CUSTOMER)
        query.add_where(
            SQL(" OR ").join(
                SQL(
                    """NOT EXISTS (
                        SELECT FROM crm_notice AS notice
                         WHERE notice.res_model = 'sale.order'
                           AND notice.res_id = %(order)s
                           AND notice.key = %(who)s
                               || COALESCE(date_trunc('second', %(promised)s)::text, '')
                    )""",
                    order=SQL.identifier(query.table, "id"),
                    promised=SQL.identifier(query.table, "commitment_date"),
                    who=who,
                )
                for who in told
            )
        )
        return sorted(query)

    @api.model
    def _take_back_late_stock(self, ids):
        """Take the activities away whose promise stock can meet, or that is no more."""
        orders = self.browse(ids)
        late = orders._get_late_by_stock()
        current = {(order.id, order._get_late_stock_key(SALESPERSON)) for order in late}
        notices = self.env["crm.notice"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", ids),
                ("key", "=like", f"{SALESPERSON}%"),
                ("activity_id", "!=", False),
            ]
        )
        notices.filtered(
            lambda notice: (notice.res_id, notice.key) not in current
        ).activity_id.unlink()

    @api.model
    def _tell_late_stock(self, ids):
        late = self.browse(ids)._get_late_by_stock()
        notices = self._claim_late_stock(SALESPERSON, late)
        self._plan_late_stock_activities(
            {order: late[order] for order in late if order.id in notices}, notices
        )
        if self.env.company.crm_late_stock_mail:
            dated = [order for order in late if late[order][1]]
            claimed = self._claim_late_stock(CUSTOMER, dated)
            template = self.env.ref("crm_custom.mail_template_late_stock")
            template.send_mail_batch(list(claimed))

    @api.model
    def _claim_late_stock(self, who, orders):
        claims = [(order.id, order._get_late_stock_key(who)) for order in orders]
        return self.env["crm.notice"]._claim("sale.order", claims)

    def _plan_late_stock_activities(self, late, notices):
        """An activity on each order, in the language of whose order it is."""
        kind = self.env.ref("crm_custom.mail_activity_type_late_stock")
        model_id = self.env["ir.model"]._get_id("sale.order")
        vals_list = []
        for order, (promised, expected, products) in late.items():
            user = order.user_id or order.team_id.user_id
            env = order.with_context(lang=user.lang).env
            day_of = order.company_id._crm_day
            days = {
                "promised": format_date(env, day_of(promised)),
                "expected": expected and format_date(env, day_of(expected)),
            }
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": order.id,
                    "activity_type_id": kind.id,
                    "summary": env._(
                        "Promised for %(promised)s, stock can deliver on %(expected)s",
                        **days,
                    )
                    if expected
                    else env._(
                        "Promised for %(promised)s, not enough is on the way", **days
                    ),
                    "note": ", ".join(products.with_env(env).mapped("display_name")),
                    "date_deadline": fields.Date.context_today(order),
                    "user_id": user.id,
                    "automated": True,
                }
            )
        activities = (
            self.env["mail.activity"]
            # My day shows it: no e-mail for each
            .with_context(mail_activity_quick_update=True)
            .create(vals_list)
        )
        for order, activity in zip(late, activities, strict=True):
            notices[order.id].activity_id = activity
