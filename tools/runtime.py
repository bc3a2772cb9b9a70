"""An Odoo that is ready to run: source, Python, server, PDF engine, configuration."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from . import odoo_source, postgres, python_env
from .console import Problem, die_with_parent, run_child
from .database import Databases
from .paths import DATA, ROOT, VENV, VENV_PYTHON, WORK


class Runtime:
    """What every command but the first steps needs.

    Making one fetches and starts what is missing; `run` is Odoo's command line.
    """

    def __init__(self, options):
        self.source = odoo_source.find(options.odoo)
        if options.odoo:
            os.environ["ODOO_HOME"] = options.odoo
        self.server = postgres.connect(options.db_url)
        os.environ.update(self.server.variables)
        pdf = python_env.ensure_pdf_engine()
        DATA.mkdir(parents=True, exist_ok=True)
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
        lines = [f"{name} = {value}" for name, value in settings.items()]
        # Odoo does not read libpq's variables for these four.
        for name in ("host", "port", "user", "password"):
            if value := os.environ.get(f"PG{name.upper()}"):
                lines.append(f"db_{name} = {value}")
        self.config.touch(mode=0o600)
        return "\n".join(["[options]", *lines, ""])

    def environment(self):
        path = [str(VENV / "bin"), os.environ.get("PATH", "")]
        if self.server.programs:
            path.insert(1, str(self.server.programs))
        return {
            **os.environ,
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

    def log(self, name):
        """The path of a log in the work folder."""
        return WORK / f"{name}.log"

    def serve(self, database, port, *arguments):
        """Start Odoo's server and return the process when it answers."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise Problem(
                    f"port {port} is taken: choose another with --port"
                ) from error
        server = subprocess.Popen(
            [
                *(str(VENV_PYTHON), "-m", "odoo", "server", "-d", database),
                *("--http-port", str(port), "--db-filter", f"^{database}$"),
                *arguments,
            ],
            env=self.environment(),
            cwd=ROOT,
            preexec_fn=die_with_parent(),
        )
        address = f"http://127.0.0.1:{port}/web/login"
        for _attempt in range(600):
            if server.poll() is not None:
                raise Problem(f"Odoo ended with code {server.returncode}: see above")
            try:
                with urllib.request.urlopen(address, timeout=30):
                    return server
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.2)
        server.terminate()
        raise Problem("Odoo did not answer within two minutes")


def _text_file(text):
    file = tempfile.TemporaryFile("w+")  # noqa: SIM115 (the child reads it)
    file.write(text)
    file.seek(0)
    return file


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
