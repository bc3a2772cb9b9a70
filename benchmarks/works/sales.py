"""Sales records: the pivot by month and product, the sales of one customer, and what
was collected of everybody.

The floors are written from the tables, without the addon's view.
"""

from dataclasses import dataclass
from decimal import Decimal

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.work import Work

#: what the company's currency makes of an amount of the order
UNTAXED = """
    ROUND(l.price_subtotal / s.currency_rate, c.decimal_places)
"""
LINES = """
    sale_order_line l
    JOIN sale_order s ON s.id = l.order_id
    JOIN res_company company ON company.id = l.company_id
    JOIN res_currency c ON c.id = company.currency_id
"""
PIVOT = f"""
    SELECT date_trunc('month', timezone(%(tz)s, timezone('UTC', s.date_order))),
           l.product_id, count(*), sum({UNTAXED})
      FROM {LINES}
     WHERE l.display_type IS NULL AND l.company_id = ANY(%(companies)s)
     GROUP BY GROUPING SETS ((), (1), (2), (1, 2))
"""
CUSTOMER = f"""
    SELECT l.id, {UNTAXED}, (
              SELECT sum(part) FROM (
                SELECT b.id, b.price_total * sum(t.amount_residual) / (
                          SELECT sum(price_total) FROM account_move_line a
                           WHERE a.move_id = b.move_id AND a.display_type = 'product')
                  FROM sale_order_line_invoice_rel r
                  JOIN account_move_line b ON b.id = r.invoice_line_id
                  JOIN account_move_line t ON t.move_id = b.move_id
                   AND t.display_type = 'payment_term' AND t.parent_state = 'posted'
                 WHERE r.order_line_id = l.id
                 GROUP BY b.id
              ) parts (id, part))
      FROM {LINES}
      JOIN res_partner p ON p.id = s.partner_id
     WHERE l.display_type IS NULL AND p.commercial_partner_id = %(customer)s
       AND l.company_id = ANY(%(companies)s)
     ORDER BY s.date_order DESC, l.id DESC LIMIT {views.LIMIT}
"""
#: the customer with the most order lines
BUSIEST = """
    SELECT p.commercial_partner_id
      FROM sale_order_line l
      JOIN sale_order s ON s.id = l.order_id
      JOIN res_partner p ON p.id = s.partner_id
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""


@dataclass
class SalesPivot(Work):
    name = "sales/pivot"
    title = "pivot of all sales by month and product, as the client asks for it"
    user = "sales_manager"
    scale = "sale_order_line"
    aims = (Aim("queries", 20), Aim("floor", 2))

    def addon(self, door):
        return door.rpc(
            "crm.sales.record",
            "formatted_read_grouping_sets",
            [],
            [[], ["date:month"], ["product_id"], ["date:month", "product_id"]],
            ["__count", "price_subtotal:sum"],
        )

    def floor(self, door):
        context = door.env.context
        return door.sql(
            PIVOT,
            {"tz": context["tz"] or "UTC", "companies": context["allowed_company_ids"]},
        )

    def rows(self, door, way, result):
        """{(whether by month, by product): how many groups, lines and what of them}"""
        found = {}
        if way == "floor":
            for month, product, count, amount in result:
                key = (month is not None, product is not None)
                self._add(found, key, count, amount)
        else:
            keys = ((False, False), (True, False), (False, True), (True, True))
            for key, groups in zip(keys, result, strict=True):
                for group in groups:
                    self._add(found, key, group["__count"], group["price_subtotal:sum"])
        return sorted([*key, *values] for key, values in found.items())

    @staticmethod
    def _add(found, key, count, amount):
        groups, lines, sums = found.get(key, (0, 0, Decimal(0)))
        sums += round(Decimal(str(amount or 0)), 2)
        found[key] = (groups + 1, lines + count, sums)


@dataclass
class SalesOfCustomer(Work):
    name = "sales/of a customer"
    title = "sales of the customer who has most: the first 80 rows, with their stage"
    user = "sales_manager"
    scale = "sale_order_line"
    aims = (Aim("queries", 25),)

    def prepare(self, door):
        self.customer = door.sql(BUSIEST)[0][0]
        arch = views.load_view(door.env, "crm.sales.record", "list")
        self.spec = views.list_specification(door.env, "crm.sales.record", arch)

    def addon(self, door):
        return door.rpc(
            "crm.sales.record",
            "web_search_read",
            domain=[("commercial_partner_id", "=", self.customer)],
            specification=self.spec,
            limit=views.LIMIT,
            count_limit=views.COUNT_LIMIT,
        )

    def floor(self, door):
        """What is untaxed and open of each line, and nothing else."""
        companies = door.env.context["allowed_company_ids"]
        return door.sql(CUSTOMER, {"customer": self.customer, "companies": companies})

    def rows(self, door, way, result):
        if way == "floor":
            found = result
        else:
            found = [
                (row["id"], row["price_subtotal"], row["amount_open"])
                for row in result["records"]
            ]
        # the open amount is rounded in another way: to within a cent or two
        return [
            [line, float(untaxed), round(float(due or 0))]
            for line, untaxed, due in found
        ]


@dataclass
class SalesCollected(Work):
    """``measure``: what is summed by month, over the whole ledger."""

    name = "sales/by month"
    title = "a measure of all sales by month"
    user = "sales_manager"
    scale = "sale_order_line"
    aims = (Aim("queries", 5),)
    measure: str = "amount_open"

    @classmethod
    def pieces(cls, door):
        return [
            cls(measure)
            for measure in ("amount_open", "amount_invoiced", "amount_collected")
        ]

    def label(self):
        return f"{self.name}: {self.measure}"

    def addon(self, door):
        return door.rpc(
            "crm.sales.record",
            "formatted_read_group",
            [],
            ["date:month"],
            [f"{self.measure}:sum"],
        )

    def rows(self, door, way, result):
        return [len(result)]
