"""Whose part of a promise is whose, when it is divided by a key?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

from mixwijzer.engine.errors import AllocationError

Name = TypeVar("Name", str, tuple[str, tuple[str, ...]])


def shared(total: int, key: Mapping[Name, Fraction]) -> dict[Name, int]:
    """Divide a whole number in proportion to a key, by largest remainders: it sums exactly.

    Each first gets the whole part of its share; what is left goes to the largest remainders, of
    equal ones to the larger key, then to the earlier name.

    Parameters
    ----------
    total
        What is divided [persons or households], at least 0.
    key
        Per name its weight, at least 0: homes in stock, expected homes that suit, or own figures.

    Raises
    ------
    AllocationError
        `key_empty` where no name weighs anything, `key_negative`.

    Examples
    --------
    >>> shared(10, {name: Fraction(1) for name in ("Openbaar Belang", "SWZ", "deltaWonen")})
    {'Openbaar Belang': 4, 'SWZ': 3, 'deltaWonen': 3}
    """
    for name, weight in key.items():
        if weight < 0:
            raise AllocationError("key_negative", str(name))
    every = Fraction(sum(key.values()))
    if not every:
        raise AllocationError("key_empty", "key")
    exact = {name: total * weight / every for name, weight in key.items()}
    parts = {name: int(share) for name, share in exact.items()}
    left = total - sum(parts.values())
    order = sorted(parts, key=lambda name: (parts[name] - exact[name], -key[name], name))
    for name in order[:left]:
        parts[name] += 1
    return parts
