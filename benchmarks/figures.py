"""The arithmetic of the report: medians, ratios, growth, aims, what got slower.

Plain Python: neither Odoo nor a database is needed, so the suite tests it in no time.
A measured piece of work is a dict, as it stands in the JSON::

    {"name", "title", "rows", "seen", "error",
     "ways": {way: {"seconds", "runs", "queries", "memory", "rows", "notes"}},
     "aims": [{"figure", "limit", "value", "met"}]}

``way`` is one of "addon", "floor", "stock", "peer"; ``memory`` is in MB.
"""

import math
from dataclasses import dataclass

#: A difference below these is noise on a busy machine of two cores.
SLOWER_BY = 1.3
SLOWER_SECONDS = 0.01


@dataclass(frozen=True)
class Aim:
    """A figure that must not be exceeded.

    ``figure`` is "queries", "memory" or "seconds" (of the addon), "floor", "stock" or
    "peer" (how many times their seconds the addon needs), "queries over stock", or a
    note that the work itself takes down (see ``Door.note``).
    """

    figure: str
    limit: float


def median(values):
    values = sorted(values)
    if not values:
        return None
    middle = len(values) // 2
    if len(values) % 2:
        return values[middle]
    return (values[middle - 1] + values[middle]) / 2


def ratio(value, base):
    """How many times ``base`` it is; None where there is nothing to compare with."""
    if value is None or not base:
        return None
    return value / base


def exponent(small, large, rows_small, rows_large):
    """The e of "the cost grows with rows ** e"; None when the rows do not grow."""
    if not small or not large or not rows_small or not rows_large:
        return None
    if rows_large <= rows_small * 1.2:
        return None
    return math.log(large / small) / math.log(rows_large / rows_small)


def main_way(piece):
    """The way that a piece is about: the addon's, or else the peer's."""
    for way in ("addon", "peer", "stock"):
        if way in piece["ways"]:
            return way
    return None


def figure(piece, name):
    """The value of a figure that an aim speaks of; None when it was not measured."""
    ways = piece["ways"]
    own = ways.get(main_way(piece), {})
    if name in ("queries", "memory", "seconds"):
        return own.get(name)
    if name in ("floor", "stock", "peer"):
        return ratio(own.get("seconds"), ways.get(name, {}).get("seconds"))
    if name == "queries over stock":
        stock = ways.get("stock", {}).get("queries")
        return None if stock is None else own.get("queries") - stock
    return own.get("notes", {}).get(name)


def judge(piece, aims):
    """The piece's aims with their values; ``met`` is None for what was not measured."""
    judged = []
    for aim in aims:
        value = figure(piece, aim.figure)
        judged.append(
            {
                "figure": aim.figure,
                "limit": aim.limit,
                "value": value,
                "met": None if value is None else value <= aim.limit,
            }
        )
    return judged


def growth(piece, other):
    """The growth exponent between two sizes of a piece, whichever is the larger."""
    way = main_way(piece)
    if not other or way not in other["ways"]:
        return None
    small, large = sorted((piece, other), key=lambda each: each["scale"] or 0)
    return exponent(
        small["ways"][way]["seconds"],
        large["ways"][way]["seconds"],
        small["scale"],
        large["scale"],
    )


def compare(old, new):
    """What got slower, needs more queries or misses an aim it met: lines of text.

    Seconds are compared as ratios to the floor of the same run where there is one, so
    that a slower machine is not taken for slower work.
    """
    lines = []
    before = {piece["name"]: piece for piece in old["pieces"]}
    for piece in new["pieces"]:
        earlier = before.get(piece["name"])
        if earlier is None or piece.get("error") or earlier.get("error"):
            continue
        lines += _compare_piece(earlier, piece)
    gone = before.keys() - {piece["name"] for piece in new["pieces"]}
    if not new.get("only"):
        lines += [f"{name}: is not measured any more" for name in sorted(gone)]
    return lines


def _compare_piece(old, new):
    way = main_way(new)
    was, now = old["ways"].get(way), new["ways"].get(way)
    if not was or not now:
        return []
    lines = []
    machine = _machine_factor(old, new)
    expected = was["seconds"] * machine
    if (
        now["seconds"] > expected * SLOWER_BY
        and now["seconds"] - expected > SLOWER_SECONDS
    ):
        lines.append(
            f"{new['name']}: {now['seconds']:.3f} s, was {was['seconds']:.3f} s"
            f" ({now['seconds'] / expected:.1f} times, the machine's own pace set off)"
        )
    if (now["queries"] or 0) > (was["queries"] or 0):
        lines.append(f"{new['name']}: {now['queries']} queries, were {was['queries']}")
    missed = {aim["figure"] for aim in old["aims"] if aim["met"] is False}
    for aim in new["aims"]:
        if aim["met"] is False and aim["figure"] not in missed:
            lines.append(f"{new['name']}: misses its aim for {aim['figure']}")
    return lines


def _machine_factor(old, new):
    """How much slower the same floor ran: the pace of the machine, within reason."""
    factor = ratio(
        new["ways"].get("floor", {}).get("seconds"),
        old["ways"].get("floor", {}).get("seconds"),
    )
    return min(max(factor or 1.0, 0.5), 2.0)
