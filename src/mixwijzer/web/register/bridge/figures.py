"""Which figures are behind accounts and advice on a day?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from mixwijzer.engine.errors import NormError
from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.wording import Language, error_text

__all__ = [
    "NormEnds",
    "NormTrouble",
    "assumptions",
    "norm_if_any",
    "norm_trouble",
    "norms",
    "norms_ending",
]


@lru_cache(maxsize=1)
def norms() -> Norms:
    """Return the norms that ship, with this site's own laid over them, read once."""
    own, shipped = settings.NORMS, read_norms()
    return read_norms(own, over=shipped) if own else shipped


def norm_if_any(key: str, day: date) -> Any:  # noqa: ANN401 (as many kinds as there are norms)
    """Return what a norm says on a day; None where none says it then, and a page goes on."""
    try:
        return norms().value(key, day)
    except NormError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class NormEnds:
    """A norm that isn't there for the whole of a period: its names, and its first day without."""

    key: str
    title: Mapping[str, str]
    on: date


def norms_ending(uses: Iterable[str], start: date, end: date) -> tuple[NormEnds, ...]:
    """Return the norms that have no value on some day of a period, the first to end first.

    Parameters
    ----------
    uses
        Keys, or what they begin with.
    start, end
        First day, and the day after the last.
    """
    begins = tuple(uses)
    found = (
        NormEnds(key=key, title=norm.title, on=day)
        for key, norm in norms().items()
        if begins and key.startswith(begins) and (day := norm.without(start, end))
    )
    return tuple(sorted(found, key=lambda each: (each.on, each.key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NormTrouble:
    """A norm that has no value on the day that asked for it: its name, and the way out."""

    title: str
    text: str


def norm_trouble(error: BaseException | None, language: Language) -> NormTrouble | None:
    """Say which norm's value an error is about; None where it is about something else."""
    if not isinstance(error, NormError):
        return None
    known = norms()
    named = error.subject in known.book
    return NormTrouble(
        title=known[error.subject].title[language] if named else error.subject,
        text=error_text(error, language),
    )


@lru_cache(maxsize=64)
def assumptions(day: date) -> Assumptions:
    """Return the figures behind accounts and advice on a day."""
    return Assumptions.on(norms(), day)
