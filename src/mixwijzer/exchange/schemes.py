"""Which categories does a scheme have, when the file itself doesn't say?

A portfolio may bring schemes of its own; the default one stands in the norms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from mixwijzer.engine.norms import Scheme
from mixwijzer.exchange.normbook import read_norms

__all__ = ["known_categories"]


def known_categories(schemes: Iterable[Scheme]) -> Mapping[str, tuple[str, ...]]:
    """Return the categories, in order, of every scheme: a portfolio's own go before the norms'."""
    return {**_in_norms(), **{scheme.name: scheme.categories for scheme in schemes}}


@cache
def _in_norms() -> Mapping[str, tuple[str, ...]]:
    """Categories by scheme, of the norms' last word: a scheme never changes its categories."""
    found: dict[str, tuple[str, ...]] = {}
    for key, norm in read_norms().items():
        prefix, _, name = key.rpartition(".")
        if prefix == "mix.scheme":
            value = norm.values[-1].value
            if isinstance(value, Mapping) and isinstance(value["categories"], tuple):
                found[name] = tuple(str(category) for category in value["categories"])
    return found
