"""How does an import look on its page? Words and values for the components, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _

from mixwijzer.exchange import mappings
from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.wording import Language, finding_text
from mixwijzer.web.register.import_states import MOVING, ImportState
from mixwijzer.web.register.selectors import ImportLine, ImportPage, MappingLine, StairwellLine
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Fact, Figure, Link
from mixwijzer.web.ui.spreadsheets import csv_file

__all__ = [
    "ImportScreen",
    "built_on_text",
    "findings_file",
    "import_screen",
    "imports_table",
    "language",
    "mappings_table",
    "numbers_table",
    "own_choices",
    "shipped_mappings",
    "source_title",
    "stairwells_table",
]

ROWS = 8  # named behind a finding that is so in more of them
SHOWN = 100  # findings on the page; the file has them all
STEPS = {
    "reading": gettext_lazy("The file is being read."),
    "comparing": gettext_lazy("The file is being compared with what is known."),
    "accounts": gettext_lazy("The account of each complex is being made."),
    "writing": gettext_lazy("The rows are being written."),
}
TABLES = {
    "areas": gettext_lazy("areas"),
    "complexes": gettext_lazy("complexes"),
    "dwellings": gettext_lazy("homes"),
    "tenancies": gettext_lazy("leases"),
    "vacancies": gettext_lazy("notices"),
    "judgements": gettext_lazy("judgements"),
    "counts": gettext_lazy("counts"),
    "placements": gettext_lazy("placements"),
    "lettings": gettext_lazy("lettings"),
    "roles": gettext_lazy("roles"),
}
HELD = {
    "changed_homes": gettext_lazy(
        "More homes change than may change without somebody looking (norm import.changed_homes)."
    ),
    "vanished_homes": gettext_lazy(
        "Homes are missing from the file. Is the extract complete? (norm import.vanished_homes)"
    ),
    "ended_leases": gettext_lazy(
        "Many leases end at once. Is that a default of the system? (norm import.ended_leases)"
    ),
    "first_time": gettext_lazy("This is the first file; somebody has to look at it once."),
    "older_data": gettext_lazy(
        "The file is not about a later day than the data that are there, and says something else."
    ),
    "moved": gettext_lazy(
        "Something else was brought in after this file was compared. It was compared again: "
        "what it would do now is below. Nothing was written."
    ),
}
TROUBLES = {
    "file_gone": gettext_lazy(
        "The file is no longer there. Nothing was written. Upload the file again."
    ),
    "tables_gone": gettext_lazy(
        "What was read of the file is no longer there. Nothing was written. Upload the file again."
    ),
    "disk": gettext_lazy(
        "The file could not be kept: perhaps the disk has no space left. Nothing was written. "
        "Make space and upload the file again."
    ),
    "stopped": gettext_lazy("The work was interrupted. Nothing was written."),
    "account": gettext_lazy(
        "No account could be made of a complex with what the file says. Nothing was written. "
        "Check the leases, roles and counts of the file, and upload it again."
    ),
}
BUILT_ON = {
    "placed": ngettext_lazy(
        "%(number)d complex lies in a neighbourhood that it brought.",
        "%(number)d complexes lie in neighbourhoods that it brought.",
        "number",
    ),
    "replaced": ngettext_lazy(
        "%(number)d row of it was changed by a later import or by somebody.",
        "%(number)d rows of it were changed by a later import or by somebody.",
        "number",
    ),
    "judged": ngettext_lazy(
        "%(number)d judgement was given about a complex that it brought.",
        "%(number)d judgements were given about complexes that it brought.",
        "number",
    ),
    "extended": ngettext_lazy(
        "%(number)d later row is about a home that it brought.",
        "%(number)d later rows are about homes that it brought.",
        "number",
    ),
    "said": gettext_lazy("Judgements given since that could no longer be: %(number)d."),
    "decided": ngettext_lazy(
        "%(number)d decision was taken on a notice that it brought.",
        "%(number)d decisions were taken on notices that it brought.",
        "number",
    ),
}
TONES = {
    ImportState.APPLIED: "ok",
    ImportState.STAGED: "ask",
    ImportState.HELD: "warn",
    ImportState.REFUSED: "stop",
    ImportState.FAILED: "stop",
}


def language() -> Language:
    """Return the page's language as the catalogues know it."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def imports_table(lines: Sequence[ImportLine]) -> DataTable:
    """List imports, the latest first."""
    return DataTable(
        caption=_("Imports"),
        columns=(
            Column(label=_("File")),
            Column(label=_("Received")),
            Column(label=_("Data of")),
            Column(label=_("State")),
        ),
        rows=tuple(
            (
                Link(label=each.file_name, href=reverse("register:import", args=[each.id])),
                formats.day(each.received_at),
                formats.day(each.data_date, "year") if each.data_date else "–",
                _("interrupted") if each.interrupted else str(ImportState(each.state).label),
            )
            for each in lines
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """What happens to one table."""

    name: str
    numbers: tuple[Fact, ...]
    samples: DataTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding in words; `rows` tells where the same is so too."""

    tone: str
    kind: str
    text: str
    rows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportScreen:
    """Everything that the page of an import draws."""

    crumbs: tuple[Crumb, ...]
    state: str
    tone: str
    moving: bool
    step: str
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    held: tuple[str, ...]
    trouble: str
    blocked: str
    tables: tuple[TableDiff, ...]
    findings: tuple[FindingLine, ...]
    errors: int
    warnings: int
    more: int
    left_out: str
    vanished: str


def source_title(mapping: str) -> str:
    """Return what a source system is called in the reader's language; its name when it is gone."""
    return _titles(mapping).get(language(), mapping)


@cache
def _titles(mapping: str) -> Mapping[str, str]:
    known = mapping in (*mappings.profiles(), *mappings.names())
    return mappings.load_any(mapping).title if known else {}


def import_screen(page: ImportPage, blocked: tuple[str, int] | None) -> ImportScreen:
    """Put an import into words."""
    found = _alike(page.findings)
    trouble = TROUBLES.get("stopped" if page.interrupted else page.trouble.partition(":")[0], "")
    return ImportScreen(
        crumbs=(
            Crumb(label=_("Import"), href=reverse("register:imports")),
            Crumb(label=page.file_name),
        ),
        state=_("interrupted") if page.interrupted else str(ImportState(page.state).label),
        tone="warn" if page.interrupted else TONES.get(ImportState(page.state), "info"),
        moving=ImportState(page.state) in MOVING and not page.interrupted,
        step=str(STEPS.get(page.step, _("The file waits for its turn."))),
        facts=_facts(page),
        figures=_figures(page.diff),
        held=_held(page),
        trouble=str(trouble) if page.interrupted or page.trouble else "",
        blocked=built_on_text(*blocked) if blocked else "",
        tables=tuple(_table(name, each) for name, each in page.diff.get("tables", {}).items()),
        findings=tuple(found[:SHOWN]),
        errors=sum(each["severity"] == Severity.ERROR for each in page.findings),
        warnings=sum(each["severity"] == Severity.WARNING for each in page.findings),
        more=max(0, len(found) - SHOWN),
        left_out=_left_out(page.diff),
        vanished=_vanished(page.diff),
    )


def built_on_text(why: str, number: int) -> str:
    """Say what was built on an import, so that it stays."""
    return str(BUILT_ON[why] % {"number": number})


def _held(page: ImportPage) -> tuple[str, ...]:
    """Say why a person has to look, as long as that has to be done."""
    if page.state not in {ImportState.STAGED, ImportState.HELD}:
        return ()
    return tuple(str(HELD[why]) for why in page.held_for if why in HELD)


def _facts(page: ImportPage) -> tuple[Fact, ...]:
    told = [Fact(term=_("Received"), value=formats.day(page.received_at), note=page.by)]
    if page.data_date:
        told.append(Fact(term=_("Data of"), value=formats.day(page.data_date, "year")))
    if page.mapping:
        told.append(Fact(term=_("Source system"), value=source_title(page.mapping)))
    if page.applied_at:
        told.append(
            Fact(term=_("Applied"), value=formats.day(page.applied_at), note=page.applied_by)
        )
    if page.undone_at:
        told.append(Fact(term=_("Taken back"), value=formats.day(page.undone_at)))
    return tuple(told)


def _figures(diff: Mapping[str, Any]) -> tuple[Figure, ...]:
    if not diff:
        return ()
    homes = diff["tables"].get("dwellings", {})
    notices = diff["tables"].get("vacancies", {})
    return (
        Figure(
            icon="building-2",
            label=_("Complexes whose account changes"),
            value=formats.number(diff["complexes"]),
        ),
        Figure(
            icon="house",
            label=_("Homes new or changed"),
            value=formats.number(homes.get("new", 0) + homes.get("changed", 0)),
        ),
        Figure(
            icon="key-round",
            label=_("New notices"),
            value=formats.number(notices.get("new", 0)),
            note=_merged(len(diff.get("merged", ()))),
        ),
        Figure(
            icon="message-circle",
            label=_("Advices open now"),
            value=formats.number(diff.get("open", 0)),
            note=_("An open advice is made again at the decision."),
        ),
    )


def _merged(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(number)d is a notice that was typed here before.",
        "%(number)d are notices that were typed here before.",
        number,
    ) % {"number": number}


def _table(name: str, told: Mapping[str, Any]) -> TableDiff:
    words = (
        ("new", _("New")),
        ("changed", _("Changed")),
        ("ended", _("Of which ended")),
        ("vanished", _("No longer in the file")),
        ("same", _("Unchanged")),
    )
    numbers = tuple(Fact(term=word, value=formats.number(told[key])) for key, word in words)
    return TableDiff(
        name=str(TABLES.get(name, name)).capitalize(),
        numbers=numbers,
        samples=_samples(name, told["samples"]) if told["samples"] else None,
    )


def _samples(name: str, samples: Sequence[Mapping[str, Any]]) -> DataTable:
    return DataTable(
        caption=_("Examples: %(table)s") % {"table": TABLES.get(name, name)},
        columns=(Column(label=_("Code")), Column(label=_("What")), Column(label=_("How"))),
        rows=tuple(
            (
                each["code"],
                _("new") if each["kind"] == "new" else _("changed"),
                "; ".join(
                    f"{column}: {before or '–'} → {after or '–'}"
                    for column, before, after in each["changes"]
                )
                or "–",
            )
            for each in samples
        ),
    )


def _alike(findings: Iterable[Mapping[str, Any]]) -> list[FindingLine]:
    """Tell what is wrong in many rows of a column once, with its other rows behind it."""
    groups: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for number, told in enumerate(findings):
        key = (told["code"], told["file"], told["sheet"], told["column"])
        groups.setdefault(key if told["row"] else (number,), []).append(told)
    return [replace(_finding(first), rows=_rows(first, rest)) for first, *rest in groups.values()]


def _rows(first: Mapping[str, Any], rest: Sequence[Mapping[str, Any]]) -> str:
    others = sorted({told["row"] for told in rest} - {first["row"]})
    if not others:
        return ""
    named = ", ".join(map(str, others[:ROWS])) + (" …" if len(others) > ROWS else "")
    text = ngettext(
        "The same in %(number)d other row: %(rows)s",
        "The same in %(number)d other rows: %(rows)s",
        len(others),
    )
    return text % {"number": len(others), "rows": named}


def _finding(told: Mapping[str, Any]) -> FindingLine:
    finding = Finding(**{**told, "severity": Severity(told["severity"])})
    tones = {Severity.ERROR: "stop", Severity.WARNING: "warn", Severity.NOTE: "info"}
    return FindingLine(
        tone=tones[finding.severity],
        kind=_kind(finding.severity),
        text=finding_text(finding, language()),
    )


def _kind(severity: int) -> str:
    kinds = {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}
    return kinds[Severity(severity)]


def _left_out(diff: Mapping[str, Any]) -> str:
    number = sum(diff.get("dropped", {}).values())
    if not number:
        return ""
    return ngettext(
        "%(number)d cell was left out and is kept nowhere.",
        "%(number)d cells were left out and are kept nowhere.",
        number,
    ) % {"number": number}


def _vanished(diff: Mapping[str, Any]) -> str:
    """Say that what isn't in the file stays, if there is anything like that."""
    number = sum(each["vanished"] for each in diff.get("tables", {}).values())
    if not number:
        return ""
    return ngettext(
        "%(number)d row that is known here is not in the file. It stays as it is.",
        "%(number)d rows that are known here are not in the file. They stay as they are.",
        number,
    ) % {"number": number}


def findings_file(page: ImportPage) -> str:
    """Return every finding as a CSV file in the page's language."""
    return csv_file(_finding_rows(page))


def _finding_rows(page: ImportPage) -> Iterator[tuple[object, ...]]:
    yield _("Kind"), _("File"), _("Sheet"), _("Row"), _("Column"), _("Finding")
    for told in page.findings:
        line = _finding(told)
        yield line.kind, told["file"], told["sheet"], told["row"], told["column"], line.text


def stairwells_table(lines: Sequence[StairwellLine]) -> DataTable:
    """List complexes with their stairwells."""
    return DataTable(
        caption=_("Stairwells"),
        columns=(
            Column(label=_("Complex")),
            Column(label=_("Homes"), numeric=True),
            Column(label=_("Stairwells"), numeric=True),
            Column(label=_("Homes without one"), numeric=True),
        ),
        rows=tuple(
            (
                Link(label=each.name, href=reverse("register:stairwell", args=[each.id])),
                formats.number(each.homes),
                formats.number(each.stairwells),
                formats.number(each.without),
            )
            for each in lines
        ),
    )


def own_choices(lines: Sequence[MappingLine]) -> tuple[tuple[str, str], ...]:
    """Offer an association's own mappings, by what they call themselves and their name."""
    return tuple((each.name, f"{_title(each)} ({each.name})") for each in lines)


def _title(line: MappingLine) -> str:
    return line.title.get(language()) or line.name


def mappings_table(lines: Sequence[MappingLine]) -> DataTable:
    """List an association's own mappings."""
    address = reverse("register:mappings")
    return DataTable(
        caption=_("Own mapping files"),
        columns=(
            Column(label=_("File")),
            Column(label=_("What it is for")),
            Column(label=_("Kept by")),
            Column(label=_("On")),
        ),
        rows=tuple(
            (
                Link(label=f"{each.name}.yaml", href=f"{address}?file={each.name}"),
                _title(each),
                each.by or "–",
                formats.day(each.kept_at, "year"),
            )
            for each in lines
        ),
    )


def shipped_mappings() -> tuple[Link, ...]:
    """Name the mappings that ship and can be a beginning."""
    address = reverse("register:mappings")
    return tuple(
        Link(label=source_title(name), href=f"{address}?file={name}")
        for name in mappings.profiles()
        if name != mappings.OWN.name
    )


def numbers_table(rows: Sequence[tuple[str, str, date]]) -> DataTable:
    """List complexes that have another number in the files."""
    return DataTable(
        caption=_("New numbers of complexes"),
        columns=(
            Column(label=_("Number here")),
            Column(label=_("New number in the files")),
            Column(label=_("From which day")),
        ),
        rows=tuple((ours, theirs, formats.day(day, "year")) for ours, theirs, day in rows),
    )
