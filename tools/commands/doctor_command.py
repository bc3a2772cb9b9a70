"""`./dev doctor`: what was found, what is missing, and the line that mends it."""

import os
import platform
import shutil
import subprocess
import sys

from .. import odoo_source, postgres
from ..console import Problem
from ..paths import NODE, ODOO_ROOT, VENV_PYTHON, WKHTMLTOPDF, WORK
from ..system import NEEDS, debian_mirror, missing, packages

NEEDED_BY = {
    "venv": "everything",
    "pdf libraries": "PDFs",
    "file types": "attachments",
    "keyring": "fetching Odoo",
    "browser": "./dev test and ./dev shot",
    "poppler": "./dev test",
    "fonts": "Chinese on screen pictures and in PDFs",
}
#: PostgreSQL's pg_trgm sees the letters of LC_CTYPE alone.
REMEDY = "make databases with LC_CTYPE C.UTF-8, as `initdb --locale=C.UTF-8` does"


def add_arguments(parser):
    parser.epilog = "Nothing is changed."


def main(options):
    wrong = []

    def line(good, name, text):
        print(f"{'ok     ' if good else 'MISSING'}  {name:14} {text}")

    def check(good, name, text):
        line(good, name, text)
        if not good:
            wrong.append(name)

    line(True, "python", f"{platform.python_version()} ({sys.executable})")
    given = options.odoo or os.environ.get("ODOO_HOME")
    lacking = missing(*NEEDS)
    for need in NEEDS:
        if need == "keyring" and given:
            continue
        wanted = f"apt-get install {' '.join(packages([need]))}"
        there = need not in lacking
        check(there, need, f"for {NEEDED_BY[need]}" if there else wanted)
    check(*_odoo(given))
    made = {
        "environment": (VENV_PYTHON, "made by ./dev run"),
        "wkhtmltopdf": (WKHTMLTOPDF / "bin/wkhtmltopdf", "fetched by ./dev run"),
        "linters": (NODE / "node_modules", "fetched by ./dev lint"),
    }
    for name, (path, how) in made.items():
        line(True, name, str(path) if path.exists() else how)
    check(*_server(options.db_url))
    if _takes_chinese_for_letters(options.db_url) is False:
        line(False, "letters", "likely duplicates miss Chinese names: " + REMEDY)
    folder = next(path for path in (WORK, *WORK.parents) if path.exists())
    free = shutil.disk_usage(folder).free / 1e9
    check(free > 5, "disk", f"{free:.0f} GB free in {folder}; about 5 GB are needed")
    check(
        os.access(folder, os.W_OK),
        "work folder",
        f"{WORK}; CRM_DEV_FOLDER names another",
    )
    if os.geteuid() == 0 and set(wrong) & set(NEEDS):
        print("\nYou are root: ./dev installs what is missing by itself.")
    return 1 if wrong else 0


def _odoo(given):
    try:
        if given:
            return True, "odoo", odoo_source.inspect(given).identity
        if (ODOO_ROOT / "complete").exists():
            return True, "odoo", str(ODOO_ROOT)
        debian_mirror()
    except Problem as problem:
        return False, "odoo", str(problem)
    return True, "odoo", "fetched by ./dev run"


def _server(db_url):
    if not postgres.is_given(db_url):
        there = (postgres.CLUSTER / "data").exists()
        how = f"private, {postgres.CLUSTER}" if there else "made by ./dev run"
        return True, "postgresql", how
    try:
        server = postgres.given(db_url)
    except Problem as problem:
        return False, "postgresql", str(problem)
    program = shutil.which("pg_isready") or (
        server.programs and server.programs / "pg_isready"
    )
    if not program:
        return True, "postgresql", "as --db-url or the PG* variables say; not tried"
    code = subprocess.run(
        [str(program), "-q"], env=server.environment(), check=False
    ).returncode
    if code:
        how = "the given server does not answer: start it, or mend --db-url or PG*"
        return False, "postgresql", how
    return True, "postgresql", "as --db-url or the PG* variables say; it answers"


def _takes_chinese_for_letters(db_url):
    """Ask a given server; None when there is none to ask."""
    try:
        server = postgres.given(db_url) if postgres.is_given(db_url) else None
    except Problem:
        return None
    program = server and (
        shutil.which("psql") or (server.programs and server.programs / "psql")
    )
    if not program:
        return None
    environment = {"PGDATABASE": "postgres", **server.environment()}
    done = subprocess.run(
        [str(program), "-XAtqc", "SELECT '客' ~ '[[:alpha:]]'"],
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    return None if done.returncode else done.stdout.strip() == "t"
