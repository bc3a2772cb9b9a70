"""Values as a reader of the user's language writes them.

Odoo's own ``formatLang`` and ``format_datetime`` look up language, currency and time
zone for each value; a sheet of 100,000 cells can't afford that, so here they are
looked up once.
"""

import math
from typing import NamedTuple

import pytz

from odoo.tools.misc import (
    babel_locale_parse,
    format_date,
    format_time,
    get_lang,
    posix_to_ldml,
)

# what Excel calls the parts of a date; others are left to Excel's ISO default
EXCEL_DATE_PARTS = {
    "%d": "dd",
    "%m": "mm",
    "%b": "mmm",
    "%B": "mmmm",
    "%y": "yy",
    "%Y": "yyyy",
}
CACHE_SIZE = 10_000


class Currency(NamedTuple):
    symbol: str
    is_before: bool
    digits: int


class Formatter:
    """Text of values for one user: language, time zone, currencies.

    One query per currency met; dates are kept in a bounded cache.
    """

    def __init__(self, env):
        self.env = env
        self.tz = env.tz
        self._lang = get_lang(env)
        self._lang_record = env["res.lang"].browse(self._lang.id)
        self._currencies = {}
        self._dates = {}
        self._times = {}
        self._time_pattern = posix_to_ldml(
            self._lang.time_format.replace(":%S", ""),
            locale=babel_locale_parse(self._lang.code),
        )
        # Western thousands are Python's own; the others go the slow way
        self._is_plain = self._lang.grouping in ("[3,0]", "[]")
        thousands = self._lang.thousands_sep if self._lang.grouping != "[]" else ""
        self._separators = str.maketrans(
            {",": thousands or "", ".": self._lang.decimal_point}
        )

    def currency(self, currency_id):
        """Symbol, its place and digits; None without a currency."""
        if not currency_id:
            return None
        if currency_id not in self._currencies:
            record = self.env["res.currency"].browse(currency_id)
            self._currencies[currency_id] = Currency(
                record.symbol, record.position == "before", record.decimal_places
            )
        return self._currencies[currency_id]

    def number(self, value, digits):
        if not math.isfinite(value):
            return str(value)
        if self._is_plain:
            # + 0.0 turns the -0.0 of a rounded small number into 0.0
            text = f"{round(value, digits) + 0.0:,.{digits}f}"
            return text.translate(self._separators)
        return self._lang_record.format(f"%.{digits}f", value, grouping=True)

    def monetary(self, value, currency_id):
        currency = self.currency(currency_id)
        if currency is None:
            # what is counted has none, and no decimals
            return self.number(value, 0 if value == round(value) else 2)
        text = self.number(value, currency.digits)
        if currency.is_before:
            return f"{currency.symbol}\N{NO-BREAK SPACE}{text}"
        return f"{text}\N{NO-BREAK SPACE}{currency.symbol}"

    def hours(self, value):
        minutes = round(abs(value) * 60)
        sign = "-" if value < 0 and minutes else ""
        return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"

    def date(self, value):
        text = self._dates.get(value)
        if text is None:
            if len(self._dates) >= CACHE_SIZE:
                self._dates.clear()
            text = self._dates[value] = format_date(self.env, value)
        return text

    def local(self, value):
        """Naive UTC, as the ORM has it, to naive time of the user's zone."""
        return pytz.utc.localize(value).astimezone(self.tz).replace(tzinfo=None)

    def local_datetime(self, value):
        """Text, to the minute, of what ``local`` gave."""
        minute = value.time().replace(second=0, microsecond=0)
        text = self._times.get(minute)
        if text is None:
            text = self._times[minute] = format_time(
                self.env, minute, time_format=self._time_pattern
            )
        return f"{self.date(value.date())} {text}"

    # ------------------------------------------------------------------
    # The same for a spreadsheet, which formats by itself
    # ------------------------------------------------------------------

    @staticmethod
    def excel_number(digits):
        return f"#,##0.{'0' * digits}" if digits else "#,##0"

    def excel_monetary(self, currency_id):
        currency = self.currency(currency_id)
        if currency is None:
            return "General"
        number = self.excel_number(currency.digits)
        symbol = currency.symbol.replace('"', "")
        if currency.is_before:
            return f'"{symbol}\N{NO-BREAK SPACE}"{number}'
        return f'{number}"\N{NO-BREAK SPACE}{symbol}"'

    def excel_date(self):
        text, pattern = "", self._lang.date_format
        while pattern:
            part, size = pattern[:2], 2
            if not part.startswith("%"):
                part, size = pattern[0], 1
            elif part not in EXCEL_DATE_PARTS:
                return "yyyy-mm-dd"
            if part in EXCEL_DATE_PARTS:
                text += EXCEL_DATE_PARTS[part]
            elif part in "/-. ":
                text += part
            elif part != '"':
                text += f'"{part}"'
            pattern = pattern[size:]
        return text

    def excel_datetime(self):
        return f"{self.excel_date()} hh:mm"
