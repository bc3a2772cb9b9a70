"""The run: databases, a worker for each, the pieces in turn, the results in files."""

import contextlib
import datetime
import fnmatch
import os
import platform
import time

from tools.console import Problem, say
from tools.database import addon_digest

from . import databases, figures, peers, report, same
from .process import WorkerProcess, WorkFailed
from .work import make

#: seconds of the measured rounds of a piece: none is begun that would end later
BUDGET = 15
RUNS = 5


class Harness:
    """One run of `./dev bench`."""

    def __init__(self, runtime, site, options):
        self.runtime = runtime
        self.site = site
        self.options = options
        self._workers = {}
        site.before_copy = self._rest

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for worker in self._workers.values():
            worker.close()

    # ------------------------------------------------------------------

    def worker(self, kind):
        if kind not in self._workers:
            name = self.site.get(kind)
            self._workers[kind] = self._start(kind, name)
        return self._workers[kind]

    def _start(self, kind, name):
        arguments = peers.arguments(self.runtime) if kind == "peers" else ()
        return WorkerProcess(self.runtime, name, arguments)

    def _rest(self):
        for worker in self._workers.values():
            worker.ask("rest")

    def start(self):
        """Have the data set, with the bench's users and what later rooms add."""
        worker = self.worker("data")
        worker.ask("roles")
        if worker.ask("rooms"):
            self.site.forget_copies()

    def pieces(self):
        wanted = self.options.only or "*"
        found = [
            piece
            for piece in self.worker("data").ask("pieces")
            if any(
                fnmatch.fnmatch(piece["name"], pattern.strip())
                or pattern.strip() in piece["name"]
                for pattern in wanted.split(",")
            )
        ]
        if not found:
            raise Problem(f"no piece of work is called {wanted!r}")
        return found

    def run(self):
        """Measure every piece that was asked for; return what the JSON holds.

        It is written after each piece, so that a run that was cut can be resumed.
        """
        found = self.pieces()
        result = self._begun()
        if self.options.resume:
            result = report.resumed(result)
        done = {piece["name"] for piece in result["pieces"]}
        for number, piece in enumerate(found, 1):
            if piece["name"] in done:
                continue
            started = time.monotonic()
            measured = self._measured(piece)
            result["seconds"] += time.monotonic() - started
            result["date"] = datetime.datetime.now().isoformat(" ", "minutes")
            if measured is None:
                continue
            measured["load"] = round(os.getloadavg()[0], 1)
            result["pieces"].append(measured)
            report.keep(result)
            say(f"[{number}/{len(found)}] {piece['name']}  {report.short(measured)}")
        return result

    def _begun(self):
        return {
            "size": self.site.label,
            "shape": repr(self.site.shape),
            "seed": self.site.seed,
            "only": self.options.only,
            "runs": self.options.runs,
            "date": datetime.datetime.now().isoformat(" ", "minutes"),
            "seconds": 0,
            "machine": machine(),
            "server": databases.server_facts(),
            "odoo": str(self.runtime.identity),
            "addon": addon_digest(),
            "peers": peers.versions() if self.options.peers else {},
            "pieces": [],
        }

    def _measured(self, piece):
        try:
            return self.measure(piece)
        except WorkFailed as error:
            say(str(error))
            result = self._empty(piece)
            result["error"] = str(error).strip().splitlines()[-1]
            return result

    @staticmethod
    def _empty(piece):
        return {
            "name": piece["name"],
            "title": piece["title"],
            "scale": None,
            "ways": {},
            "aims": [],
            "error": None,
        }

    # ------------------------------------------------------------------

    def measure(self, piece):
        """The piece's result; None when nothing but its floor can be run here."""
        if piece["outside"]:
            result = self._empty(piece)
            identity = piece["identity"]
            result["scale"] = self.worker("data").ask("scale", identity=identity)
            result["ways"] = make(identity).outside(self)
            return self._judged(result, piece)
        ways = {
            way: kind
            for way, kind in piece["ways"].items()
            if kind != "peers" or self.options.peers
        }
        if not ways.keys() - {"floor"}:
            return None
        with contextlib.ExitStack() as stack:
            workers = {
                kind: stack.enter_context(self._worker_for(piece, kind))
                for kind in set(ways.values())
            }
            return self._measure_in_turn(
                piece, {way: workers[kind] for way, kind in ways.items()}
            )

    @staticmethod
    def _judged(result, piece):
        aims = [figures.Aim(*aim) for aim in piece["aims"]]
        return {**result, "aims": figures.judge(result, aims)}

    @contextlib.contextmanager
    def _worker_for(self, piece, kind):
        if kind not in piece["spends"]:
            yield self.worker(kind)
            return
        with self.site.copy(kind) as name:
            worker = self._start(kind, name)
            try:
                yield worker
            finally:
                worker.close()

    def _measure_in_turn(self, piece, workers):
        identity = piece["identity"]
        result = self._empty(piece)
        any_worker = next(iter(workers.values()))
        result["scale"] = any_worker.ask("scale", identity=identity)
        taken = {way: [] for way in workers}
        first, memory = {}, {}
        main = figures.main_way({"ways": workers})
        compared = [way for way in piece["same"] if way in workers]
        # The first round fills the caches that a server has, gives the rows that are
        # compared and, in a process of its own, the memory. One that took long counts.
        started = time.monotonic()
        for way, worker in workers.items():
            order = {"identity": identity, "way": way}
            first[way] = worker.ask("run", **order, keep=way in compared)
        spent = last = time.monotonic() - started
        if piece["apart"] or spent > BUDGET:
            taken = {way: [run] for way, run in first.items()}
        else:
            spent = last = 0
            memory[main] = workers[main].ask("memory", identity=identity, way=main)
        result["error"] = self._compare(compared, first, workers)
        runs = min(self.options.runs, piece["runs"])
        while (
            not result["error"]
            and min(map(len, taken.values())) < runs
            and spent + last <= BUDGET
        ):
            started = time.monotonic()
            for way, worker in workers.items():
                taken[way].append(worker.ask("run", identity=identity, way=way))
            last = time.monotonic() - started
            spent += last
        for way in workers:
            all_runs = taken[way] or [first[way]]
            result["ways"][way] = _summary(first[way], all_runs, memory.get(way))
        return self._judged(result, piece)

    @staticmethod
    def _compare(compared, first, workers):
        """Where the ways differ: a floor with other rows is no floor."""
        if len({first[way]["digest"] for way in compared}) <= 1:
            return None
        rows = {way: workers[way].ask("rows", way=way) for way in compared}
        one, *others = compared
        for other in others:
            if text := same.first_difference(rows[one], rows[other], (one, other)):
                return text
        return None

    # ------------------------------------------------------------------

    def plan(self):
        for piece in self.pieces():
            for way, kind in piece["ways"].items():
                if kind == "peers" and not self.options.peers:
                    continue
                with self._worker_for(piece, kind) as worker:
                    found = worker.ask("plan", identity=piece["identity"], way=way)
                print(f"\n==== {piece['name']}: {way}, {len(found)} queries")
                for query, plan in found:
                    print(f"\n{query.strip()}\n\n{plan}")

    def check(self):
        """The number of differences between the data set and Odoo's own sums."""
        answer = self.worker("data").ask("check", sample=self.options.sample)
        for line in [*answer["said"], *answer["differences"]]:
            say(f"    {line}")
        return len(answer["differences"])


def _summary(first, runs, memory):
    # The first run of what goes on in this process fills caches: it is reported apart.
    notes = {
        name: figures.median([run["notes"].get(name, 0) for run in runs])
        for name in runs[0]["notes"]
    }
    summary = {
        "seconds": figures.median([run["seconds"] for run in runs]),
        "first": first["seconds"],
        "runs": len(runs),
        "queries": max(run["queries"] for run in runs),
        "memory": (memory or first).get("memory"),
        "rows": first["rows"],
        "notes": notes,
    }
    if helpers := (memory or first).get("helpers"):
        summary["helpers"] = helpers
    return summary


def machine():
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1e6
    return {
        "system": _system_name(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GB",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _system_name():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()
