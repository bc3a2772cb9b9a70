from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

#: how many intervals it takes to know what is usual
MIN_INTERVALS = 2
#: so many times the usual interval is "longer than usual"
PATIENCE = 1.5
#: orders further back say little of the customer of today
YEARS = 3
#: so many days after a contact the customer is left in peace
PEACE = 30


class CrmMyDayQuiet(models.AbstractModel):
    """Customers who have not ordered for longer than usual.

    What is usual is the median of the days between one day with confirmed orders and
    the next, of the customer with all his addresses, in the companies chosen, over the
    last three years; it takes three such days at least. A customer is due when one and
    a half times of it, rounded up, has gone by since the last one. Left out is who is
    lost or blacklisted, has a next step or a contact planned, or was contacted in the
    last thirty days.
    """

    _name = "crm.my.day.quiet"
    _inherit = "crm.my.day.source"
    _description = "My day: customers who have not ordered for long"

    _my_day_model = "res.partner"
    _my_day_sequence = 60
    _my_day_icon = "fa-hourglass-half"
    _my_day_actions = ("log", "plan", "quote")

    @api.model
    def _get_title(self):
        return self.env._("No order for longer than usual")

    @api.model
    def _get_domain(self, work_day):
        return (
            Domain("is_crm_customer", "=", True)
            & Domain("date_next_contact", "=", False)
            & (
                Domain("date_last_contact", "=", False)
                | Domain("date_last_contact", "<", f"today -{PEACE}d")
            )
            & Domain("customer_status", "in", ("active", "at_risk", "dormant"))
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        self.env["sale.order"].flush_model(
            ["partner_id", "company_id", "state", "date_order"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        customers = query.subselect()
        self._leave_out_planned(query)
        query.add_join(
            "JOIN",
            "crm_rhythm",
            self._get_rhythm_sql(work_day, customers),
            SQL("crm_rhythm.customer_id = %s", SQL.identifier(query.table, "id")),
        )
        return SQL("crm_rhythm.day")

    @api.model
    def _get_rhythm_sql(self, work_day, customers):
        """(customer_id, last_day, usual, day) of the customers, a subselect."""
        return SQL(
            """(
            SELECT customer_id, max(order_day) AS last_day,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS usual,
                   max(order_day) + ceil(
                       %(patience)s * percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                   )::int AS day
              FROM (
                SELECT customer_id, order_day,
                       order_day - lag(order_day) OVER (
                           PARTITION BY customer_id ORDER BY order_day
                       ) AS gap
                  FROM (
                    SELECT DISTINCT buyer.commercial_partner_id AS customer_id,
                           %(order_day)s AS order_day
                      FROM res_partner AS buyer
                      JOIN sale_order ON sale_order.partner_id = buyer.id
                     WHERE buyer.commercial_partner_id IN %(customers)s
                       AND sale_order.state = 'sale'
                       AND sale_order.company_id = ANY(%(companies)s)
                       AND sale_order.date_order >= %(since)s
                  ) AS order_days
              ) AS gaps
          GROUP BY customer_id
            HAVING count(gap) >= %(intervals)s
            )""",
            patience=PATIENCE,
            order_day=work_day.local_date(SQL("sale_order.date_order")),
            customers=customers,
            # all orders of the customer, whoever entered them: a colleague's order
            # means that he has ordered; of it nothing but the day is told
            companies=self.env.companies.ids,
            since=work_day.today - relativedelta(years=YEARS),
            intervals=MIN_INTERVALS,
        )

    @api.model
    def _prepare_rows(self, records, work_day):
        rhythm = self._get_rhythm_sql(work_day, SQL("%s", tuple(records.ids) or (0,)))
        found = self.env.execute_query(
            SQL("SELECT customer_id, last_day, usual FROM %s AS rhythm", rhythm)
        )
        rhythms = {row[0]: row[1:] for row in found}
        rows = {}
        for customer in records:
            last_day, usual = rhythms[customer.id]
            rows[customer.id] = {
                "partner": customer.primary_contact_id or customer,
                "text": self.env._(
                    "Last order on %(date)s, usually one every %(days)s days",
                    date=format_date(self.env, last_day),
                    days=round(usual),
                ),
                "user": customer.user_id,
            }
        return rows

    @api.model
    def _get_action_labels(self):
        return {**super()._get_action_labels(), "quote": self.env._("New quotation")}

    @api.model
    def _do_quote(self, record):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": record.id},
        }
