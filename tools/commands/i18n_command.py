"""`./dev i18n`: the .pot as Odoo exports it, merged into the .po files."""

import tempfile
from pathlib import Path

import polib

from ..console import Problem, say
from ..database import LANGUAGE
from ..paths import ADDON
from ..runtime import Runtime

FOLDER = ADDON / "i18n"


def add_arguments(parser):
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail if something would"
    )


def main(options):
    exported = _export(options)
    _make_stable(exported)
    _check_words(exported)
    text = str(exported) + "\n"
    template = FOLDER / "crm_custom.pot"
    if options.check:
        if not template.exists() or template.read_text() != text:
            raise Problem("crm_custom.pot is not what the addon says: run `./dev i18n`")
    else:
        template.write_text(text)
    lacking = 0
    for path in {FOLDER / f"{LANGUAGE}.po", *FOLDER.glob("*.po")}:
        lacking += _merge(path, exported, write=not options.check)
    if lacking:
        raise Problem(f"{lacking} strings are not translated: see the list above")
    say(f"    {len(exported)} strings, all translated")
    return 0


def _export(options):
    """The strings as Odoo finds them, read from beside the working tree."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Runtime(options) as runtime,
        runtime.databases.scratch("i18n") as name,
    ):
        path = Path(folder) / "crm_custom.pot"
        code = runtime.run(
            *("i18n", "export", "-c", str(runtime.config), "-d", name),
            *("-o", str(path), "crm_custom"),
        )
        if code:
            raise Problem("Odoo could not export the strings: see above")
        return polib.pofile(str(path))


def _make_stable(catalogue):
    """Leave out what changes with the day, so that the same addon gives one file."""
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(name, None)


def _check_words(exported):
    """Refuse a word with two meanings that another language has two words for."""
    entry = exported.find("Active")
    if entry and any(",field_description:" in place for place, _ in entry.occurrences):
        raise Problem(
            '"Active" is a status of customers: give the field of archived records '
            'another label, as `active = fields.Boolean(string="In use")`'
        )


def _merge(path, exported, write):
    """Take new strings into one language; return how many have no translation."""
    if path.exists():
        catalogue = polib.pofile(str(path))
    else:
        catalogue = polib.POFile()
        catalogue.metadata = {**exported.metadata, "Language": path.stem}
    catalogue.header = exported.header
    catalogue.merge(exported)
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    # in the order of the template: a change shows where it is, whoever merged it
    places = {entry.msgid_with_context: place for place, entry in enumerate(exported)}
    catalogue.sort(key=lambda entry: places[entry.msgid_with_context])
    _make_stable(catalogue)
    catalogue.wrapwidth = exported.wrapwidth
    if write:
        path.write_text(str(catalogue) + "\n")
    lacking = catalogue.untranslated_entries() + catalogue.fuzzy_entries()
    for entry in lacking:
        say(f"    {path.name}: not translated: {entry.msgid!r}")
    return len(lacking)
