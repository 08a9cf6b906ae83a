"""From rows to an advice, and back to the same advice years later.

A `Case` is everything an advice is made from: the slice of the portfolio, the accounts as they
stood, the figures of the norms, the day. Written down and read back it gives the same bytes.
Places where there is room instead are looked up beside it: they change daily and decide nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import cast

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine import advice as advice_module
from mixwijzer.engine import norms as norms_module
from mixwijzer.engine import portfolio as portfolio_module
from mixwijzer.engine import reasons as reasons_module
from mixwijzer.engine.account import Accounts, Spread, State
from mixwijzer.engine.advice import (
    Advice,
    Alternative,
    ChannelAdvice,
    PlacementAhead,
    Rule,
    advise,
    alternatives,
)
from mixwijzer.engine.allocation import (
    Answer,
    Asked,
    Eligibility,
    LettingRule,
    eligible,
    in_order,
)
from mixwijzer.engine.norms import Assumptions, Norms
from mixwijzer.engine.portfolio import Known, Portfolio, Scope, ScopeKind, Vacancy
from mixwijzer.engine.reasons import ChangeKind, RuleKind, Verdict
from mixwijzer.engine.steering import Room
from mixwijzer.exchange.catalogue import Language
from mixwijzer.exchange.letting_rules import (
    RuleText,
    overall_word,
    public_reasons,
    public_word,
    rule_texts,
)
from mixwijzer.exchange.normbook import default_channels
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.letting.frozen import Frozen
from mixwijzer.web.letting.models import Candidate, PlaceRequest, PricedRoom
from mixwijzer.web.letting.models import Vacancy as VacancyRow
from mixwijzer.web.profiles.bridge import Kept, Rules, look_around, read
from mixwijzer.web.register import bridge as register
from mixwijzer.web.register import models

__all__ = [
    "CANDIDATES",
    "CHECK",
    "DEFAULT_SCHEME",
    "ENGINE_VERSION",
    "REQUESTS",
    "Advice",
    "Answer",
    "Asked",
    "Case",
    "ChangeKind",
    "ChannelAdvice",
    "Eligibility",
    "Elsewhere",
    "Known",
    "PlacementAhead",
    "Rule",
    "RuleKind",
    "Spread",
    "Verdict",
    "asked_categories",
    "asked_of",
    "asked_scope",
    "case_ahead",
    "case_of",
    "consequence_of",
    "days_kept",
    "days_of",
    "dump_advice",
    "elsewhere",
    "fits",
    "gather",
    "imagined",
    "left_out",
    "load_advice",
    "look_around",
    "norm_says",
    "overall_word",
    "public_reasons",
    "public_word",
    "rent_fits",
    "room_text",
    "rule_lines",
    "shipped_channels",
    "staying",
    "switch_of",
    "with_alternatives",
    "worse",
]

DEFAULT_SCHEME = "role"
CHECK = "check"  # id of the vacancy that is imagined when somebody only asks
_NEEDED = ("account.", "advice.", "mix.scheme", "rent.")  # norms that an advice may read
_NEAREST = 12  # complexes among which up to three places are looked for [complexes]
_AT_ONCE = 4  # complexes that are read together at first [complexes]
_FROZEN = Frozen(advice_module, norms_module, portfolio_module, reasons_module)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the advice about one vacancy is made from.

    `room` is its complex as priced with the whole portfolio at `priced_at`; None where nobody
    looked ahead yet, and then the advice doesn't either.
    """

    portfolio: Portfolio
    states: Mapping[Scope, State]
    norms: Norms
    vacancy: str
    day: date
    scheme: str = DEFAULT_SCHEME
    room: Room | None = None
    priced_at: datetime | None = None

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of this case."""
        return Accounts(
            self.portfolio,
            Assumptions.on(self.norms, self.day),
            self.day,
            scheme=self.scheme,
            states=self.states,
        )

    @cached_property
    def advice(self) -> Advice:
        """The advice; other places are no part of it, they are looked up every time."""
        return self._advised(followed=True)

    @cached_property
    def at_once(self) -> Advice:
        """The same advice without the years after each placement, which take longest."""
        return self._advised(followed=False)

    def _advised(self, *, followed: bool) -> Advice:
        told = advise(
            self.portfolio,
            self.vacancy,
            self.day,
            self.norms,
            scheme=self.scheme,
            accounts=self.accounts,
            room=self.room,
            followed=followed,
        )
        return replace(told, alternatives={})

    def dump(self) -> str:
        """Write the case down."""
        return _FROZEN.dump(
            {
                "portfolio": self.portfolio,
                "states": {scope: state.to_json() for scope, state in self.states.items()},
                "norms": self.norms,
                "vacancy": self.vacancy,
                "day": self.day,
                "scheme": self.scheme,
                "room": self.room.to_json() if self.room else None,
                "priced_at": self.priced_at,
            }
        )

    @classmethod
    def load(cls, text: str) -> Case:
        """Read what `dump` wrote."""
        told = _FROZEN.load(text)
        scheme = Assumptions.on(told["norms"], told["day"]).schemes[told["scheme"]]
        states = {scope: State.from_json(each, scheme) for scope, each in told["states"].items()}
        room = Room.from_json(told["room"]) if told.get("room") else None
        return cls(**{**told, "states": states, "room": room})


def dump_advice(advice: Advice) -> str:
    """Write an advice down; equal advice gives equal text."""
    return _FROZEN.dump(advice)


def load_advice(text: str) -> Advice:
    """Read what `dump_advice` wrote."""
    advice: Advice = _FROZEN.load(text)
    return advice


def fingerprint(text: str) -> str:
    """Hash what was written down."""
    return hashlib.sha256(text.encode()).hexdigest()


def gather(
    owner: Organisation,
    complex_id: int,
    vacancy: str,
    day: date,
    *,
    check: Vacancy | None = None,
) -> Case:
    """Read the case of one vacancy, in a fixed number of queries.

    `check` is a vacancy that does not exist: somebody asks what the answer would be.
    """
    return case_of(*look_around(owner, [complex_id], day), vacancy, check=check)


def case_ahead(owner: Organisation, complex_id: int, vacancy: str, day: date) -> Case:
    """Read the case of one vacancy with the room of its complex, as it was priced last."""
    case = gather(owner, complex_id, vacancy, day)
    rows = PricedRoom.objects.for_organisation(owner)
    row = rows.filter(complex=complex_id, scheme=case.scheme).first()
    if row is None:
        return case
    room = Room.from_json(json.loads(row.content))
    return replace(case, room=room, priced_at=row.priced_at)


def room_text(room: Room) -> str:
    """Write a priced complex down; equal rooms give equal text."""
    return json.dumps(room.to_json(), separators=(",", ":"))


def case_of(
    around: register.Surroundings, rules: Rules, vacancy: str = "", *, check: Vacancy | None = None
) -> Case:
    """Read a case from what lies around a complex, and the rules that speak there."""
    portfolio, states = read(around, rules)
    if check is not None:
        portfolio = replace(portfolio, vacancies=(*portfolio.vacancies, check))
    return _settled(portfolio, states, vacancy, around.day)


def imagined(dwelling: str, day: date) -> Vacancy:
    """Return the vacancy that there would be if a dwelling came free today."""
    return Vacancy(id=CHECK, dwelling=dwelling, notice=day, free_from=day)


def _settled(portfolio: Portfolio, states: Kept, vacancy: str, day: date) -> Case:
    """Return a case in which complexes that were never judged enter with the prior of today."""
    case = Case(portfolio=portfolio, states=states, norms=_needed_norms(), vacancy=vacancy, day=day)
    return replace(case, states=states.settled(case.accounts))


def _needed_norms() -> Norms:
    norms = register.norms()
    kept = {key: norm for key, norm in norms.book.items() if key.startswith(_NEEDED)}
    return replace(norms, book=kept)


def worse(before: Advice, after: Advice, channel: str) -> str | None:
    """Name a category that this channel may bring and of which the verdict became worse."""
    now = next(each for each in after.channels if each.channel.id == channel)
    for each, share in zip(before.categories, now.channel.shares, strict=True):
        if share > 0 and after.category(each.category).verdict < each.verdict:
            return each.category
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another vacancy with room for a category; `distance` as the crow flies [m]."""

    category: str
    vacancy: str
    verdict: Verdict
    chance: float
    distance: float | None


def elsewhere(
    owner: Organisation,
    asked: Vacancy,
    complex_id: int,
    categories: Collection[str],
    day: date,
    *,
    apart_from: Collection[int] = (),
) -> tuple[Elsewhere, ...]:
    """Look for room for these categories in other open vacancies, the nearest first.

    Up to three places in the dozen nearest complexes, a few complexes at a time; further away only
    for one place, when those have none. Complexes in `apart_from` are left out: that they are named
    would already tell the reader something.
    """
    if not categories:
        return ()
    near = [pk for pk in _open_places(owner, complex_id, day) if pk not in apart_from]
    found: list[Elsewhere] = []
    looked, step = 0, _AT_ONCE
    while looked < len(near):
        found += _found(owner, asked, complex_id, categories, near[looked : looked + step], day)
        looked += step
        wanted = 1 if looked >= _NEAREST else 3
        had = [each.category for each in found]
        if all(had.count(category) >= wanted for category in categories):
            break
        step = looked if looked >= _NEAREST else _AT_ONCE
    return tuple(_nearest(found, categories))


def _nearest(found: Collection[Elsewhere], categories: Collection[str]) -> Iterator[Elsewhere]:
    """Yield the three nearest places of each category."""
    for category in categories:
        places = [each for each in found if each.category == category]
        yield from sorted(places, key=_far)[:3]


def _far(place: Elsewhere) -> tuple[bool, float]:
    return place.distance is None, place.distance or 0.0


def _open_places(owner: Organisation, complex_id: int, day: date) -> list[int]:
    """Return the complexes with an open notice, nearest first."""
    open_in = (
        models.Notice.objects.for_organisation(owner)
        .filter(register.NOW, closed_on__isnull=True, notice__lte=day)
        .values_list("complex_id", flat=True)
        .distinct()
    )
    facts = models.ComplexFacts.objects.for_organisation(owner).filter(
        register.NOW, complex__in=[*open_in, complex_id]
    )
    where = {pk: (lat, lon) for pk, lat, lon in facts.values_list("complex_id", "lat", "lon")}
    lat, lon = where.pop(complex_id, (None, None))

    def far(pk: int) -> tuple[float, int]:
        north, east = where[pk]
        if lat is None or lon is None or north is None or east is None:
            return (float("inf"), pk)
        return ((north - lat) ** 2 + (0.6 * (east - lon)) ** 2, pk)

    return sorted(where, key=far)


def _found(
    owner: Organisation,
    asked: Vacancy,
    complex_id: int,
    categories: Collection[str],
    others: Collection[int],
    day: date,
) -> tuple[Elsewhere, ...]:
    around, rules = look_around(owner, [complex_id, *others], day)
    portfolio, states = read(around, rules)
    listed = {each.code for each in around.places}
    homes = {each.id for each in portfolio.dwellings if each.complex in listed}
    portfolio = replace(
        portfolio, vacancies=tuple(each for each in portfolio.vacancies if each.dwelling in homes)
    )
    case = _settled(portfolio, states, asked.id, day)
    return tuple(
        Elsewhere(
            category=category,
            vacancy=each.vacancy,
            verdict=each.verdict,
            chance=each.chance,
            distance=each.distance,
        )
        for category in categories
        for each in alternatives(case.accounts, asked, category, day, case.norms)
    )


def with_alternatives(advice: Advice, found: Collection[Elsewhere]) -> Advice:
    """Return an advice with the places that were found for each category without room."""
    places: dict[str, tuple[Alternative, ...]] = {
        each.category: () for each in advice.categories if each.verdict < Verdict.TIGHT
    }
    for each in found:
        told = Alternative(
            vacancy=each.vacancy,
            verdict=each.verdict,
            chance=each.chance,
            distance=each.distance,
        )
        places[each.category] = (*places.get(each.category, ()), told)
    return replace(advice, alternatives=places)


def asked_scope(vacancy: VacancyRow) -> Scope:
    """Return the scope of the question: the group of stairwells where each has an account."""
    own = Scope(ScopeKind.COMPLEX, vacancy.complex.code)
    home = (
        models.Dwelling.objects.for_organisation(vacancy.owner_id)
        .filter(register.NOW, code=vacancy.dwelling)
        .first()
    )
    if home is None or not home.stairwell:
        return own
    group = Scope(ScopeKind.STAIRWELL, f"{own.code}/{home.stairwell}")
    apart = models.AccountState.objects.for_organisation(vacancy.owner_id).filter(
        complex=vacancy.complex_id, scope_kind=int(group.kind), scope_code=group.code
    )
    return group if apart.exists() else own


def staying(vacancy: VacancyRow, day: date) -> int:
    """Count the households that the question is about: those who stay [households]."""
    case = gather(vacancy.owner, vacancy.complex_id, vacancy.code, day)
    present = case.accounts.state(asked_scope(vacancy)).account.households
    asked = any(row.vacancy == vacancy.code for row in case.portfolio.judgements)
    free_from = case.portfolio.vacancy[vacancy.code].free_from
    lives = any(
        lease.start <= day < (lease.end or free_from)
        for lease in case.portfolio.tenancies_of.get(vacancy.dwelling, ())
    )
    return present - int(lives and not asked)


def asked_categories(day: date) -> tuple[str, ...]:
    """Return the categories that a judge is asked about: all but the ordinary one."""
    scheme = register.assumptions(day).schemes[DEFAULT_SCHEME]
    return tuple(name for name in scheme.categories if name != scheme.ordinary)


def shipped_channels(day: date) -> tuple[portfolio_module.Channel, ...]:
    """Return the channels that come with the norms."""
    return default_channels(register.norms(), day)


def norm_says(key: str, day: date) -> bool:
    """Whether a norm that may be absent is there and says yes."""
    norms = register.norms()
    return key in norms.book and bool(norms.value(key, day))


CANDIDATES = register.Table(
    name="candidates",
    model=Candidate,
    value=portfolio_module.Candidate,
    key=("number",),
    parts={
        "id": register.plain("number"),
        "wishes": register.Part((), lambda: None, lambda _: ()),
    },
)


def asked_of(vacancy: VacancyRow, notice: models.Notice) -> Asked:
    """Return what a vacancy asks of candidates: its group, and registration before its advert."""
    return Asked(group=vacancy.group or None, registered_by=notice.publication)


def fits(
    people: Collection[portfolio_module.Candidate],
    home: models.Dwelling,
    asked: Asked,
    day: date,
) -> list[tuple[portfolio_module.Candidate, Eligibility]]:
    """Say of candidates, in the order of the letting rules, which rules allow them a home."""
    norms, dwelling = register.norms(), _dwelling(home)
    priorities = cast("tuple[str, ...]", norms.value("letting.priorities", day))
    return [
        (each, eligible(each, dwelling, asked, norms, day)) for each in in_order(people, priorities)
    ]


def rent_fits(person: portfolio_module.Candidate, home: models.Dwelling, day: date) -> Answer:
    """Say whether the rent of a home fits the income of who got it on a day.

    SILENT where the income isn't low, UNANSWERED where the income, the rent or the limit isn't
    known.
    """
    found = eligible(person, _dwelling(home), Asked(), register.norms(), day)
    return found.of(LettingRule.AFFORDABILITY).answer


def _dwelling(home: models.Dwelling) -> portfolio_module.Dwelling:
    """Return what the letting rules look at of a home."""
    return portfolio_module.Dwelling(
        id=home.code,
        complex="",
        rooms=home.rooms,
        rent=home.rent,
        accessible=home.accessible,
    )


def rule_lines(
    found: Eligibility, language: Language, *, silent: bool = True
) -> tuple[RuleText, ...]:
    """Put the answers of the letting rules into words."""
    return rule_texts(found, register.norms(), language, silent=silent)


def switch_of(key: str, day: date, language: Language) -> tuple[str, str, bool]:
    """Return a norm that is a switch: its key, its title, and whether it is on."""
    norm = register.norms()[key]
    return key, norm.title[language], bool(norm.on(day).value)


def days_of(key: str, day: date) -> Mapping[str, int]:
    """Return a norm that says days by name."""
    return cast("Mapping[str, int]", register.norms().value(key, day))


def consequence_of(reason: str, day: date) -> str:
    """Return what a norm says that a refusal for this reason means; nothing where it is silent."""
    told = cast("Mapping[str, object]", register.norms().value("letting.refusal_consequences", day))
    return str(told.get(reason, "none"))


def left_out(channel: str, day: date) -> Sequence[str]:
    """Return the steps of a match that a norm lets this channel do without."""
    told = register.norms().value("letting.match_left_out", day)
    return cast("Mapping[str, Sequence[str]]", told).get(channel, ())


def days_kept(day: date) -> int:
    """Return how long the reference to a candidate is kept [days]."""
    return int(register.norms().number("letting.candidate_kept", day))


REQUESTS = register.Table(
    name="place_requests",
    model=PlaceRequest,
    value=portfolio_module.PlaceRequest,
    key=("number",),
    parts={},
)
