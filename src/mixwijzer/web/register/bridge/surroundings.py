"""What does an advice about a few complexes need? Read in a fixed number of queries.

Those complexes in full, and of the others that share a rule with them only the account as last
materialised, plus what is known to happen after it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, Q

from mixwijzer.engine import portfolio as engine
from mixwijzer.engine.account import State
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.engine.timeline import months_between
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register import models
from mixwijzer.web.register.bridge.figures import assumptions
from mixwijzer.web.register.bridge.stored import Stored, stored_accounts
from mixwijzer.web.register.bridge.tables import (
    AREAS,
    CHANNELS,
    COMPLEXES,
    COUNTS,
    DWELLINGS,
    HOMES,
    JUDGEMENTS,
    LEASES,
    LETTINGS,
    NOTICES,
    NOW,
    ROLES,
    TENANCIES,
    complex_of,
    current,
)

__all__ = ["MadeFrom", "Outline", "Place", "Slice", "Surroundings", "places"]

MadeFrom: TypeAlias = tuple[str, date]  # hash of the rows behind an account; through which day
_CODE, _HOMES = map(COMPLEXES.columns.index, ("complex__code", "homes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The part of a register that an advice needs.

    `states` holds the stored accounts by scope; their `base` is in the complexes as `homes`.
    """

    portfolio: Portfolio
    states: Mapping[Scope, Stored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a complex lies."""

    pk: int
    code: str
    neighbourhood: str | None
    district: str
    municipality: str

    @property
    def areas(self) -> frozenset[str]:
        """Codes of the areas around it."""
        around = (self.neighbourhood, self.district, self.municipality)
        return frozenset(code for code in around if code)


def places(owner: Organisation, complexes: Collection[int]) -> tuple[Place, ...]:
    """Return where these complexes lie."""
    rows = models.ComplexFacts.objects.for_organisation(owner).filter(NOW, complex__in=complexes)
    columns = ("complex_id", "complex__code", "neighbourhood", "district", "municipality")
    return tuple(
        Place(pk=pk, code=code, neighbourhood=near, district=district, municipality=town)
        for pk, code, near, district, town in rows.order_by("complex_id").values_list(*columns)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Which complexes lie around some, and what their stored accounts were made from.

    `portfolio` has the areas and the complexes with the number of their homes, nothing else.
    `made_from` tells accounts apart by scope: equal means made from equal rows, in any database.
    """

    portfolio: Portfolio
    made_from: Mapping[Scope, MadeFrom]


class Surroundings:
    """What lies around some complexes, read as far as it is asked for; a property is one query.

    Parameters
    ----------
    owner
        Whose register.
    places
        The complexes that are read in full.
    reach
        Widest kind of scope at which a rule speaks: other complexes inside it come along with
        their account only.
    day
        The day of the advice.
    scheme
        Way of looking at households.
    """

    def __init__(
        self,
        owner: Organisation,
        places: Collection[Place],
        *,
        reach: ScopeKind,
        day: date,
        scheme: str = "role",
    ) -> None:
        self.owner, self.places, self.reach, self.day, self.scheme = (
            owner,
            places,
            reach,
            day,
            scheme,
        )
        self.full = frozenset(each.pk for each in places)
        self._only: frozenset[str] | None = None
        self._whole: frozenset[int] | None = None

    def narrow(self) -> Surroundings:
        """Return the same complexes without what is around them; what is read already, stays."""
        alone = Surroundings(
            self.owner, self.places, reach=ScopeKind.COMPLEX, day=self.day, scheme=self.scheme
        )
        alone._facts = {pk: each for pk, each in self._facts.items() if pk in self.full}
        alone._areas = self._areas
        return alone

    def only(self, homes: Collection[str]) -> Surroundings:
        """Return the same surroundings, of which these homes and those with a notice are read.

        A verdict about such a home is the same as from a reading in full: of the other homes the
        kept account says enough. Where stairwells speak, those of such homes are read whole. Of
        the complexes around only the sums of their accounts are read: a tenth of the whole.
        """
        some = Surroundings(
            self.owner, self.places, reach=self.reach, day=self.day, scheme=self.scheme
        )
        some._facts, some._areas, some._only = self._facts, self._areas, frozenset(homes)
        some._whole = self.full
        return some

    def standing(self) -> State | None:
        """Return the kept account of the one complex that is read, where it still stands.

        It does while the month lasts in which it was made and nobody is to come or go: who judges
        or corrects a row makes it anew in the same transaction. None asks for the `slice`: also
        where groups of stairwells have an account of their own, or a role was agreed.
        """
        if len(self._rows_of_states) != 1:
            return None
        (state,) = self._rows_of_states
        if state.through > self.day or months_between(state.through, self.day):
            return None
        since = state.through + timedelta(days=1)
        moves = Q(start__gte=since) | Q(end__gte=since)
        if self._notices or current(TENANCIES, self.owner, moves, complex__in=self.full).exists():
            return None
        kept = State.from_json(json.loads(state.told), assumptions(self.day).schemes[self.scheme])
        return None if any(kept.roles) else kept

    def slice(self) -> Slice:
        """Read what an advice about the complexes needs.

        Raises
        ------
        AccountError
            `state_missing` when a complex has no stored account (run `rebuild_accounts`).
        """
        return Slice(
            portfolio=Portfolio(
                areas=self._areas,
                complexes=self._complexes(
                    {scope: each.base for scope, each in self._states.items()}
                ),
                dwellings=self._dwellings,
                tenancies=self._tenancies,
                judgements=self._judgements,
                counts=COUNTS.read(
                    current(COUNTS, self.owner, complex__in=self._inside, on__gte=self._since)
                ),
                lettings=LETTINGS.read(
                    current(LETTINGS, self.owner, notice__in=[each.id for each in self._notices])
                ),
                roles=ROLES.read(
                    current(ROLES, self.owner, tenancy__in=[each.id for each in self._tenancies])
                ),
                channels=CHANNELS.read(current(CHANNELS, self.owner)),
                vacancies=self._notices,
                data_date=self._delivery.data_date if self._delivery else None,
                synthetic=bool(self._delivery and self._delivery.synthetic),
            ),
            states=self._states,
        )

    def outline(self) -> Outline:
        """Read which complexes there are, but no account."""
        rows = (
            models.AccountState.objects.for_organisation(self.owner)
            .filter(complex__in=self._inside, scheme=self.scheme)
            .values_list("scope_kind", "scope_code", "base", "inputs_hash", "through")
        )
        made_from: dict[Scope, MadeFrom] = {}
        base: dict[Scope, int] = {}
        for kind, code, homes, inputs, through in rows.order_by("scope_kind", "scope_code"):
            scope = Scope(ScopeKind(kind), code)
            made_from[scope], base[scope] = (inputs, through), homes
        return Outline(
            portfolio=Portfolio(areas=self._areas, complexes=self._complexes(base)),
            made_from=made_from,
        )

    @cached_property
    def _areas(self) -> tuple[engine.Area, ...]:
        codes = {code for each in self.places for code in each.areas}
        return AREAS.read(current(AREAS, self.owner, code__in=codes))

    def _complexes(self, base: Mapping[Scope, int]) -> tuple[engine.Complex, ...]:
        """Return the complexes, each with the number of its homes: they aren't all listed here."""

        def built(row: tuple[Any, ...]) -> engine.Complex:
            known = base.get(Scope(ScopeKind.COMPLEX, row[_CODE]))
            return COMPLEXES.built((*row[:_HOMES], known, *row[_HOMES + 1 :]))

        return tuple(map(built, self._facts.values()))

    @cached_property
    def _facts(self) -> Mapping[int, tuple[Any, ...]]:
        """The row of every complex inside the reach, by primary key."""
        inside = Q(complex__in=self.full)
        levels = {
            ScopeKind.NEIGHBOURHOOD: "neighbourhood",
            ScopeKind.DISTRICT: "district",
            ScopeKind.MUNICIPALITY: "municipality",
        }
        if self.reach in levels:
            column = levels[self.reach]
            shared = {getattr(each, column) for each in self.places} - {"", None}
            inside |= Q(**{f"{column}__in": shared})
        rows = (
            models.ComplexFacts.objects.for_organisation(self.owner)
            .filter(NOW, inside)
            .order_by("complex__code")
            .values_list("complex_id", *COMPLEXES.columns)
        )
        return {row[0]: row[1:] for row in rows}

    @cached_property
    def _inside(self) -> list[int]:
        return list(self._facts)

    @cached_property
    def _rows_of_states(self) -> list[Stored]:
        told = stored_accounts(
            self.owner, self._inside, self.scheme, whole=self._whole, drift_on=self.day
        )
        return list(told)

    @cached_property
    def _states(self) -> Mapping[Scope, Stored]:
        states = {row.scope: row for row in self._rows_of_states}
        for row in self._facts.values():
            if Scope(ScopeKind.COMPLEX, row[_CODE]) not in states:
                raise AccountError("state_missing", row[_CODE])
        return states

    @cached_property
    def _listed(self) -> frozenset[int]:
        """Complexes whose homes are all read: the full ones, and those judged group by group."""
        grouped = {
            row.complex_id for row in self._rows_of_states if row.scope.kind is ScopeKind.STAIRWELL
        }
        if self._only is None:
            return self.full | grouped
        kind = ScopeKind.STAIRWELL
        told = {complex_of(row.scope) for row in self._judgements if row.scope.kind is kind}
        return frozenset(grouped | {each.pk for each in self.places if each.code in told})

    @cached_property
    def _near(self) -> tuple[str, ...]:
        """Homes that are read though their complex isn't: those asked for, with their stairwells.

        A notice in a complex that is asked for counts as asked for.
        """
        if self._only is None:
            return ()
        rows = models.Dwelling.objects.for_organisation(self.owner).filter(
            NOW, complex__in=self.full - self._listed, stairwell__isnull=False
        )
        left = {each.dwelling for each in self._notices}
        asked = rows.filter(code__in=self._only | left).values_list("complex_id", "stairwell")
        groups = set(asked)
        near = rows.filter(
            complex__in={pk for pk, _ in groups}, stairwell__in={name for _, name in groups}
        ).values_list("code", "complex_id", "stairwell")
        beside = {code for code, *group in near if tuple(group) in groups} if groups else set()
        return tuple(self._only | beside)

    @cached_property
    def _others(self) -> frozenset[int]:
        """Complexes of which only the account comes along."""
        return frozenset(self._inside) - self._listed

    @cached_property
    def _since(self) -> date:
        """The morrow of the oldest account: what happened from then on is read."""
        through = [row.through for row in self._rows_of_states if row.through <= self.day]
        return min(through, default=date.min + timedelta(days=1)) + timedelta(days=1)

    @cached_property
    def _notices(self) -> tuple[engine.Vacancy, ...]:
        """Notices that are open, closed after the oldest account, or let to somebody to come."""
        still = Q(closed_on__isnull=True) | Q(closed_on__gte=self._since)
        let = models.Letting.objects.for_organisation(self.owner).filter(
            NOW, notice=OuterRef("code")
        )
        came = models.Tenancy.objects.for_organisation(self.owner).filter(
            NOW, dwelling=OuterRef("dwelling"), start__gte=OuterRef("notice")
        )
        wanted = still | (Exists(let) & ~Exists(came))
        return NOTICES.read(current(NOTICES, self.owner, wanted, complex__in=self._inside))

    @cached_property
    def _tenancies(self) -> tuple[engine.Tenancy, ...]:
        """Leases that run in the full complexes; elsewhere those that begin or end later."""
        runs = Q(end__isnull=True) | Q(end__gte=self._since)
        leaving = [each.dwelling for each in self._notices]
        ways = [
            Q(complex__in=self._listed) & runs,
            Q(complex__in=self._others, end__gte=self._since),
            Q(complex__in=self._others, start__gte=self._since),
            Q(dwelling__in=leaving if self._others else [], end__isnull=True),
            *([Q(dwelling__in=self._near) & runs] if self._near else []),
        ]
        return LEASES.read(*(current(TENANCIES, self.owner, each) for each in ways))

    @cached_property
    def _dwellings(self) -> tuple[engine.Dwelling, ...]:
        """Homes of the full complexes; elsewhere those with a notice or a moving lease."""
        named = {*self._near, *(each.dwelling for each in self._notices)}
        named |= {
            each.dwelling
            for each in self._tenancies
            if each.end is not None or each.start >= self._since
        }
        ways = [Q(complex__in=self._listed), Q(code__in=named if self._others else ())]
        return HOMES.read(*(current(DWELLINGS, self.owner, each) for each in ways))

    @cached_property
    def _judgements(self) -> tuple[engine.Judgement, ...]:
        """Read rounds after the oldest account, and every answer about an open notice."""
        ways = [
            Q(complex__in=self._inside, on__gte=self._since),
            Q(notice__in=[each.id for each in self._notices]),
        ]
        rows = (current(JUDGEMENTS, self.owner, each, scheme=self.scheme) for each in ways)
        return JUDGEMENTS.read(*rows)

    @cached_property
    def _delivery(self) -> models.Delivery | None:
        return models.Delivery.objects.for_organisation(self.owner).order_by("-at", "-pk").first()
