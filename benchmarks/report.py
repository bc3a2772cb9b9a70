"""The results for people: a line a piece, the table, Markdown and JSON."""

import json

from tools.console import Problem, say
from tools.paths import WORK

from . import figures

FOLDER = WORK / "bench"
#: what must be as it was for a run to be taken up again
SAME = ("size", "shape", "seed", "only", "runs", "odoo", "addon", "peers")
HEADINGS = (
    *("piece of work", "rows", "s", "queries", "MB", "floor s", "x floor"),
    *("stock s", "x stock", "peer s", "x peer", "growth", "aims"),
)


def number(value, digits=2):
    """Three significant digits or so; an empty text for what was not measured."""
    if value is None:
        return ""
    if value and abs(value) < 0.1:
        return f"{value:.4f}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{digits}f}"


def short(piece):
    """What is said on the terminal when a piece is done."""
    if piece["error"]:
        return f"WRONG: {piece['error']}"
    parts = []
    for way, run in piece["ways"].items():
        parts.append(f"{way} {number(run['seconds'])} s")
    run = piece["ways"].get(figures.main_way(piece), {})
    parts.append(f"{run.get('queries') or 0} queries")
    for aim in piece["aims"]:
        parts.append(_aim(aim))
    return ", ".join(parts)


def _aim(aim):
    if aim["met"] is None:
        return f"{aim['figure']}: not measured"
    word = "met" if aim["met"] else "NOT MET"
    return f"{aim['figure']} {number(aim['value'])} of {aim['limit']:g} {word}"


def rows_of(result, other=None):
    """The cells of the table, as text; ``other`` is a result of another size."""
    others = {piece["name"]: piece for piece in (other or {}).get("pieces", ())}
    table = []
    for piece in result["pieces"]:
        ways = piece["ways"]
        way = figures.main_way(piece)
        own = ways.get(way, {})
        cells = [
            piece["name"] + ("" if way in ("addon", None) else f" ({way} only)"),
            f"{own.get('rows', 0):,}",
            number(own.get("seconds")),
            str(own.get("queries") if own.get("queries") is not None else ""),
            number(own.get("memory"), 0),
        ]
        for name in ("floor", "stock", "peer"):
            if name == way:
                cells += ["", ""]
                continue
            seconds = ways.get(name, {}).get("seconds")
            cells += [
                number(seconds),
                number(figures.ratio(own.get("seconds"), seconds), 1),
            ]
        growth = figures.growth(piece, others.get(piece["name"]))
        cells.append("" if growth is None else f"{growth:.2f}")
        if piece["error"]:
            cells.append("WRONG")
        else:
            cells.append("; ".join(map(_aim, piece["aims"])))
        table.append(cells)
    return table


def counted(result):
    """How many aims are met, of how many that were measured, and what is wrong."""
    aims = [aim for piece in result["pieces"] for aim in piece["aims"]]
    met = sum(aim["met"] is True for aim in aims)
    measured = sum(aim["met"] is not None for aim in aims)
    wrong = [piece["name"] for piece in result["pieces"] if piece["error"]]
    return met, measured, wrong


def terminal(result, other=None):
    """The table, aligned."""
    lines = [list(HEADINGS), *rows_of(result, other)]
    used = [i for i in range(len(HEADINGS)) if any(line[i] for line in lines[1:])]
    widths = {i: max(len(line[i]) for line in lines) for i in used}
    text = []
    for line in lines:
        cells = [
            line[i].ljust(widths[i])
            if i in (0, len(HEADINGS) - 1)
            else line[i].rjust(widths[i])
            for i in used
        ]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)


def markdown(result, other=None):
    machine, server = result["machine"], result["server"]
    met, measured, wrong = counted(result)
    place = (
        f"{machine['system']}, {machine['cores']} cores, {machine['memory']},"
        f" {machine['python']}, PostgreSQL {server['server_version']}"
        f" (shared_buffers {server['shared_buffers']}, work_mem {server['work_mem']},"
        f" jit {server['jit']}); {_load(result)};"
        f" {result['seconds'] / 60:.0f} minutes."
    )
    lines = [
        f"# Bench {result['size']}, {result['date']}",
        "",
        place,
        "",
        f"Data set: `{result['shape']}`, seed {result['seed']}.",
        "",
        f"{met} of {measured} aims met."
        + (f" Wrong results: {', '.join(wrong)}." if wrong else ""),
        "",
        "| " + " | ".join(HEADINGS) + " |",
        "|" + " --- |" + " ---: |" * (len(HEADINGS) - 2) + " --- |",
    ]
    for cells in rows_of(result, other):
        lines.append("| " + " | ".join(cells) + " |")
    notes = _notes(result)
    if notes:
        lines += ["", "## Further figures", "", *notes]
    errors = [piece for piece in result["pieces"] if piece["error"]]
    if errors:
        lines += ["", "## Wrong", ""]
        lines += [f"- {piece['name']}: {piece['error']}" for piece in errors]
    return "\n".join(lines) + "\n"


def _notes(result):
    lines = []
    for piece in result["pieces"]:
        for way, run in piece["ways"].items():
            if run.get("notes"):
                text = ", ".join(
                    f"{name} {value if isinstance(value, str) else number(value)}"
                    for name, value in run["notes"].items()
                )
                lines.append(f"- {piece['name']}, {way}: {text}")
    return lines


def _load(result):
    loads = [piece["load"] for piece in result["pieces"]] or [0]
    middle = figures.median(loads)
    return f"load {min(loads):.1f} to {max(loads):.1f}, median {middle:.1f}"


def keep(result):
    """Write down what is measured so far."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1)
    # whole or not at all, whenever the run is cut
    fresh = FOLDER / f"{_stem(result)}-unfinished.new"
    fresh.write_text(text)
    fresh.replace(_unfinished(result))


def resumed(result):
    """The unfinished run of the same pieces, when nothing has changed since."""
    path = _unfinished(result)
    if not path.exists():
        raise Problem(f"there is no unfinished run in {path}")
    earlier = json.loads(path.read_text())
    now = json.loads(json.dumps(result))
    if changed := [name for name in SAME if earlier[name] != now[name]]:
        raise Problem(f"since {path} was written, has changed: {', '.join(changed)}")
    return earlier


def _stem(result):
    return result["size"] + ("-part" if result["only"] else "")


def _unfinished(result):
    return FOLDER / f"{_stem(result)}-unfinished.json"


def write(result):
    """Keep the result as JSON and Markdown; return the two paths."""
    keep(result)
    data = FOLDER / f"{_stem(result)}.json"
    _unfinished(result).replace(data)
    text = FOLDER / f"{_stem(result)}.md"
    text.write_text(markdown(result, other_size(result)))
    return data, text


def other_size(result):
    """The last full result of the other size, for the growth between the two."""
    other = {"S": "L", "L": "S"}.get(result["size"])
    path = FOLDER / f"{other}.json"
    return json.loads(path.read_text()) if path.exists() else None


def show(result):
    print(terminal(result, other_size(result)))
    met, measured, wrong = counted(result)
    data, text = write(result)
    say(f"\n{met} of {measured} aims met; {text} and {data.name} beside it")
    if wrong:
        say(f"WRONG results: {', '.join(wrong)}")
    return wrong
