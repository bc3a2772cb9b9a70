"""The result sheet: what a salesperson or a team reached in a period, on paper."""

from collections import defaultdict, namedtuple
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.crm_sales_measure import COUNTS
from .print_search_format import Formatter

#: measures that are told month by month
MONTHLY = ("ordered", "invoiced", "collected")

#: whose results, a salesperson's or a team's, and of which time
Page = namedtuple("Page", "company user team period_type first last")


class ReportCrmSalesTargetSheet(models.AbstractModel):
    """A page for each salesperson or team, and period, of the chosen targets.

    All measures are on it, with the target where there is one, and last year's beside
    them; below, the months of the year, and of a team each member. Whose target one may
    read, his results one may read. Three queries, however many pages.
    """

    _name = "report.crm_custom.report_crm_sales_target_sheet"
    _description = "Result sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        self._check_internal()
        targets = self.env["crm.sales.target"].browse(docids).exists()
        if not targets:
            raise UserError(self.env._("Choose the targets to print the results of."))
        targets.check_access("read")
        return {
            "doc_ids": targets.ids,
            "doc_model": "crm.sales.target",
            **self._get_values([*dict.fromkeys(map(self._get_key, targets))]),
        }

    @api.model
    def _check_internal(self):
        # the report's address is open to every login, portal users too
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The result sheet is an internal paper."))

    @api.model
    def _get_values(self, keys):
        """What the template takes.

        :param keys: a `Page` each, of whom the reader may know the results
        """
        beside = self._get_targets_beside(keys)
        results = self._get_results(keys)
        times = self.env["crm.sales.target"]._get_time_percents(
            {(key.company.id, key.first, key.last) for key in keys}
        )
        return {
            "docs": [
                self._get_page(
                    key,
                    beside.get(key, ()),
                    results,
                    times[key.company.id, key.first, key.last],
                )
                for key in keys
            ],
            "formatter": Formatter(self.env),
            "counts": COUNTS,
        }

    @api.model
    def _get_key(self, target):
        return Page(
            target.company_id,
            target.user_id,
            target.team_id,
            target.period_type,
            target.date_from,
            target.date_to,
        )

    @api.model
    def _get_targets_beside(self, keys):
        """{page: targets} of the same people and periods."""
        domain = Domain("company_id", "in", [key.company.id for key in keys])
        domain &= Domain("date_from", "in", [key.first for key in keys])
        domain &= Domain("user_id", "in", [key.user.id for key in keys])
        domain &= Domain("team_id", "in", [key.team.id for key in keys])
        return self.env["crm.sales.target"].search(domain).grouped(self._get_key)

    @api.model
    def _get_results(self, keys):
        """{(kind, company, user, team, first day of a month): amount}"""
        # sudo: whose target one may read, what he reached one may read
        model = self.env["crm.sales.result"].sudo()
        groups = model._read_group(
            [
                ("date", ">=", date(min(key.first for key in keys).year - 1, 1, 1)),
                ("date", "<=", max(key.last for key in keys)),
                ("company_id", "in", [key.company.id for key in keys]),
                "|",
                ("user_id", "in", [key.user.id for key in keys if key.user]),
                ("team_id", "in", [key.team.id for key in keys if key.team]),
            ],
            ["kind", "company_id", "user_id", "team_id", "date:month"],
            ["amount:sum"],
        )
        return {
            (kind, company.id, user.id, team.id, month): amount
            for kind, company, user, team, month, amount in groups
        }

    @api.model
    def _get_page(self, key, targets, results, time_percent):
        company, user, team, period_type, first, last = key
        model = self.env["crm.sales.target"]
        own = defaultdict(float)
        by_member = defaultdict(lambda: defaultdict(float))
        for (kind, company_id, user_id, team_id, month), amount in results.items():
            is_own = user_id == user.id if user else team_id == team.id
            if company_id == company.id and is_own:
                own[kind, month] += amount
                by_member[user_id][kind, month] += amount
        year = relativedelta(years=1)

        def total(amounts, kind, years_back=0):
            back = relativedelta(years=years_back)
            begin, end = first - back, last + relativedelta(days=1) - back
            return sum(
                amount
                for (each, month), amount in amounts.items()
                if each == kind and begin <= month < end
            )

        labels = dict(model._fields["measure"]._description_selection(self.env))
        by_measure = {target.measure: target for target in targets}
        rows = []
        for kind, label in labels.items():
            attained, before = total(own, kind), total(own, kind, 1)
            target = by_measure.get(kind)
            forecast = attained * 100 / time_percent if time_percent else None
            rows.append(
                {
                    "kind": kind,
                    "label": label,
                    "target": target and target.amount,
                    "attained": attained,
                    "percent": target and 100 * attained / target.amount,
                    "forecast": forecast,
                    "last_year": before,
                    "change": 100 * (attained - before) / before
                    if before > 0
                    else None,
                }
            )
        months = [
            first + relativedelta(month=number) for number in range(1, last.month + 1)
        ]
        return {
            "company": company,
            "name": user.name or team.name,
            "is_team": bool(team),
            "period": model._get_period_name(first, period_type),
            "last": last,
            "currency": company.currency_id,
            "rows": rows,
            "monthly": [(kind, labels[kind]) for kind in MONTHLY],
            "months": [
                {
                    "label": model._get_period_name(month, "month"),
                    "amounts": [
                        (own[kind, month], own[kind, month - year]) for kind in MONTHLY
                    ],
                }
                for month in months
            ],
            "members": self._get_members(by_member, total) if team else [],
        }

    @api.model
    def _get_members(self, by_member, total):
        """What each of a team reached in the period and a year before."""
        # sudo: names alone, of people who may have left
        users = self.env["res.users"].sudo().browse(filter(None, by_member))
        names = {user.id: user.name for user in users}
        members = [
            {
                "name": names.get(user_id) or self.env._("Nobody"),
                "amounts": [
                    (total(amounts, kind), total(amounts, kind, 1)) for kind in MONTHLY
                ],
            }
            for user_id, amounts in by_member.items()
        ]
        members = [each for each in members if any(map(any, each["amounts"]))]
        return sorted(members, key=lambda each: -each["amounts"][0][0])
