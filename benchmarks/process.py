"""The harness's side of a worker: see benchmarks/worker.py."""

import json
import subprocess

from tools.console import Problem, die_with_parent
from tools.paths import ROOT, VENV_PYTHON


class WorkFailed(Exception):
    """A piece of work could not be done; the text is the traceback."""


class WorkerProcess:
    """An Odoo process that obeys."""

    def __init__(self, runtime, database, arguments=()):
        self.process = subprocess.Popen(
            [
                *(str(VENV_PYTHON), "-m", "benchmarks.worker", database),
                *arguments,
            ],
            env=runtime.environment(),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 (only libc is called)
        )
        self._answer()

    def ask(self, do, **order):
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Problem("an Odoo process of the bench ended: see above")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkFailed(answer["error"])
        return answer.get("result")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
