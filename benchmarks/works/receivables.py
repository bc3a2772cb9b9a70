"""Ageing: of everybody, now and on a past day, of ten customers, and who owes."""

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from unittest.mock import patch

from odoo import fields

from benchmarks import ledger, views
from benchmarks.figures import Aim
from benchmarks.work import Work


@dataclass
class _Ageing(Work):
    """``days_back``: how long ago the day is; 0 is now."""

    user = "accountant"
    scale = "account_move_line"
    days_back: int = 0

    @classmethod
    def pieces(cls, door):
        return [cls(0), cls(180)]

    def label(self):
        when = f"{self.days_back} days ago" if self.days_back else "now"
        return f"{self.name} {when}"

    def _aged_balance(self, door, partner_ids):
        """`account_financial_report`: what each partner owes."""
        env = door.env
        accounts = env["account.account"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("company_ids", "in", env.company.id),
            ]
        )
        wizard = env["aged.partner.balance.report.wizard"].create(
            {
                "date_at": ledger.values_of(door, self.days_back)["day"],
                "company_id": env.company.id,
                "target_move": "posted",
                "account_ids": accounts.ids,
                "partner_ids": partner_ids,
                "show_move_line_details": False,
            }
        )
        report = env["report.account_financial_report.aged_partner_balance"]
        # As it comes back from the browser.
        data = json.loads(json.dumps(wizard._prepare_report_data(), default=str))
        values = report._get_report_values(wizard.ids, data)
        return [
            partner["residual"]
            for account in values["aged_partner_balance"]
            for partner in account["partners"]
        ]


def _by_customer_and_bucket(items):
    return items._read_group(
        [("is_payable", "=", False), ("company_id", "=", items.env.company.id)],
        ["partner_id", "bucket"],
        ["amount_aged:sum"],
    )


@dataclass
class AgeingByCustomer(_Ageing):
    name = "receivables/by customer"
    title = "ageing of all customers: buckets and total of each, the data of it"
    same = ("addon", "floor", "peer")
    apart = True

    @property
    def aims(self):
        times = 60 if self.days_back else 40
        return (Aim("queries", 12), Aim("floor", 1.5), Aim("peer", 1 / times))

    def warm(self, door):
        """The pages of the ledger are in memory, in whichever database."""
        self.floor(door)
        if door.has_addon:
            items = door.env["crm.receivable"]
            _by_customer_and_bucket(items.with_context(crm_receivable_partner_ids=[0]))

    def addon(self, door):
        day = self.days_back and ledger.values_of(door, self.days_back)["day"]
        items = door.env["crm.receivable"]
        return _by_customer_and_bucket(items.with_context(crm_receivable_date=day))

    def floor(self, door):
        items = ledger.OPEN_ON if self.days_back else ledger.OPEN
        query = ledger.BY_CUSTOMER.replace("{items}", items)
        return door.sql(query, ledger.values_of(door, self.days_back))

    def peer(self, door):
        return self._aged_balance(door, [])

    def rows(self, door, way, result):
        """What each owes, without names: the peer's are not unique."""
        if way == "peer":
            sums = dict(enumerate(result))
        elif way == "floor":
            sums = {partner: amount for partner, amount, *_buckets in result}
        else:
            sums = defaultdict(Decimal)
            for partner, _bucket, amount in result:
                sums[partner.id] += Decimal(str(amount))
        return sorted(amount for _key, amount in ledger.comparable(sums))


@dataclass
class AgeingNetted(Work):
    name = "receivables/credits against the oldest"
    title = "ageing of all customers with their credits taken off the oldest items"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 12), Aim("floor", 1.5))

    def addon(self, door):
        items = door.env["crm.receivable"]
        # as the company's setting has it, which is not to be written in between
        with patch.object(type(items), "_nets_credits", lambda self: True):
            return _by_customer_and_bucket(items)

    def floor(self, door):
        query = ledger.BY_CUSTOMER.replace("{items}", ledger.NETTED)
        return door.sql(query, ledger.values_of(door))

    def rows(self, door, way, result):
        """{(customer, bucket): amount}"""
        sums = {}
        if way == "floor":
            for partner, _total, *amounts, _oldest in result:
                for number, amount in enumerate(amounts):
                    sums[partner or 0, number] = amount or 0
        else:
            for partner, bucket, amount in result:
                sums[partner.id or 0, int(bucket[0])] = amount
        return ledger.comparable(sums)


@dataclass
class AgeingOfTen(_Ageing):
    name = "receivables/ten customers"
    title = "ageing of ten customers, as the screen asks for it, with its tie-out"
    aims = (Aim("queries", 40), Aim("seconds", 0.1))
    same = ("addon", "peer")

    def prepare(self, door):
        self.partners = ledger.some_customers(door, 10)

    def addon(self, door):
        day = ledger.values_of(door, self.days_back)["day"]
        options = {
            "date": self.days_back and fields.Date.to_string(day),
            "partner_ids": self.partners,
        }
        context = {"allowed_company_ids": door.env.company.ids}
        return door.rpc("crm.ageing.report", "get_report", options, context=context)

    def peer(self, door):
        return self._aged_balance(door, self.partners)

    def rows(self, door, way, result):
        if way == "addon":
            result = [row["total"] for row in result["rows"]]
        return sorted(round(amount, 2) for amount in result)


@dataclass
class AgeingPage(Work):
    name = "receivables/screen"
    title = "the ageing as the accountant opens it: first page, totals, tie-out"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 40),)

    def addon(self, door):
        return door.rpc("crm.ageing.report", "get_report", {})

    def rows(self, door, way, result):
        return [[row["id"], round(row["total"], 2)] for row in result["rows"]]


@dataclass
class CustomersWhoOwe(Work):
    """Odoo's own list searches by `credit`, which sums all that was ever posted."""

    name = "receivables/who owes"
    title = "the first 80 partners who owe, by name"
    user = "accountant"
    scale = "account_move_line"
    aims = (Aim("queries", 25), Aim("floor", 2), Aim("stock", 1))
    same = ("addon", "floor", "stock")

    def addon(self, door):
        return self._list(door, [("is_owing", "=", True)], {})

    def stock(self, door):
        return self._list(door, [("credit", ">", 0)], {"credit": {}})

    @staticmethod
    def _list(door, domain, more):
        return door.rpc(
            "res.partner",
            "web_search_read",
            domain=domain,
            specification={"display_name": {}, **more},
            limit=views.LIMIT,
            count_limit=views.COUNT_LIMIT,
            context={"allowed_company_ids": door.env.company.ids},
        )

    def floor(self, door):
        """As of each list two statements: the page, and how many there are."""
        owing = f"""
            FROM (SELECT partner_id AS id, sum(amount) AS credit FROM ({ledger.OPEN}) o
                   GROUP BY partner_id HAVING sum(amount) > 0) owing
            JOIN res_partner p ON p.id = owing.id AND p.active
        """
        values = ledger.values_of(door)
        page = door.sql(
            f"""SELECT p.id, p.complete_name {owing}
                 ORDER BY p.complete_name, p.id DESC LIMIT {views.LIMIT}""",
            values,
        )
        if len(page) < views.LIMIT:
            return len(page), page
        rows = f"SELECT {owing} LIMIT {views.COUNT_LIMIT}"
        return door.sql(f"SELECT count(*) FROM ({rows}) found", values)[0][0], page

    def rows(self, door, way, result):
        if way == "floor":
            count, page = result
            return [[count], *page]
        return [
            [result["length"]],
            *([row["id"], row["display_name"]] for row in result["records"]),
        ]
