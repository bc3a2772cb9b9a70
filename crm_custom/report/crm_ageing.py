"""How old an open item is: the one definition of the buckets.

List, pivot, report, workbook and jobs ask here; nothing else knows a limit.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL
from odoo.tools.misc import get_lang

LATER, WEEK, TODAY = "0_later", "1_week", "2_today"
LATE = ("3_late_1", "4_late_2", "5_late_3", "6_late_4", "7_late_5")
CREDIT, FUTURE = "8_credit", "9_future"
#: In the order of the columns. Groups are sorted by these values, hence the numbers.
BUCKETS = (LATER, WEEK, TODAY, *LATE, CREDIT, FUTURE)

#: the last day of each overdue bucket but the open one, in days overdue
LIMIT_FIELDS = (
    "crm_ageing_days_1",
    "crm_ageing_days_2",
    "crm_ageing_days_3",
    "crm_ageing_days_4",
)


class Ageing:
    """The buckets as the user's company has set them, seen from one day.

    :param date day: the day from which is counted; None is the user's own today.

    An item that is due on the day itself is due today; one day later it is one day
    overdue. The limits belong to the bucket that they end: with 30, the 30th day
    overdue is in the first one, the 31st in the second.
    """

    def __init__(self, env, day=None):
        self.env = env
        self.day = day or fields.Date.context_today(env.user.with_env(env))
        self.limits = [env.company[name] for name in LIMIT_FIELDS]
        self.week_end = self._get_week_end()

    def _get_week_end(self):
        """The last day of the week, which begins when the user's language says."""
        first = int(get_lang(self.env).week_start)
        return self.day + timedelta(days=(first - 1 - self.day.isoweekday()) % 7)

    def bucket_sql(self, amount, due, date):
        """SQL for the bucket of an item.

        :param SQL amount: what is open, positive in the account's own direction
        :param SQL due: due date
        :param SQL date: date of the entry
        """
        ends = [self.day - timedelta(days=days) for days in self.limits]
        return SQL(
            """CASE WHEN %(date)s > %(day)s THEN %(future)s
                    WHEN %(amount)s < 0 THEN %(credit)s
                    WHEN %(due)s > %(week_end)s THEN %(later)s
                    WHEN %(due)s > %(day)s THEN %(week)s
                    WHEN %(due)s = %(day)s THEN %(today)s
                    %(overdue)s
                    ELSE %(oldest)s END""",
            amount=amount,
            due=due,
            date=date,
            day=self.day,
            week_end=self.week_end,
            future=FUTURE,
            credit=CREDIT,
            later=LATER,
            week=WEEK,
            today=TODAY,
            overdue=SQL(" ").join(
                SQL("WHEN %s >= %s THEN %s", due, end, bucket)
                for end, bucket in zip(ends, LATE[:-1], strict=True)
            ),
            oldest=LATE[-1],
        )

    def days_overdue_sql(self, amount, due):
        """SQL for the days since the due date; 0 for credits and what is not due."""
        return SQL(
            "CASE WHEN %s < 0 THEN 0 ELSE GREATEST(%s - %s, 0) END",
            amount,
            self.day,
            due,
        )

    def labels(self):
        """[(bucket, label)] in the order of the columns."""
        env = self.env
        starts = [1, *(days + 1 for days in self.limits)]
        labels = [
            env._("Due later"),
            env._("Due this week"),
            env._("Due today"),
            *(
                env._("%(first)s-%(last)s days", first=first, last=last)
                for first, last in zip(starts, self.limits, strict=False)
            ),
            env._("Over %(days)s days", days=self.limits[-1]),
            env._("Unallocated credits"),
            env._("Posted for later"),
        ]
        return list(zip(BUCKETS, labels, strict=True))
