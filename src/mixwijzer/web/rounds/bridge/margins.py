"""How far are the margins of this year used, by the lettings of an association?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mixwijzer.engine.allocation import Margin, margin
from mixwijzer.engine.portfolio import Ground
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting.match_steps import MatchState
from mixwijzer.web.letting.models import Candidate, Match
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import Dwelling

__all__ = ["FREE", "FREE_ROOM", "Margins", "free_room", "margins"]

FREE_ROOM = "free_room"
FREE, AGREED = "letting.free_allocation_room", "letting.free_allocation_room_agreed"
FITTING = "letting.affordability_fit_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """How far the margins of the year are used; shares by norm, None where it ended.

    `fitting` are the lettings to a low income with a rent within the limit, `least` the part of
    them that the law asks, `unknown` the lettings of which the income or the rent isn't known here.
    """

    free: Margin
    special: Margin
    fitting: Margin
    law: float | None
    agreed: float | None
    least: float | None
    unknown: int


def free_room(owner: Organisation, day: date, *, but: Sequence[str] = ()) -> Margin:
    """Return how far the free room of this year is used, without some notices; one query."""
    grounds = _grounds(owner, day, but)
    return margin(grounds.count(FREE_ROOM), len(grounds), _elapsed(day))


def margins(owner: Organisation, day: date) -> Margins:
    """Return how far the margins of this year are used, from its lettings; four queries."""
    grounds, elapsed = _grounds(owner, day), _elapsed(day)
    special = sum(each != Ground.NONE_NEEDED for each in grounds)
    rents = _rents(owner, day)
    silent = rents.count(letting.Answer.SILENT)
    fitting = rents.count(letting.Answer.PASSED)
    low = fitting + sum(each in _ABOVE for each in rents)
    return Margins(
        free=margin(grounds.count(FREE_ROOM), len(grounds), elapsed),
        special=margin(special, len(grounds), elapsed),
        fitting=margin(fitting, low, elapsed),
        law=_share(FREE, day),
        agreed=_share(AGREED, day),
        least=_share(FITTING, day),
        unknown=max(len(grounds) - low - silent, 0),
    )


def _grounds(owner: Organisation, day: date, but: Sequence[str] = ()) -> list[str]:
    """Return the ground of each letting of this year until a day."""
    rows = register.current(register.LETTINGS, owner, on__gte=_start(day), on__lte=day)
    return list(rows.exclude(notice__in=but).values_list("ground", flat=True))


def _start(day: date) -> date:
    return date(day.year, 1, 1)


def _elapsed(day: date) -> float:
    """Return the part of its year that is over at the end of a day."""
    year = (date(day.year + 1, 1, 1) - _start(day)).days
    return ((day - _start(day)).days + 1) / year


_ABOVE = (letting.Answer.TIGHT, letting.Answer.FAILED)  # a rent above the limit


def _rents(owner: Organisation, day: date) -> list[letting.Answer]:
    """Say of each home that was let by a match whether its rent fits; others say no income."""
    rows = Match.objects.for_organisation(owner).filter(
        state=MatchState.LET, contract_on__gte=_start(day), contract_on__lte=day
    )
    let = list(rows.values_list("candidate", "vacancy__dwelling", "contract_on"))
    known = Candidate.objects.for_organisation(owner).filter(
        number__in=[number for number, _, _ in let], replaced_at=None
    )
    homes = Dwelling.objects.for_organisation(owner).filter(
        code__in=[code for _, code, _ in let], replaced_at=None
    )
    people = {each.id: each for each in letting.CANDIDATES.read(known)}
    places = {each.code: each for each in homes}
    return [
        letting.rent_fits(people[number], places[code], on)
        for number, code, on in let
        if on and number in people and code in places
    ]


def _share(key: str, day: date) -> float | None:
    told = register.norm_if_any(key, day)
    return None if told is None else float(told)
