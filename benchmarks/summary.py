"""A full run in a table short enough for the README: each list is one line."""

from . import figures
from .report import FOLDER, number

HEADINGS = (
    *("piece of work", "s", "queries", "MB", "x floor", "x stock", "x peer"),
    *("growth", "aims met"),
)
FAMILY = "list/"


def table(result, other=None):
    """Markdown. Of a list: the medians of its pages and groupings, the most queries
    and MB of any, and how many of them meet each aim.
    """
    others = {piece["name"]: piece for piece in (other or {}).get("pieces", ())}
    lines = [
        "| " + " | ".join(HEADINGS) + " |",
        "| --- |" + " ---: |" * (len(HEADINGS) - 2) + " --- |",
    ]
    families = {}
    for piece in result["pieces"]:
        family = piece["name"]
        if family.startswith(FAMILY):
            family = "/".join(family.split("/")[:2])
        families.setdefault(family, []).append(piece)
    for name, pieces in families.items():
        lines.append("| " + " | ".join(_cells(name, pieces, others)) + " |")
    return "\n".join(lines) + "\n"


def write(result, other=None):
    path = FOLDER / f"{result['size']}-short.md"
    path.write_text(table(result, other))
    return path


def _cells(name, pieces, others):
    runs = [_run(piece) for piece in pieces]
    cells = [
        name if len(pieces) == 1 else f"{name}: {len(pieces)} pages and groupings",
        number(figures.median(_known(run.get("seconds") for run in runs))),
        number(max(_known(run.get("queries") for run in runs), default=None), 0),
        number(max(_known(run.get("memory") for run in runs), default=None), 0),
    ]
    for way in ("floor", "stock", "peer"):
        ratios = _known(
            figures.figure(piece, way)
            for piece in pieces
            if figures.main_way(piece) != way
        )
        cells.append(number(figures.median(ratios), 1))
    growth = _known(
        figures.growth(piece, others.get(piece["name"])) for piece in pieces
    )
    cells.append(f"{figures.median(growth):.2f}" if growth else "")
    cells.append(_aims(pieces))
    return cells


def _run(piece):
    return piece["ways"].get(figures.main_way(piece), {})


def _known(values):
    return [value for value in values if value is not None]


def _aims(pieces):
    if wrong := sum(bool(piece["error"]) for piece in pieces):
        return f"WRONG: {wrong}"
    judged = {}
    for piece in pieces:
        for aim in piece["aims"]:
            if aim["met"] is not None:
                key = f"{aim['figure']} {aim['limit']:g}"
                judged.setdefault(key, []).append(aim)
    texts = []
    for key, aims in judged.items():
        met = sum(aim["met"] for aim in aims)
        if len(pieces) > 1:
            texts.append(f"{key}: {met} of {len(aims)}")
        elif met:
            texts.append(f"{key}: yes")
        else:
            texts.append(f"{key}: no, {number(aims[0]['value'])}")
    return "; ".join(texts)
