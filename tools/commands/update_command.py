"""`./dev update`: bring crm_custom up to date in the database of `./dev run`."""

from ..database import addon_digest
from ..runtime import Runtime
from .run_command import database_name


def add_arguments(parser):
    parser.add_argument("--db", metavar="NAME")


def main(options):
    with Runtime(options) as runtime:
        name = database_name(options)
        runtime.databases.update(name)
        runtime.databases.label(name, addon_digest())
        return 0
