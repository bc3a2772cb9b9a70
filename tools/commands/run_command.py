"""`./dev run`: Odoo with crm_custom in a browser."""

from ..console import say, wait_for
from ..database import LANGUAGE, PREFIX
from ..runtime import Runtime, require_port
from ..system import missing, packages

SET_LANGUAGE = """
users = env["res.users"].with_context(active_test=False).search([])
(users.partner_id | env["res.company"].search([]).partner_id).lang = {lang!r}
env.cr.commit()
"""
#: On fresh demo data two of Odoo's jobs fill the log with a page each just after the
#: first start: the stock scheduler, which writes the reordering rules through two
#: cursors and fails on itself, and the one that asks a paid service about each lead.
PUT_JOBS_OFF = """
from datetime import timedelta
scheduler = env.ref("stock.ir_cron_scheduler_action", raise_if_not_found=False)
if scheduler:
    scheduler.nextcall = scheduler.nextcall + timedelta(days=1)
enrichment = env.ref("crm_iap_enrich.ir_cron_lead_enrichment", raise_if_not_found=False)
if enrichment:
    enrichment.active = False
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
    require_port(options.port)
    with Runtime(options) as runtime:
        name = database_name(options)
        fresh = runtime.databases.kept(name, demo=not options.no_demo)
        scripts = []
        if fresh and not options.no_demo:
            scripts.append(PUT_JOBS_OFF)
        if options.lang:
            scripts.append(SET_LANGUAGE.format(lang=options.lang))
        if scripts:
            runtime.run_script(name, "".join(scripts))
        server = runtime.serve(name, options.port, "--max-cron-threads", "1")
        if lacking := missing("fonts"):
            line = f"apt-get install {' '.join(packages(lacking))}"
            say(f"    Chinese in PDFs needs a font: `{line}`")
        say(f"\nOdoo is ready: http://127.0.0.1:{options.port}/odoo")
        say(f"    user admin, password admin, database {name}; Ctrl-C stops it")
        return wait_for(server, interrupt=True)
