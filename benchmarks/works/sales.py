"""Sales records: the pivot by month and product, the sales of one customer, and what
was collected of everybody.

The floors are written from the tables, without the addon's view.
"""

from dataclasses import dataclass
from decimal import Decimal

from benchmarks import views
from benchmarks.figures import Aim
from benchmarks.sales_floors import SalesPage
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
    title = "sales of the customer who has most: the first page of the list"
    user = "sales_manager"
    scale = "sale_order_line"
    aims = (Aim("queries", 25), Aim("floor", 2))

    def prepare(self, door):
        model, customer = "crm.sales.record", door.sql(BUSIEST)[0][0]
        arch = views.load_view(door.env, model, "list")
        self.spec = views.list_specification(door.env, model, arch)
        self.domain = [("commercial_partner_id", "=", customer)]
        self.plain = SalesPage(door.env, model, self.spec, self.domain)

    def addon(self, door):
        return door.rpc(
            "crm.sales.record",
            "web_search_read",
            domain=self.domain,
            specification=self.spec,
            limit=views.LIMIT,
            count_limit=views.COUNT_LIMIT,
        )

    def floor(self, door):
        return self.plain.fetch(door)

    def rows(self, door, way, result):
        if way == "floor":
            return self.plain.comparable_rows(result)
        return self.plain.comparable(result)


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
