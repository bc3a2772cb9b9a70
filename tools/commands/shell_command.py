"""`./dev shell`: Odoo's shell, where nothing that is done is kept."""

from ..runtime import Runtime


def add_arguments(parser):
    parser.add_argument("--no-demo", action="store_true", help="an empty company")


def main(options):
    with (
        Runtime(options) as runtime,
        runtime.databases.scratch("shell", demo=not options.no_demo) as name,
    ):
        return runtime.run("shell", "-d", name, "--no-http")
