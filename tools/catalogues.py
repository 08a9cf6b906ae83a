"""Keep the message catalogues complete, without the gettext programs.

    python tools/catalogues.py update   gather new messages, compile
    python tools/catalogues.py check    say what is missing; a gate

English is in the code (the msgid), Dutch is in `locale/nl/LC_MESSAGES/*.po` beside it. Each folder
`locale` serves the package that holds it: its Python files and its templates. The compiled files
are committed, since what is installed from a checkout has to speak Dutch at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "mixwijzer"
WEB = SOURCE / "web"
HEADER: dict[str, Any] = {
    "locale": "nl",
    "project": "Mixwijzer",
    "version": "1",
    "header_comment": "# Dutch for Mixwijzer. Words on screen: see CONTRIBUTING.md.",
    "msgid_bugs_address": "see SECURITY.md and CONTRIBUTING.md",
    "last_translator": "The Mixwijzer maintainers",
    "language_team": "Dutch",
    "fuzzy": False,
}
# What Django adds to gettext's own names; a pair is (singular, plural), "c" marks the context.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue_paths() -> list[Path]:
    """Return every Dutch catalogue there is, and the one that the web application must have."""
    found = set(SOURCE.rglob("locale/nl/LC_MESSAGES/*.po"))
    return sorted(found | {WEB / "locale/nl/LC_MESSAGES/django.po"})


def package_of(catalogue: Path) -> Path:
    """Return the package whose messages a catalogue translates."""
    return catalogue.parents[3]


def template_code(path: Path) -> str:
    """Turn a template into the calls of gettext that it stands for, line by line."""
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in code.splitlines())


def messages_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Yield the messages of one file, with their context and the translators' comments."""
    code = template_code(path) if path.suffix == ".html" else path.read_text(encoding="utf-8")
    stream = io.BytesIO(code.encode())
    options = {"encoding": "utf-8"}
    for _, message, comments, context in extract(
        "python", stream, KEYWORDS, ["Translators"], options
    ):
        yield message, context, comments


def messages_of(package: Path) -> Catalog:
    """Gather all messages of a package; the place is a file, without a line that moves."""
    gathered = Catalog(**HEADER)
    files = [*package.rglob("*.py"), *package.rglob("templates/**/*.html")]
    for path in sorted(files):
        place = (path.relative_to(package).as_posix(), 0)
        for message, context, comments in messages_in(path):
            gathered.add(message, locations=[place], auto_comments=comments, context=context)
    return gathered


def read(path: Path) -> Catalog:
    """Read a catalogue; one that isn't there yet is empty."""
    if not path.exists():
        return Catalog(**HEADER)
    with path.open("rb") as file:
        return read_po(file, locale="nl")


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as gettext reads it at run time."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(path: Path) -> list[str]:
    """Add the new messages to a catalogue, drop those that are gone, compile it."""
    catalogue = read(path)
    gathered = messages_of(package_of(path))
    gathered.creation_date = catalogue.creation_date  # the date of an update is in the history
    catalogue.update(gathered, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(read(path)))
    return untranslated(catalogue, path.relative_to(ROOT).as_posix())


def untranslated(catalogue: Catalog, name: str) -> list[str]:
    """Return a finding for every message without a sure and sound translation."""
    findings = []
    for message in filter(lambda message: message.id, catalogue):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(strings):
            findings.append(f"{name}: no Dutch for {message.id!r}")
        else:
            problems = message.check(catalogue)
            findings += [f"{name}: {message.id!r}: {problem}" for problem in problems]
    return findings


def check(path: Path) -> list[str]:
    """Return what is wrong with a catalogue and its compiled form."""
    name = path.relative_to(ROOT).as_posix()
    catalogue = read(path)
    here = {(message.id, message.context) for message in catalogue if message.id}
    gathered = messages_of(package_of(path))
    wanted = {(message.id, message.context) for message in gathered if message.id}
    findings = [f"{name}: new message {key[0]!r}" for key in sorted(wanted - here, key=str)]
    findings += [f"{name}: no longer used: {key[0]!r}" for key in sorted(here - wanted, key=str)]
    findings += untranslated(catalogue, name)
    binary = path.with_suffix(".mo")
    if here and (not binary.exists() or binary.read_bytes() != compiled(catalogue)):
        findings.append(f"{name}: the compiled form is out of date")
    return findings


def main(arguments: list[str]) -> int:
    """Run the command named by the first argument."""
    command = {"update": update, "check": check}.get(arguments[0] if arguments else "")
    if command is None:
        print(__doc__, file=sys.stderr)
        return 2
    findings = [finding for path in catalogue_paths() for finding in command(path)]
    print("\n".join(findings) or "every message has its Dutch")
    if findings and command is check:
        print("\nRun `make messages`, translate what is empty in the .po file, run it again.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
