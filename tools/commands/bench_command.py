"""`./dev bench`: the timed work on the big data set, see docs/performance.md."""

import json
from pathlib import Path

from ..console import Problem, say
from ..runtime import Runtime


def add_arguments(parser):
    add = parser.add_argument
    add("--size", choices=("S", "L"), default="S", help="of the data set")
    add("--partners", type=int, metavar="N", help="another number of partners")
    add("--runs", type=int, default=5, metavar="N", help="of each piece, at most")
    add("--only", metavar="PATTERN", help="pieces of these names, by comma")
    add("--resume", action="store_true", help="take up a run that was cut")
    add("--list", action="store_true", help="only the names of the pieces")
    add("--peers", action="store_true", help="time addons of others, too")
    add("--check", action="store_true", help="compare the data set with Odoo's sums")
    add("--sample", type=int, default=200, metavar="N", help="records to check")
    add("--compare", metavar="OLD.json", help="say what got slower since")
    add("--plan", metavar="NAME", help="the query plans of a piece of work")


def main(options):
    # Not before: the repository's top is on the path only when `./dev` runs.
    from benchmarks import figures, report, summary
    from benchmarks.databases import BenchDatabases
    from benchmarks.harness import Harness

    old = _read(options.compare) if options.compare else None
    if options.runs < 1:
        raise Problem("--runs must be at least 1")
    options.only = options.plan or options.only
    with Runtime(options) as runtime:
        site = BenchDatabases(runtime, options.size, options.partners)
        with Harness(runtime, site, options) as harness:
            harness.start()
            if options.check:
                return 1 if harness.check() else 0
            if options.list:
                for piece in harness.pieces():
                    print(f"{piece['name']:45} {piece['title']}")
                return 0
            if options.plan:
                harness.plan()
                return 0
            result = harness.run()
    wrong = report.show(result)
    if not result["only"]:
        say(f"in short: {summary.write(result, report.other_size(result))}")
    if old:
        lines = figures.compare(old, result)
        say("\n".join(lines) if lines else f"nothing got slower than {options.compare}")
    return 1 if wrong else 0


def _read(path):
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise Problem(f"--compare {path} can't be read: {error}") from error
