"""Five hundred things about persons, pushed into every column of every table: none comes through.

Looked for in every spooled file, in every finding in both languages, in what the process prints and
in whatever is left in a temporary folder. What no rule can know is a bare surname or a Christian
name where a proper name belongs (a complex may be called *Anne Frank*); those places are listed in
`PROPER_NAMES`, and this test names what passes there, so that nobody thinks it is less.
"""

from __future__ import annotations

import csv
import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mixwijzer.exchange.findings import Findings
from mixwijzer.exchange.incoming import Spool, spool
from mixwijzer.exchange.refused import is_service_number
from mixwijzer.exchange.tables import Sheet, chunks_of, schema, spool_sheet
from mixwijzer.exchange.tables._persons import PROPER_NAMES
from mixwijzer.exchange.wording import finding_text

FIRST = "Fatima Mehmet Annelies Piotr Aaliyah Joost Samira Dirk Hamza Wilhelmina".split()
LAST = "Yildirim Zwanenburg Kowalska Benhaddou Osterhaus Abdirahman Terpstra Quispel".split()
TITLED = ["dhr. {i}. {l}", "mevr. {l}", "fam. {l}", "familie {l}", "mw. van der {l}", "de heer {l}"]
DIAGNOSES = [
    *("schizofrenie", "PTSS", "borderline", "autisme", "ADHD", "bipolaire stoornis", "psychose"),
    *("alcoholist", "verslaving", "dementerend", "hiv-positief", "zwanger", "licht verstandelijk"),
    *("depressief", "epilepsie", "psychiatrisch patiënt"),
]
ORIGINS = [
    *("Marokkaanse vrouw", "Syrisch gezin", "Somalische man", "Eritreeër", "Iraakse afkomst"),
    *("Turkse huurder", "allochtoon", "asielzoeker", "vluchteling uit Homs", "Afghaans"),
    *("Surinaamse familie", "migratieachtergrond", "geboren in Aleppo"),
]
OTHER = [
    "j.jansen{n}@voorbeeld.nl",
    "NL91ABNA04171643{n:02d}",
    "geb. 12-03-19{n:02d}",
    "veroordeeld",
]
EXTRA = ["Achternaam", "BSN", "Geboortedatum", "Nationaliteit", "Diagnose", "Opmerkingen huurder"]
EXTRA += ["Telefoon", "Kenmerk X", "Vrij veld"]


def service_numbers(count: int) -> list[str]:
    generator = np.random.default_rng(3)
    drawn = (str(each) for each in generator.integers(100_000_000, 999_999_999, 40 * count))
    return list(itertools.islice(filter(is_service_number, drawn), count))


def canaries() -> dict[str, list[str]]:
    """Return five hundred canaries by kind."""
    pairs = list(itertools.product(FIRST, LAST))
    titled = [
        form.format(i=first[0], l=last)
        for form, (first, last) in zip(itertools.cycle(TITLED), pairs, strict=False)
    ]
    signed = [f"{first[0]}. {last}" for first, last in pairs]
    other = [form.format(n=n) for n in range(10, 31) for form in OTHER]
    return {
        "name": [f"{first} {last}" for first, last in pairs],
        "titled": titled,
        "signed": signed,
        "bsn": service_numbers(110),
        "diagnosis": [f"{each} {n}".rstrip(" 0") for n in range(3) for each in DIAGNOSES],
        "origin": [f"{each} {n}".rstrip(" 0") for n in range(3) for each in ORIGINS],
        "other": other,
    }


CANARIES = canaries()


def test_there_are_five_hundred_and_all_differ():
    every = [each for kind in CANARIES.values() for each in kind]
    assert len(every) >= 500


def table_with(table: str, column: str, cells: list[str], *, extra: bool) -> str:
    """Write a table that is otherwise sound, with these cells in one column."""
    names = [each.name for each in schema()[table]]
    head = [*names, column] if extra else names
    lines = [head]
    for number, cell in enumerate(cells):
        row = [sound(table, each, number) for each in schema()[table]]
        if extra:
            row.append(cell)
        else:
            row[names.index(column)] = cell
        lines.append(row)
    return "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines) + "\n"


_SOUND = {
    "date": "2026-01-01", "moment": "2026-01-01T00:00:00Z", "month": "2026-01", "int": "3",
    "decimal": "600.50", "percent": "30", "share": "0.5", "float": "8", "bool": "ja",
    "latitude": "52.5", "longitude": "6.1", "shares": "attention=0.30 regular=0.70",
    "rates": "regular=0.06", "storey": "1",
}  # fmt: skip
_WORDS = {
    "area_kind": "municipality", "scope_kind": "complex", "setter": "complex", "known": "all",
    "occasion": "yearly", "out_reason": "sold", "lease_kind": "flex", "ground": "urgency",
    "unit": "persons", "assessment_source": "round", "reason_class": "own_request",
}  # fmt: skip


def sound(table: str, column, number: int) -> str:
    if column.kind == "enum":
        return _WORDS[column.of]
    if column.kind == "bag":
        return f"019301{number:010d}"
    if column.kind == "text":
        return f"Zwartewaterallee {number}"
    return _SOUND.get(column.kind, f"K{table[0]}{number}")


def traces(place: Path, spooled: Spool) -> Iterator[str]:
    """Yield all that was written or told."""
    for path in place.rglob("*"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")
    for finding in spooled.findings:
        yield finding_text(finding, "nl")
        yield finding_text(finding, "en")
        yield repr(finding)


def through(tmp_path, monkeypatch, capfd, table: str, text: str) -> str:
    """Deliver one table; return everything that came of it."""
    source, temporary = tmp_path / f"{table}.csv", tmp_path / "tijdelijk"
    temporary.mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    source.write_text(text, encoding="utf-8")
    into = Path(tempfile.mkdtemp(dir=tmp_path)) / "spool"
    spooled = spool(source, into)
    printed = capfd.readouterr()
    assert list(temporary.iterdir()) == []
    return "\n".join([*traces(into, spooled), printed.out, printed.err])


@pytest.mark.parametrize("table", list(schema()))
def test_no_canary_in_an_extra_column_comes_through(tmp_path, monkeypatch, capfd, table):
    for header, kind in zip(EXTRA, itertools.cycle(CANARIES), strict=False):
        cells = CANARIES[kind][:60]
        text = table_with(table, header, cells, extra=True)
        seen = through(tmp_path, monkeypatch, capfd, table, text)
        assert not [each for each in cells if each in seen]


def test_no_canary_as_a_header_comes_through(tmp_path, monkeypatch, capfd):
    """In a file without a header somebody's data stands where the header should be."""
    every = [each for kind, cells in CANARIES.items() if kind != "name" for each in cells]
    head = ";".join(f'"{cell}"' for cell in ["id", "complex", *every[::3]])
    seen = through(tmp_path, monkeypatch, capfd, "dwellings", f'{head}\n"W1";"C1"\n')
    assert not [each for each in every[::3] if each in seen]


def alone(tmp_path: Path, table: str, column: str, cell: str) -> str:
    """Spool one cell beside a sound one, without the process around it; return what came of it.

    One at a time: with one error nothing is kept, so a canary that is seen would hide another.
    """
    (each,) = [each for each in schema()[table] if each.name == column]
    text = table_with(table, column, [sound(table, each, 7), cell], extra=False)
    (tmp_path / "bron.csv").write_text(text, encoding="utf-8")
    chunks = chunks_of(tmp_path / "bron.csv", lambda _: True)
    sheet = Sheet(table=table, file="bron.csv", name=None, typed=False, chunks=chunks)
    findings, path = Findings(), tmp_path / "schoon.csv"
    spool_sheet(sheet, path, findings, Counter(), most_rows=100)
    told = (finding_text(each, language) for each in findings for language in ("nl", "en"))
    return "\n".join([path.read_text(encoding="utf-8"), *told, *map(repr, findings)])


def seen_in(tmp_path: Path, table: str, *, every: int) -> list[tuple[str, str]]:
    """Return what comes through the columns of a table, of one in so many canaries."""
    return [
        (column.name, cell)
        for column, (kind, cells) in itertools.product(schema()[table], CANARIES.items())
        if kind != "name" or (table, column.name) not in PROPER_NAMES
        for cell in cells[::every]
        if cell in alone(tmp_path, table, column.name, cell)
    ]


@pytest.mark.soak
@pytest.mark.parametrize("table", list(schema()))
def test_no_canary_of_all_comes_through_any_column(tmp_path, table):
    assert seen_in(tmp_path, table, every=1) == []


@pytest.mark.parametrize("table", list(schema()))
def test_no_canary_of_some_comes_through_any_column(tmp_path, table):
    assert seen_in(tmp_path, table, every=24) == []


# End to end, through the process: a few columns of each sort, a few canaries of each kind.
FEW = [("dwellings", "address"), ("tenancies", "household"), ("tenancies", "start")]
FEW += [("profiles", "motive"), ("counts", "category"), ("portfolio", "note")]


@pytest.mark.parametrize(("table", "column"), FEW)
def test_no_canary_in_a_column_comes_through(tmp_path, monkeypatch, capfd, table, column):
    for kind, cells in CANARIES.items():
        if kind == "name" and (table, column) in PROPER_NAMES:
            continue
        text = table_with(table, column, cells[:1], extra=False)
        assert cells[0] not in through(tmp_path, monkeypatch, capfd, table, text)


def test_a_sound_row_does_come_through(tmp_path, monkeypatch, capfd):
    """Else the tests above would prove nothing."""
    text = table_with("dwellings", "address", ["Kerkstraat 12", "Surinameplein 3"], extra=False)
    seen = through(tmp_path, monkeypatch, capfd, "dwellings", text)
    rows = list(csv.reader(seen.splitlines()))
    assert any("Kerkstraat 12" in row for row in rows)
    assert any("Surinameplein 3" in row for row in rows)
