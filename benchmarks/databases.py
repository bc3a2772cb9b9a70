"""The databases of the bench: the data set, and copies of it.

- "data": the data set with crm_custom, as of the addon's files now;
- "stock": a copy with crm_custom uninstalled;
- "peers": a copy of "stock" with the addons of others installed.

Each is built under another name first, so that half of one is never taken, and kept
for the next run.
"""

import contextlib
import dataclasses
import hashlib
import os
import shutil
import time

from tools.console import Problem, require_space, step
from tools.database import PREFIX, addon_digest
from tools.locks import exclusive
from tools.paths import DATA, ROOT

from . import dataset
from .process import WorkerProcess, WorkFailed

DIGESTED = ROOT / "benchmarks" / "dataset"
#: seconds to wait for somebody who looks into a database that is to be copied
PATIENCE = 300
#: MB that a data set and its two copies need, by size, with room to work
SPACE = {"S": 4_000, "L": 30_000}
#: A stored field of one of the peers, empty for each of our millions of journal items.
#: Where its table is already, Odoo does not compute it for one after the other.
EMPTY_RELATION = """
CREATE TABLE account_analytic_account_account_move_line_rel (
    account_move_line_id integer NOT NULL, account_analytic_account_id integer NOT NULL,
    PRIMARY KEY (account_move_line_id, account_analytic_account_id)
)
"""
UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "crm_custom")])
module.button_immediate_uninstall()
env.cr.commit()
"""


class BenchDatabases:
    """``get(kind)`` has a database of that kind and returns its name."""

    def __init__(self, runtime, size, partners=None, seed=None):
        self.runtime = runtime
        self.databases = runtime.databases
        self.size = size
        self.seed = dataset.SEED if seed is None else seed
        shape = dataset.SIZES[size]
        if partners:
            shape = dataclasses.replace(shape, partners=partners)
        self.shape = shape
        #: what the results are called
        self.label = f"{size}{partners or ''}"
        #: called before a database is copied, which nobody may be connected to
        self.before_copy = lambda: None

    @property
    def data_name(self):
        digest = hashlib.sha256(repr((self.shape, self.seed)).encode())
        digest.update(self.databases.base(demo=False).encode())
        for path in sorted(set(DIGESTED.rglob("*.py")) - {DIGESTED / "checking.py"}):
            digest.update(path.name.encode() + path.read_bytes())
        # A name that ends in digits alone would be taken for a copy of a dead process.
        return f"{PREFIX}bench_{self.label}_k{digest.hexdigest()[:8]}"

    def get(self, kind):
        with exclusive(
            f"bench-{self.label}", "another ./dev bench is making its databases"
        ):
            return getattr(self, f"_{kind}")()

    @contextlib.contextmanager
    def copy(self, kind):
        """Yield a copy of a database, for work that uses it up."""
        name = f"{PREFIX}bench_spent_{kind}_{os.getpid()}"
        source = self.get(kind)
        self.databases.drop(name)
        self._copy(source, name)
        try:
            yield name
        finally:
            self.databases.drop(name)

    def forget_copies(self):
        """Drop what was copied before the data set was added to."""
        start = f"{self.data_name}_"
        self.databases.drop(
            *(name for name in self.databases.names() if name.startswith(start))
        )

    # ------------------------------------------------------------------

    def _data(self):
        name = self.data_name
        databases = self.databases
        # as of now: the fill takes minutes, in which the files may change
        digest = addon_digest()
        if not databases.exists(name):
            self._drop_outdated()
            megabytes = SPACE[self.size] + self.shape.partners // 50
            require_space(DATA, megabytes, f"the data set {self.label}")
            with self._building(name) as unfinished:
                databases.copy(databases._addon(demo=False), unfinished)
                with _cursor(unfinished) as cursor:
                    dataset.mark(cursor)
                with step(f"filling the data set {self.label}: {self.shape}"):
                    self._fill(unfinished)
            databases.label(name, digest)
        elif databases.label(name) != digest:
            databases.update(name)
            databases.label(name, digest)
        return name

    def _fill(self, database):
        worker = WorkerProcess(self.runtime, database)
        try:
            shape = dataclasses.asdict(self.shape)
            worker.ask("fill", shape=shape, seed=self.seed)
        except WorkFailed as error:
            raise Problem(f"the data set can't be filled:\n{error}") from error
        finally:
            worker.close()

    def _stock(self):
        name = f"{self.data_name}_stock"
        if not self.databases.exists(name):
            source = self._data()
            with (
                step("copying the data set and uninstalling crm_custom"),
                self._building(name) as unfinished,
            ):
                self._copy(source, unfinished)
                self.runtime.run_script(unfinished, UNINSTALL)
                _analyze(unfinished)
        return name

    def _peers(self):
        from . import peers

        name = f"{self.data_name}_{peers.key()}"
        if not self.databases.exists(name):
            source = self._stock()
            modules = peers.modules()
            with (
                step(f"installing {len(modules)} addons of others in a copy"),
                self._building(name) as unfinished,
            ):
                self._copy(source, unfinished)
                with _cursor(unfinished) as cursor:
                    cursor.execute(EMPTY_RELATION)
                code = self.runtime.run(
                    *("-d", unfinished, "-i", ",".join(modules)),
                    *("--stop-after-init", "--no-http"),
                    *peers.arguments(self.runtime),
                )
                if code:
                    raise Problem("the peers could not be installed: see above")
                _analyze(unfinished)
        return name

    # ------------------------------------------------------------------

    def _copy(self, source, name):
        self.before_copy()
        self._wait_for_others(source)
        self.databases.copy(source, name)

    @staticmethod
    def _wait_for_others(name):
        """Somebody who looks into a data set must not end a run of an hour."""
        end = time.monotonic() + PATIENCE
        with _cursor("postgres") as cursor:
            while time.monotonic() < end:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = %s AND backend_type = 'client backend'",
                    (name,),
                )
                if not cursor.fetchone()[0]:
                    return
                time.sleep(1)
        raise Problem(
            f"somebody has been using {name} for {PATIENCE} s: ask him to leave"
        )

    @contextlib.contextmanager
    def _building(self, name):
        from psycopg2 import sql

        unfinished = f"{name}_unfinished"
        self.databases.drop(unfinished)
        try:
            yield unfinished
        except BaseException:
            self.databases.drop(unfinished)
            raise
        with _cursor("postgres") as cursor:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
        files = DATA / "filestore" / unfinished
        if files.exists():
            shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)
            files.rename(DATA / "filestore" / name)

    def _drop_outdated(self):
        """Data sets of this size that another data set code made."""
        start = f"{PREFIX}bench_{self.label}_k"
        self.databases.drop(
            *(name for name in self.databases.names() if name.startswith(start))
        )


@contextlib.contextmanager
def _cursor(database):
    import psycopg2

    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _analyze(database):
    """Statistics, as the nightly job of a server would have made them."""
    with _cursor(database) as cursor:
        cursor.execute("ANALYZE")


def require_ours(cursor):
    """Refuse a database that the bench did not make."""
    if not dataset.is_marked(cursor):
        raise Problem(
            "this database was not made by `./dev bench`: it is not written to"
        )


def server_facts():
    """What the report says of the server."""
    with _cursor("postgres") as cursor:
        names = ("server_version", "shared_buffers", "work_mem", "jit")
        facts = {}
        for name in names:
            cursor.execute("SELECT current_setting(%s)", (name,))
            facts[name] = cursor.fetchone()[0]
        return facts
