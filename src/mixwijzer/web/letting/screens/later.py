"""What does an advice say about later, and about the other complexes?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from mixwijzer.exchange.wording import Explanation
from mixwijzer.web.letting.bridge import Advice, PlacementAhead
from mixwijzer.web.letting.selectors import Priced
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable

__all__ = ["LaterCard", "later_card"]

_LAST_PLACE = ("advice.ahead.until", "advice.ahead.from", "advice.ahead.long")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterCard:
    """What the placements cost later and elsewhere; without a table `absent` says why.

    `last` are kinds with the sentence that tells until when this would be the last place.
    """

    table: DataTable | None
    last: tuple[tuple[str, str], ...]
    absent: str
    origin: str
    old: bool
    method_href: str


def later_card(
    advice: Advice | None, explanation: Explanation | None, priced: Priced | None
) -> LaterCard | None:
    """Return what is drawn of later; None where no advice is shown."""
    if advice is None or explanation is None:
        return None
    placements = advice.ahead.placements if advice.ahead else ()
    return LaterCard(
        table=_table(placements, explanation) if placements else None,
        last=tuple(_last(placements, explanation)),
        absent="" if placements else _absent(advice, explanation),
        origin=_("Computed on %(day)s") % {"day": formats.day(priced.at, "year")} if priced else "",
        old=bool(priced and priced.old and placements),
        method_href=reverse("desk:method") + "#ahead",
    )


def _absent(advice: Advice, explanation: Explanation) -> str:
    if advice.ahead is None:
        return _("Nobody looked ahead yet for this advice. It speaks of today only.")
    code = f"advice.ahead.absent.{advice.ahead.absent}"
    return next(each for each in explanation.remarks if each.code == code)


def _last(
    placements: tuple[PlacementAhead, ...], explanation: Explanation
) -> Iterator[tuple[str, str]]:
    for each in placements:
        text = explanation.of(each.category)
        yield from ((text.name, told) for told in text.ahead if told.code in _LAST_PLACE)


def _table(placements: tuple[PlacementAhead, ...], explanation: Explanation) -> DataTable:
    heads = [
        _("Costs"),
        _("Band now"),
        _("Moves"),
        _("Elsewhere"),
    ]
    followed = all(each.later for each in placements)
    if followed:
        heads += [_("After a year"), _("After two years")]
    return DataTable(
        caption=_("Later and elsewhere, by kind of neighbour"),
        columns=(
            Column(label=_("Kind")),
            *(Column(label=head, numeric=True) for head in heads),
        ),
        rows=tuple(
            (explanation.of(each.category).name, *_figures(each, followed=followed))
            for each in placements
        ),
    )


def _figures(each: PlacementAhead, *, followed: bool) -> Iterator[str]:
    told = each.placement
    later = [one.out_of_band for one in each.later] if followed else []
    for figure in (told.cost, told.band, told.drift, told.price, *later):
        yield formats.number(Decimal(figure).quantize(Decimal("0.1")) + 0, 1)
