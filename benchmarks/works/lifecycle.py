"""Installing and upgrading the addon on the data set, and what that locks.

Nothing of Odoo's is imported here: the whole of it is a command that runs.
"""

import threading
import time
from dataclasses import dataclass

from benchmarks.figures import Aim
from benchmarks.work import Work
from tools.console import Problem

TABLE = "res_partner"
#: modes in which somebody else can't read, or can't write, the table meanwhile
STOPS_READERS = {"AccessExclusiveLock"}
STOPS_WRITERS = {
    *STOPS_READERS,
    "ExclusiveLock",
    "ShareRowExclusiveLock",
    "ShareLock",
}


class LockWatch:
    """Looks every few milliseconds which locks are held on a table of a database."""

    PAUSE = 0.02

    def __init__(self, database, table):
        self._database = database
        self._table = table
        self._since = {}
        self.longest = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self._thread.join()

    def _watch(self):
        import psycopg2

        connection = psycopg2.connect(dbname=self._database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not self._done.wait(self.PAUSE):
                cursor.execute(
                    """
                    SELECT l.pid, l.virtualtransaction, l.mode
                      FROM pg_locks l
                      JOIN pg_class c ON c.oid = l.relation
                     WHERE c.relname = %s AND l.granted AND l.pid <> pg_backend_pid()
                       AND l.database = (SELECT oid FROM pg_database
                                          WHERE datname = current_database())
                    """,
                    (self._table,),
                )
                self._take_down(cursor.fetchall(), time.monotonic())
        connection.close()

    def _take_down(self, held, now):
        held = set(held)
        self._since = {key: self._since.get(key, now) for key in held}
        for key, start in self._since.items():
            mode = key[2]
            self.longest[mode] = max(self.longest.get(mode, 0), now - start)

    def worst(self, modes):
        return max((self.longest.get(mode, 0) for mode in modes), default=0)


@dataclass
class Lifecycle(Work):
    """``step`` is Odoo's option; ``on`` the kind of database that it is done to."""

    name = "lifecycle"
    title = "install or upgrade the addon on the data set"
    aims = (Aim("seconds that nobody can write partners", 10),)
    step: str = ""
    on: str = ""

    @classmethod
    def pieces(cls, door):
        return [cls(step="-i", on="stock"), cls(step="-u", on="data")]

    def label(self):
        return f"lifecycle/{'install' if self.step == '-i' else 'upgrade'}"

    def outside(self, harness):
        runtime = harness.runtime
        with harness.site.copy(self.on) as database:
            # What Odoo needs to start and stop, whatever it is asked to do.
            started = time.monotonic()
            self._odoo(runtime, database)
            idle = time.monotonic() - started
            with LockWatch(database, TABLE) as locks:
                started = time.monotonic()
                self._odoo(runtime, database, self.step, "crm_custom")
                seconds = time.monotonic() - started
        return {
            "addon": {
                "seconds": seconds,
                "runs": 1,
                "queries": None,
                "memory": None,
                "rows": 0,
                "notes": {
                    "of it starting and stopping Odoo": idle,
                    "seconds that nobody can read partners": locks.worst(STOPS_READERS),
                    "seconds that nobody can write partners": locks.worst(
                        STOPS_WRITERS
                    ),
                    "longest transaction that writes partners": locks.worst(
                        {"RowExclusiveLock"}
                    ),
                },
            }
        }

    @staticmethod
    def _odoo(runtime, database, *step):
        command = ("-d", database, *step, "--stop-after-init", "--no-http")
        if runtime.run(*command):
            raise Problem(f"Odoo {' '.join(step)} failed on the data set: see above")
