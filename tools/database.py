"""Databases: templates that are built once, and copies that cost a second.

Names begin with `crm_` and a mark of this repository's folder, so that several
checkouts can share a server. Two templates stand behind every copy:

- `..._base_KEY`: Odoo's own modules that the manifest names, keyed by Odoo's identity,
  that list and whether there is demo data;
- `..._addon_KEY`: the same with crm_custom installed, keyed by the addon's files too.
"""

import ast
import contextlib
import hashlib
import os
import re
import shutil

from .console import Problem, require_space, say, step
from .locks import exclusive
from .paths import ADDON, DATA, ROOT

LANGUAGE = "zh_CN"
#: Changes when a template is made in another way.
LAYOUT = f"2 en_US {LANGUAGE}"
#: From so many bytes a copy is made file by file.
LARGE = 500_000_000
#: Installed with the dependencies: the tests and the demo company need a ledger.
ALSO = ("account",)
OLDEST_SERVER = 13
#: What `./dev run` writes on its databases: the addon's digest
LABEL = re.compile(r"[0-9a-f]{12}")
MARK = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]
PREFIX = f"crm_{MARK}_"
#: Another checkout has templates of its own, and need not be waited for.
LOCK = f"templates-{MARK}"


def dependencies():
    manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text())
    return sorted({*manifest["depends"], *ALSO})


def addon_digest():
    """A digest of every file of the addon that Odoo may read."""
    digest = hashlib.sha256()
    for path in sorted(ADDON.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ADDON)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


class Databases:
    """The databases of one Odoo on one server."""

    def __init__(self, odoo):
        self.odoo = odoo

    @contextlib.contextmanager
    def _cursor(self, name="postgres"):
        import psycopg2

        try:
            connection = psycopg2.connect(dbname=name, connect_timeout=10)
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise Problem(f"the database server does not answer: {reason}") from error
        connection.autocommit = True
        try:
            if connection.server_version < OLDEST_SERVER * 10000:
                raise Problem(f"Odoo 19 needs PostgreSQL {OLDEST_SERVER} or newer")
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _require_right_to_create(self):
        with self._cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolcreatedb OR rolsuper"
                " FROM pg_roles WHERE rolname = current_user"
            )
            role, may_create = cursor.fetchone()
        if not may_create:
            raise Problem(
                f"the role {role} may not make databases: say"
                f" `ALTER ROLE {role} CREATEDB` on the server as its administrator"
            )

    def names(self):
        with self._cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
            return [row[0] for row in cursor.fetchall()]

    def exists(self, name):
        return name in self.names()

    def drop(self, *names):
        from psycopg2 import sql

        with self._cursor() as cursor:
            for name in names:
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                cursor.execute(statement.format(sql.Identifier(name)))
                shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)

    def copy(self, source, name):
        """Copy a database and its files; attachments are never rewritten, so linked."""
        from psycopg2 import sql

        require_space(DATA, 500, "a copy of the database")
        with self._cursor() as cursor:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
                sql.Identifier(name),
                sql.Identifier(source),
                sql.SQL(self._strategy(cursor, source)),
            )
            cursor.execute(statement)
        files = DATA / "filestore" / source
        shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)
        if files.exists():
            shutil.copytree(
                files, DATA / "filestore" / name, copy_function=os.link, symlinks=True
            )

    @staticmethod
    def _strategy(cursor, source):
        """How to copy: since version 15 PostgreSQL writes every page of a copy to its
        log, which is best for small databases and worst for large ones.
        """
        cursor.execute(
            "SELECT current_setting('server_version_num')::integer >= 150000"
            " AND pg_database_size(%s) > %s",
            (source, LARGE),
        )
        return "STRATEGY FILE_COPY" if cursor.fetchone()[0] else ""

    def label(self, name, text=None):
        """Read or write the comment that says what a database holds."""
        from psycopg2 import sql

        with self._cursor() as cursor:
            if text is None:
                cursor.execute(
                    "SELECT shobj_description(oid, 'pg_database')"
                    " FROM pg_database WHERE datname = %s",
                    (name,),
                )
                return (cursor.fetchone() or [None])[0]
            statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
            cursor.execute(statement.format(sql.Identifier(name), sql.Literal(text)))
            return text

    def set_address(self, name, address):
        """Tell Odoo where it is served: PDFs fetch their style sheets from there."""
        with self._cursor(name) as cursor:
            cursor.execute(
                "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'",
                (address,),
            )

    # ------------------------------------------------------------ templates

    def _key(self, *parts):
        text = "\0".join([self.odoo.identity, LAYOUT, *dependencies(), *parts])
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    def base(self, demo=True):
        """The template with Odoo's own modules; built when it is not there."""
        name = f"{PREFIX}base_{self._key('demo' if demo else 'bare')}"
        if not self.exists(name):
            what = "with demo data" if demo else "without demo data"
            with step(f"building the template database {what} (two to four minutes)"):
                self._build(name, None, dependencies(), demo)
        return name

    def _addon(self, demo):
        """The template with crm_custom installed as it stands on the disk now."""
        base = self.base(demo)
        kind = f"{PREFIX}addon_{'demo' if demo else 'bare'}_"
        name = kind + self._key(base, addon_digest())
        if not self.exists(name):
            self.drop(*(old for old in self.names() if old.startswith(kind)))
            with step("installing crm_custom"):
                self._build(name, base, ["crm_custom"], demo)
        return name

    def _build(self, name, source, modules, demo):
        """Make a template under another name first: half of one is never taken."""
        self._require_right_to_create()
        unfinished = f"{name}_unfinished"
        self.drop(unfinished)
        if source:
            self.copy(source, unfinished)
        code = self.odoo.run(
            *("-d", unfinished, "-i", ",".join(modules), "--stop-after-init"),
            *("--with-demo" if demo else "--without-demo", "--no-http"),
        )
        if not code and not source:
            # At creation Odoo would take it as the only language.
            code = self.odoo.run(
                *("i18n", "loadlang", "-c", str(self.odoo.config)),
                *("-d", unfinished, "-l", LANGUAGE),
            )
        if code:
            self.drop(unfinished)
            raise Problem(f"Odoo could not install {', '.join(modules)}: see above")
        from psycopg2 import sql

        with self._cursor() as cursor:
            statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            cursor.execute(
                statement.format(sql.Identifier(unfinished), sql.Identifier(name))
            )
        files = DATA / "filestore" / unfinished
        if files.exists():
            shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)
            files.rename(DATA / "filestore" / name)

    # --------------------------------------------------------------- copies

    @contextlib.contextmanager
    def scratch(self, purpose, demo=True, with_addon=True):
        """Yield the name of a fresh copy that is dropped afterwards."""
        self._drop_left_behind()
        name = f"{PREFIX}{purpose}_{os.getpid()}"
        with exclusive(LOCK):
            source = self._addon(demo) if with_addon else self.base(demo)
            self.drop(name)
            self.copy(source, name)
        try:
            yield name
        finally:
            self.drop(name)

    def _drop_left_behind(self):
        """Drop copies whose maker has gone without doing so."""
        for name in self.names():
            owner = name.rpartition("_")[2]
            is_copy = name.startswith(PREFIX) and owner.isdigit()
            if is_copy and not os.path.exists(f"/proc/{owner}"):
                self.drop(name)

    def kept(self, name, demo=True):
        """Have the database `name` of `./dev run`, with the addon up to date.

        Return whether it was made now.
        """
        with exclusive(LOCK):
            digest = addon_digest()
            if fresh := not self.exists(name):
                self.copy(self._addon(demo), name)
            elif self.label(name) != digest:
                self.update(name)
            self.label(name, digest)
        return fresh

    def update(self, name):
        if not self.exists(name):
            raise Problem(f"there is no database {name}: `./dev run` makes one")
        if not (name.startswith(PREFIX) or LABEL.fullmatch(self.label(name) or "")):
            raise Problem(f"./dev did not make the database {name}: name another")
        with step(f"updating crm_custom in {name}"):
            if self.odoo.run(
                *("-d", name, "-u", "crm_custom", "--stop-after-init", "--no-http")
            ):
                raise Problem(f"Odoo could not update crm_custom in {name}: see above")
        say(f"    {name} is up to date")
