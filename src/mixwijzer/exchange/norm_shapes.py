"""Can this value be what its norm says it is? The shapes of figures, schemes and channels.

A unit bounds every number in a value. A scheme (`mix.scheme.*`) must add up and may not be about
what a home is never let by: origin, belief, health and the other refused subjects. The channels
(`mix.channels`) must add up too, and their texts must fit in a letting portal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mixwijzer.engine.portfolio import Ground
from mixwijzer.exchange.refused import kind_of_header, refused_word

__all__ = ["INTAKE_FORMS", "LABEL_LENGTH", "UNITS", "Trouble", "refused_subject", "troubles"]

# The bounds of every number of a unit; None where text, lists and switches occur.
UNITS: Mapping[str, tuple[int, int] | None] = {
    "basis_points": (0, 10_000),
    "chance": (0, 1),
    "channels": None,
    "characters": (1, 10_000),
    "days": (0, 3_660),
    "dwellings": (0, 10_000_000),
    "euro_per_month": (0, 100_000),
    "euro_per_year": (0, 10_000_000),
    "factor": (0, 1_000),
    "household_years": (0, 10_000_000),
    "households": (0, 10_000_000),
    "names": None,
    "per_year": (0, 1),
    "persons": (0, 100),
    "scheme": None,
    "share": (0, 1),
    "switch": None,
    "weeks": (0, 530),
}

# VERA PUBLICATIEINTAKEFORM: interview, motivation, co-optation, social rules; empty is none.
INTAKE_FORMS = frozenset({"", "INT", "MOT", "COO", "SOC"})
# The figure itself is norm `letting.label_length`; a file is checked before any norm is in force.
LABEL_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One part of a value that can't be right: which trouble, where in it, what stood there."""

    code: str
    place: str = ""
    value: object = ""


def troubles(key: str, value: object, unit: str) -> Iterator[Trouble]:
    """Yield everything that keeps a value from being what norm `key` of this unit must be.

    >>> [trouble.code for trouble in troubles("advice.no_room_at", 7, "chance")]
    ['norm_value_invalid']
    """
    parts = list(_parts(value, UNITS.get(unit)))
    yield from parts
    if parts:
        return
    if key.startswith("mix.scheme.") and isinstance(value, Mapping):
        yield from _scheme(key.removeprefix("mix.scheme."), value)
    if key == "mix.channels" and isinstance(value, list):
        for index, row in enumerate(value):
            yield from _channel(f".{index}", row)


def refused_subject(code: str) -> bool:
    """Whether the code of a scheme or category names what nobody may be sorted by.

    Target groups such as status holders are counted in obligations; a norm never makes them a
    category.

    >>> [refused_subject(code) for code in ("stage", "nationality_eu", "status_holder")]
    [False, True, True]
    """
    named = refused_word(code) or kind_of_header(code)
    return named is not None or code.lower().startswith(("status_holder", "statush"))


def _parts(value: object, bounds: tuple[int, int] | None, place: str = "") -> Iterator[Trouble]:
    """Walk a value; every leaf must be of its unit."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _parts(part, bounds, f"{place}.{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _parts(part, bounds, f"{place}.{index}")
    elif value is None or isinstance(value, date) or not _fits(value, bounds):
        yield Trouble(code="norm_value_invalid", place=place, value=value)


def _fits(value: object, bounds: tuple[int, int] | None) -> bool:
    if bounds is None:
        return True
    return _is_number(value) and bounds[0] <= value <= bounds[1]  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _scheme(name: str, value: Mapping[str, object]) -> Iterator[Trouble]:
    categories = value.get("categories")
    if not isinstance(categories, list) or not 2 <= len(set(map(str, categories))) <= 8:
        yield Trouble(code="norm_scheme_size", place=".categories", value=categories)
        return
    for category in (name, *map(str, categories)):
        if refused_subject(category):
            yield Trouble(code="norm_scheme_refused", place=".categories", value=category)
    if value.get("ordinary") not in categories:
        yield Trouble(code="norm_scheme_ordinary", place=".ordinary", value=value.get("ordinary"))
    strength = value.get("prior_strength")
    if not _is_number(strength) or not 2 <= strength <= 40:  # type: ignore[operator]
        yield Trouble(code="norm_scheme_strength", place=".prior_strength", value=strength)
    yield from _matrices(value, len(categories))


def _matrices(value: Mapping[str, object], size: int) -> Iterator[Trouble]:
    """Check that shares add up, and that rates leave nobody behind."""
    if not _adds_up(value.get("prior_mean"), size):
        yield Trouble(code="norm_shares_sum", place=".prior_mean", value=value.get("prior_mean"))
    for name in ("drift", "confusion"):
        rows = value.get(name)
        if not isinstance(rows, list) or len(rows) != size:
            yield Trouble(code="norm_scheme_shape", place=f".{name}", value=name)
            continue
        for index, row in enumerate(rows):
            fine = _adds_up(row, size) if name == "confusion" else _rates(row, size, index)
            if not fine:
                yield Trouble(code="norm_scheme_shape", place=f".{name}.{index}", value=row)


def _adds_up(row: object, size: int) -> bool:
    return (
        isinstance(row, list)
        and len(row) == size
        and all(_is_number(share) and share >= 0 for share in row)
        and sum(row) == 1
    )


def _rates(row: object, size: int, own: int) -> bool:
    """Whether a row holds yearly rates: none negative, together at most 1, its own place zero."""
    return (
        isinstance(row, list)
        and len(row) == size
        and all(_is_number(rate) and rate >= 0 for rate in row)
        and row[own] == 0
        and sum(row) <= 1
    )


def _channel(place: str, row: object) -> Iterator[Trouble]:
    needed = ("id", "scheme", "name", "shares", "delay", "ground", "label", "intake_form")
    if not isinstance(row, Mapping) or any(name not in row for name in needed):
        yield Trouble(code="norm_channel_incomplete", place=place, value=row)
        return
    shares = row["shares"]
    if not isinstance(shares, list) or not _adds_up(shares, len(shares)):
        yield Trouble(code="norm_shares_sum", place=f"{place}.shares", value=shares)
    if row["ground"] not in tuple(Ground):
        yield Trouble(code="norm_ground_missing", place=f"{place}.ground", value=row["ground"])
    if row["intake_form"] not in INTAKE_FORMS:
        yield Trouble(
            code="norm_intake_form", place=f"{place}.intake_form", value=row["intake_form"]
        )
    yield from _texts(place, row)


def _texts(place: str, row: Mapping[str, object]) -> Iterator[Trouble]:
    for name in ("name", "label"):
        texts = row[name]
        if not isinstance(texts, Mapping) or set(texts) != {"nl", "en"}:
            yield Trouble(code="norm_title_missing", place=f"{place}.{name}", value=texts)
            continue
        for language, text in texts.items():
            if len(str(text)) > LABEL_LENGTH:
                yield Trouble(
                    code="norm_label_long", place=f"{place}.{name}.{language}", value=text
                )
