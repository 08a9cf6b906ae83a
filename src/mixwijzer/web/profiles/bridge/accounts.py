"""Who lives in and around some complexes, as advice reads it, with the rules that speak there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from mixwijzer.engine.account import Accounts, State
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles.bridge.rules import CAPS, PROFILES, SCHEME, Rules, rules_around
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import ComplexFacts

__all__ = ["look_around", "look_everywhere", "read", "settled"]


def look_around(
    owner: Organisation, complexes: Collection[int], day: date
) -> tuple[register.Surroundings, Rules]:
    """Return what lies around complexes: their neighbourhoods, wider where a rule speaks."""
    places = register.places(owner, complexes)
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


def read(around: register.Surroundings, rules: Rules) -> tuple[Portfolio, Mapping[Scope, State]]:
    """Read the portfolio with its rules, and the stored accounts; no household is named."""
    part = around.slice()
    scheme = register.assumptions(around.day).schemes[SCHEME]
    states = {
        scope: State.from_json(json.loads(row.state), scheme) for scope, row in part.states.items()
    }
    portfolio = replace(
        part.portfolio,
        profiles=rules.profiles,
        caps=rules.caps,
        dwellings=tuple(
            replace(each, address="", bag_id=None) for each in part.portfolio.dwellings
        ),
        tenancies=tuple(replace(each, household=None) for each in part.portfolio.tenancies),
    )
    return portfolio, states


def settled(accounts: Accounts, states: Mapping[Scope, State]) -> Mapping[Scope, State]:
    """Let complexes that were never judged enter with the prior of today (ENGINE §3b.3, 23).

    Their stored state is the prior of an earlier day; nothing may drift before a first round.
    """
    first = {}
    for scope, state in states.items():
        if state.judged_on is None:
            households = accounts.state(scope).account.households
            first[scope] = State.first(accounts.scheme, households, accounts.day, state.roles)
    return {**states, **first}
