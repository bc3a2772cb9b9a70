"""`./dev`: reads the command line and hands over to `tools/commands/`."""

import argparse
import errno
import importlib
import os
import signal
import sys

from . import python_env
from .console import FULL_DISK, Problem, heeded, say

COMMANDS = {
    "run": "serve Odoo with crm_custom and demo data on 127.0.0.1",
    "test": "run the tests (arguments go to pytest)",
    "lint": "check format and style of everything",
    "odoo": "Odoo's own command line with the project's configuration",
    "shell": "Odoo's shell on a copy of the demo database",
    "odoo-test": "Odoo's own tests by tag, with the addon or --without it",
    "psql": "psql on the database of `./dev run`",
    "update": "update crm_custom in the database of `./dev run`",
    "i18n": "export the .pot, merge it into the .po, fail on a missing string",
    "bench": "time the addon's work on a big data set",
    "shot": "a picture of a page, logged in as a role",
    "reset": "throw the databases away (--all: everything that ./dev made)",
    "doctor": "what was found, what is missing, and the line that mends it",
}
#: Commands whose further arguments belong to another program.
PASS_ON = {"test", "odoo", "psql"}
NOT_WRITABLE = {
    errno.EACCES,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
#: Commands that look at what is there and set nothing up.
BARE = {"doctor", "reset"}


def parser_of(name, module):
    parser = argparse.ArgumentParser(
        prog=f"dev {name}",
        description=COMMANDS[name],
        # Neither is an option of ours where another program has one of that name.
        allow_abbrev=False,
        add_help=name not in PASS_ON,
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo 19 that you have")
    parser.add_argument("--db-url", metavar="URL", help="a PostgreSQL that you have")
    module.add_arguments(parser)
    return parser


def usage():
    say("usage: ./dev COMMAND [OPTIONS]\n")
    for name, text in COMMANDS.items():
        say(f"  {name:10} {text}")
    say("\n./dev COMMAND --help tells the options of one.")
    say("What it makes is in .dev/, or in the folder that CRM_DEV_FOLDER names.")


def read(parser, name, arguments):
    if name not in PASS_ON:
        return parser.parse_args(arguments)
    if arguments[:1] in (["-h"], ["--help"]):
        parser.print_help()
        say(f"\n`./dev {name} -- --help` tells those of the other program.")
        sys.exit(0)
    options, options.rest = parser.parse_known_args(arguments)
    if options.rest[:1] == ["--"]:
        del options.rest[0]
    return options


def end_cleanly(number, _frame):
    """Let what must be put away be put away before a signal ends us."""
    sys.exit(128 + number)


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        usage()
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        say(f"dev: there is no command {name!r}")
        usage()
        return 2
    for number in heeded():
        signal.signal(number, end_cleanly)
    if os.geteuid() == 0:
        # PostgreSQL's user must read its programs.
        os.umask(0o022)
    try:
        if name not in BARE:
            python_env.enter(arguments)
        module = importlib.import_module(
            f".commands.{name.replace('-', '_')}_command", __package__
        )
        return module.main(read(parser_of(name, module), name, rest))
    except Problem as problem:
        say(f"dev: {problem}")
        return 1
    except BrokenPipeError:
        # Whoever read us, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        if error.errno == errno.ENOSPC:
            say(f"dev: {FULL_DISK}")
        elif error.errno in NOT_WRITABLE:
            say(
                f"dev: {error.filename} may not be written: set CRM_DEV_FOLDER to a"
                " folder of yours, or give this one back to its owner"
            )
        else:
            raise
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        sys.stdout.flush()
