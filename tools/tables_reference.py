"""Write the reference of the tables from `columns.csv`, which the reader and writer use themselves.

    python -m tools.tables_reference        write docs/reference/tables.md
    python -m tools.tables_reference check  say whether it is up to date

A test runs the check, so the page can't say anything else than the program does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mixwijzer.engine.portfolio import KEYS
from mixwijzer.exchange.catalogue import sentence
from mixwijzer.exchange.tables import schema
from mixwijzer.exchange.tables._schema import Column, enum_words
from tools.reference import kept

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tables.md"

HEAD = """\
# The tables that go in and out

A portfolio is a folder of CSV files (`dwellings.csv` …) or one Excel workbook with a sheet of the
same name for each table. This page is written from `src/mixwijzer/exchange/columns.csv` by
`python -m tools.tables_reference`; the reader, the writer and the empty tables of
`mixwijzer template` use that same file.

`areas`, `complexes`, `dwellings`, `tenancies` and `vacancies` alone are a complete portfolio: the
advice then says what it would need to be surer, and asks. Leave out what you don't have.

## How to write it

- **Order** of tables, columns and rows means nothing, except the order of categories in `schemes`.
- **Headers**: the name in the first column, or one of the words under *also called*; capitals,
  spaces and hyphens don't matter. A column that has no place here is named and left out. A column
  about origin, health, faith, a criminal record and the like, or with a name, a date of birth or a
  citizen service number, is dropped and counted; what stood in it is repeated nowhere.
- **CSV**: UTF-8, UTF-16 or Windows-1252, with `;` `,` tab or `|` between; both are found out. What
  a spreadsheet would take for a formula is written with `'` before it and read back without.
- **Two clocks**: rows with the same key are records of the same thing. The one recorded last holds;
  nothing is overwritten, so a past decision can be read as it stood (`recorded_at`, `--known`).
- **Empty**: nothing, `-`, `n.v.t.`, `n.b.`, `nvt`, `n/a` or `null`. Leave a cell empty rather than
  0 when you don't know.

| type | what may stand in it |
|---|---|
| id | your own key, up to 200 characters; leading zeros stay |
| text | up to 4,000 characters, about the home or the place; a text with an e-mail address, \
bank account, citizen service number or day of birth is left out |
| number, whole number | `1.234,50` or `1,234.50` or `1234.5`; the decimal sign is found per \
column, and a number that can be read in two ways is a finding |
| percentage | 0 to 100, with or without `%`, at most two decimals |
| share | 0 to 1 |
| day | `2026-11-22`, `22-11-2026`, `20261122` or a spreadsheet's own date; 1-1-1900 and \
31-12-9999 mean empty |
| month | `2026-11` or `11-2026` |
| moment | `2026-11-22T09:30:00+01:00`; without a time zone it is UTC |
| yes or no | ja/nee, yes/no, waar/onwaar, true/false, 1/0, x |
| pairs | `attention=0.30 regular=0.55 carrier=0.15` |
| key of … | an id that stands in that table |
| place | an id of a complex or area; a stairwell is `complex/stairwell` |
| word | a word of the [closed list](#closed-lists) that is named |

Days that end something are the first day on which it no longer holds.

The VERA terms name the entity and field, or the reference list, of the Dutch reference model for
housing associations from which the column can be filled. Bold columns are needed.
"""

ABOUT = {
    "portfolio": "One row about the file itself.",
    "areas": "Neighbourhoods, districts and municipalities, as far as there are homes in them.",
    "complexes": "Homes that are managed as one.",
    "dwellings": "Homes with a front door of their own.",
    "tenancies": "Leases: who left and who came, and when. Never who somebody is.",
    "judgements": (
        "What somebody who knows a place estimates, a row per category. The ordinary category is "
        "the rest, so it needs no row."
    ),
    "placements": "What homes were let for. After 12 months only the count stays.",
    "roles": "Roles that a household agreed to and can end. Used at level *afspraak*.",
    "assessments": "The category of a household. Used at level *huishouden* only.",
    "profiles": "Bands: the lowest, aimed and highest share of a category at a place.",
    "caps": "At most so many households of a category in each place of a kind.",
    "counts": "Counts per place, for a portfolio that is known in no other way.",
    "channels": "Ways along which a home gets a new tenant, with the ground for steering.",
    "vacancies": "Notices: homes that come free.",
    "place_requests": "Questions for a place. They name a size and a kind, never a person.",
    "candidates": "People in a direct mediation, project or city round; others stay in the portal.",
    "obligations": "Promises to house a group: so many persons or households in a period.",
    "lettings": "How vacancies were filled.",
    "schemes": "An organisation's own ways of looking at households: 2 to 8 categories each.",
}

RENAMED = {"on": "date"}  # fields of the portfolio that are columns by another name

TYPES = {
    "area": "id",
    "bag": "16 digits",
    "bool": "yes or no",
    "date": "day",
    "decimal": "number",
    "float": "number",
    "int": "whole number",
    "latitude": "number",
    "longitude": "number",
    "percent": "percentage",
    "rates": "pairs",
    "scope": "place",
    "setter": "place or organisation",
    "shares": "pairs",
    "storey": "whole number, may be negative",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join((HEAD, *_contents(), "", *_tables(), *_lists(), ""))


def _contents() -> Iterator[str]:
    yield "| table | Dutch | what | columns |"
    yield "|---|---|---|---|"
    for table, columns in schema().items():
        dutch = sentence(f"words.table.{table}", "nl")
        yield f"| [{table}](#{table}) | {dutch} | {ABOUT[table]} | {len(columns)} |"


def _tables() -> Iterator[str]:
    for table, columns in schema().items():
        yield f"## {table}\n"
        yield f"{ABOUT[table]}{_key(table)}\n"
        yield "| column | type | description | *in Dutch* | VERA | also called |"
        yield "|---|---|---|---|---|---|"
        yield from map(_row, columns)
        yield ""


def _key(table: str) -> str:
    """Say which columns together tell one row from another."""
    names = {column.name for column in schema()[table]}
    parts = [
        name
        for part in KEYS.get(table, ())
        for name in (("scope_kind", part) if part == "scope" else (part,))
    ]
    told = [f"`{name if name in names else RENAMED[name]}`" for name in parts]
    return f" Key: {', '.join(told)}." if told else ""


def _row(column: Column) -> str:
    name = f"`{column.name}`"
    cells = (
        f"**{name}**" if column.required else name,
        _type(column) + (f" [{column.unit}]" if column.unit else ""),
        column.description["en"],
        f"*{column.description['nl']}*",
        column.vera_term,
        " ".join(f"`{word}`" for word in column.also),
    )
    return _line(cells)


def _line(cells: tuple[str, ...]) -> str:
    return re.sub(" +", " ", f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")


def _type(column: Column) -> str:
    if column.kind == "enum":
        return f"word ([{column.of}](#closed-lists))"
    if column.kind == "ref":
        return f"key of [{column.of}](#{column.of})"
    return TYPES.get(column.kind, column.kind)


def _lists() -> Iterator[str]:
    """List the words of every closed list, each with the Dutch words that mean the same."""
    yield "## Closed lists\n"
    yield "| list | words, with the Dutch ones that are read as well |"
    yield "|---|---|"
    columns = (column for table in schema().values() for column in table)
    for name in sorted({column.of for column in columns if column.kind == "enum"}):
        yield _line((name, ", ".join(_words_of(name))))


def _words_of(name: str) -> Iterator[str]:
    words = enum_words(name)
    for code, meaning in words.items():
        same = [word for word, other in words.items() if other == meaning]
        if code == same[0]:
            also = " ".join(f"*{word.replace('_', ' ')}*" for word in same[1:])
            yield f"`{code}` {also}".strip()


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is up to date."""
    return kept(PAGE, page(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
