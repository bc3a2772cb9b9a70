"""`./dev reset`: throw the databases away, or everything that `./dev` made."""

import shutil

from ..console import say
from ..locks import exclusive
from ..paths import WORK


def add_arguments(parser):
    parser.add_argument(
        "--all", action="store_true", help="Odoo and the Python environment too"
    )


def main(options):
    if not WORK.exists():
        say("    there is nothing to throw away")
        return 0
    # The keeper lets go of this lock only when the server has stopped.
    with exclusive("postgres", "another ./dev uses the databases: stop it"):
        for path in WORK.iterdir():
            if options.all or path.name in ("postgres", "data"):
                say(f"    removing {path}")
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
    return 0
