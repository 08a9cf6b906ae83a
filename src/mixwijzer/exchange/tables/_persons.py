"""Does somebody stand in this cell? For what is read on behalf of many.

A column about persons never comes in (`refused`). Here it is about what slips into a column that
does: a name in the place of a key, a diagnosis in an address. What no rule can tell is a bare name
where a proper name belongs, such as the name of a complex; `PROPER_NAMES` lists those columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from mixwijzer.exchange.refused import (
    is_service_number,
    personal_in,
    refused_text,
    refused_word,
    shapes_of,
)
from mixwijzer.exchange.tables._schema import Column

__all__ = ["PERSON_KEYS", "PROPER_NAMES", "header_may_be_shown", "may_be_shown", "persons_among"]

PERSON_KEYS = frozenset(
    {
        ("tenancies", "household"),
        ("assessments", "household"),
        ("tenancies", "id"),
        ("candidates", "id"),
    }
)
"""Keys that stand for persons: without a figure they could be a name."""

PROPER_NAMES = frozenset(
    {
        ("areas", "name"),
        ("complexes", "name"),
        ("channels", "name_nl"),
        ("channels", "name_en"),
        ("channels", "label_nl"),
        ("channels", "label_en"),
        ("channels", "ground_source"),
        ("channels", "intake_form"),
        ("profiles", "motive"),
        ("obligations", "wording"),
        ("candidates", "wishes"),
        ("complexes", "owner"),
        ("obligations", "owner"),
        ("place_requests", "partner"),
        ("dwellings", "stairwell"),
    }
)
"""Columns where two words with capitals are what belongs there."""

_WORDS_OF_OURS = frozenset(
    {"scheme", "category", "role", "group", "target_group", "kind", "priority", "outcome"}
    | {"income_class", "partner", "channel"}
)
_TITLE = re.compile(
    r"\b(?:dhr|mevr|mw|mej|fam|de heer|meneer|mevrouw|familie|hr)\b\.?,? +"
    r"(?:[A-Z]\.|[A-Z][a-z]|van |de |der |den |ter |ten |el |al |')",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?:[A-Z]\. ?){1,5}(?:(?:van|de|der|den|het|ter|ten|el|al|'t) +)*[A-Z][\w'’-]+"
    r"|(?:(?:van|de|der|den|ter|ten|el|al) )*[A-Z][\w'’-]+, ?(?:[A-Z]\. ?){1,5}.{0,12}"
)
_STREETS = re.compile(
    r"\w(?:straat|laan|weg|plein|flat|toren|park|kade|singel|gracht|dreef|pad|school|gebouw|markt"
    r"|poort|complex|kwartier)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[A-Z][a-zß-ÿ'’-]+|van|de|der|den|ter|ten|te|el|al|bin)"
    r"(?:[ ,]+(?:[A-Z][\wß-ÿ'’-]+|van|de|der|den|ter|ten|te|el|al|bin))+"
)
_CODE = r"[A-Za-z]{0,4}[-_./]?\d[\d./_-]{0,30}[A-Za-z]{0,2}(?:[/.-][A-Za-z\d]{1,6})?"
_CODES = re.compile(rf"{_CODE}(?:\n{_CODE})*")
_NO_FIGURES = str.maketrans("0123456789", " " * 10)
_NINE = re.compile(r"^\d{9}$", re.MULTILINE)
_TEXT_TO_LOOK_AT = re.compile(
    r"@|\d{9}|geb|GEB|Geb|born|[A-Z]{2}\d\d ?[A-Z]{4}|\b[A-Z]\.|^[^\d\n]+$"
    r"|\b(?i:dhr|mevr|mw|mej|fam|heer|meneer|mevrouw|familie|hr)\b",
    re.MULTILINE,
)
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_LONG_FIGURES = re.compile(r"(?<!\d)(?:0\d|\+\d{2})[ -]?(?:\d[ -]?){7,8}(?!\d)|(?<!\d)\d{9}(?!\d)")
_HARMLESS = frozenset({"ja", "nee", "n.v.t.", "nvt", "yes", "no", "null", "nan"})
_LONGEST_SHOWN = 40


def may_be_shown(cell: str) -> bool:
    """Whether a finding may repeat a cell: figures and signs, no run of letters, nobody's number.

    >>> may_be_shown("14-02-205"), may_be_shown("BU193"), may_be_shown("Jansen")
    (True, True, False)
    """
    text = cell.strip()
    if text.lower() in _HARMLESS:
        return True
    plain = len(text) <= _LONGEST_SHOWN and _LETTERS.search(text) is None
    return plain and _LONG_FIGURES.search(text) is None and personal_in(text) is None


def header_may_be_shown(header: str) -> bool:
    """Whether a finding may name a column that has no place: nothing about somebody in it.

    >>> header_may_be_shown("Kleur voordeur"), header_may_be_shown("mevr. De Vries")
    (True, False)
    """
    about = personal_in(header) or refused_text(header)
    return about is None and _TITLE.search(header) is None and not _signed(header)


def persons_among(column: Column, values: Collection[str]) -> Mapping[str, str]:
    """Return the texts or keys of one column that hold something of a person, each with its kind.

    Parameters
    ----------
    column
        A column of texts or keys.
    values
        Different values that stand in it; most often they are cleared together.
    """
    together = shapes_of("\n".join(values))
    if column.kind == "text":
        if not _TEXT_TO_LOOK_AT.search(together) and refused_text(_words_of(together)) is None:
            return {}
        own_numbers = False
    else:
        if _CODES.fullmatch(together) and not _NINE.search(together):
            return {}
        own_numbers = _has_own_numbers(values)
    found = ((value, _person_in(column, value, own_numbers=own_numbers)) for value in values)
    return {value: kind for value, kind in found if kind is not None}


def _words_of(lines: str) -> str:
    """Return what remains of lines without figures, each once: a street has many numbers.

    No word about a person has a figure in it, and a blank in its place only parts more words.
    """
    return "\n".join(dict.fromkeys(lines.translate(_NO_FIGURES).split("\n")))


def _has_own_numbers(values: Collection[str]) -> bool:
    """Whether keys of nine figures are somebody's own numbering: most then fail the 11-test."""
    nine = [value for value in values if _NINE.fullmatch(value)]
    return sum(map(is_service_number, nine)) * 2 < len(nine)


def _person_in(column: Column, value: str, *, own_numbers: bool) -> str | None:
    """Tell what of a person stands in a text or key; None when nothing is seen."""
    if own_numbers and _NINE.fullmatch(value):
        return None
    told = personal_in(value) or refused_text(value)
    if told is None and (_TITLE.search(value) or _signed(value)):
        told = "name"
    if told is not None:
        return told
    return _name_in_text(column, value) if column.kind == "text" else _name_in_key(column, value)


def _name_in_key(column: Column, value: str) -> str | None:
    """Take a key for a name that has no figure where it stands for somebody, or reads like one."""
    place = (column.table, column.name)
    if column.name in _WORDS_OF_OURS and (kind := refused_word(value)) is not None:
        return kind
    if place in PERSON_KEYS and not any(map(str.isdigit, value)):
        return "name"
    return "name" if place not in PROPER_NAMES and _NAME.fullmatch(value) else None


def _name_in_text(column: Column, value: str) -> str | None:
    """Take an address without a number, of capitals only, for a name."""
    if (column.table, column.name) in PROPER_NAMES or any(map(str.isdigit, value)):
        return None
    named = _NAME.fullmatch(value.strip()) and not _STREETS.search(value)
    return "name" if named else None


def _signed(value: str) -> bool:
    """Whether a text is initials with a surname; streets called after somebody aren't."""
    bare = value.strip()
    named = _INITIALS.fullmatch(bare) is not None
    return named and not any(map(str.isdigit, bare)) and _STREETS.search(bare) is None
