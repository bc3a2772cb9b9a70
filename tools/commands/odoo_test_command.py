"""`./dev odoo-test TAGS`: do Odoo's own suites still pass with the addon installed?"""

import re
import subprocess

from ..console import Problem, die_with_parent, say, wait_for
from ..database import MARK
from ..paths import ROOT, VENV_PYTHON, WORK
from ..runtime import Runtime, free_port
from ..system import require

#: `[-][tag][/module[/file]][:class][.method]`, as Odoo's --test-tags reads them
MODULE = re.compile(r"\+?[*\w]*/(\w+)")
FAILED = re.compile(r" (ERROR|FAIL): (.+)$")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def add_arguments(parser):
    parser.add_argument("tags", help="as --test-tags, such as /sale or /web:TestMenus")
    parser.add_argument("--without", action="store_true", help="without crm_custom")


def main(options):
    require("browser", "fonts")
    tags = [tag.strip() for tag in options.tags.split(",")]
    modules = {found[1] for tag in tags if (found := MODULE.match(tag))}
    if not modules:
        raise Problem("name the modules in the tags, such as /account,/sale:TestSale")
    with (
        Runtime(options) as runtime,
        runtime.databases.scratch("suite", with_addon=not options.without) as name,
    ):
        names = ",".join(sorted(modules))
        process = subprocess.Popen(
            [
                *(str(VENV_PYTHON), "-m", "odoo", "server", "-d", name),
                # At-install tests run while their module is installed or updated.
                *("-i", names, "-u", names, "--test-tags", options.tags),
                *("--http-port", str(free_port()), "--stop-after-init"),
                *("--log-level", "info"),
            ],
            env=runtime.environment(),
            cwd=ROOT,
            preexec_fn=die_with_parent(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        log = WORK / f"odoo-test-{MARK}.log"
        try:
            counted = _read(process, log)
        except BaseException:
            process.terminate()
            raise
        finally:
            code = wait_for(process)
        return _report(code, counted, log)


def _read(process, log):
    """Follow a run, print what fails, and return what Odoo counted in the end."""
    counted = None
    with open(log, "w") as kept:
        for line in process.stdout:
            kept.write(line)
            if failed := FAILED.search(line):
                print(f"{failed[1]} {failed[2]}", flush=True)
            counted = RESULT.search(line) or counted
    return counted


def _report(code, counted, log):
    say(f"    the whole log: {log}")
    if not counted:
        say("dev: no test ran: is the tag right?")
        return code or 1
    failures, errors, total = map(int, counted.groups())
    print(f"{total - failures - errors} passed, {failures + errors} failed")
    return 1 if failures or errors or not total else code
