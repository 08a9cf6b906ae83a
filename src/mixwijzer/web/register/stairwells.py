"""Which homes share a stairwell? A proposal made of house numbers, for a person to correct.

Homes are taken in the order of their street and number. Odd and even numbers lie on two sides of a
street, so they are kept apart unless somebody says otherwise. Every stairwell gets as many homes as
asked, the last one what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TypeVar
from uuid import UUID

__all__ = ["house_number", "proposal"]

Key = TypeVar("Key", str, UUID)
_NUMBER = re.compile(r"^(.*?)\s*(\d{1,5})\s*(.*)$")


def house_number(address: str) -> tuple[str, int, str]:
    """Take an address apart: street, number, addition; number 0 where there is none.

    >>> house_number("Vlierhof 12 a")
    ('Vlierhof', 12, 'a')
    """
    found = _NUMBER.match(address.strip())
    return (found[1], int(found[2]), found[3]) if found else (address.strip(), 0, "")


def proposal(
    homes: Iterable[tuple[Key, str]], *, size: int, sides_apart: bool = True
) -> Mapping[Key, str]:
    """Return the name of a stairwell for each home: its street and first and last number.

    Parameters
    ----------
    homes
        Anything that names a home, with its address.
    size
        Homes in one stairwell.
    sides_apart
        Whether odd and even numbers lie in different stairwells.
    """
    placed = sorted((_place(address, apart=sides_apart), key) for key, address in homes)
    named: dict[Key, str] = {}
    for _, members in groupby(placed, key=lambda each: each[0][:2]):
        listed = list(members)
        for start in range(0, len(listed), size):
            part = listed[start : start + size]
            named |= dict.fromkeys((key for _, key in part), _name([each for each, _ in part]))
    return named


def _place(address: str, *, apart: bool) -> tuple[str, int, int, str]:
    street, number, addition = house_number(address)
    return street, number % 2 if apart else 0, number, addition


def _name(places: list[tuple[str, int, int, str]]) -> str:
    street, first, last = places[0][0], places[0][2], places[-1][2]
    span = str(first) if first == last else f"{first}-{last}"
    return f"{street} {span}".replace("/", "-").strip()
