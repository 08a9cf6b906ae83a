"""Who lives in and around some complexes, as advice reads it, with the rules that speak there."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from mixwijzer.engine.account import Accounts, State
from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles.bridge.rules import CAPS, PROFILES, SCHEME, Rules, rules_around
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import ComplexFacts

__all__ = ["Kept", "look_around", "look_around_places", "look_everywhere", "read"]


def look_around(
    owner: Organisation, complexes: Collection[int], day: date
) -> tuple[register.Surroundings, Rules]:
    """Return what lies around complexes: their neighbourhoods, wider where a rule speaks."""
    return look_around_places(owner, register.places(owner, complexes), day)


def look_around_places(
    owner: Organisation, places: Collection[register.Place], day: date
) -> tuple[register.Surroundings, Rules]:
    """Return what lies around complexes of which is known where they lie."""
    setters = {code for each in places for code in each.areas}
    rules = rules_around(owner, setters, [each.code for each in places])
    reach = max(rules.reach, ScopeKind.NEIGHBOURHOOD)
    return register.Surroundings(owner, places, reach=reach, day=day), rules


def look_everywhere(owner: Organisation, day: date) -> tuple[register.Surroundings, Rules]:
    """Return every complex of an association, with every rule."""
    keys = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
    places = register.places(owner, list(keys.values_list("complex_id", flat=True)))
    rules = Rules(
        profiles=PROFILES.read(register.current(PROFILES, owner)),
        caps=CAPS.read(register.current(CAPS, owner)),
    )
    reach = max(rules.reach, ScopeKind.NEIGHBOURHOOD)
    return register.Surroundings(owner, places, reach=reach, day=day), rules


class Kept(Mapping[Scope, State]):
    """The stored accounts of some scopes, each decoded when it is first asked for.

    Of most complexes around a home nobody asks: where no limit counts in the neighbourhood, its
    sum isn't made. Where only sums were read and somebody asks for more, those of the complexes
    that are `moving` are read whole, in one query; and all others in another, should it come to
    that.
    """

    def __init__(
        self,
        owner: Organisation,
        rows: Mapping[Scope, register.Stored],
        scheme: Scheme,
        moving: Collection[str] = (),
    ) -> None:
        self._owner, self._rows, self._scheme = owner, rows, scheme
        self._moving = moving
        self._told: dict[Scope, State] = {}
        self._wholes: dict[int, str] = {}

    def __getitem__(self, scope: Scope) -> State:
        if scope not in self._told:
            row = self._rows[scope]
            document = json.loads(row.told)
            whole = partial(self._whole, row.pk)
            self._told[scope] = State.from_json(document, self._scheme, whole)
        return self._told[scope]

    def _whole(self, pk: int) -> State:
        if not self._wholes:
            self._read(row.pk for row in self._rows.values() if self._moves(row.scope))
        if pk not in self._wholes:
            self._read(row.pk for row in self._rows.values())
        return State.from_json(json.loads(self._wholes[pk]), self._scheme)

    def _read(self, keys: Iterable[int]) -> None:
        missing = [pk for pk in keys if pk not in self._wholes]
        self._wholes |= register.whole_accounts(self._owner, missing) if missing else {}

    def _moves(self, scope: Scope) -> bool:
        return register.complex_of(scope) in self._moving

    def __iter__(self) -> Iterator[Scope]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def settled(self, accounts: Accounts) -> Kept:
        """Let complexes that were never judged enter with the prior of today (ENGINE §3b.3, 23).

        Their stored state is the prior of an earlier day; nothing may drift before a first round.
        """
        after = Kept(self._owner, self._rows, self._scheme, self._moving)
        after._told |= self._told
        after._wholes |= self._wholes
        for scope, row in self._rows.items():
            if row.judged_on is None:
                households = accounts.state(scope).account.households
                first = State.first(accounts.scheme, households, accounts.day, self[scope].roles)
                after._told[scope] = first
        return after


def read(around: register.Surroundings, rules: Rules) -> tuple[Portfolio, Kept]:
    """Read the portfolio with its rules, and the stored accounts; no household is named."""
    part = around.slice()
    scheme = register.assumptions(around.day).schemes[SCHEME]
    portfolio = replace(part.portfolio, profiles=rules.profiles, caps=rules.caps)
    moving = {home.complex for home in portfolio.dwellings}  # of others no home comes along
    return portfolio, Kept(around.owner, part.states, scheme, moving)
