"""From homes and candidates to who gets what, in what order alone, and why (not).

The round is the one that `mixwijzer allocate` makes of the same portfolio: whoever takes that along
and asks again gets the same. What is kept names candidates by number and nothing else of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.utils.timezone import localdate

from mixwijzer.engine.advice import Advice
from mixwijzer.engine.allocation import Agreement, Allocation, Conflict, Envy, in_order
from mixwijzer.engine.errors import NormError
from mixwijzer.exchange.inquiry import Inquiry, Refusal
from mixwijzer.exchange.rounds import Divided, Part, divided
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting.match_steps import ACTIVE
from mixwijzer.web.letting.models import Candidate, Match
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import Dwelling
from mixwijzer.web.rounds.bridge.together import bringing, table_changes
from mixwijzer.web.rounds.bridge.week import Sources, changes, text_hash
from mixwijzer.web.rounds.models import CityHome, CityPerson, CityRound

__all__ = [
    "CitySources",
    "city_changes",
    "homes_of",
    "inquiry_of",
    "numbers_of",
    "waiting_people",
]

_RULE_NORMS = (
    "rent.social_rent_cap",
    "rent.cap",
    "letting.use_fit_margin",
    "letting.use_free_room",
    "letting.persons_for_rooms",
    "letting.priorities",
    "letting.round_out_of_band",
    "letting.round_short_of_promise",
)


@dataclass(frozen=True, kw_only=True)
class _Watched(Inquiry):
    """An inquiry that tells of every advice that it was made, and keeps it."""

    heard: Callable[[Advice | Refusal], None] = field(default=lambda _: None)

    def answer(self, vacancy: str, rooms: Any = None) -> Advice | Refusal:  # noqa: ANN401
        found = super().answer(vacancy, rooms)
        self.heard(found)
        return found


def inquiry_of(owner: Organisation, moment: datetime) -> Inquiry:
    """Return the portfolio of an association with its candidates, as known at a moment."""
    rows = register.as_known(owner, moment, PROFILES, CAPS, OBLIGATIONS, letting.CANDIDATES)
    return Inquiry.of(rows, register.norms(), day=localdate(moment), scheme=letting.DEFAULT_SCHEME)


@dataclass(frozen=True, kw_only=True)
class CitySources:
    """The homes and candidates of a round, and everything that comes of them at a moment."""

    owner: Organisation
    homes: tuple[CityHome, ...]
    numbers: tuple[str, ...]
    moment: datetime

    @classmethod
    def of(cls, row: CityRound, moment: datetime) -> CitySources:
        """Return what a round would be made from at a moment."""
        return cls(
            owner=row.owner, homes=tuple(homes_of(row)), numbers=numbers_of(row), moment=moment
        )

    def marks(self) -> dict[str, str]:
        """Return what the round is made from, by its parts."""
        week = Sources(
            owner=self.owner,
            vacancies=tuple(each.vacancy for each in self.homes),
            day=localdate(self.moment),
        )
        return {**week.marks(), **dict(self._homes()), **dict(self._people())}

    def _homes(self) -> Iterator[tuple[str, str]]:
        """Yield what the letting rules ask of each home, and whether it was decided about."""
        rows = Dwelling.objects.for_organisation(self.owner).filter(
            code__in=[each.vacancy.dwelling for each in self.homes], replaced_at=None
        )
        by_code = {each.code: each for each in rows}
        for each in self.homes:
            home = by_code[each.vacancy.dwelling]
            told = (home.rooms, home.rent, home.accessible)
            yield f"home {each.vacancy.code}", text_hash(repr(told))
            yield f"decided {each.vacancy.code}", str(each.vacancy.state not in OPEN)

    def _people(self) -> Iterator[tuple[str, str]]:
        """Yield what the letting rules ask of each candidate, and whether he still waits."""
        free = {each.number for each in waiting_people(self.owner, localdate(self.moment))}
        rows = Candidate.objects.for_organisation(self.owner).filter(
            number__in=self.numbers, replaced_at=None
        )
        for row in rows:
            told = (
                *(row.size, row.income_class, row.registered, row.priority, row.target_group),
                *(row.accessible_needed, row.number in free),
            )
            yield f"candidate {row.number}", text_hash(repr(told))

    def outcome(self, heard: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Divide the homes, and return what came of it, and what it brings, in plain values.

        Homes and candidates that dropped out meanwhile take no part, and are named. `heard` is
        called after the advice about every home.

        Raises
        ------
        MixwijzerError
            Nothing or nobody left to divide, or a norm that ended.
        """
        advices: list[Advice] = []

        def told(found: Advice | Refusal) -> None:
            if isinstance(found, Advice):
                advices.append(found)
            heard()

        day = localdate(self.moment)
        asked = inquiry_of(self.owner, self.moment)
        parts = {each.name: getattr(asked, each.name) for each in fields(Inquiry)}
        inquiry = _Watched(heard=told, **parts)
        there = set(inquiry.open_vacancies())
        homes = [each for each in self.homes if each.vacancy.code in there]
        homes = [each for each in homes if each.vacancy.state in OPEN]
        free = {each.number for each in waiting_people(self.owner, day)} & set(self.numbers)
        part = Part(vacancies=[each.vacancy.code for each in homes], candidates=sorted(free))
        found = divided(inquiry, part=part)
        came = {
            "engine": letting.ENGINE_VERSION,
            "normset": inquiry.norms.name,
            "data_date": str(inquiry.portfolio.data_date or ""),
            "day": day.isoformat(),
            "until": min(
                (*(each.valid_until for each in advices), self._rules_until())
            ).isoformat(),
            "order": self._order(free),
            "dropped": sorted(
                {each.vacancy.code for each in self.homes} - set(part.vacancies or ())
            ),
            "busy": sorted(set(self.numbers) - free),
            "left_out": [{"home": each.vacancy, **_trouble(each.error)} for each in found.left_out],
            **(_clash(found.clash) if found.clash else _told(found)),
            "agreements": {each.id: _agreement(each, found, inquiry) for each in found.agreements},
        }
        return {**came, "bringing": bringing(found, inquiry, came)}

    def _order(self, numbers: Collection[str]) -> list[str]:
        """Return who takes part in the order of the letting rules."""
        told = register.norms().value("letting.priorities", localdate(self.moment))
        rows = Candidate.objects.for_organisation(self.owner).filter(
            number__in=numbers, replaced_at=None
        )
        people = in_order(letting.CANDIDATES.read(rows), cast("Sequence[str]", told))
        return [each.id for each in people]

    def _rules_until(self) -> date:
        """Return the last day on which all figures of the letting rules hold."""
        day, norms = localdate(self.moment), register.norms()
        ends = [date.max]
        for key in _RULE_NORMS:
            with suppress(NormError):  # a rule whose norm ended says so itself
                if end := norms[key].on(day).end:
                    ends.append(end - timedelta(days=1))
        return min(ends)


def _trouble(error: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"code": error.code, "subject": error.subject, "facts": dict(error.facts)}


def _told(found: Divided) -> dict[str, Any]:
    """Return who gets what, beside the order alone, with its proof and every reason."""
    allocation = found.allocation
    assert isinstance(allocation, Allocation)  # noqa: S101 (the other case is a clash)
    return {
        "placements": {each.home: each.candidate for each in allocation.placements},
        "in_order": dict(allocation.burden.in_order),
        "longer": list(allocation.burden.longer),
        "sooner": list(allocation.burden.sooner),
        "worst": _envy(allocation.burden.worst),
        "within": _envy(allocation.burden.within),
        "without_bands": allocation.without_bands,
        "objective": allocation.objective,
        "bound": allocation.bound,
        "price": allocation.price_of_mix,
        "holds": allocation.verdict.holds,
        "checked": allocation.verdict.objective,
        "reasons": [
            *(
                [each.candidate, each.home or "", each.kind.value, each.other or "",
                 list(each.agreements)]
                for each in found.whys()
            ),
            *([person, home, rule, "", []] for (home, person), rule in found.refusals.items()),
        ],
    }  # fmt: skip


def _envy(envy: Envy | None) -> dict[str, str]:
    if envy is None:
        return {}
    return {"candidate": envy.candidate, "home": envy.home, "holder": envy.holder}


def _agreement(each: Agreement, found: Divided, inquiry: Inquiry) -> dict[str, Any]:
    """Return what was agreed, and what counts for it in this division."""
    count = found.allocation.verdict.counts[each.id] if found.allocation else None
    name = inquiry.name(inquiry.scope(each.place)) if each.place else ""
    return {
        "kind": each.kind.value,
        "place": name,
        "category": each.category,
        "group": each.group,
        "low": each.low,
        "high": each.high,
        "count": count,
    }


def _clash(found: Conflict) -> dict[str, Any]:
    return {
        "clash": [each.id for each in found.agreements],
        "ways_out": [
            [{"id": move.agreement, "units": move.units} for move in each.moves]
            for each in found.relaxations
        ],
    }


# --- from the rows of a round


def homes_of(row: CityRound) -> list[CityHome]:
    """Return the homes of a round, in order."""
    rows = CityHome.objects.for_organisation(row.owner_id).filter(city_round=row)
    return list(rows.select_related("vacancy__complex", "match", "settled_by").order_by("place"))


def numbers_of(row: CityRound) -> tuple[str, ...]:
    """Return the numbers of the candidates of a round."""
    rows = CityPerson.objects.for_organisation(row.owner_id).filter(city_round=row)
    return tuple(rows.order_by("candidate").values_list("candidate", flat=True))


def waiting_people(owner: Organisation, day: date) -> Sequence[Candidate]:
    """Return the candidates who look, are in no match and don't rest on a day."""
    busy = Match.objects.for_organisation(owner).filter(state__in=sorted(ACTIVE))
    rows = Candidate.looking(owner).exclude(number__in=busy.values("candidate"))
    waiting = rows.order_by("number")
    return [each for each in waiting if not each.rests(day)]


def city_changes(row: CityRound, moment: datetime) -> tuple[tuple[str, str], ...]:
    """Return what changed since a round was computed: kind, and the complex, home or candidate."""
    if not row.inputs:
        return ()
    found = (*changes(row.inputs, CitySources.of(row, moment).marks()), *table_changes(row))
    ended = str(row.result.get("until", "")) < localdate(moment).isoformat()
    return (*found, ("term", "")) if ended else found
