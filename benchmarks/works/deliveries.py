"""Deliveries: the pivot of what was in time, by customer and month.

The list of what must leave is found with the others. The floor is written from the
tables, without the addon's view.
"""

from dataclasses import dataclass

from benchmarks.figures import Aim
from benchmarks.work import Work

DAY = """
    timezone(COALESCE(home.tz, 'UTC'), timezone('UTC', {}))::date
"""
PROMISED = """
    COALESCE(m.date_deadline, s.commitment_date,
             s.date_order + l.customer_lead * interval '1 day')
"""
PIVOT = f"""
    SELECT month, customer, count(*),
           avg(CASE WHEN delivered <= promised THEN 100.0 ELSE 0 END),
           avg(GREATEST(0, delivered - promised))
      FROM (
        SELECT p.commercial_partner_id AS customer,
               {DAY.format("m.date")} AS delivered,
               {DAY.format(PROMISED)} AS promised,
               date_trunc('month', {DAY.format("m.date")}::timestamp) AS month
          FROM stock_move m
          JOIN sale_order_line l ON l.id = m.sale_line_id
          JOIN sale_order s ON s.id = l.order_id
          JOIN res_partner p ON p.id = s.partner_id
          JOIN res_company c ON c.id = m.company_id
          JOIN res_partner home ON home.id = c.partner_id
          JOIN stock_location source ON source.id = m.location_id
          JOIN stock_location target ON target.id = m.location_dest_id
         WHERE m.state = 'done' AND m.quantity > 0
           AND m.origin_returned_move_id IS NULL
           AND source.usage <> 'customer' AND target.usage = 'customer'
           AND m.company_id = ANY(%(companies)s)
      ) AS done
     GROUP BY GROUPING SETS ((), (1), (2), (1, 2))
"""


@dataclass
class DeliveryPivot(Work):
    name = "deliveries/pivot"
    title = "pivot of all deliveries by month and customer: in time, average delay"
    user = "sales_manager"
    scale = "sale_order_line"
    aims = (Aim("queries", 20), Aim("floor", 2))

    def addon(self, door):
        month, customer = "date_delivered:month", "commercial_partner_id"
        return door.rpc(
            "crm.delivery.performance",
            "formatted_read_grouping_sets",
            [],
            [[], [month], [customer], [month, customer]],
            ["__count", "on_time_rate:avg", "days_late:avg"],
        )

    def floor(self, door):
        companies = door.env.context["allowed_company_ids"]
        return door.sql(PIVOT, {"companies": companies})

    def rows(self, door, way, result):
        """[whether by month, by customer, how many groups, deliveries, and the sums of
        their rates and delays]
        """
        found = {}
        if way == "floor":
            for month, customer, count, rate, delay in result:
                key = (month is not None, customer is not None)
                self._add(found, key, count, rate, delay)
        else:
            keys = ((False, False), (True, False), (False, True), (True, True))
            for key, groups in zip(keys, result, strict=True):
                for group in groups:
                    figures = (group["on_time_rate:avg"], group["days_late:avg"])
                    self._add(found, key, group["__count"], *figures)
        return sorted(
            [*key, groups, count, round(rates, 2), round(delays, 2)]
            for key, (groups, count, rates, delays) in found.items()
        )

    @staticmethod
    def _add(found, key, count, rate, delay):
        groups, deliveries, rates, delays = found.get(key, (0, 0, 0.0, 0.0))
        found[key] = (
            groups + 1,
            deliveries + count,
            rates + float(rate or 0),
            delays + float(delay or 0),
        )
