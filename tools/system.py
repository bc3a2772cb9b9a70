"""What only the operating system's own packages give: looked for, or installed."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from .console import Problem, capture, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def find_browser():
    for name in (
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if path := shutil.which(name):
            return path
    return None


def _has_cjk_font():
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"],
        text=True,
        capture_output=True,
        check=False,
    )
    return bool(listed.stdout.strip())


def _has_library(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _missing_pdf_libraries():
    names = ("libXrender.so.1", "libXext.so.6", "libfontconfig.so.1", "libX11.so.6")
    return [name for name in names if not _has_library(name)]


#: what a part of the project needs: {need: (a test, the Debian packages that mend it)}
NEEDS = {
    "venv": (
        lambda: importlib.util.find_spec("ensurepip") is not None,
        ["python3-venv"],
    ),
    "browser": (lambda: find_browser() is not None, ["chromium"]),
    "poppler": (lambda: shutil.which("pdftotext") is not None, ["poppler-utils"]),
    "fonts": (_has_cjk_font, ["fontconfig", "fonts-noto-cjk"]),
    "pdf libraries": (
        lambda: not _missing_pdf_libraries(),
        ["libxrender1", "libxext6", "libfontconfig1", "libx11-6", "fontconfig"],
    ),
    # Odoo's signature is checked with it.
    "keyring": (KEYRING.exists, ["debian-archive-keyring"]),
    "file types": (lambda: _has_library("libmagic.so.1"), ["libmagic1"]),
}


def missing(*needs):
    """The names among `needs` that this machine lacks."""
    return [need for need in needs if not NEEDS[need][0]()]


def packages(needs):
    return [package for need in needs for package in NEEDS[need][1]]


def require(*needs):
    """Have the machine's packages for `needs`, or say the line that installs them.

    As root on Debian they are installed from the machine's own suite; nobody else
    changes the system.
    """
    lacking = missing(*needs)
    if not lacking:
        return
    wanted = packages(lacking)
    line = f"apt-get install {' '.join(wanted)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(f"this machine has no {', '.join(lacking)}: run `sudo {line}`")
    with step(f"installing Debian packages (as root): {' '.join(wanted)}"):
        _apt_install(wanted)
    importlib.invalidate_caches()
    if still := missing(*lacking):
        raise Problem(f"{', '.join(still)} still missing after `{line}`")


def _apt_install(wanted):
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    capture(
        ["apt-get", "update", "-qq"],
        "apt-get update failed: is there a network?",
        env=env,
    )
    capture(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted],
        f"apt-get could not install {' '.join(wanted)}: is there a network?",
        env=env,
    )


def debian_mirror():
    """The address of this machine's own Debian mirror."""
    if not shutil.which("apt-get"):
        raise Problem(
            "this machine has no apt-get to fetch Odoo with:"
            " point at an Odoo 19 that you have with --odoo PATH or ODOO_HOME"
        )
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        text=True,
        capture_output=True,
        check=False,
    )
    for line in listed.stdout.splitlines():
        if line.rstrip("/").endswith("debian"):
            return line
    raise Problem(
        "no Debian mirror is configured for apt:"
        " point at an Odoo 19 that you have with --odoo PATH or ODOO_HOME"
    )
