"""`./dev lint`: every formatter and checker, on everything."""

import hashlib
import os
import shutil
import subprocess

from ..console import Problem, capture, say, step
from ..locks import exclusive
from ..paths import ADDON, NODE, ROOT, VENV

NAMES = (
    *("ruff", "ruff format", "pylint-odoo", "oca module", "oca po"),
    *("prettier", "eslint", "length", "spaces"),
)
FOLDERS = ("crm_custom", "tests", "tools", "benchmarks", "docs", ".ci")
#: What no formatter looks at, by suffix or name
TEXTS = (".csv", ".json", ".lock", ".in", ".md", ".toml", ".txt", ".yaml", "dev", "run")
MAX_LINES = 400
PYLINT_OFF = (
    "manifest-required-author",
    "missing-readme",
    # A core model is extended by room, as core does it itself.
    "consider-merging-classes-inherited",
    # The parent's write is called from elsewhere where our own would start over.
    "missing-return",
    "super-method-mismatch",
)


def add_arguments(parser):
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    parser.add_argument("--only", choices=NAMES, help="one of the checks")


def main(options):
    environment = _environment()
    failed = []
    for name, command in _checks(options.fix).items():
        if options.only not in (None, name):
            continue
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        say(f"{'ok    ' if not done.returncode else 'FAILED'}  {name}")
        if done.returncode:
            failed.append(name)
    for name, complaints in (("length", _too_long), ("spaces", _untidy)):
        if options.only not in (None, name):
            continue
        found = complaints()
        say("\n".join([*found, f"{'FAILED' if found else 'ok    '}  {name}"]))
        if found:
            failed.append(name)
    if failed:
        raise Problem(f"{', '.join(failed)} failed: `./dev lint --fix` mends formats")
    return 0


def _checks(fix):
    prettier = [
        *("prettier", "--log-level", "warn", "--write" if fix else "--check"),
        f"--plugin={NODE}/node_modules/@prettier/plugin-xml/src/plugin.js",
        "crm_custom/**/*.{js,xml,scss}",
    ]
    pylint = [
        *("pylint", "--rcfile", "pyproject.toml", f"--disable={','.join(PYLINT_OFF)}"),
        "crm_custom",
    ]
    return {
        "ruff": ["ruff", "check", "--quiet", *(["--fix"] if fix else []), "."],
        "ruff format": [
            "ruff",
            "format",
            "--quiet",
            *([] if fix else ["--check"]),
            ".",
        ],
        "pylint-odoo": pylint,
        "oca module": [
            *("oca-checks-odoo-module", "--disable=xml-header-wrong"),
            "crm_custom/__manifest__.py",
        ],
        "oca po": [
            # A string that is the same in Chinese counts as translated.
            *("oca-checks-po", "--disable=po-pretty-format"),
            *map(str, sorted(ADDON.glob("i18n/*.po*"))),
        ],
        "prettier": prettier,
        "eslint": [
            *("eslint", "--config", "tools/node/eslint.config.cjs"),
            *(["--fix"] if fix else []),
            "crm_custom/static",
        ],
    }


def _files(*suffixes):
    """The repository's own files, below its folders and beside them."""
    within = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    for path in sorted([*within, *ROOT.iterdir()]):
        if path.is_file() and (path.suffix in suffixes or path.name in suffixes):
            yield path.relative_to(ROOT), path.read_text()


def _too_long():
    return [
        f"{name}: more than {MAX_LINES} lines belong in two files"
        for name, text in _files(".py", ".js")
        if text.count("\n") > MAX_LINES
    ]


def _untidy():
    """Spaces at the end of lines, and files that do not end with one line's end."""
    found = []
    for name, text in _files(*TEXTS):
        found += [
            f"{name}:{number}: spaces at the end"
            for number, line in enumerate(text.split("\n"), 1)
            if line != line.rstrip()
        ]
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            found.append(f"{name}: must end with the end of its last line")
    return found


def _environment():
    """The environment in which the Python and the Node tools are found."""
    programs = [VENV / "bin", NODE / "node_modules" / ".bin"]
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "CRM_NODE_FOLDER": str(NODE)}
    source = ROOT / "tools" / "node"
    wanted = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    stamp = NODE / "complete"
    with exclusive("node"):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(NODE, ignore_errors=True)
            NODE.mkdir(parents=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(source / name, NODE)
            with step("installing the XML and JavaScript checkers (about 30 MB)"):
                capture(
                    ["npm", "ci", "--silent", "--ignore-scripts", "--no-audit"],
                    "the checkers could not be installed: is there a network?",
                    cwd=NODE,
                    env=environment,
                )
            stamp.write_text(wanted)
    return environment
