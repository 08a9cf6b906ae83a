"""What is asked of the list of complexes ahead."""

from __future__ import annotations

from django.http import QueryDict

from mixwijzer.web.outlook.selectors import SORTS, Wanted

__all__ = ["wanted_of"]

LONGEST = 80  # a name to look for [characters]


def wanted_of(asked: QueryDict) -> Wanted:
    """Read the question from an address; what does not exist is left out."""
    sort = asked.get("sort", "")
    known = sort.removeprefix("-") in SORTS
    page = asked.get("page", "")
    return Wanted(
        text=_typed(asked.get("q", ""))[:LONGEST],
        area=_typed(asked.get("area", ""))[:LONGEST],
        sort=sort.removeprefix("-") if known else "in_band",
        descending=known and sort.startswith("-"),
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,
    )


def _typed(text: str) -> str:
    return "".join(each for each in text if each.isprintable()).strip()
