"""`./dev test`: the whole suite by pytest, in a real Odoo with a real browser."""

import signal

from ..runtime import Runtime
from ..system import require


def add_arguments(parser):
    parser.epilog = "All further arguments go to pytest."


def main(options):
    require("browser", "poppler", "fonts")
    with Runtime(options) as runtime, runtime.databases.scratch("test") as name:
        return runtime.run(
            *("--odoo-database", name, "--odoo-http", *options.rest),
            module="pytest",
            # pytest puts its browsers away on this one only.
            ending=signal.SIGINT,
        )
