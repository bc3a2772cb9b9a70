"""`./dev test`: the whole suite by pytest, in a real Odoo with a real browser."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile

from ..console import die_with_parent, say, wait_for
from ..paths import ROOT
from ..runtime import Runtime
from ..system import require

#: A share needs about a gigabyte, for Odoo, a browser and its server processes.
MOST_SHARES = 4


def add_arguments(parser):
    parser.epilog = (
        "All further arguments go to pytest. Without any, the files are shared out to"
        " the cores of the machine, each share on a database of its own."
    )


def main(options):
    require("browser", "poppler", "fonts")
    with Runtime(options) as runtime:
        count = min(len(os.sched_getaffinity(0)), MOST_SHARES)
        if not options.rest and count > 1:
            # What they all need is made once.
            with runtime.databases.scratch("test"):
                pass
            return _run_at_once(options, shares(count))
        with runtime.databases.scratch("test") as name:
            return runtime.run(
                *("--odoo-database", name, "--odoo-http", *options.rest),
                module="pytest",
                # pytest puts its browsers away on this one only.
                ending=signal.SIGINT,
            )


def shares(count):
    """Deal out the test files, the long ones first."""
    files = sorted(
        (ROOT / "tests").glob("test_*.py"), key=lambda path: -path.stat().st_size
    )
    names = [str(path.relative_to(ROOT)) for path in files]
    return [names[first::count] for first in range(count)]


def _run_at_once(options, dealt):
    """Run a `./dev test` for each share; return the worst of their exit codes.

    The first is seen at work, what the others said is told when they are done.
    """
    server = ["--db-url", options.db_url] if options.db_url else []
    with contextlib.ExitStack() as stack:
        said = [
            None,
            *(stack.enter_context(tempfile.TemporaryFile()) for _ in dealt[1:]),
        ]
        children = [
            subprocess.Popen(
                [sys.executable, str(ROOT / "dev"), "test", *server, *share],
                cwd=ROOT,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
            for output, share in zip(said, dealt, strict=True)
        ]
        codes = []
        for child, output in zip(children, said, strict=True):
            codes.append(wait_for(child))
            if codes[-1] >= 128:
                # Who was told to end ends all.
                for other in children:
                    other.terminate()
            if output:
                output.seek(0)
                say(output.read().decode(errors="replace"))
    return max(codes)
