"""`./dev reset`: throw the databases away, or everything that `./dev` made."""

import os
import shutil
import sys

from .. import postgres, python_env
from ..console import say
from ..database import PREFIX, Databases
from ..locks import exclusive
from ..paths import DATA, VENV_PYTHON, WORK


def add_arguments(parser):
    parser.add_argument(
        "--all", action="store_true", help="Odoo and the Python environment too"
    )


def main(options):
    if not WORK.exists():
        say("    there is nothing to throw away")
        return 0
    given = postgres.is_given(options.db_url) and VENV_PYTHON.exists()
    if given:
        python_env.enter(sys.argv[1:])
    # The keeper lets go of this lock only when the server has stopped.
    with exclusive("postgres", "another ./dev uses the databases: stop it"):
        if given:
            _drop_on_given_server(options.db_url)
        say(
            f"    removing {'everything' if options.all else 'the databases'} in {WORK}"
        )
        postgres.remove()
        shutil.rmtree(WORK if options.all else DATA, ignore_errors=True)
    return 0


def _drop_on_given_server(db_url):
    """Only what this checkout made there is thrown away."""
    os.environ.update(postgres.given(db_url).variables)
    databases = Databases(None)
    names = [name for name in databases.names() if name.startswith(PREFIX)]
    say(f"    removing {len(names)} databases {PREFIX}* on the given server")
    databases.drop(*names)
