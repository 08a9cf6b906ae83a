"""From what several associations lay on a table to who gets which home, and each one's own part.

What lies there is frozen figures about homes (what the advice leaves, what a promise asks) and
candidates by number. Each gets back what is about its own homes and its own candidates; of another
it reads how many take part, and who has to be proposed for a home of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    Allocation,
    FreeHome,
    WhyKind,
    in_order,
)
from mixwijzer.engine.portfolio import Candidate, Dwelling
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.rounds import Divided, Side, divided_together
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.letting import bridge as letting
from mixwijzer.web.letting import models
from mixwijzer.web.register import bridge as register
from mixwijzer.web.rounds.city_steps import CityState
from mixwijzer.web.rounds.models import Absence, CityRound, Seat

__all__ = ["Together", "absences_at", "bringing", "rounds_at", "seats_of", "table_changes"]

TOLD = ("engine", "normset", "data_date", "day", "until", "dropped", "busy", "left_out")


def bringing(found: Divided, inquiry: Inquiry, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what would lie on a table of a round that was computed; nothing where it clashes."""
    if found.allocation is None:
        return {}
    the_round, portfolio = found.allocation.round, inquiry.portfolio
    names = {each: told["agreements"][each]["place"] for each in told["agreements"]}
    return {
        **{name: told[name] for name in TOLD},
        "homes": [_home(each, portfolio) for each in the_round.homes],
        "people": [each.id for each in the_round.candidates],
        "categories": {each.group: each.category for each in the_round.candidates},
        "agreements": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "place": each.place,
                "name": names[each.id],
                "category": each.category,
                "group": each.group,
                "low": each.low,
                "high": each.high,
            }
            for each in the_round.agreements
        ],
    }


def _home(home: FreeHome, portfolio: Any) -> dict[str, Any]:  # noqa: ANN401
    dwelling = portfolio.dwelling[portfolio.vacancy[home.id].dwelling]
    return {
        "id": home.id,
        "complex": home.complex,
        "neighbourhood": home.neighbourhood,
        "rooms": dwelling.rooms,
        "rent": None if dwelling.rent is None else str(dwelling.rent),
        "accessible": dwelling.accessible,
    }


# --- who sits at a table


def seats_of(seat: Seat) -> list[Seat]:
    """Return the seats of a table, who set it first; for who has one of them."""
    with acting_for(seat.owner_id):
        rows = Seat.objects.for_organisation(seat.owner_id).filter(table=seat.table)
        related = ("owner", "party", "made_by", "closed_by")
        found = list(rows.select_related(*related).order_by("party__name"))
    return sorted(found, key=lambda each: each.party_id != each.owner_id)


def absences_at(seats: Sequence[Seat]) -> Mapping[int, str]:
    """Return why who takes no part doesn't, by the key of its seat."""
    with acting_for(*{each.owner_id for each in seats}):
        rows = Absence.objects.for_organisation(seats[0].owner_id)
        found = rows.filter(seat__in=[each.pk for each in seats], ended_at=None)
        return dict(found.values_list("seat_id", "reason"))


def rounds_at(seats: Sequence[Seat]) -> list[CityRound]:
    """Return what each association brings to a table, in the order of its seats."""
    found = []
    for each in seats:
        with acting_for(each.party_id):
            rows = CityRound.objects.for_organisation(each.party_id).filter(seat=each.pk)
            standing = rows.exclude(state=CityState.DROPPED).select_related("owner")
            row = standing.defer("result", "inputs").first()
        found += [row] if row else []
    return found


def table_changes(row: CityRound) -> tuple[tuple[str, str], ...]:
    """Return who laid something else on the table since a round was divided there."""
    told = row.result.get("together")
    if not told or row.seat is None:
        return ()
    lies = _lying(seats_of(row.seat))
    return tuple(("table", name) for name, then in told["laid"].items() if lies.get(name) != then)


def _lying(seats: Sequence[Seat]) -> Mapping[str, str]:
    """Return what lies there, by name; who withdrew once the table was closed left it there."""
    found: dict[str, str] = {}
    for each in seats:
        with acting_for(each.party_id):
            rows = CityRound.objects.for_organisation(each.party_id).filter(seat=each.pk)
            row = rows.exclude(laid_at=None).only("laid_at").first()
        found |= {each.party.name: mark(row)} if row else {}
    return found


def mark(row: CityRound) -> str:
    """Return what stands for what somebody laid there."""
    return row.laid_at.isoformat() if row.laid_at else ""


# --- dividing, and each one's part


@dataclass(frozen=True)
class Together:
    """What several associations laid on a table, divided."""

    rounds: tuple[CityRound, ...]

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """What each brings, by the code of the association."""
        return {each.owner.code: _side(each) for each in self.rounds}

    @cached_property
    def found(self) -> Divided:
        """What came of it.

        Raises
        ------
        NormError
            A norm that is needed ended.
        """
        return divided_together(tuple(self.sides.values()), register.norms(), self.day)

    @property
    def day(self) -> date:
        """The day of the letting rules: that of the last of what was laid there."""
        return date.fromisoformat(max(each.bringing["day"] for each in self.rounds))

    @cached_property
    def allocation(self) -> Allocation:
        """Who gets what; nothing clashes, since every agreement of a round has its price."""
        found = self.found.allocation
        assert found is not None  # noqa: S101 (see above)
        return found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the associations by code."""
        return {each.owner.code: each.owner.name for each in self.rounds}

    def part(self, row: CityRound) -> dict[str, Any]:
        """Return the part of one association: its own homes and candidates."""
        mine = _Mine(self, row.owner.code)
        told, allocation = row.bringing, self.allocation
        return {
            **{name: told[name] for name in TOLD},
            "engine": ENGINE_VERSION,
            "until": min(each.bringing["until"] for each in self.rounds),
            "order": mine.order(),
            **mine.shared_out(),
            "worst": mine.worst(),
            "within": {"candidate": ""} if allocation.burden.within else {},
            "without_bands": allocation.without_bands,
            "objective": allocation.objective,
            "bound": allocation.bound,
            "price": allocation.price_of_mix,
            "holds": allocation.verdict.holds,
            "checked": allocation.verdict.objective,
            "reasons": [*mine.reasons(), *mine.refusals()],
            "agreements": {each["id"]: mine.agreement(each) for each in told["agreements"]},
            "together": {**mine.guests(), **self.whole()},
        }

    def whole(self) -> dict[str, Any]:
        """Return what everybody at the table reads: numbers of homes and candidates."""
        allocation = self.allocation
        worst = allocation.burden.worst
        return {
            "parties": [
                [each.owner.name, len(each.bringing["homes"]), len(each.bringing["people"])]
                for each in self.rounds
            ],
            "laid": {each.owner.name: mark(each) for each in self.rounds},
            "let": len(allocation.placements),
            "without_bands": allocation.without_bands,
            "alone": len(allocation.burden.in_order),
            "longer": len(allocation.burden.longer),
            "sooner": len(allocation.burden.sooner),
            "passed_over": self.names[_of(worst.candidate)[0]] if worst else "",
        }


def _of(name: str) -> tuple[str, str]:
    """Return whose something is, by code, and what it is called there."""
    owner, _, own = name.partition("/")
    return owner, own


def _side(row: CityRound) -> Side:
    """Return what lies on the table, with its candidates as they are written down now."""
    told = row.bringing
    with acting_for(row.owner_id):
        rows = models.Candidate.objects.for_organisation(row.owner_id).filter(
            number__in=told["people"], replaced_at=None
        )
        people: tuple[Candidate, ...] = tuple(letting.CANDIDATES.read(rows.order_by("number")))
    return Side(
        owner=row.owner.code,
        homes=tuple(
            FreeHome(id=e["id"], complex=e["complex"], neighbourhood=e["neighbourhood"])
            for e in told["homes"]
        ),
        dwellings=tuple(
            Dwelling(
                id=each["id"],
                complex=each["complex"],
                rooms=each["rooms"],
                rent=None if each["rent"] is None else Decimal(each["rent"]),
                accessible=each["accessible"],
            )
            for each in told["homes"]
        ),
        people=people,
        agreements=tuple(
            Agreement(
                id=each["id"],
                kind=AgreementKind(each["kind"]),
                place=each["place"],
                category=each["category"],
                group=each["group"],
                low=each["low"],
                high=each["high"],
            )
            for each in told["agreements"]
        ),
        categories=told["categories"],
    )


@dataclass(frozen=True)
class _Mine:
    """What of a division is about the homes and candidates of one association."""

    all: Together
    code: str

    def own(self, name: str) -> str:
        """Return what something is called here; empty where it is another's."""
        owner, own = _of(name)
        return own if owner == self.code else ""

    def whose(self, name: str) -> str:
        return self.all.names[_of(name)[0]]

    def order(self) -> list[str]:
        """Return its candidates in the order of the letting rules."""
        told = register.norms().value("letting.priorities", self.all.day)
        people = in_order(self.all.sides[self.code].people, cast("Sequence[str]", told))
        return [each.id for each in people]

    def shared_out(self) -> dict[str, Any]:
        """Return who gets which of its homes among its own, and by the order alone."""
        allocation = self.all.allocation
        pairs = [(each.home, each.candidate) for each in allocation.placements]
        return {
            "placements": dict(self._within(pairs)),
            "in_order": dict(self._within(allocation.burden.in_order)),
            "longer": [own for each in allocation.burden.longer if (own := self.own(each))],
            "sooner": [own for each in allocation.burden.sooner if (own := self.own(each))],
        }

    def _within(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for home, person in pairs:
            if self.own(home) and self.own(person):
                yield self.own(home), self.own(person)

    def guests(self) -> dict[str, Any]:
        """Return which of its homes go to another's candidate, and of its candidates elsewhere."""
        groups = {each.id: each.group for each in self.all.allocation.round.candidates}
        pairs = [(each.home, each.candidate) for each in self.all.allocation.placements]
        alone = self.all.allocation.burden.in_order
        return {
            "guests": {
                self.own(home): {
                    "code": _of(person)[0],
                    "name": self.whose(person),
                    "number": _of(person)[1],
                    "group": groups[person],
                }
                for home, person in pairs
                if self.own(home) and not self.own(person)
            },
            "away": dict(self._away(pairs)),
            "guests_alone": {
                self.own(home): self.whose(person)
                for home, person in alone
                if self.own(home) and not self.own(person)
            },
            "away_alone": dict(self._away(alone)),
        }

    def _away(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for home, person in pairs:
            if self.own(person) and not self.own(home):
                yield self.own(person), self.whose(home)

    def worst(self) -> dict[str, str]:
        """Return its own candidate who was passed over furthest for a home of its own."""
        the_round, placed = self.all.allocation.round, self.all.allocation.placements
        worth = {each.home: (each.value, each.candidate) for each in placed}
        served = {each.candidate for each in placed}
        pairs, furthest, found = the_round.pairs, 0, {}
        for h, p, value in zip(pairs.home, pairs.candidate, pairs.value, strict=True):
            home, person = the_round.homes[h].id, the_round.candidates[p].id
            if home not in worth or person in served or not (self.own(home) and self.own(person)):
                continue
            least, holder = worth[home]
            if int(value) - least > furthest:
                furthest = int(value) - least
                found = {
                    "candidate": self.own(person),
                    "home": self.own(home),
                    "holder": self.own(holder),
                    "holder_of": "" if self.own(holder) else self.whose(holder),
                }
        return found

    def reasons(self) -> Iterator[list[Any]]:
        """Yield why each of its candidates got each of its homes or not."""
        for each in self.all.found.whys():
            home, person = self.own(each.home or ""), self.own(each.candidate)
            if not person or (each.home and not home):
                continue
            own = tuple(filter(None, map(self.own, each.agreements)))
            yield [person, home, each.kind.value, self._other(each.kind, each.other), list(own)]

    def _other(self, kind: WhyKind, name: str | None) -> str:
        """Return who has the home, or which home the candidate has; of another only whose."""
        if not name:
            return ""
        return self.own(name) or f"@{self.whose(name)}"

    def refusals(self) -> Iterator[list[Any]]:
        for (home, person), rule in self.all.found.refusals.items():
            if self.own(home) and self.own(person):
                yield [self.own(person), self.own(home), rule, "", []]

    def agreement(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return what it agreed, and what counts for it in this division."""
        name = self.all.sides[self.code].named(told["id"])
        kept = {key: told[key] for key in ("kind", "category", "group", "low", "high")}
        count = self.all.allocation.verdict.counts[name]
        return {**kept, "place": told["name"], "count": count}
