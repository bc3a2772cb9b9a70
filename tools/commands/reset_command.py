"""`./dev reset`: throw the databases away, or everything that `./dev` made."""

import shutil

from .. import postgres
from ..console import say
from ..locks import exclusive
from ..paths import DATA, WORK


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
        say(
            f"    removing {'everything' if options.all else 'the databases'} in {WORK}"
        )
        postgres.remove()
        shutil.rmtree(WORK if options.all else DATA, ignore_errors=True)
    return 0
