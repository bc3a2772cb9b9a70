"""Addons of others, from the Python registry, in a folder of their own below .dev/."""

import hashlib
import shutil

from tools.console import capture, step
from tools.locks import exclusive
from tools.paths import ROOT, VENV_PYTHON, WORK

LIST = ROOT / "benchmarks" / "peers.txt"
FOLDER = WORK / "bench" / "peers"
ADDONS = FOLDER / "odoo" / "addons"


def key():
    return f"peers{hashlib.sha256(LIST.read_bytes()).hexdigest()[:6]}x"


def ensure():
    """Have the addons of the list on the disk."""
    stamp = FOLDER / "complete"
    with exclusive("bench-peers"):
        if stamp.exists() and stamp.read_text() == key():
            return
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        with step("fetching the addons of others"):
            capture(
                [
                    str(VENV_PYTHON),
                    *("-m", "pip", "install", "--quiet", "--no-deps"),
                    *("--disable-pip-version-check", "--no-compile"),
                    *("--target", str(FOLDER), "-r", str(LIST)),
                ],
                "the addons of others could not be fetched: is there a network?",
            )
        stamp.write_text(key())


def modules():
    ensure()
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def arguments(runtime):
    """Where Odoo finds the addons of others, and not crm_custom."""
    path = ",".join(map(str, [*runtime.source.addons, ADDONS]))
    return ["--addons-path", path]


def versions():
    """{addon: version} as the list names them."""
    found = {}
    for line in LIST.read_text().splitlines():
        name, _equals, version = line.partition("==")
        if version:
            found[name.removeprefix("odoo-addon-")] = version
    return found
