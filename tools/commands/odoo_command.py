"""`./dev odoo ARGUMENTS`: Odoo's own command line."""

from ..runtime import Runtime


def add_arguments(parser):
    parser.epilog = "All further arguments go to Odoo."


def main(options):
    with Runtime(options) as runtime:
        return runtime.run(*options.rest)
