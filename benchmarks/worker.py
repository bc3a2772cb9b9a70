"""An Odoo process of the bench: `python -m benchmarks.worker DATABASE`.

It reads one JSON order a line from its standard input and answers each with one line.
Each database of a run has a worker of its own, so that the ways of a piece of work can
take turns within a second, whatever is installed where they run.
"""

import gc
import json
import os
import sys
import threading
import traceback

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from tools.console import say

from . import databases, dataset, measure, plans, roles, rooms
from .door import Door
from .work import all_classes, make


class Worker:
    def __init__(self, database):
        self.registry = Registry(database)
        threading.current_thread().dbname = database
        self._prepared = {}
        self._rows = {}
        self._scales = {}

    def obey(self, order):
        return getattr(self, f"do_{order.pop('do')}")(**order)

    def door_of(self, login):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            uid = roles.find(env, login).id
        return Door(self.registry, uid)

    def _prepare(self, identity):
        key = json.dumps(identity)
        if key not in self._prepared:
            work = make(identity)
            door = self.door_of(work.user)
            with door.open():
                work.prepare(door)
            self._prepared = {key: (work, door)}
        return self._prepared[key]

    # ------------------------------------------------------------------

    def do_fill(self, shape, seed):
        """Fill a marked copy of a template with the data set."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            dataset.fill(env, dataset.Shape(**shape), seed, say)

    def do_roles(self):
        """Have the users of the bench, with customers of their own."""
        with self.registry.cursor() as cr:
            databases.require_ours(cr)
            roles.ensure(api.Environment(cr, SUPERUSER_ID, {}))
            cr.commit()

    def do_rooms(self):
        """Have what later rooms add to the data set."""
        with self.registry.cursor() as cr:
            databases.require_ours(cr)
            filled = rooms.ensure(api.Environment(cr, SUPERUSER_ID, {}), say)
            cr.commit()
        return filled

    def do_rest(self):
        """Close the connections, so that the database can be copied."""
        sql_db.close_all()

    def do_pieces(self):
        """Every piece of work that can be found in this database."""
        found = []
        for kind in all_classes():
            door = self.door_of(kind.user)
            with door.open():
                for work in kind.pieces(door):
                    found.append(work.description())
        return found

    def do_run(self, identity, way, keep=False):
        work, door = self._prepare(identity)
        run = measure.apart if work.apart else measure.timed
        figures, rows = run(door, work, way)
        if keep:
            self._rows[way] = rows
        return figures

    def do_memory(self, identity, way):
        work, door = self._prepare(identity)
        return {"memory": measure.traced(door, work, way)}

    def do_rows(self, way):
        return self._rows.pop(way)

    def do_scale(self, identity):
        """What the piece grows with: the rows of a table, or of a read model."""
        work, door = self._prepare(identity)
        if isinstance(work.scale, (int, float)):
            return work.scale
        if work.scale not in self._scales:
            with door.open():
                if work.scale in door.env:
                    count = door.superuser()[work.scale].search_count([])
                else:
                    count = door.sql(f"SELECT count(*) FROM {work.scale}")[0][0]
            self._scales[work.scale] = count
        return self._scales[work.scale]

    def do_plan(self, identity, way):
        work, door = self._prepare(identity)
        return plans.explain(door, work, way)

    def do_check(self, sample):
        lines = []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            differences = dataset.check(env, sample, lines.append)
            cr.rollback()
        return {"said": lines, "differences": [str(each) for each in differences]}


def _serve(orders, answers, obey):
    for line in orders:
        answers.write(_answer(obey, json.loads(line)))
        answers.flush()


def _answer(obey, order):
    try:
        answer = {"result": obey(order)}
    except Exception:
        answer = {"error": traceback.format_exc()}
    return json.dumps(answer, default=str) + "\n"


def main():
    # What Odoo's modules print must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    database, *rest = sys.argv[1:]
    config.parse_config(["-d", database, "--no-http", *rest], setup_logging=True)
    worker = Worker(database)
    # What Odoo has loaded stays: collecting must not look through it before each run.
    gc.collect()
    gc.freeze()
    answers.write(json.dumps({"ready": True}) + "\n")
    _serve(sys.stdin, answers, worker.obey)
    return 0


if __name__ == "__main__":
    sys.exit(main())
