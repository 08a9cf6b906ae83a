"""Which tables and columns are there? `columns.csv` says it, and nothing else does.

The reader, the writer, the templates and the reference in the docs are all driven by that file;
here it becomes values, with the words by which a sheet or a header may be called.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mixwijzer.engine.portfolio import (
    Ground,
    Known,
    LeaseKind,
    Occasion,
    OutReason,
    ScopeKind,
)
from mixwijzer.exchange.refused import REASON_CLASSES, plain_words

__all__ = ["Column", "column_called", "enum_words", "schema", "table_called"]

META = "portfolio"
"""The table of one row that carries the data date and the mark *synthetic*."""

DESCRIPTION = "columns"
"""The sheet or file of a template that explains every column; never read."""

MARK = "synthetic"
"""The extra column that says in every row of a made-up file that it is made up."""

_COLUMNS = Path(__file__).parent.with_name("columns.csv")

_TABLE_WORDS = {
    "portfolio": "portefeuille meta",
    "areas": "gebieden buurten wijken neighbourhoods",
    "complexes": "complexen",
    "dwellings": "woningen eenheden onr_goed_eenhedenoverzicht homes units",
    "tenancies": "huurcontracten contracten verhuurcontracten leases",
    "judgements": "oordelen judgments",
    "placements": "plaatsingen",
    "roles": "rollen",
    "assessments": "inschattingen",
    "profiles": "profielen complexprofielen",
    "caps": "plafonds",
    "counts": "tellingen",
    "channels": "kanalen",
    "vacancies": "opzeggingen vacatures verhuurmutaties huuropzeggingen",
    "place_requests": "plekaanvragen aanvragen",
    "candidates": "kandidaten",
    "obligations": "opgaven afspraken",
    "lettings": "verhuringen toewijzingen",
    "schemes": "indelingen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what may stand in it, and by which headers it goes.

    `type` is a word, or two with a colon between: `enum:known`, `ref:dwellings`. `description`
    holds a sentence per language.
    """

    table: str
    name: str
    type: str
    unit: str
    required: bool
    description: Mapping[str, str]
    vera_term: str
    also: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The first word of the type."""
        return self.type.partition(":")[0]

    @property
    def of(self) -> str:
        """The second word of the type: which closed list, which table."""
        return self.type.partition(":")[2]


@cache
def schema() -> Mapping[str, tuple[Column, ...]]:
    """Return all tables with their columns, in the order of `columns.csv`."""
    tables: dict[str, list[Column]] = {}
    with _COLUMNS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table"], []).append(
                Column(
                    table=row["table"],
                    name=row["column"],
                    type=row["type"],
                    unit=row["unit"],
                    required=row["required"] == "yes",
                    description={"nl": row["description_nl"], "en": row["description_en"]},
                    vera_term=row["vera_term"],
                    also=tuple(row["also"].split()),
                )
            )
    return {table: tuple(columns) for table, columns in tables.items()}


def table_called(name: str) -> str | None:
    """Return the table that a file or sheet of this name holds.

    >>> table_called("Woningen"), table_called("Blad1")
    ('dwellings', None)
    """
    return _table_names().get(plain_words(name))


def column_called(table: str, header: str) -> str | None:
    """Return the column of a table that a header means; None when it has no place.

    >>> column_called("dwellings", "VHE-nummer"), column_called("dwellings", "Geboortedatum")
    ('id', None)
    """
    return _headers(table).get(plain_words(header))


@cache
def _table_names() -> Mapping[str, str]:
    own = {plain_words(table): table for table in schema()}
    return {word: table for table in schema() for word in _TABLE_WORDS[table].split()} | own


@cache
def _headers(table: str) -> Mapping[str, str]:
    """Headers by which columns go; a column's own name goes before another's synonym."""
    columns = schema()[table]
    also = {plain_words(word): column.name for column in columns for word in column.also}
    return also | {plain_words(column.name): column.name for column in columns}


_SCOPE_WORDS = {
    "portiek": ScopeKind.STAIRWELL,
    "complex": ScopeKind.COMPLEX,
    "buurt": ScopeKind.NEIGHBOURHOOD,
    "wijk": ScopeKind.DISTRICT,
    "gemeente": ScopeKind.MUNICIPALITY,
}
_SCOPES = {kind.name.lower(): kind for kind in ScopeKind}
_AREAS = (ScopeKind.NEIGHBOURHOOD, ScopeKind.DISTRICT, ScopeKind.MUNICIPALITY)

_ENUMS: Mapping[str, Mapping[str, object]] = {
    "area_kind": {word: kind for word, kind in (_SCOPES | _SCOPE_WORDS).items() if kind in _AREAS},
    "scope_kind": _SCOPES | _SCOPE_WORDS,
    "setter": {"organisation": "organisation"}
    | {word: word for word in _SCOPES}
    | {"organisatie": "organisation", "corporatie": "organisation"}
    | {word: kind.name.lower() for word, kind in _SCOPE_WORDS.items()},
    "known": {known.value: known for known in Known}
    | {"alle": Known.ALL, "de_meeste": Known.MOST, "meeste": Known.MOST, "een_deel": Known.PART}
    | {"deel": Known.PART},
    "occasion": {each.value: each for each in Occasion}
    | {"jaarlijks": Occasion.YEARLY, "opzegging": Occasion.NOTICE}
    | {"portiekgesprek": Occasion.PORCH_TALK, "voorval": Occasion.INCIDENT},
    "out_reason": {each.value: each for each in OutReason}
    | {"tijdelijk": OutReason.TEMPORARY, "sloop": OutReason.DEMOLITION}
    | {"antikraak": OutReason.ANTI_SQUAT, "verkocht": OutReason.SOLD, "anders": OutReason.OTHER},
    "lease_kind": {each.value: each for each in LeaseKind}
    | {"onb": LeaseKind.OPEN_ENDED, "tij": LeaseKind.FIXED_TERM, "jon": LeaseKind.YOUTH}
    | {"cam": LeaseKind.CAMPUS, "fle": LeaseKind.FLEX, "mid": LeaseKind.INTERMEDIARY}
    | {"onbepaalde_tijd": LeaseKind.OPEN_ENDED, "tijdelijk": LeaseKind.FIXED_TERM},
    "ground": {each.value: each for each in Ground},
    "unit": {"persons": "persons", "households": "households"}
    | {"personen": "persons", "huishoudens": "households"},
    "assessment_source": {"round": "round", "signal": "signal"}
    | {"ronde": "round", "signaal": "signal"},
    "reason_class": {each: each for each in REASON_CLASSES}
    | {"op_eigen_verzoek": "own_request", "afgesproken_bij_verhuring": "agreed_at_letting"}
    | {"afspraak_gewijzigd": "agreement_changed"},
}


def enum_words(name: str) -> Mapping[str, object]:
    """Return the words of a closed list and what each means: the codes first, then Dutch words."""
    return _ENUMS[name]
