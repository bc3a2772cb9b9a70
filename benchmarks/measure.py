"""Measuring one way of a piece of work: seconds, queries, peak memory, rows.

Seconds are those of ``Work.<way>(door)`` and of flushing what it wrote, nothing else;
the garbage collector has run before. Queries are all that Odoo sends in that time,
from whichever cursor.

Memory of work in a process of its own is how far the resident memory rises above
where it stood: the largest at any moment, less the pages of program files that it
happened to touch. What runs among others uses again what they gave back to Python, so
there a run of its own traces what Python allocates, which costs time.
"""

import gc
import json
import os
import resource
import sys
import time
import traceback
import tracemalloc

from odoo import sql_db

from .door import forget_connections
from .same import fingerprint


def timed(door, work, way):
    """Do it once here; return (figures, rows in comparable form)."""
    with door.open():
        door.notes = {}
        gc.collect()
        before = _memory(reset=True)
        queries = sql_db.sql_counter
        started = time.perf_counter()
        result = getattr(work, way)(door)
        door.env.flush_all()
        seconds = time.perf_counter() - started
        queries = sql_db.sql_counter - queries
        memory = _rise(before, _memory())
        rows = work.rows(door, way, result)
        figures = {
            "seconds": seconds,
            "queries": queries,
            "memory": memory,
            "notes": door.notes,
        }
        return {**figures, **fingerprint(rows)}, rows


def traced(door, work, way):
    """The most MB that Python held allocated at any moment of one run."""
    with door.open():
        door.notes = {}
        gc.collect()
        tracemalloc.start()
        try:
            getattr(work, way)(door)
            door.env.flush_all()
            return tracemalloc.get_traced_memory()[1] / 2**20
        finally:
            tracemalloc.stop()


def apart(door, work, way):
    """Do it once in a process of its own."""

    def run():
        forget_connections(door.registry)
        with door.open():
            work.warm(door)
        figures, rows = timed(door, work, way)
        helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        figures["helpers"] = helpers / 1024
        return figures, rows

    return in_child(run)


def in_child(function):
    """The result of ``function`` from a forked process, as JSON carries it."""
    reader, writer = os.pipe()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            answer = {"result": function()}
        except BaseException:
            answer = {"error": traceback.format_exc()}
        with open(writer, "w") as stream:
            json.dump(answer, stream, default=str)
        # No clean-up: connections and threads belong to the parent.
        os._exit(0)
    os.close(writer)
    with open(reader) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    answer = json.loads(text) if text else {"error": "the process died (memory?)"}
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["result"]


def _rise(before, after):
    """MB; pages of program files that happened to be touched do not count."""
    if not before:
        return None
    pages = max(0, after["RssFile"] - before["RssFile"])
    return max(0, after["VmHWM"] - before["VmRSS"] - pages) / 1024


def _memory(reset=False):
    """{VmHWM, VmRSS, RssFile} of this process in KB; {} where there is no /proc."""
    if not os.path.exists("/proc/self/clear_refs"):
        return {}
    if reset:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    with open("/proc/self/status") as file:
        values = dict(line.split(":", 1) for line in file)
    return {
        name: int(values[name].split()[0]) for name in ("VmHWM", "VmRSS", "RssFile")
    }
