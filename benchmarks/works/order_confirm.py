"""Confirming orders: what the gates for credit and discounts, and all else, cost."""

from dataclasses import dataclass

from benchmarks.figures import Aim
from benchmarks.work import Work

#: all rules hold, and no order of the data set is: their thresholds are far away
HOLD = """
UPDATE res_company
   SET credit_limit_action = 'hold', credit_overdue_action = 'hold',
       credit_overdue_amount_action = 'hold', credit_promise_action = 'hold',
       credit_blacklist_action = 'hold', account_use_credit_limit = TRUE,
       credit_overdue_days = 100000, credit_overdue_amount = 1e12,
       credit_promise_count = 1000, crm_discount_limited = TRUE,
       crm_discount_limit = 100, crm_discount_limit_leader = 100
 WHERE id = %s
"""
#: a statement in its place, where there is nothing to set
NOTHING = "UPDATE res_company SET id = id WHERE id = %s"
#: quotations with three storable products and more
QUOTATIONS = """
SELECT o.id
  FROM sale_order o
  JOIN sale_order_line l ON l.order_id = o.id AND l.display_type IS NULL
  JOIN product_product p ON p.id = l.product_id
  JOIN product_template t ON t.id = p.product_tmpl_id AND t.is_storable
  JOIN res_partner c ON c.id = o.partner_id AND c.active
 WHERE o.state = 'sent' AND o.company_id = %s
   AND l.product_uom_qty > 0
 GROUP BY o.id
HAVING count(*) >= 3
 ORDER BY o.id
 LIMIT %s
"""


@dataclass
class ConfirmOrders(Work):
    name = "order/confirm"
    title = "confirm quotations, with all rules about credit and discounts on"
    user = "sales_all"
    same = ("addon", "stock")
    runs = 5

    count: int = 1

    @property
    def aims(self):
        # ten for an order, and at most two for each further one
        return (Aim("queries over stock", 8 + 2 * self.count),)

    @classmethod
    def pieces(cls, door):
        return [cls(), cls(count=20)]

    def label(self):
        return f"{self.name} {self.count}"

    def prepare(self, door):
        self.scale = self.count
        self.orders = [
            id_ for (id_,) in door.sql(QUOTATIONS, (door.env.company.id, self.count))
        ]

    def addon(self, door):
        return self._confirm(door, HOLD)

    def stock(self, door):
        return self._confirm(door, NOTHING)

    def _confirm(self, door, setting):
        door.env.cr.execute(setting, [door.env.company.id])
        orders = door.env["sale.order"].browse(self.orders)
        orders.action_confirm()
        door.env.flush_all()
        return orders

    def rows(self, door, way, result):
        return [(order.id, order.state) for order in result]
