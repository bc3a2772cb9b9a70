from datetime import timedelta

from odoo import api, models
from odoo.fields import Datetime, Domain
from odoo.tools import SQL, format_date

from .crm_my_day_overdue import NEWS_DAYS


class CrmMyDayContact(models.AbstractModel):
    """Customers whose contact is due by their cadence, unless one is planned."""

    _name = "crm.my.day.contact"
    _inherit = "crm.my.day.source"
    _description = "My day: contacts due"

    _my_day_model = "res.partner"
    _my_day_sequence = 15
    _my_day_icon = "fa-phone"
    _my_day_tells_overdue = True
    _my_day_actions = ("log", "plan")

    @api.model
    def _get_title(self):
        return self.env._("Contacts due")

    @api.model
    def _get_domain(self, work_day):
        return (
            Domain("is_crm_customer", "=", True)
            & Domain("date_next_contact", "=", False)
            & work_day.owned_by("user_id")
        )

    @api.model
    def _get_day(self, query, work_day):
        partners = self.env["res.partner"]
        return partners._field_to_sql(query.table, "date_contact_due", query)

    @api.model
    def _get_overdue_query(self, work_day):
        query, key = super()._get_overdue_query(work_day)
        # Found by index: the stored day is the reader's own, or the one beside it. Said
        # of the partner, too, for the planner sees no way from his customer to him.
        first = work_day.today - timedelta(days=NEWS_DAYS + 1)
        schedule = query.make_alias(query.table, "contact_schedule")
        query.add_where(
            SQL(
                """%(due)s BETWEEN %(first)s AND %(today)s
                   AND %(id)s IN (
                        SELECT partner_id
                          FROM crm_contact_schedule
                         WHERE date_due BETWEEN %(first)s AND %(today)s
                   )""",
                due=SQL.identifier(schedule, "date_due"),
                id=SQL.identifier(query.table, "id"),
                first=first,
                today=work_day.today,
            )
        )
        return query, key

    @api.model
    def _prepare_rows(self, records, work_day):
        return {
            customer.id: {
                "partner": customer.primary_contact_id or customer,
                "text": self._get_last_contact(customer),
                "user": customer.user_id,
            }
            for customer in records
        }

    @api.model
    def _get_last_contact(self, customer):
        last = customer.date_last_contact
        if not last:
            return self.env._("Not contacted yet")
        day = Datetime.context_timestamp(self, last).date()
        return self.env._("Last contact on %(date)s", date=format_date(self.env, day))
