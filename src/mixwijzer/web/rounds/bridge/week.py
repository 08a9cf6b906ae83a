"""From this week's vacancies to a proposal for all of them together, and what it was made from.

One home goes as its own advice says. Homes that share a ceiling cost more together than apart:
what they take from each other. Promises that are behind pull, by the norms of rounds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Any, cast

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.advice import Advice, ChannelAdvice, Together, advise
from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Conflict,
    FreeHome,
    Joint,
    Option,
    Week,
    week,
)
from mixwijzer.engine.errors import MixwijzerError, NormError
from mixwijzer.engine.obligations import ObligationCount
from mixwijzer.engine.portfolio import Ground
from mixwijzer.engine.steering import Room
from mixwijzer.exchange.wording import Language, error_text
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS, Expectation, counted, expected
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting.models import Decision, PricedRoom
from mixwijzer.web.letting.models import Vacancy as VacancyRow
from mixwijzer.web.letting.transitions import State as Stage
from mixwijzer.web.register import bridge as register
from mixwijzer.web.rounds.bridge.margins import FREE, FREE_ROOM, free_room
from mixwijzer.web.rounds.models import RoundItem, WeekRound
from mixwijzer.web.rounds.transitions import WeekState

__all__ = [
    "USED",
    "Sources",
    "changed_since",
    "changes",
    "fell_off",
    "fingerprint",
    "items_of",
    "label_length",
    "label_length_known",
    "proposed",
    "sources_of",
    "stands",
    "text_hash",
    "trouble_text",
    "waits",
    "with_decisions",
]

UNDECIDED = frozenset({Stage.NOTICED, Stage.VIEWED, Stage.ADVISED})
BEFORE_ADOPTION = frozenset({WeekState.PREPARED, WeekState.COMPUTED, WeekState.RELEASED})
SCALE = 1000  # points to one home that is let
DIRECT = Ground.DIRECT_MEDIATION
LABEL_LENGTH = "letting.label_length"
USED = ("account.", "advice.", "letting.", "mix.", "rent.", "turnover.")
"""What the norms begin with by which the homes of a week are divided and let."""
OUT_OF_BAND = "letting.round_out_of_band"
SHORT = "letting.round_short_of_promise"


def label_length(day: date) -> int:
    """Return how long a text with a home may be in the portal [characters]."""
    return int(cast("int", register.norms().value(LABEL_LENGTH, day)))


def label_length_known(day: date) -> int | None:
    """Return the same, or None where no norm says it."""
    told = register.norm_if_any(LABEL_LENGTH, day)
    return None if told is None else int(told)


def trouble_text(code: str, subject: str, facts: Mapping[str, Any], language: Language) -> str:
    """Tell why a round can't be computed."""
    return error_text(MixwijzerError(code, subject, **facts), language)


def fingerprint(marks: Mapping[str, str]) -> str:
    """Hash what a proposal was made from."""
    return text_hash(json.dumps(marks, sort_keys=True))


def changes(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what differs: its kind, and the complex or vacancy that it is about."""
    kinds = (key.partition(" ") for key in sorted({*then, *now}) if then.get(key) != now.get(key))
    return tuple((kind, about) for kind, _, about in kinds)


def text_hash(text: str) -> str:
    """Return what stands for a text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything that the round of some vacancies is made from, on a day.

    Nothing is proposed any more for those in `settled` (by code), of which it was decided or whose
    notice was closed: they keep the way that was proposed.
    """

    owner: Organisation
    vacancies: tuple[VacancyRow, ...]
    day: date
    settled: Collection[str] = frozenset()

    @cached_property
    def waiting(self) -> tuple[VacancyRow, ...]:
        """The vacancies that still wait for a decision."""
        return tuple(each for each in self.vacancies if each.code not in self.settled)

    @cached_property
    def _case(self) -> letting.Case:
        complexes = sorted({each.complex_id for each in self.vacancies})
        return letting.case_of(*letting.look_around(self.owner, complexes, self.day))

    @cached_property
    def _rooms(self) -> Mapping[int, Room]:
        rows = PricedRoom.objects.for_organisation(self.owner).filter(
            complex__in=[each.complex_id for each in self.vacancies], scheme=letting.DEFAULT_SCHEME
        )
        return {row.complex_id: Room.from_json(json.loads(row.content)) for row in rows}

    @cached_property
    def advices(self) -> Mapping[str, Advice]:
        """The advice about each home, without the years after each placement."""
        case = self._case
        return {
            each.code: advise(
                case.portfolio,
                each.code,
                self.day,
                case.norms,
                scheme=case.scheme,
                accounts=case.accounts,
                room=self._rooms.get(each.complex_id),
                followed=False,
            )
            for each in self.waiting
        }

    @cached_property
    def promises(self) -> tuple[ObligationCount, ...]:
        """What was promised and runs today."""
        rows = register.current(
            OBLIGATIONS, self.owner, start__lte=self.day, end__gt=self.day
        ).order_by("code")
        return counted(self.owner, OBLIGATIONS.read(rows), self.day)

    # --- what it is made from

    def marks(self) -> dict[str, str]:
        """Return what the proposal is made from, by its parts; what the round decides is none."""
        portfolio = self._case.portfolio
        told: dict[str, list[str]] = {}
        for kind, block, row in self._rows():
            told.setdefault(f"{kind} {block}", []).append(repr(row))
        marks = {key: text_hash("\n".join(sorted(rows))) for key, rows in told.items()}
        marks |= {f"vacancy {each.code}": self._open(each) for each in self.vacancies}
        return marks | {
            "profiles": text_hash(repr((portfolio.profiles, portfolio.caps))),
            "channels": text_hash(repr(portfolio.channels)),
            "norms": self._case.norms.name,
            "promises": text_hash(repr([(e.obligation.id, e.remaining) for e in self.promises])),
        }

    def _rows(self) -> Iterator[tuple[str, str, object]]:
        """Yield what is known of the complexes of these homes: its kind, the complex, the row."""
        portfolio = self._case.portfolio
        blocks = {each.complex.code for each in self.vacancies}
        codes = {each.code for each in self.vacancies}
        home = {e.id: e.complex for e in portfolio.dwellings if e.complex in blocks}
        others = {e.id: home[e.dwelling] for e in portfolio.vacancies if e.dwelling in home}
        others = {code: block for code, block in others.items() if code not in codes}
        places: tuple[tuple[str, Iterable[Any], Callable[[Any], str | None]], ...] = (
            ("judgements", portfolio.judgements, lambda e: _block_in(e.scope.code, blocks)),
            ("tenancies", portfolio.tenancies, lambda e: home.get(e.dwelling)),
            ("vacancies", portfolio.vacancies, lambda e: others.get(e.id)),
            ("lettings", portfolio.lettings, lambda e: others.get(e.vacancy)),
        )
        for kind, rows, place in places:
            for row in rows:
                if (block := place(row)) is not None:
                    yield kind, block, row

    def _open(self, row: VacancyRow) -> str:
        notice = self._case.portfolio.vacancy.get(row.code)
        if notice is None or row.state == "closed" or notice.closed_on is not None:
            return "closed"
        return f"{notice.free_from} {notice.publication}"

    # --- what comes out

    def proposal(self) -> dict[str, Any]:
        """Return which way each home goes and how likely everything holds; or what clashes.

        Raises
        ------
        MixwijzerError
            A norm that ended, a profile that no mix can satisfy, a home out of the base.
        """
        advices = self.advices
        options, ways = self._options()
        found = week(self._homes(), options, self._agreements(), self._joint(options, ways))
        birth = {
            "engine": ENGINE_VERSION,
            "normset": self._case.norms.name,
            "data_date": _iso(self._case.portfolio.data_date),
            "day": self.day.isoformat(),
            "until": min(each.valid_until for each in advices.values()).isoformat(),
        }
        if isinstance(found, Conflict):
            return {**birth, **_clash(found)}
        return {**birth, **self._told(found, options, ways)}

    @cached_property
    def _together(self) -> Together:
        codes = [each.code for each in self.waiting]
        return Together(self._case.accounts, codes, self.day)

    def _homes(self) -> tuple[FreeHome, ...]:
        blocks = self._case.portfolio.complex
        return tuple(
            FreeHome(
                id=each.code,
                complex=each.complex.code,
                neighbourhood=blocks[each.complex.code].neighbourhood or "",
            )
            for each in self.waiting
        )

    def _options(self) -> tuple[tuple[Option, ...], tuple[ChannelAdvice, ...]]:
        """Return the ways that are open, direct mediation per group that is still owed."""
        options, ways = [], []
        first = next(iter(self.advices.values()))
        for place, way in enumerate(first.channels):
            costs = {
                code: cost
                for code, told in self.advices.items()
                if (cost := self._cost(told, place)) is not None
            }
            for group, supply in self._groups(way):
                options.append(
                    Option(
                        channel=way.channel.id,
                        group=group,
                        ground=way.channel.ground.value,
                        supply=supply,
                        costs=costs,
                    )
                )
                ways.append(way)
        return tuple(options), tuple(ways)

    def _groups(self, way: ChannelAdvice) -> Iterator[tuple[str, int | None]]:
        """Yield whom a way can bring; direct mediation also brings groups that are owed."""
        yield "", None
        if way.channel.ground is DIRECT:
            for each in self.promises:
                if each.remaining:
                    yield each.obligation.group, each.remaining

    def _cost(self, advice: Advice, place: int) -> int | None:
        """Return what a way costs at a home [points]: the order of its own advice, in homes."""
        way = advice.channels[place]
        if not way.has_ground:
            return None
        weight = SCALE * float(self._steps[0])
        small = self._case.accounts.assumptions.small_difference
        open_ones = [each for each in advice.channels if each.has_ground]
        least = min(each.out_of_band for each in open_ones)
        if way.out_of_band - least >= small:
            return round(weight * way.out_of_band)
        near = [each for each in open_ones if each.out_of_band - least < small]
        order = sorted(near, key=lambda each: (each.cost or 0.0, near.index(each)))
        rank = order.index(way)
        return round(weight * least) + (rank and max(1, round(weight * small * rank / len(order))))

    @cached_property
    def _steps(self) -> Sequence[Any]:
        return cast("Sequence[Any]", register.norms().value(OUT_OF_BAND, self.day))

    def _joint(self, options: Sequence[Option], ways: Sequence[ChannelAdvice]) -> tuple[Joint, ...]:
        shares = {id(each): way.channel.shares for each, way in zip(options, ways, strict=True)}
        return tuple(
            Joint(homes=part, cost=partial(self._taken, part, shares))
            for part in self._together.parts
            if len(part) > 1
        )

    def _taken(
        self, part: Sequence[str], shares: Mapping[int, Sequence[Any]], chosen: Mapping[str, Option]
    ) -> int:
        """Return what homes take from each other: the chance that is lost together [points]."""
        let = {code: [float(each) for each in shares[id(chosen[code])]] for code in part}
        both = self._together.chance_in(part, let)
        apart = math.prod(self._together.chance_in(part, {code: let[code]}) for code in part)
        return round(SCALE * float(self._steps[0]) * max(apart - both, 0.0))

    def _agreements(self) -> tuple[Agreement, ...]:
        """Return what promises ask of this week, and the free room that is left this year."""
        price = round(SCALE * float(cast("Any", register.norms().value(SHORT, self.day))))
        owed = zip(self.promises, expected(self.owner, self.promises, self.day), strict=True)
        asked = {
            each.obligation.group: Agreement(
                id=each.obligation.group,
                kind=AgreementKind.OBLIGATION,
                group=each.obligation.group,
                low=homes,
                prices=(price,),
            )
            for each, told in owed
            if (homes := self._asked(each, told))
        }
        used = free_room(self.owner, self.day, but=[each.code for each in self.waiting])
        share = float(cast("Any", register.norms().value(FREE, self.day)))
        left = math.floor(share * (used.of + len(self.waiting))) - used.counted
        room = Agreement(
            id=FREE_ROOM, kind=AgreementKind.BUDGET, ground=FREE_ROOM, high=max(left, 0)
        )
        return (*asked.values(), room)

    def _asked(self, each: ObligationCount, told: Expectation | None) -> int:
        """Return how many of these homes a promise asks [homes].

        What the rest of its period asks of all homes that come free (1 in so many), and no more
        than a week's part of what is left: one sheet can't make up for a year.
        """
        if told is None or not told.one_in:
            return 0
        known = each.obligation.unit == "persons" and each.households
        left = each.remaining / max(each.persons / each.households, 1) if known else each.remaining
        weeks = max((each.obligation.end - self.day) / timedelta(weeks=1), 1)
        return min(round(len(self.waiting) / told.one_in), math.ceil(left / weeks))

    def _told(
        self, found: Week, options: Sequence[Option], ways: Sequence[ChannelAdvice]
    ) -> dict[str, Any]:
        at = {id(each): number for number, each in enumerate(options)}
        shares = {id(each): way.channel.shares for each, way in zip(options, ways, strict=True)}
        let = {
            code: [float(each) for each in shares[id(option)]]
            for code, option in found.choices.items()
        }
        items = {}
        for part in self._together.parts:
            both = self._together.chance_in(part, let)
            for code in part:
                chosen = found.choices[code]
                way = ways[at[id(chosen)]].channel
                items[code] = {
                    **_room_of(self.advices[code]),
                    "channel": way.id,
                    "name": dict(way.name),
                    "ground": way.ground.value,
                    "source": way.ground_source,
                    "group": chosen.group,
                    "intake": way.intake_form,
                    "label": dict(way.label),
                    "chance": both,
                    "alone": self._together.chance_in(part, {code: let[code]}),
                    "with": [each for each in part if each != code],
                    "advised": self.advices[code].recommended,
                    "ways": _open_ways(self.advices[code]),
                }
        return {"items": items, "chance": self._together.chance(let), "cost": found.cost}


def _block_in(code: str, blocks: Collection[str]) -> str | None:
    """Return the complex of a scope where it is one of these."""
    block = code.partition("/")[0]
    return block if block in blocks else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _open_ways(advice: Advice) -> list[dict[str, Any]]:
    return [
        {"id": each.channel.id, "name": dict(each.channel.name)}
        for each in advice.channels
        if each.has_ground
    ]


def _room_of(advice: Advice) -> dict[str, Any]:
    """Return the tightest verdict, with the count and limit that bind it."""
    told = min(advice.categories, key=lambda each: each.verdict)
    rule = told.binding
    return {
        "category": told.category,
        "verdict": told.verdict.name,
        "likely": list(rule.count.likely) if rule else None,
        "limit": rule.limit if rule else None,
    }


def _clash(found: Conflict) -> dict[str, Any]:
    return {
        "clash": [each.id for each in found.agreements],
        "ways_out": [
            [
                {"id": move.agreement, "low": move.low, "high": move.high, "units": move.units}
                for move in each.moves
            ]
            for each in found.relaxations
        ],
    }


# --- from the rows of a round


def items_of(row: WeekRound) -> list[RoundItem]:
    """Return the homes of a round, in order."""
    rows = RoundItem.objects.for_organisation(row.owner_id).filter(week_round=row)
    related = rows.select_related("week_round", "vacancy__complex", "decision__actor")
    return with_decisions(related.order_by("place"))


def with_decisions(items: Iterable[RoundItem]) -> list[RoundItem]:
    """Return homes with what was decided on the page of their vacancy as their answer.

    Until the round is adopted: then the answers are written down, and another one isn't theirs.
    """
    found = list(items)
    lost = [each for each in found if _decided_elsewhere(each)]
    if lost:
        rows = Decision.objects.for_organisation(lost[0].owner_id).filter(
            vacancy__in=[each.vacancy_id for each in lost], withdrawn_at=None
        )
        standing = {row.vacancy_id: row for row in rows.select_related("actor")}
        for each in lost:
            if row := standing.get(each.vacancy_id):
                _answered_by(each, row)
    return found


def _decided_elsewhere(item: RoundItem) -> bool:
    decided = item.vacancy.state not in {*UNDECIDED, Stage.CLOSED}
    return decided and not stands(item) and item.week_round.state in BEFORE_ADOPTION


def _answered_by(item: RoundItem, decision: Decision) -> None:
    item.decision, item.agreed = decision, decision.channel == item.channel
    item.answered_by, item.answered_at = decision.actor, decision.at
    item.elsewhere = True


def proposed(row: WeekRound) -> Mapping[str, Any]:
    """Return what was proposed for each home, by the code of its vacancy; of a clash what is kept.

    Only homes that no longer wait have something then.
    """
    told: Mapping[str, Any] = row.result.get("items", row.result.get("settled", {}))
    return told


def stands(item: RoundItem) -> bool:
    """Whether it was decided about a home, and that still holds."""
    return item.decision is not None and item.decision.withdrawn_at is None


def fell_off(item: RoundItem) -> bool:
    """Whether the notice of a home was closed, so that there is nothing to decide any more."""
    return item.vacancy.state == Stage.CLOSED


def waits(item: RoundItem) -> bool:
    """Whether a decision about a home is still awaited."""
    return not stands(item) and not fell_off(item)


def sources_of(row: WeekRound, items: Sequence[RoundItem], day: date) -> Sources:
    """Return what a round would be made from on a day."""
    return Sources(
        owner=row.owner,
        vacancies=tuple(each.vacancy for each in items),
        day=day,
        settled=frozenset(each.vacancy.code for each in items if not waits(each)),
    )


def changed_since(row: WeekRound, day: date) -> tuple[tuple[str, str], ...]:
    """Return what changed since a round was computed: kind, and complex or vacancy."""
    if not row.inputs:
        return ()
    try:
        sources = sources_of(row, items_of(row), day)
        found = changes(row.inputs, sources.marks())
    except NormError:  # one that it was made from has ended: nothing can be computed of today
        return (("term", ""),)
    known = row.result.get("items")
    new = [each.code for each in sources.waiting if known is not None and each.code not in known]
    found += tuple(("decided", code) for code in new)
    ended = sources.waiting and row.result.get("until", "") < day.isoformat()
    return (*found, ("term", "")) if ended else found
