"""An Odoo that is ready to run: source, Python, server, PDF engine, configuration."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import odoo_source, postgres, python_env
from .console import Problem, die_with_parent, run_child, wait_for
from .database import Databases
from .paths import DATA, ROOT, VENV, VENV_PYTHON, WORK


class Runtime:
    """What every command but the first steps needs.

    Making one fetches and starts what is missing; `run` is Odoo's command line.
    """

    def __init__(self, options):
        self.source = odoo_source.find(options.odoo)
        if options.odoo:
            os.environ["ODOO_HOME"] = str(Path(options.odoo).expanduser().resolve())
        self.server = postgres.connect(options.db_url)
        os.environ.update(self.server.variables)
        pdf = python_env.ensure_pdf_engine()
        DATA.mkdir(parents=True, exist_ok=True)
        _remove_left_behind()
        self.config = WORK / f"odoo-{os.getpid()}.conf"
        self.config.write_text(self._configuration(pdf))
        self.databases = Databases(self)

    @property
    def identity(self):
        return self.source.identity

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.config.unlink(missing_ok=True)

    def _configuration(self, pdf):
        settings = {
            "addons_path": ",".join(map(str, [*self.source.addons, ROOT])),
            "data_dir": DATA,
            "bin_path": pdf,
            "http_interface": "127.0.0.1",
            "log_level": "warn",
            "max_cron_threads": 0,
            "unaccent": True,
        }
        # The server stands in libpq's variables, which Odoo 19 reads.
        lines = [f"{name} = {value}" for name, value in settings.items()]
        return "\n".join(["[options]", *lines, ""])

    def environment(self):
        path = [str(VENV / "bin"), os.environ.get("PATH", "")]
        if self.server.programs:
            path.insert(1, str(self.server.programs))
        # Odoo prefers ODOO_ADDONS_PATH and the like to its configuration.
        kept = {
            name: value
            for name, value in os.environ.items()
            if name == "ODOO_HOME" or not name.startswith("ODOO_")
        }
        return {
            **kept,
            "PATH": os.pathsep.join(path),
            "PYTHONPATH": str(self.source.python_path),
            "ODOO_RC": str(self.config),
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, *arguments, module="odoo", **kwargs):
        """Run `python -m odoo ARGUMENTS` in the foreground; return its exit code."""
        command = [str(VENV_PYTHON), "-m", module, *arguments]
        return run_child(command, env=self.environment(), cwd=ROOT, **kwargs)

    def run_script(self, database, code):
        """Run a script in Odoo's shell, as the superuser; what it commits is kept."""
        if self.run("shell", "-d", database, "--no-http", stdin=_text_file(code)):
            raise Problem("a script in Odoo's shell failed: see above")

    def serve(self, database, port, *arguments):
        """Start Odoo's server and return the process when it answers.

        It does not hear the terminal's Ctrl-C, since a second one would make it drop
        everything: `wait_for(server, interrupt=True)` hands the first one on.
        """
        require_port(port)
        self.databases.set_address(database, f"http://127.0.0.1:{port}")
        server = subprocess.Popen(
            [
                *(str(VENV_PYTHON), "-m", "odoo", "server", "-d", database),
                *("--http-port", str(port), "--db-filter", f"^{re.escape(database)}$"),
                *arguments,
            ],
            env=self.environment(),
            cwd=ROOT,
            # Nobody would be left to tell it a second time.
            preexec_fn=die_with_parent(signal.SIGKILL),
            start_new_session=True,
        )
        try:
            _wait_until_it_answers(server, port)
        except BaseException:
            server.terminate()
            wait_for(server)
            raise
        return server


def require_port(port):
    """Say so when a server could not listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Problem(
                f"port {port} is kept for root: choose one above 1023 with --port"
            ) from error
        except OverflowError as error:
            raise Problem(f"--port {port} is not between 1 and 65535") from error
        except OSError as error:
            raise Problem(
                f"port {port} is taken: choose another with --port"
            ) from error


def _wait_until_it_answers(server, port):
    address = f"http://127.0.0.1:{port}/web/login"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Problem(f"Odoo ended with code {server.returncode}: see above")
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    raise Problem("Odoo did not answer within two minutes: see above")


def _remove_left_behind():
    """Remove configurations whose `./dev` was killed."""
    for path in WORK.glob("odoo-*.conf"):
        if not Path("/proc", path.stem.removeprefix("odoo-")).exists():
            path.unlink(missing_ok=True)


def _text_file(text):
    file = tempfile.TemporaryFile("w+")  # noqa: SIM115 (the child reads it)
    file.write(text)
    file.seek(0)
    return file


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
