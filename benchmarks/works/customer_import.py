"""Importing customers from a CSV file, in the batches that the web client sends."""

import csv
import io
from dataclasses import dataclass

from benchmarks.work import Work

ROWS = 10_000
BATCH = 2_000
CITIES = ("Gent", "Antwerpen", "Namur", "Liège", "Brugge", "Leuven", "Mons", "Arlon")
COLUMNS = {
    "name": lambda n: f"Imported customer {n:06}",
    "ref": lambda n: f"BENCH{n:06}",
    "is_company": lambda n: "1",
    "country_id": lambda n: "BE",
    "city": lambda n: CITIES[n % len(CITIES)],
    "zip": lambda n: str(1000 + n % 9000),
    "street": lambda n: f"Dorpsstraat {n % 300 + 1}",
    "email": lambda n: f"office{n}@customer{n % 4000}.example",
    "website": lambda n: f"https://customer{n}.example",
}
OWN_COLUMNS = {
    "headcount": lambda n: str(n % 500),
    "annual_revenue": lambda n: str(n * 100),
}
OWN_VALUES = ", p.is_crm_customer, p.headcount, p.annual_revenue"
OPTIONS = {
    "import_skip_records": [],
    "import_set_empty_fields": [],
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "encoding": "utf-8",
    "separator": ",",
    "quoting": '"',
    "date_format": "%Y-%m-%d",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "has_headers": True,
    "keep_matches": False,
    "limit": BATCH,
    "sheets": [],
    "sheet": "",
}


@dataclass
class ImportCustomers(Work):
    name = "import"
    title = f"import {ROWS:,} customers from CSV"
    user = "sales_manager"
    apart = True
    runs = 1
    same = ("addon", "floor")
    scale = ROWS
    skip_refused: bool = False

    @classmethod
    def pieces(cls, door):
        return [cls(), cls(skip_refused=True)]

    def label(self):
        return f"{self.name}{'/without refused rows' if self.skip_refused else ''}"

    def addon(self, door):
        context = {"crm_customer_form": True, "default_is_crm_customer": True}
        return self._import(door, {**COLUMNS, **OWN_COLUMNS}, context)

    def stock(self, door):
        return self._import(door, COLUMNS, {})

    def _import(self, door, columns, context):
        importer = door.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file": _make_csv(columns),
                "file_name": "customers.csv",
                "file_type": "text/csv",
            }
        )
        options = {**OPTIONS, "skip": 0, "crm_skip_refused_rows": self.skip_refused}
        names = list(columns)
        context = {**context, "tracking_disable": True}
        while True:
            answer = door.rpc(
                "base_import.import",
                "execute_import",
                importer.ids,
                names,
                names,
                options,
                context=context,
            )
            if problems := answer["messages"]:
                raise AssertionError(f"the file was refused: {problems[:3]}")
            # Each batch is a request of its own: nothing is left in its cache.
            door.env.flush_all()
            door.env.invalidate_all()
            if not answer["nextrow"]:
                return answer
            options["skip"] = answer["nextrow"]

    def floor(self, door):
        """The file's values and what makes them a partner, in two statements."""
        env = door.env
        rows = list(csv.reader(io.StringIO(_make_csv(COLUMNS).decode())))[1:]
        columns = [list(column) for column in zip(*rows, strict=True)]
        door.env.cr.execute(
            """
            INSERT INTO res_partner
                   (name, complete_name, ref, is_company, is_crm_customer, country_id,
                    city, zip, street, email, email_normalized, website, headcount,
                    annual_revenue, active, type, lang, autopost_bills,
                    create_uid, write_uid, create_date, write_date)
            SELECT r.name, r.name, r.ref, TRUE, TRUE, country.id,
                   r.city, r.zip, r.street, r.email, r.email, r.website, n %% 500,
                   n * 100, TRUE, 'contact', %s, 'ask',
                   %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s) WITH ORDINALITY
                   AS r(name, ref, company, code, city, zip, street, email, website, n)
              JOIN res_country country ON country.code = r.code
            """,
            (env.lang, env.uid, env.uid, *columns),
        )
        door.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'BENCH%'"
        )
        env.invalidate_all()

    def rows(self, door, way, result):
        return door.sql(
            f"""
            SELECT p.ref, p.name, p.complete_name, p.is_company, c.code, p.city, p.zip,
                   p.street, p.email, p.email_normalized, p.website, p.active, p.type,
                   p.commercial_partner_id = p.id {OWN_VALUES if way != "stock" else ""}
              FROM res_partner p
              JOIN res_country c ON c.id = p.country_id
             WHERE p.ref LIKE 'BENCH%'
          ORDER BY p.ref
            """
        )


def _make_csv(columns):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for number in range(1, ROWS + 1):
        writer.writerow([make(number) for make in columns.values()])
    return text.getvalue().encode()
