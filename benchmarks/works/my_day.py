"""My day of a salesperson with two thousand customers."""

from dataclasses import dataclass

from odoo import sql_db

from benchmarks.figures import Aim
from benchmarks.work import Work

BUCKETS = ("overdue", "today", "tomorrow", "week")


@dataclass
class MyDay(Work):
    name = "my day"
    title = "my day of a salesperson with 2,000 customers: all counts, one page of rows"
    user = "sales_own"
    scale = 2_000
    aims = (Aim("queries a source", 10),)
    same = ()
    bucket: str = "overdue"

    @classmethod
    def pieces(cls, door):
        return [cls(bucket=bucket) for bucket in BUCKETS]

    def label(self):
        return f"{self.name}/{self.bucket}"

    def addon(self, door):
        before = sql_db.sql_counter
        day = door.rpc("crm.my.day", "get_day", "me")
        rows = door.rpc("crm.my.day", "get_rows", self.bucket)
        door.note(
            "queries a source", (sql_db.sql_counter - before) / len(day["sources"])
        )
        return [row for found in rows.values() for row in found]
