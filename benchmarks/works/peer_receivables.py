"""What others, and Odoo itself, need for the receivables: the figures to beat.

The addon's own side comes with its receivables; the floors stand here already, and
their sums must agree with the peers' to the cent.
"""

import json
from dataclasses import dataclass

from odoo import fields

from benchmarks.work import Work

OPEN_LINES = """
      FROM account_move_line l
      JOIN account_account a ON a.id = l.account_id
     WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
       AND a.account_type = 'asset_receivable' AND l.company_id = %(company)s
"""


@dataclass
class OcaAgedBalance(Work):
    name = "peer/aged balance today"
    title = "account_financial_report: aged partner balance of today, the data of it"
    user = "accountant"
    scale = "account_move_line"
    same = ("floor", "peer")
    floor_on = "peers"
    runs = 3

    def prepare(self, door):
        env = door.env
        self.accounts = (
            env["account.account"]
            .search(
                [
                    ("account_type", "=", "asset_receivable"),
                    ("company_ids", "in", env.company.id),
                ]
            )
            .ids
        )

    def peer(self, door):
        env = door.env
        wizard = env["aged.partner.balance.report.wizard"].create(
            {
                "date_at": fields.Date.context_today(env.user),
                "company_id": env.company.id,
                "target_move": "posted",
                "account_ids": self.accounts,
                "show_move_line_details": False,
            }
        )
        report = env["report.account_financial_report.aged_partner_balance"]
        # As it comes back from the browser.
        data = json.loads(json.dumps(wizard._prepare_report_data(), default=str))
        return report._get_report_values(wizard.ids, data)["aged_partner_balance"]

    def floor(self, door):
        return door.sql(
            """
            SELECT coalesce(p.complete_name, ''), s.* FROM (
            SELECT l.partner_id, sum(l.amount_residual) AS due,
                   sum(l.amount_residual) FILTER (WHERE age <= 0 OR age IS NULL),
                   sum(l.amount_residual) FILTER (WHERE age BETWEEN 1 AND 30),
                   sum(l.amount_residual) FILTER (WHERE age BETWEEN 31 AND 60),
                   sum(l.amount_residual) FILTER (WHERE age BETWEEN 61 AND 90),
                   sum(l.amount_residual) FILTER (WHERE age BETWEEN 91 AND 120),
                   sum(l.amount_residual) FILTER (WHERE age > 120)
              FROM account_move_line l
             CROSS JOIN LATERAL (SELECT %(today)s::date - l.date_maturity AS age) x
             WHERE l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
               AND l.account_id = ANY(%(accounts)s) AND l.company_id = %(company)s
               AND l.date <= %(today)s
             GROUP BY l.partner_id) s
              LEFT JOIN res_partner p ON p.id = s.partner_id
            """,
            {**_values(door), "accounts": self.accounts},
        )

    def rows(self, door, way, result):
        """Name and sums by age of each partner; names are not unique, so sorted."""
        if way == "floor":
            found = [(row[0], *row[2:]) for row in result]
        else:
            sums = ("residual", "current", "30_days", "60_days", "90_days")
            found = [
                (
                    partner["name"],
                    *(partner[name] for name in (*sums, "120_days", "older")),
                )
                for account in result
                for partner in account["partners"]
            ]
        rows = [
            (name, *(round(float(value or 0), 2) + 0.0 for value in values))
            for name, *values in found
        ]
        return sorted(row for row in rows if any(row[1:]))


def _values(door):
    return {
        "company": door.env.company.id,
        "today": fields.Date.context_today(door.env.user),
    }


@dataclass
class OcaStatement(Work):
    name = "peer/outstanding statement"
    title = "partner_statement: outstanding statements, the data of them"
    user = "accountant"
    scale = "account_move_line"
    same = ("floor", "peer")
    floor_on = "peers"
    count: int = 1_000

    @classmethod
    def pieces(cls, door):
        return [cls(100), cls(1_000)]

    def label(self):
        return f"{self.name} {self.count:,}"

    def prepare(self, door):
        rows = door.sql(
            f"""
            SELECT DISTINCT l.partner_id {OPEN_LINES} AND l.partner_id IS NOT NULL
             ORDER BY 1 LIMIT %(count)s
            """,
            {**_values(door), "count": self.count},
        )
        self.partners = [row[0] for row in rows]

    def peer(self, door):
        env = door.env(context={**door.env.context, "active_ids": self.partners})
        wizard = env["outstanding.statement.wizard"].create(
            {
                "date_end": fields.Date.context_today(env.user),
                "company_id": env.company.id,
                "account_type": "asset_receivable",
                "show_aging_buckets": False,
                "filter_partners_non_due": False,
                "filter_negative_balances": False,
            }
        )
        report = env["report.partner_statement.outstanding_statement"]
        values = report._get_report_values(self.partners, wizard._prepare_statement())
        return values["data"]

    def floor(self, door):
        """The lines themselves; a running balance costs nothing more in Python."""
        return door.sql(
            f"""
            SELECT l.partner_id, l.currency_id, l.date, l.date_maturity, l.move_name,
                   l.ref, l.amount_residual, l.amount_residual_currency
                   {OPEN_LINES}
               AND l.partner_id = ANY(%(partners)s) AND l.date <= %(today)s
             ORDER BY l.partner_id, l.currency_id, l.date, l.move_name
            """,
            {**_values(door), "partners": self.partners},
        )

    def rows(self, door, way, result):
        """What each partner owes, by currency."""
        sums = {}
        if way == "floor":
            for partner, currency, *_line, amount, foreign in result:
                company_currency = door.env.company.currency_id.id
                value = amount if currency == company_currency else foreign
                key = (partner, currency)
                sums[key] = sums.get(key, 0) + float(value)
        else:
            for partner, values in result.items():
                for currency, part in values["currencies"].items():
                    sums[partner, currency] = part["amount_due"]
        return sorted(
            (*key, round(value, 2) + 0.0)
            for key, value in sums.items()
            if abs(value) >= 0.005
        )


@dataclass
class StockCreditSearch(Work):
    name = "stock/customers who owe"
    title = "Odoo itself: a list of 80 partners searched by `credit`"
    user = "accountant"
    scale = "account_move_line"
    same = ("floor", "stock")
    floor_on = "stock"

    def stock(self, door):
        return door.rpc(
            "res.partner",
            "web_search_read",
            domain=[("credit", ">", 0)],
            specification={"display_name": {}, "credit": {}},
            limit=80,
            count_limit=10_001,
        )

    def floor(self, door):
        return door.sql(
            f"""
            WITH owing AS (
                SELECT l.partner_id AS id, sum(l.amount_residual) AS credit
                {OPEN_LINES}
                 GROUP BY l.partner_id
                HAVING sum(l.amount_residual) > 0
            )
            SELECT count(*) OVER (), p.id, p.complete_name, owing.credit
              FROM owing JOIN res_partner p ON p.id = owing.id AND p.active
             ORDER BY p.complete_name, p.id DESC LIMIT 80
            """,
            _values(door),
        )

    def rows(self, door, way, result):
        if way == "floor":
            count = result[0][0] if result else 0
            return [[min(count, 10_001)], *(row[1:3] for row in result)]
        return [
            [result["length"]],
            *([row["id"], row["display_name"]] for row in result["records"]),
        ]
