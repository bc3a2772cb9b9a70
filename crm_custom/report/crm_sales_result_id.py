"""Ids of results, which no table has: the same for the same row on each look.

An id tells the kind and the day, so that a row is read by its id from the documents of
that day alone; the rest is a hash of what the row comes from. Ids are below 2 ** 53:
JavaScript knows no larger number exactly.
"""

from datetime import date, timedelta

from odoo.tools import SQL

from .crm_sales_result_scope import Scope
from .crm_sales_result_sql import KINDS

#: days are counted from here; their bits last until 2079
FIRST_DAY = date(1900, 1, 1)
DAY_BITS = 16
HASH_BITS = 34
NUMBERS = {kind: number for number, kind in enumerate(KINDS, start=1)}


def id_sql(kind):
    """The id of a row with the columns of results."""
    return SQL(
        """((((%(kind)s::bigint << %(day_bits)s)
              | ((date - %(first)s::date) & %(day_mask)s)) << %(hash_bits)s)
            | (hashtextextended(
                   concat_ws('/', company_id, partner_id, order_line_id,
                       invoice_line_id, partial_id, interaction_id), 0)
               & %(hash_mask)s))""",
        kind=NUMBERS[kind],
        first=FIRST_DAY,
        day_bits=DAY_BITS,
        day_mask=2**DAY_BITS - 1,
        hash_bits=HASH_BITS,
        hash_mask=2**HASH_BITS - 1,
    )


def get_scope_of_ids(ids):
    """The scope in which the rows of these ids are; nothing where there are none."""
    parts = [
        # a client may ask for anything
        divmod(each >> HASH_BITS, 2**DAY_BITS)
        for each in ids
        if isinstance(each, int)
    ]
    numbers = {number for number, _day in parts}
    days = [FIRST_DAY + timedelta(days=day) for _number, day in parts]
    return Scope(
        tuple(kind for kind, number in NUMBERS.items() if number in numbers),
        min(days, default=None),
        max(days, default=None),
    )
