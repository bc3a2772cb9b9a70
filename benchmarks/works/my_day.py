"""My day of a salesperson with many customers: all counts, and the rows of a part."""

from dataclasses import dataclass
from typing import ClassVar

from benchmarks.figures import Aim
from benchmarks.work import Work


@dataclass
class MyDay(Work):
    """``part`` is what is asked: the counts, or a part of the day with its rows."""

    name = "my day"
    title = "My day of a salesperson with 2,000 customers"
    user = "sales_own"
    # ten for each of the eight sources
    aims = (Aim("queries", 80),)
    # the customers are given to him in a copy
    spends = ("data",)
    same = ()
    #: so many customers are his
    customers: ClassVar[int] = 2000

    part: str = "counts"

    @classmethod
    def pieces(cls, door):
        return [cls(part=part) for part in ("counts", "overdue", "today")]

    def label(self):
        return f"{self.name}/{self.part}"

    def prepare(self, door):
        cr = door.env.cr
        cr.execute(
            """
            UPDATE res_partner
               SET user_id = CASE WHEN chosen.nth <= %(count)s THEN %(user)s END
              FROM (
                    SELECT id, row_number() OVER (
                               ORDER BY (user_id = %(user)s) IS TRUE DESC, id
                           ) AS nth
                      FROM res_partner
                     WHERE is_crm_customer
                       AND (user_id = %(user)s OR user_id IS NULL)
                   ) AS chosen
             WHERE chosen.id = res_partner.id
            """,
            {"count": self.customers, "user": door.env.uid},
        )
        cr.commit()

    def addon(self, door):
        if self.part == "counts":
            return door.rpc("crm.my.day", "get_day")
        return door.rpc("crm.my.day", "get_rows", self.part)

    def rows(self, door, way, result):
        if self.part == "counts":
            return [
                (source["key"], *source["counts"].values())
                for source in result["sources"]
            ]
        return [(key, row["id"]) for key, rows in result.items() for row in rows]
