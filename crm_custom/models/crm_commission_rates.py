"""Which percentage holds for a line of a commission statement."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta


class Rates:
    """The rates of a month: two queries for targets, one for what was paid before.

    :param rows: {user id: [line]} of the month, each with ``plan_id``, ``base``,
        ``categ_id`` and ``order_line_id``
    """

    def __init__(self, env, company, month, plans, rows):
        self._env = env
        self._currency = company.currency_id
        self._tiers = self._read_tiers(plans)
        self._paid = self._read_paid(rows)
        self._levels = self._get_levels(plans, rows)
        by_target = plans.filtered(lambda plan: plan.tier_by == "target")
        if by_target:
            self._levels.update(self._read_attained(by_target, company, month, rows))

    def apply(self, line, user_id):
        """The line with its rate and commission.

        What is paid back is paid back at the rate at which it was paid: that of the
        last closed line of the same order line.
        """
        plan_id, base = line["plan_id"], line["base"]
        paid = self._paid.get((plan_id, user_id, line["order_line_id"]))
        if base < 0 and paid is not None:
            rate = paid
        else:
            level = self._levels.get((plan_id, user_id), 0)
            rate = self._find_rate(plan_id, line["categ_id"], level)
        values = {name: value for name, value in line.items() if name != "categ_id"}
        commission = self._currency.round(base * rate / 100)
        return {**values, "rate": rate, "commission": commission}

    def _find_rate(self, plan_id, categ_id, level):
        tiers = self._tiers[plan_id]
        # sudo: the rate is the plan's, whoever may read categories
        category = self._env["product.category"].sudo().browse(categ_id)
        # the category itself, then those above it, then all others
        path = (category.parent_path or "").split("/")[-2::-1] if categ_id else []
        for each in (*map(int, path), False):
            if each in tiers:
                reached = [rate for start, rate in tiers[each] if start <= level]
                return reached[-1] if reached else 0.0
        return 0.0

    def _read_tiers(self, plans):
        """{plan id: {category id or False: [(threshold, rate)]}}, thresholds rising."""
        tiers = defaultdict(lambda: defaultdict(list))
        # sudo: the plan is read for its month, by whoever may make it
        for tier in plans.sudo().tier_ids.sorted("threshold"):
            known = tiers[tier.plan_id.id][tier.categ_id.id]
            known.append((tier.threshold, tier.rate))
        return tiers

    def _read_paid(self, rows):
        """{(plan id, user id, order line id): rate} of what may be paid back."""
        ids = {
            line["order_line_id"]
            for lines in rows.values()
            for line in lines
            if line["base"] < 0 and line["order_line_id"]
        }
        # sudo: the rates of closed months, of lines that are the salesperson's
        lines = (
            self._env["crm.commission.line"]
            .sudo()
            .search_fetch(
                [
                    ("order_line_id", "in", list(ids)),
                    ("base", ">", 0),
                    ("state", "=", "closed"),
                ],
                ["plan_id", "user_id", "order_line_id", "rate"],
                order="month, id",
            )
        )
        return {
            (line.plan_id.id, line.user_id.id, line.order_line_id.id): line.rate
            for line in lines
        }

    def _get_levels(self, plans, rows):
        """{(plan id, user id): base of the month}, 0 where more is paid back."""
        levels = defaultdict(float)
        for user_id, lines in rows.items():
            for line in lines:
                levels[line["plan_id"], user_id] += line["base"]
        return {
            key: max(0.0, self._currency.round(level)) for key, level in levels.items()
        }

    def _read_attained(self, plans, company, month, rows):
        """{(plan id, user id): percent of the target, to the end of the month}"""
        end = month + relativedelta(months=1, days=-1)
        # sudo: targets and sums of those whose month is made
        targets = (
            self._env["crm.sales.target"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("user_id", "in", list(rows)),
                    ("measure", "in", plans.mapped("basis")),
                    ("date_from", "<=", month),
                    ("date_to", ">=", month),
                ]
            )
        )
        levels = {(plan.id, user_id): 0.0 for plan in plans for user_id in rows}
        if not targets:
            return levels
        # sudo: a level counts all that its salesperson has sold, as the month does
        groups = (
            self._env["crm.sales.result"]
            .sudo()
            ._read_group(
                [
                    ("kind", "in", targets.mapped("measure")),
                    ("company_id", "=", company.id),
                    ("user_id", "in", targets.user_id.ids),
                    ("date", ">=", min(targets.mapped("date_from"))),
                    ("date", "<=", end),
                ],
                ["kind", "user_id", "date:month"],
                ["amount:sum"],
            )
        )
        for target in targets:
            attained = sum(
                amount
                for kind, user, first, amount in groups
                if kind == target.measure
                and user == target.user_id
                and first >= target.date_from
            )
            percent = 100 * attained / target.amount
            for plan in plans:
                if plan.basis == target.measure:
                    # a little less than 100 to a computer is 100
                    levels[plan.id, target.user_id.id] = round(percent, 6)
        return levels
