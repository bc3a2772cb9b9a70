"""Finds an Odoo 19, or fetches Debian's package of it into the work folder."""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .console import Problem, capture, require_space, say, size_of, step
from .locks import exclusive
from .paths import APT, ODOO_ROOT, WORK
from .system import KEYRING, debian_mirror, require

ODOO_SUITE, COMPANION_SUITE = "sid", "trixie"
#: Debian's Odoo links these instead of carrying them; sid's Font Awesome is too new.
COMPANIONS = (
    "fonts-font-awesome",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
#: Not free enough for Debian; without a file there every page logs an asset error.
LEFT_OUT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19: what goes on PYTHONPATH, its addons folders, and its identity."""

    python_path: Path
    addons: tuple
    identity: str

    @property
    def package(self):
        return self.python_path / "odoo"


def find(given=None):
    """Return the Odoo of `--odoo`, of ODOO_HOME, or the fetched one."""
    if given or os.environ.get("ODOO_HOME"):
        return inspect(given or os.environ["ODOO_HOME"])
    with exclusive("odoo"):
        if not (ODOO_ROOT / "complete").exists():
            _fetch()
    dist = ODOO_ROOT / "usr/lib/python3/dist-packages"
    version = (ODOO_ROOT / "complete").read_text().strip()
    return Odoo(dist, (dist / "odoo/addons",), f"debian {version}")


def inspect(path):
    """Understand a checkout, an unpacked source, or a folder that holds `odoo/`."""
    home = Path(path).expanduser().resolve()
    for base in (home, home.parent, home / "usr/lib/python3/dist-packages"):
        release = base / "odoo" / "release.py"
        if release.exists():
            break
    else:
        raise Problem(f"{home} is not an Odoo: there is no odoo/release.py in it")
    found = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    if not found or found.groups() != ("19", "0"):
        version = ".".join(found.groups()) if found else "of an unknown version"
        raise Problem(f"{home} is Odoo {version}; crm_custom needs 19.0")
    addons = tuple(
        path for path in (base / "addons", base / "odoo" / "addons") if path.is_dir()
    )
    digest = hashlib.sha256(release.read_bytes()).hexdigest()[:12]
    identity = f"{base} {_revision(base) or digest}"
    return Odoo(_alone(base), addons, identity)


def _revision(base):
    if not shutil.which("git"):
        return None
    return subprocess.run(
        ["git", "-C", str(base), "rev-parse", "HEAD"],
        text=True,
        capture_output=True,
        check=False,
    ).stdout.strip()


def _alone(base):
    """A folder with nothing but `odoo` for PYTHONPATH.

    An installed Odoo has a whole system's packages beside it, and these would come
    before the ones of the lock file.
    """
    if base.name not in ("dist-packages", "site-packages"):
        return base
    mark = hashlib.sha256(str(base).encode()).hexdigest()[:6]
    folder = WORK / f"odoo_{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "odoo"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(base / "odoo")
    return folder


def _fetch():
    mirror = debian_mirror()
    require("keyring")
    require_space(APT.parent, 2500, "Odoo with its archive")
    options = _apt_options(mirror)
    with step("reading Debian's package lists (about 20 MB)"):
        capture(
            # Without the mode apt-get is content when nothing could be reached.
            ["apt-get", *options, "-o", "APT::Update::Error-Mode=any", "update", "-qq"],
            "the package lists could not be read: is there a network?",
        )
    packages = APT / "packages"
    shutil.rmtree(packages, ignore_errors=True)
    packages.mkdir()
    with step("downloading Odoo 19 with its fonts and scripts (about 125 MB)"):
        capture(
            [
                "apt-get",
                *options,
                "download",
                f"odoo-19/{ODOO_SUITE}",
                *(f"{name}/{COMPANION_SUITE}" for name in COMPANIONS),
            ],
            "Odoo could not be downloaded: is there a network?",
            cwd=packages,
        )
    shutil.rmtree(ODOO_ROOT, ignore_errors=True)
    ODOO_ROOT.mkdir()
    with step("unpacking Odoo"):
        for package in sorted(packages.glob("*.deb")):
            capture(
                ["dpkg", "-x", str(package), str(ODOO_ROOT)],
                f"{package.name} could not be unpacked",
            )
    version = next(packages.glob("odoo-19_*.deb")).name.split("_")[1]
    if not version.startswith("19.0"):
        raise Problem(f"Debian's Odoo is {version}; crm_custom needs 19.0")
    substitute = ODOO_ROOT / "usr/lib/python3/dist-packages/odoo" / LEFT_OUT
    substitute.parent.mkdir(parents=True, exist_ok=True)
    substitute.write_text(
        "/* Left out by Debian: calls cannot blur the background. */\n"
    )
    shutil.rmtree(packages)
    (ODOO_ROOT / "complete").write_text(version + "\n")
    say(f"    Odoo {version} takes {size_of(ODOO_ROOT)}")


def _apt_options(mirror):
    """A private apt: its own lists, cache and sources, the system's keys."""
    for folder in ("state/lists/partial", "cache/archives/partial", "etc"):
        (APT / folder).mkdir(parents=True, exist_ok=True)
    sources = APT / "etc/sources.list"
    sources.write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {mirror} {suite} main\n"
            for suite in (ODOO_SUITE, COMPANION_SUITE)
        )
    )
    settings = {
        "Dir::State": APT / "state",
        "Dir::State::lists": APT / "state/lists",
        "Dir::Cache": APT / "cache",
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "root",
    }
    return [
        part for key, value in settings.items() for part in ("-o", f"{key}={value}")
    ]
