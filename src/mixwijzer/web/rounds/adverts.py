"""The text with a home in the letting portal: facts of the home, nothing about people.

It is always in Dutch, as the portal is.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

__all__ = ["advert_of"]

_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()


def advert_of(
    *,
    rooms: int | None,
    rent: Decimal | None,
    floor: int | None,
    accessible: bool,
    free_from: date,
    label: str,
    most: int,
) -> str:
    """Return the text of a home: its label first, then facts as far as they fit."""
    facts = [
        f"{rooms} kamer{'s' if rooms != 1 else ''}" if rooms else "",
        _floor(floor),
        "zonder trappen" if accessible else "",
        f"€ {rent:.2f} per maand".replace(".", ",") if rent else "",
        f"vrij vanaf {free_from.day} {_MONTHS[free_from.month - 1]}",
    ]
    told = ""
    for fact in filter(None, facts):
        longer = f"{told}, {fact}" if told else fact[0].upper() + fact[1:]
        if len(longer) + 1 <= most:
            told = longer
    text = f"{told}." if told else ""
    with_label = f"{text} {label}".strip()
    return with_label if len(with_label) <= most else text


def _floor(floor: int | None) -> str:
    if floor is None:
        return ""
    return "begane grond" if floor == 0 else f"{floor}e verdieping"
