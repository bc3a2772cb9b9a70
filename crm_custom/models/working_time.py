"""The working hours of a calendar, laid end to end: for many cases, loaded once.

A moment is a naive UTC datetime, as everywhere in Odoo; a position is the number of
working seconds since the beginning of the line.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta

import pytz

#: the line is made longer by so many days at a time, twice as many each time
FIRST_DAYS = 35
#: what is not over after so long is never over: the calendar has no hours
MAX_DAYS = 365 * 40


class WorkingTimes:
    """The line of each calendar and company that is asked for, from one day on."""

    def __init__(self, env, since):
        self._env = env
        self._since = since
        self._lines = {}

    def of(self, calendar, company):
        key = calendar.id, company.id
        if key not in self._lines:
            self._lines[key] = WorkingTime(self._env, calendar, company, self._since)
        return self._lines[key]


class WorkingTime:
    """The working hours of one calendar without the holidays of one company.

    Holidays are Odoo's: time off of nobody, of this calendar or of all calendars of the
    company. Without a calendar every hour counts.
    """

    def __init__(self, env, calendar, company, since):
        # sudo: the hours of the house; who answers a customer may not read its calendar
        self._calendar = calendar.sudo().with_env(env(su=True))
        self._company_id = company.id
        self._zone = pytz.timezone(calendar.sudo().tz or "UTC")
        local = pytz.utc.localize(since).astimezone(self._zone)
        self._day = local.date() - timedelta(days=local.weekday())
        self._first_day = self._day
        self._days = FIRST_DAYS
        self._starts, self._stops, self._ends = [], [], []

    def position(self, moment):
        """Working seconds until a moment."""
        self._reach(moment)
        at = bisect_right(self._starts, moment) - 1
        if at < 0:
            return 0.0
        left = self._stops[at] - min(moment, self._stops[at])
        return self._ends[at] - left.total_seconds()

    def moment(self, position):
        """The first moment with so many working seconds before it, in whole seconds;
        None where the calendar has not that many hours.
        """
        while not self._ends or self._ends[-1] < position:
            if not self._extend():
                return None
        at = bisect_left(self._ends, position)
        left = timedelta(seconds=self._ends[at] - position)
        return _round_to_second(self._stops[at] - left)

    def worked(self, start, end, pauses=()):
        """Working seconds from one moment to another, without the pauses.

        :param pauses: pairs (begin, end or None while it lasts), in order
        """
        passed = self.position(end) - self.position(start)
        for begin, stop in _clip(pauses, start, end):
            passed -= self.position(stop) - self.position(begin)
        return max(passed, 0.0)

    def due(self, start, seconds, pauses=(), until=None):
        """When so many working seconds from a start are over; a pause that begins
        before that moves it. None while a pause lasts, or without such hours.

        :param until: pauses after this moment do not count
        """
        limit = self.position(start) + seconds
        for begin, stop in _clip(pauses, start, until):
            at = self.position(begin)
            if at >= limit:
                break
            if stop is None:
                return None
            limit += self.position(stop) - at
        return self.moment(limit)

    # ------------------------------------------------------------
    # The line
    # ------------------------------------------------------------

    def _reach(self, moment):
        while self._midnight(self._day) <= moment and self._extend():
            pass

    def _midnight(self, day):
        local = self._zone.localize(datetime.combine(day, datetime.min.time()))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _extend(self):
        """Add a stretch of whole weeks; False when the line is long enough."""
        if (self._day - self._first_day).days > MAX_DAYS:
            return False
        start = self._midnight(self._day)
        self._day += timedelta(days=self._days)
        self._days *= 2
        worked = self._ends[-1] if self._ends else 0.0
        for begin, stop in self._get_intervals(start, self._midnight(self._day)):
            worked += (stop - begin).total_seconds()
            self._starts.append(begin)
            self._stops.append(stop)
            self._ends.append(worked)
        return True

    def _get_intervals(self, start, end):
        if not self._calendar:
            return [(start, end)]
        return self._calendar._get_feedback_hours(self._company_id, start, end)


def _round_to_second(moment):
    return (moment + timedelta(microseconds=500000)).replace(microsecond=0)


def _clip(pauses, start, end):
    """The parts of these pauses between two moments; the end may be open."""
    for begin, stop in pauses:
        begin = max(begin, start)
        if end is not None:
            stop = min(stop or end, end)
        if stop is None or begin < stop:
            yield begin, stop
