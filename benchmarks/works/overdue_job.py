"""The job that tells what has become overdue: what it finds, what it then writes."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from odoo.addons.crm_custom.models.crm_my_day_overdue import NEWS_DAYS
from odoo.addons.crm_custom.models.crm_my_day_quotation import EXPIRED_DAYS

from benchmarks.figures import Aim
from benchmarks.work import Work

UNTOLD = """
   AND NOT EXISTS (
        SELECT FROM crm_notice n
         WHERE n.res_model = '{model}' AND n.res_id = r.id
           AND n.key = 'overdue/{source}/' || ({day})::text)
"""
CONTACTS = """
SELECT r.id
  FROM crm_contact_schedule s
  JOIN res_partner r ON r.id = s.partner_id
 WHERE r.active AND r.is_crm_customer AND r.user_id = ANY(%(users)s)
   AND s.date_next IS NULL
   AND coalesce(r.customer_status ->> %(company)s, 'prospect')
       NOT IN ('lost', 'blacklist')
   AND s.date_due BETWEEN %(first)s::date - 1 AND %(today)s
   AND {day} >= %(first)s AND {day} < %(today)s
"""
QUOTATIONS = """
SELECT r.id
  FROM sale_order r
 WHERE r.state IN ('draft', 'sent') AND r.user_id = ANY(%(users)s)
   AND {day} >= %(first)s AND {day} < %(today)s AND {day} >= %(oldest)s
   AND NOT EXISTS (
        SELECT FROM mail_activity a
         WHERE a.res_model = 'sale.order' AND a.res_id = r.id AND a.active
           AND a.activity_type_id IS DISTINCT FROM %(kind)s)
"""
DELIVERIES = """
SELECT r.id
  FROM stock_picking r
  JOIN sale_order o ON o.id = r.sale_id AND o.user_id = ANY(%(users)s)
  JOIN stock_picking_type t ON t.id = r.picking_type_id AND t.code = 'outgoing'
 WHERE r.state IN ('waiting', 'confirmed', 'assigned')
   AND {day} >= %(first)s AND {day} < %(today)s
"""
CONTACT_DAY = """
(s.date_from AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date + s.cadence_days
"""
DELIVERY_DAY = "(r.scheduled_date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date"
FLOORS = (
    ("contact", "res.partner", CONTACTS, CONTACT_DAY),
    ("quotation", "sale.order", QUOTATIONS, "r.validity_date"),
    ("delivery", "stock.picking", DELIVERIES, DELIVERY_DAY),
)


@dataclass
class OverdueFound(Work):
    name = "job/overdue/find"
    title = "what has become overdue among all customers and is not told yet"
    aims = (Aim("floor", 2),)

    def addon(self, door):
        rows = []
        for source, work_day in door.superuser()["crm.my.day"]._get_overdue_work():
            rows += source._get_settled_activities(work_day)
            found = source._get_untold(work_day)
            rows += [(source._get_key(), record_id) for record_id, _key in found]
        return rows

    def prepare(self, door):
        """Whose work it is, by company and by what "today" is to them."""
        self.groups = {}
        for source, day in door.superuser()["crm.my.day"]._get_overdue_work():
            self.groups[source.env.company.id, day.tz] = (list(day.user_ids), day.today)
        self.kind = door.env.ref("crm_custom.mail_activity_type_overdue").id

    def floor(self, door):
        rows = []
        for (company_id, tz), (users, today) in self.groups.items():
            values = {
                "users": users,
                "company": str(company_id),
                "tz": tz,
                "today": today,
                "first": today - timedelta(days=NEWS_DAYS),
                "oldest": today - timedelta(days=EXPIRED_DAYS),
                "kind": self.kind,
            }
            for source, model, query, day in FLOORS:
                text = query.format(day=day)
                text += UNTOLD.format(model=model, source=source, day=day)
                rows += [(source, id_) for (id_,) in door.sql(text, values)]
        return rows

    def rows(self, door, way, result):
        return sorted(result)


@dataclass
class OverdueTold(Work):
    """All that is found is new, as on the first day: the cost of what changed."""

    name = "job/overdue/tell"
    title = "activities for all that has become overdue"
    apart = True
    spends = ("data",)
    same = ()
    runs = 1
    #: so often the scheduler may have to come back to it
    most: ClassVar[int] = 50

    def prepare(self, door):
        self.scale = len(OverdueFound().addon(door))

    def addon(self, door):
        job = door.superuser().ref("crm_custom.ir_cron_crm_my_day_overdue")
        before = self._count(door)
        start = time.perf_counter()
        for _time in range(self.most):
            job.method_direct_trigger()
            # what the job has committed is seen by the next transaction
            door.env.cr.commit()
            told = self._count(door) - before
            if told >= self.scale:
                break
        else:
            raise AssertionError("the job does not come to an end")
        door.note("activities", told)
        door.note("ms each", (time.perf_counter() - start) * 1000 / max(told, 1))

    def _count(self, door):
        return door.sql("SELECT count(*) FROM crm_notice")[0][0]

    def rows(self, door, way, result):
        return door.sql("SELECT res_model, res_id FROM crm_notice ORDER BY 1, 2")
