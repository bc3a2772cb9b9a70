"""`./dev doctor`: what was found, what is missing, and the line that mends it."""

import os
import platform
import shutil
import sys

from ..paths import NODE, ODOO_ROOT, VENV_PYTHON, WKHTMLTOPDF, WORK
from ..postgres import CLUSTER, GIVEN_VARIABLES
from ..system import NEEDS, missing, packages

NEEDED_BY = {
    "venv": "everything",
    "pdf libraries": "PDFs",
    "file types": "attachments",
    "browser": "./dev test and ./dev shot",
    "poppler": "./dev test",
    "fonts": "Chinese on screen pictures and in PDFs",
}


def add_arguments(parser):
    parser.epilog = "Nothing is changed."


def main(options):
    def line(good, name, text):
        print(f"{'ok     ' if good else 'MISSING'}  {name:14} {text}")

    lacking = missing(*NEEDS)
    line(True, "python", f"{platform.python_version()} ({sys.executable})")
    for need in NEEDS:
        wanted = f"apt-get install {' '.join(packages([need]))}"
        text = f"for {NEEDED_BY[need]}"
        line(need not in lacking, need, text if need not in lacking else wanted)
    given = options.odoo or os.environ.get("ODOO_HOME")
    made = {
        "odoo": (given or ODOO_ROOT / "complete", "fetched by ./dev run"),
        "environment": (VENV_PYTHON, "made by ./dev run"),
        "wkhtmltopdf": (WKHTMLTOPDF / "bin/wkhtmltopdf", "fetched by ./dev run"),
        "linters": (NODE / "node_modules", "fetched by ./dev lint"),
    }
    for name, (path, how) in made.items():
        there = os.path.exists(path)
        line(there, name, str(path) if there else how)
    if options.db_url or any(os.environ.get(name) for name in GIVEN_VARIABLES):
        line(True, "postgresql", options.db_url or "as the PG* variables say")
    else:
        there = (CLUSTER / "data").exists()
        line(
            there, "postgresql", f"private, {CLUSTER}" if there else "made by ./dev run"
        )
    free = shutil.disk_usage(WORK.parent).free / 1e9
    line(free > 5, "disk", f"{free:.0f} GB free; about 5 GB are needed")
    if os.geteuid() == 0 and lacking:
        print("\nYou are root: ./dev installs what is missing by itself.")
    return 1 if lacking else 0
