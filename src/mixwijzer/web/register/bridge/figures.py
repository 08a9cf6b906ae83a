"""Which figures are behind accounts and advice on a day?"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.exchange.normbook import read_norms

__all__ = ["assumptions", "norms"]


@lru_cache(maxsize=1)
def norms() -> Norms:
    """Return the norms that ship, with this site's own laid over them, read once."""
    own, shipped = settings.NORMS, read_norms()
    return read_norms(own, over=shipped) if own else shipped


@lru_cache(maxsize=64)
def assumptions(day: date) -> Assumptions:
    """Return the figures behind accounts and advice on a day."""
    return Assumptions.on(norms(), day)
