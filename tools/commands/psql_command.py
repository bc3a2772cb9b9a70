"""`./dev psql`: psql on the database of `./dev run`, or on another with --db."""

import shutil

from ..console import Problem, run_child
from ..runtime import Runtime
from .run_command import database_name


def add_arguments(parser):
    parser.add_argument("--db", metavar="NAME")
    parser.epilog = "All further arguments go to psql."


def main(options):
    with Runtime(options) as runtime:
        environment = runtime.environment()
        program = shutil.which("psql", path=environment["PATH"])
        if not program:
            raise Problem(
                "psql is missing: run `sudo apt-get install postgresql-client`"
            )
        command = [program, "-d", database_name(options), *options.rest]
        return run_child(command, env=environment)
