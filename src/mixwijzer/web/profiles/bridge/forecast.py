"""What would change if another profile were in force today? Computed twice, with one set of rows.

Before and after differ in nothing but the rules of one place: the same homes, the same accounts,
the same day. So what is told beforehand is what advice says once the profile is adopted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import Brief, brief
from mixwijzer.engine.errors import AdviceError, ProfileError
from mixwijzer.engine.portfolio import Portfolio, Scope, ScopeKind, Vacancy
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles.bridge import accounts as living
from mixwijzer.web.profiles.bridge.rules import CAPS, PROFILES, SCHEME, Rules, rules_around
from mixwijzer.web.profiles.content import Content, Place
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register.models import ComplexFacts, Dwelling

__all__ = [
    "Consequences",
    "PlaceChange",
    "Told",
    "Trouble",
    "VacancyChange",
    "consequences",
    "impossible",
]

_MANY = 40  # complexes from which on all rules are read at once [complexes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why no mix can keep to a profile: code and facts of the engine's error, by place."""

    code: str
    place: str
    facts: Mapping[str, object]

    @classmethod
    def of(cls, error: ProfileError, place: str = "") -> Trouble:
        """Take over what the engine said, with the name of the place where it is known."""
        return cls(code=error.code, place=place or error.subject, facts=error.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """A place whose limits for a category change; chances that its count lies outside.

    `inside` are the codes of the complexes it is made of; limits are whole households.
    """

    kind: str
    code: str
    name: str
    inside: tuple[str, ...]
    category: str
    low: tuple[int | None, int | None]
    high: tuple[int | None, int | None]
    above: tuple[float, float]
    below: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What advice says, before or after: verdict and chance by category, recommended channel."""

    verdicts: Mapping[str, str]
    chances: Mapping[str, float]
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyChange:
    """An open vacancy, with what advice says before and after; they may be the same."""

    vacancy: str
    address: str
    complex: str
    name: str
    before: Told
    after: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a profile would change on a day, place by place and vacancy by vacancy."""

    day: date
    places: tuple[PlaceChange, ...]
    vacancies: tuple[VacancyChange, ...]
    channels: Mapping[str, Mapping[str, str]]
    engine_version: str
    normset: str

    def to_json(self) -> dict[str, Any]:
        """Write it down."""
        return {**asdict(self), "day": self.day.isoformat()}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Consequences:
        """Read what `to_json` wrote."""
        pairs = ("low", "high", "above", "below", "inside")
        return cls(
            day=date.fromisoformat(told["day"]),
            places=tuple(
                PlaceChange(**{**each, **{name: tuple(each[name]) for name in pairs}})
                for each in told["places"]
            ),
            vacancies=tuple(
                VacancyChange(
                    **{
                        **each,
                        "before": Told(**each["before"]),
                        "after": Told(**each["after"]),
                    }
                )
                for each in told["vacancies"]
            ),
            channels=told["channels"],
            engine_version=told["engine_version"],
            normset=told["normset"],
        )


def consequences(owner: Organisation, place: Place, content: Content, day: date) -> Consequences:
    """Say what this profile would change, in a fixed number of queries.

    Raises
    ------
    ProfileError
        The profile can be met by no mix; ask `impossible` first.
    """
    return _Comparing(owner, place, content, day).told()


def impossible(owner: Organisation, place: Place, content: Content, day: date) -> Trouble | None:
    """Return the first reason why no mix can keep to this profile, after inheritance."""
    comparing = _Comparing(owner, place, content, day)
    after = replace(comparing.portfolio, profiles=comparing.rules_after.profiles)
    scheme = register.assumptions(day).schemes[SCHEME]
    for scope in comparing.scopes:
        try:
            after.bands(scope, scheme, day)
        except ProfileError as error:
            own = scope.kind is ScopeKind.COMPLEX
            named = after.complex[scope.code].name if own else after.area[scope.code].name
            return Trouble.of(error, named)
    return None


class _Comparing:
    """The comparing of two sets of rules over one place."""

    def __init__(self, owner: Organisation, place: Place, content: Content, day: date) -> None:
        self.owner, self.place, self.day = owner, place, day
        rules = self._rules()
        self.rules_before = rules
        self.rules_after = rules.instead(place, content, day)
        reach = max(rules.reach, self.rules_after.reach, ScopeKind.NEIGHBOURHOOD)
        self.around = register.Surroundings(owner, self._places, reach=reach, day=day)

    @cached_property
    def _places(self) -> tuple[register.Place, ...]:
        facts = ComplexFacts.objects.for_organisation(self.owner).filter(replaced_at=None)
        if self.place.kind == "neighbourhood":
            facts = facts.filter(neighbourhood=self.place.code)
        elif self.place.kind == "complex":
            facts = facts.filter(complex__code=self.place.code)
        return register.places(self.owner, list(facts.values_list("complex_id", flat=True)))

    def _rules(self) -> Rules:
        codes = [each.code for each in self._places]
        if len(codes) > _MANY:
            return Rules(
                profiles=PROFILES.read(register.current(PROFILES, self.owner)),
                caps=CAPS.read(register.current(CAPS, self.owner)),
            )
        setters = {code for each in self._places for code in each.areas}
        return rules_around(self.owner, setters, codes)

    @cached_property
    def _read(self) -> tuple[Portfolio, Accounts]:
        portfolio, states = living.read(self.around, self.rules_before)
        assumptions = register.assumptions(self.day)
        plain = Accounts(portfolio, assumptions, self.day, scheme=SCHEME, states=states)
        given = states.settled(plain)
        return portfolio, Accounts(portfolio, assumptions, self.day, scheme=SCHEME, states=given)

    @property
    def portfolio(self) -> Portfolio:
        """The rows, with the rules as they are."""
        return self._read[0]

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Every complex and area in which this profile may speak, complexes first."""
        own = [Scope(ScopeKind.COMPLEX, each.code) for each in self._places]
        above = {scope for each in own for scope in self.portfolio.scopes_above(each.code)}
        wide = [each for each in above if each.kind <= self.around.reach]
        return (*own, *sorted(wide))

    def told(self) -> Consequences:
        """Compare everything."""
        portfolio, accounts = self._read
        later = replace(portfolio, profiles=self.rules_after.profiles, caps=self.rules_after.caps)
        return Consequences(
            day=self.day,
            places=tuple(self._changes(accounts, later)),
            vacancies=tuple(self._vacancies(accounts, later)),
            channels={each.id: dict(each.name) for each in portfolio.channels},
            engine_version=ENGINE_VERSION,
            normset=register.norms().name,
        )

    def _changes(self, accounts: Accounts, later: Portfolio) -> Iterator[PlaceChange]:
        for scope in self.scopes:
            before = _limits(accounts.portfolio, scope, self.day)
            after = _limits(later, scope, self.day)
            for category in accounts.scheme.categories:
                limits = before.get(category, (None, None)), after.get(category, (None, None))
                if limits[0] != limits[1]:
                    yield self._change(accounts, scope, category, limits)

    def _change(
        self,
        accounts: Accounts,
        scope: Scope,
        category: str,
        limits: tuple[tuple[int | None, int | None], tuple[int | None, int | None]],
    ) -> PlaceChange:
        portfolio = accounts.portfolio
        pmf = accounts.of(scope).pmf(category)
        own = scope.kind is ScopeKind.COMPLEX
        named = portfolio.complex[scope.code].name if own else portfolio.area[scope.code].name
        inside = (scope.code,) if own else tuple(portfolio.complexes_in[scope.code])
        (low_before, high_before), (low_after, high_after) = limits

        def above(limit: int | None) -> float:
            return 0.0 if limit is None else round(float(pmf[limit + 1 :].sum()), 6)

        def below(limit: int | None) -> float:
            return 0.0 if limit is None else round(float(pmf[:limit].sum()), 6)

        return PlaceChange(
            kind=scope.kind.name.lower(),
            code=scope.code,
            name=named,
            inside=inside,
            category=category,
            low=(low_before, low_after),
            high=(high_before, high_after),
            above=(above(high_before), above(high_after)),
            below=(below(low_before), below(low_after)),
        )

    def _vacancies(self, accounts: Accounts, later: Portfolio) -> Iterator[VacancyChange]:
        after = Accounts(
            later,
            accounts.assumptions,
            self.day,
            scheme=SCHEME,
            states={scope: accounts.state(scope) for scope in self._states(accounts)},
        )
        open_ones = list(self._open(accounts.portfolio))
        addresses = self._addresses(each.dwelling for each in open_ones)
        for each in open_ones:
            one, other = _outcome(accounts, each, self.day), _outcome(after, each, self.day)
            if one is None or other is None:
                continue
            place = accounts.portfolio.dwelling[each.dwelling].complex
            yield VacancyChange(
                vacancy=each.id,
                address=addresses.get(each.dwelling, each.dwelling),
                complex=place,
                name=accounts.portfolio.complex[place].name,
                before=_told(one),
                after=_told(other),
            )

    def _states(self, accounts: Accounts) -> Collection[Scope]:
        own = [Scope(ScopeKind.COMPLEX, each.id) for each in accounts.portfolio.complexes]
        return [scope for each in own for scope in (each, *accounts.groups(each))]

    def _open(self, portfolio: Portfolio) -> Iterator[Vacancy]:
        """Yield open vacancies of homes that are let in the ordinary way, in this place."""
        here = {each.code for each in self._places}
        for each in portfolio.vacancies:
            home = portfolio.dwelling.get(each.dwelling)
            if home is None or not home.in_base or home.complex not in here:
                continue
            if portfolio.is_open(each, self.day):
                yield each

    def _addresses(self, dwellings: Iterator[str]) -> Mapping[str, str]:
        rows = Dwelling.objects.for_organisation(self.owner).filter(
            replaced_at=None, code__in=list(dwellings)
        )
        return dict(rows.values_list("code", "address"))


def _limits(
    portfolio: Portfolio, scope: Scope, day: date
) -> Mapping[str, tuple[int | None, int | None]]:
    """Return the strictest floor and ceiling by category, in whole households."""
    figures = register.assumptions(day)
    base = portfolio.base(scope)
    found: dict[str, tuple[int | None, int | None]] = {}
    if base >= figures.smallest_base:
        try:
            bands = portfolio.bands(scope, figures.schemes[SCHEME], day)
        except ProfileError:  # what holds now can't be met: then it sets no limit
            bands = {}
        found = {name: each.band.whole(base) for name, each in bands.items()}
    for cap in portfolio.caps_at(scope, SCHEME, day):
        low, high = found.get(cap.category, (None, None))
        found[cap.category] = low, min(cap.at_most, cap.at_most if high is None else high)
    return found


def _outcome(accounts: Accounts, vacancy: Vacancy, day: date) -> Brief | None:
    try:
        return brief(accounts, vacancy.id, day)
    except (AdviceError, ProfileError):
        return None


def _told(outcome: Brief) -> Told:
    return Told(
        verdicts={name: each.name.lower() for name, each in outcome.verdicts.items()},
        chances=dict(outcome.chances),
        channel=outcome.recommended or "",
    )
