"""Print this search: many customers to PDF, through the HTTP route."""

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from typing import ClassVar

from benchmarks.dataset import indexes
from benchmarks.door import time_in_pdf_engine
from benchmarks.figures import Aim
from benchmarks.work import Work

VIEW = "crm_custom.res_partner_view_list_print_customer"
DOMAIN = [("is_crm_customer", "=", True), ("ref", "like", "PRINT%")]


@dataclass
class PrintSearch(Work):
    """In a copy of the data set that has customers enough."""

    apart = True
    spends = ("data", "peers")
    output: ClassVar[str] = ""
    count: int = 0

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        self.scale = self.count
        have_customers(door, self.count)

    def warm(self, door):
        """A server that printed before has its routes, templates and assets ready."""
        if door.has_addon:
            os.remove(self._print(door, [*DOMAIN, ("ref", "like", "00001")]))

    def addon(self, door):
        with time_in_pdf_engine() as engine:
            started = time.perf_counter()
            path = self._print(door, DOMAIN)
            seconds = time.perf_counter() - started
        if self.output == "pdf":
            door.note("share outside the engine", 1 - engine() / seconds)
        return path

    def _print(self, door, domain):
        payload = {
            "model": "res.partner",
            "view": VIEW,
            "domain": domain,
            "order": "ref",
            "groupby": [],
            "title": "Customers",
            "facets": [],
            "context": {"lang": "en_US", "tz": "UTC"},
        }
        status, path = door.post(
            f"/crm_custom/print_search/{self.output}", {"data": json.dumps(payload)}
        )
        if status != 200:
            with open(path) as file:
                raise AssertionError(f"status {status}: {file.read()[:500]}")
        return path


@dataclass
class PrintToPdf(PrintSearch):
    name = "print search/pdf"
    title = "print customers to PDF"
    output = "pdf"
    aims = (Aim("share outside the engine", 0.1),)
    runs = 3
    same = ()
    count: int = 10_000

    def rows(self, door, way, result):
        """The codes that can be read on paper, each once and in order."""
        text = subprocess.run(
            ["pdftotext", "-layout", result, "-"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        os.remove(result)
        found = re.findall(r"PRINT\d{7}", text)
        if found != [f"PRINT{number:07}" for number in range(1, self.count + 1)]:
            raise AssertionError(f"{len(found)} of {self.count} rows are on paper")
        return found


def have_customers(door, count):
    """So many customers whose code tells that they are to be printed."""
    columns = [
        row[0]
        for row in door.sql(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = 'res_partner' AND is_generated = 'NEVER'
               AND column_name NOT IN
                   ('id', 'ref', 'commercial_partner_id', 'parent_id')
            """
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    cr = door.env.cr
    cr.execute("DELETE FROM res_partner WHERE ref LIKE 'PRINT%'")
    # what the copies point to is there: twenty keys of each are not checked again
    cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute(indexes.REST, (["res_partner"],))
    resting = [row[0] for row in cr.fetchall()]
    cr.execute(
        f"""
        WITH source AS MATERIALIZED (
            SELECT p.*, row_number() OVER (ORDER BY id) AS place
              FROM res_partner p
             WHERE active AND parent_id IS NULL AND company_id IS NULL
               AND customer_rank > 0
        )
        INSERT INTO res_partner (ref, {names})
        SELECT 'PRINT' || lpad(n::text, 7, '0'), {names}
          FROM generate_series(1, %s) n
          JOIN source ON place = n %% (SELECT count(*) FROM source) + 1
        """,
        (count,),
    )
    cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'PRINT%'"
    )
    for name in sorted(resting):
        cr.execute(f"REINDEX INDEX {name}")
    cr.commit()
    cr.execute("ANALYZE res_partner")
    cr.commit()
