"""Does somebody stand in this cell? For what is read on behalf of many.

A column about persons never comes in (`refused`). Here it is about what slips into a column that
does: a name in the place of a key, a diagnosis in an address. What no rule can tell is a bare name
where a proper name belongs, such as the name of a complex; `PROPER_NAMES` lists those columns.
"""

from __future__ import annotations

import re

from mixwijzer.exchange.refused import personal_in, refused_text, refused_word
from mixwijzer.exchange.tables._schema import Column

__all__ = ["PERSON_KEYS", "PROPER_NAMES", "may_be_shown", "person_in_cell"]

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
    r"(?:straat|laan|weg|plein|hof|huis|flat|toren|park|kade|singel|gracht|dreef|pad|school|gebouw"
    r"|burg|steeg|dijk|markt|poort|oord|stede|borg|heem|tuin|brug|haven|wal|kamp|veld|akker|rode)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[A-Z][a-zß-ÿ'’-]+|van|de|der|den|ter|ten|te|el|al|bin)"
    r"(?:[ ,]+(?:[A-Z][\wß-ÿ'’-]+|van|de|der|den|ter|ten|te|el|al|bin))+"
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


def person_in_cell(column: Column, value: str) -> str | None:
    """Tell what of a person stands in a text or key; None when nothing is seen."""
    told = personal_in(value) or refused_text(value)
    if told is not None:
        return told
    if _TITLE.search(value) or _signed(value):
        return "name"
    place = (column.table, column.name)
    if column.kind == "text":
        return None if place in PROPER_NAMES else _name_in_address(value)
    if column.name in _WORDS_OF_OURS and (kind := refused_word(value)) is not None:
        return kind
    if place in PERSON_KEYS and not any(map(str.isdigit, value)):
        return "name"
    return "name" if place not in PROPER_NAMES and _NAME.fullmatch(value) else None


def _signed(value: str) -> bool:
    """Whether a text is initials with a surname; streets called after somebody aren't."""
    bare = value.strip()
    named = _INITIALS.fullmatch(bare) is not None
    return named and not any(map(str.isdigit, bare)) and _STREETS.search(bare) is None


def _name_in_address(value: str) -> str | None:
    """Take an address without a number, of capitals only, for a name."""
    if any(map(str.isdigit, value)) or _STREETS.search(value):
        return None
    return "name" if _NAME.fullmatch(value.strip()) else None
