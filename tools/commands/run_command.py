"""`./dev run`: Odoo with crm_custom in a browser."""

from ..console import say, wait_for
from ..database import LANGUAGE, PREFIX
from ..runtime import Runtime
from ..system import missing, packages

SET_LANGUAGE = """
users = env["res.users"].with_context(active_test=False).search([])
(users.partner_id | env["res.company"].search([]).partner_id).lang = {lang!r}
env.cr.commit()
"""


def add_arguments(parser):
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--no-demo", action="store_true", help="an empty company")
    parser.add_argument(
        "--lang", choices=("en_US", LANGUAGE), help="the language of every user"
    )
    parser.add_argument("--db", metavar="NAME", help="a database of its own")


def database_name(options):
    no_demo = getattr(options, "no_demo", False)
    return options.db or PREFIX + ("bare" if no_demo else "demo")


def main(options):
    with Runtime(options) as runtime:
        name = database_name(options)
        runtime.databases.kept(name, demo=not options.no_demo)
        if options.lang:
            code = SET_LANGUAGE.format(lang=options.lang)
            runtime.run_script(name, code)
        server = runtime.serve(name, options.port, "--max-cron-threads", "1")
        if lacking := missing("fonts"):
            line = f"apt-get install {' '.join(packages(lacking))}"
            say(f"    Chinese in PDFs needs a font: `{line}`")
        say(f"\nOdoo is ready: http://127.0.0.1:{options.port}/odoo")
        say(f"    user admin, password admin, database {name}; Ctrl-C stops it")
        return wait_for(server)
