"""Who could come to live here, where could this household go, and where does a match stand?

The letting rules answer the same question from both sides. A candidate is a number; the reference
behind it is shown only from the step that needs it, and only to who works on that step.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from mixwijzer.exchange.catalogue import Language
from mixwijzer.exchange.letting_rules import RuleText
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import Action, may, somebody
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import ACTIVE, ALLOWED, ENDED, OWNER, Act, Hand, MatchState
from mixwijzer.web.letting.models import (
    Candidate,
    Condition,
    Decision,
    Match,
    MatchStep,
    Vacancy,
)
from mixwijzer.web.letting.transitions import MATCHED, State
from mixwijzer.web.register.models import Dwelling, Notice

__all__ = [
    "CandidatePage",
    "CandidatesPage",
    "Delay",
    "FitLine",
    "MatchPage",
    "MatchWork",
    "candidate_page",
    "candidates_page",
    "delay_of",
    "letter_rows",
    "match_page",
    "match_work",
    "people",
]

_SWITCHES = ("letting.use_fit_margin", "letting.use_free_room")
_DISCLOSED = frozenset({MatchState.TALK, MatchState.CANDIDATE, MatchState.CONTRACT})


@dataclass(frozen=True, slots=True, kw_only=True)
class FitLine:
    """One candidate beside one home: what the rules say, and where it stands.

    `here` is the match of this pair, `elsewhere` another match of this candidate.
    """

    person: Candidate
    vacancy: Vacancy
    address: str
    answer: str
    word: str
    rules: tuple[RuleText, ...]
    reasons: tuple[str, ...]
    here: Match | None
    elsewhere: bool
    rests: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesPage:
    """The candidates of a vacancy in the order of the letting rules; `switches` hold for all."""

    vacancy: Vacancy
    address: str
    rooms: int | None
    rent: Any
    lines: tuple[FitLine, ...]
    switches: tuple[tuple[str, str, bool], ...]
    may_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePage:
    """One candidate, and every home that a candidate is looked for."""

    person: Candidate
    lines: tuple[FitLine, ...]
    matches: tuple[tuple[Match, str], ...]
    may_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """A match as its reader may see it; `reference` is empty until the step that needs it."""

    match: Match
    address: str
    person: Candidate
    reference: str
    rules: tuple[RuleText, ...]
    acts: Mapping[Act, Hand]
    waits_for: str
    days: int
    stuck: bool
    conditions: tuple[Condition, ...]
    may_add: bool
    may_tick: bool
    reserves: int
    refused_by: str
    default_consequence: str
    history: tuple[MatchStep, ...]
    staff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchWork:
    """One match in somebody's work."""

    id: uuid.UUID
    group: str  # waiting, stuck or following
    address: str
    candidate: str
    state: str
    days: int
    waits_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long each stretch took [days], and what the mix check cost; None: not there yet.

    `cost` is 0 as long as the decision came before the advert.
    """

    noticed: date
    decided: date | None
    published: date | None
    contract: date | None
    cost: int


def candidates_page(
    user: Visitor, vacancy: uuid.UUID, *, day: date, language: Language
) -> CandidatesPage:
    """Return who could come to live here, in the order of the letting rules."""
    row = Vacancy.objects.one(user, vacancy)
    home, notice = _home(row), _notice(row)
    rows = _people(row.owner_id)
    return CandidatesPage(
        vacancy=row,
        address=home.address or home.code,
        rooms=home.rooms,
        rent=home.rent,
        lines=tuple(_lines(row, home, notice, rows, day, language)),
        switches=tuple(bridge.switch_of(key, day, language) for key in _SWITCHES),
        may_match=may(user, Action.MATCH, row),
    )


def candidate_page(
    user: Visitor, candidate: uuid.UUID, *, day: date, language: Language
) -> CandidatePage:
    """Return where this household could go, among the homes that a candidate is looked for."""
    person = Candidate.objects.visible_to(user).filter(public_id=candidate, replaced_at=None)
    found = person.first()
    if found is None:
        raise Missing
    vacancies = Vacancy.objects.for_organisation(found.owner_id).filter(state__in=sorted(MATCHED))
    lines: list[FitLine] = []
    for row in vacancies.order_by("pk"):
        lines += _lines(row, _home(row), _notice(row), [found], day, language)
    matches = Match.objects.for_organisation(found.owner_id).filter(candidate=found.number)
    told = [
        (each, _home(each.vacancy).address or each.vacancy.dwelling)
        for each in matches.select_related("vacancy").order_by("-moved_at")
    ]
    return CandidatePage(
        person=found,
        lines=tuple(lines),
        matches=tuple(told),
        may_match=may(user, Action.MATCH, found),
    )


def people(user: Visitor) -> tuple[tuple[Candidate, str], ...]:
    """Return every candidate that this reader sees, with where his match stands."""
    rows = list(
        Candidate.objects.visible_to(user)
        .filter(replaced_at=None)
        .select_related("partner_organisation")
        .order_by("registered", "number")
    )
    busy = Match.objects.visible_to(user).filter(state__in=sorted(ACTIVE))
    states = {(each.owner_id, each.candidate): each.get_state_display() for each in busy}
    return tuple((row, states.get((row.owner_id, row.number), "")) for row in rows)


def _people(owner: int) -> list[Candidate]:
    return list(Candidate.objects.for_organisation(owner).filter(replaced_at=None))


def _home(row: Vacancy) -> Dwelling:
    homes = Dwelling.objects.for_organisation(row.owner_id)
    return homes.get(code=row.dwelling, replaced_at=None)


def _notice(row: Vacancy) -> Notice:
    notices = Notice.objects.for_organisation(row.owner_id)
    return notices.get(code=row.code, replaced_at=None)


def _lines(
    row: Vacancy,
    home: Dwelling,
    notice: Notice,
    rows: Iterable[Candidate],
    day: date,
    language: Language,
) -> Iterable[FitLine]:
    known = {each.number: each for each in rows}
    people_of = Candidate.objects.for_organisation(row.owner_id).filter(
        pk__in=[each.pk for each in known.values()]
    )
    matches = Match.objects.for_organisation(row.owner_id).filter(candidate__in=list(known))
    here = {each.candidate: each for each in matches if each.vacancy_id == row.pk}
    busy = {
        each.candidate for each in matches if each.vacancy_id != row.pk and each.state in ACTIVE
    }
    asked = bridge.asked_of(row, notice)
    for person, found in bridge.fits(bridge.CANDIDATES.read(people_of), home, asked, day):
        told = known[person.id]
        yield FitLine(
            person=told,
            vacancy=row,
            address=home.address or home.code,
            answer=found.answer.name.lower(),
            word=bridge.overall_word(found.answer, language),
            rules=bridge.rule_lines(found, language),
            reasons=bridge.public_reasons(found.answers, language),
            here=here.get(person.id),
            elsewhere=person.id in busy,
            rests=told.until_reassessed or bool(told.rests_until and told.rests_until > day),
        )


def letter_rows(
    user: Visitor, vacancy: uuid.UUID, *, day: date, language: Language
) -> tuple[tuple[str, str, str, str], ...]:
    """Return number, reference, address and one objective reason of who doesn't get the home.

    Whoever is still in a match for it, or next in line, isn't among them: nothing is refused yet.
    """
    page = candidates_page(user, vacancy, day=day, language=language)
    return tuple(
        (line.person.number, line.person.reference or "", line.address, _reason(line, language))
        for line in page.lines
        if line.here is None or line.here.state in ENDED - {MatchState.LET}
    )


def _reason(line: FitLine, language: Language) -> str:
    if line.here is not None and line.here.state == MatchState.DECLINED:
        own = {"other_home", "chose_not", "no_answer"}
        code = "declined" if line.here.reason in own else "stopped"
        return bridge.public_word(code, language)
    if line.reasons:
        return " ".join(line.reasons)
    return bridge.public_word("later", language)


def match_page(user: Visitor, match: uuid.UUID, *, now: datetime, language: Language) -> MatchPage:
    """Return one match for this reader.

    Raises
    ------
    Missing
        No such match, another's, or a partner's own before his step or after its end.
    """
    seen = Match.objects.one(user, match)
    with acting_for(seen.owner):
        return _match_page(somebody(user), seen, now, language)


def _match_page(user: User, row: Match, now: datetime, language: Language) -> MatchPage:
    hands = hands_of(user, row)
    staff = bool(hands & {Hand.CONSULTANT, Hand.HEAD, Hand.AGENT})
    state = MatchState(row.state)
    vacancy, home = row.vacancy, _home(row.vacancy)
    person = Candidate.objects.for_organisation(row.owner_id).get(
        number=row.candidate, replaced_at=None
    )
    steps = MatchStep.objects.for_organisation(row.owner_id).filter(match=row)
    history = tuple(steps.select_related("by").order_by("-pk"))
    refused = next((each for each in history if each.act == Act.DECLINE), None)
    reserves = Match.objects.for_organisation(row.owner_id).filter(
        vacancy=vacancy, state=MatchState.RESERVE
    )
    [line] = _lines(vacancy, home, _notice(vacancy), [person], localdate(now), language)
    open_step = state in row.way
    return MatchPage(
        match=row,
        address=home.address or home.code,
        person=person,
        reference=(person.reference or "") if state in _DISCLOSED and hands else "",
        rules=line.rules if staff else (),
        acts=_acts(state, hands, mine=refused is not None and refused.by_id == user.pk),
        waits_for=_waits_for(row),
        days=(now - row.moved_at).days,
        stuck=_stuck(row, now),
        conditions=tuple(
            Condition.objects.for_organisation(row.owner_id).filter(match=row).order_by("pk")
        ),
        may_add=state is MatchState.TALK and bool(hands - {Hand.AGENT, Hand.CONTACT}),
        may_tick=open_step and bool(hands - {Hand.CONTACT}),
        reserves=reserves.count() if staff else 0,
        refused_by=refused.by.name if refused and refused.by else "",
        default_consequence=bridge.consequence_of(row.reason, localdate(now)),
        history=history,
        staff=staff,
    )


def hands_of(user: User, match: Match) -> frozenset[Hand]:
    """Return by which hands somebody can act in a match: his roles, or as its contact.

    The head acts as head, so that the history says so.
    """
    head = may(user, Action.SETTLE_REFUSALS, match)
    held = {
        Hand.CONSULTANT: may(user, Action.MATCH, match) and not head,
        Hand.HEAD: head,
        Hand.AGENT: may(user, Action.CHECK_LETTING, match) and not head,
        Hand.PARTNER: match.partner_organisation_id in user.owners(Action.SEE_OWN_MATCHES),
        Hand.CONTACT: match.contact_id == user.pk,
    }
    return frozenset(hand for hand, has in held.items() if has)


def _acts(state: MatchState, hands: frozenset[Hand], *, mine: bool) -> Mapping[Act, Hand]:
    """Return what this reader can do, with the hand; nobody settles his own refusal."""
    settles = {Act.CONFIRM, Act.OVERRIDE, Act.RETURN}
    found: dict[Act, Hand] = {}
    for act in Act:
        both = ALLOWED.get((state, act), frozenset()) & hands
        if both and not (mine and act in settles):
            found[act] = min(both, key=list(Hand).index)
    return found


def _waits_for(row: Match) -> str:
    owner = OWNER.get(MatchState(row.state))
    if owner is Hand.CONTACT and row.contact is not None:
        return f"{owner.label}: {row.contact.name}"
    return str(owner.label) if owner else ""


def _stuck(row: Match, now: datetime) -> bool:
    days = bridge.days_of("letting.match_stalls", localdate(now)).get(row.state, 0)
    return bool(days) and now - row.moved_at >= timedelta(days=days)


def match_work(user: Visitor, *, now: datetime) -> tuple[MatchWork, ...]:
    """Return the open matches of one person: what waits for him, what is stuck, what he follows.

    One query where there is none; else two more for each association whose matches they are.
    """
    person = somebody(user)
    rows = list(
        Match.objects.visible_to(person)
        .exclude(state__in=[*sorted(ENDED), MatchState.RESERVE])
        .select_related("contact", "owner")
        .order_by("moved_at", "pk")
    )
    vacancies: dict[int, Vacancy] = {}
    names: dict[tuple[int, str], str] = {}
    for owner in dict.fromkeys(row.owner for row in rows):
        with acting_for(owner):
            own = [row.vacancy_id for row in rows if row.owner_id == owner.pk]
            found = Vacancy.objects.for_organisation(owner).in_bulk(own)
            vacancies |= found
            codes = [each.dwelling for each in found.values()]
            homes = Dwelling.objects.for_organisation(owner).filter(code__in=codes)
            names |= {
                (owner.pk, each.code): each.address or each.code
                for each in homes.filter(replaced_at=None)
            }
    told = []
    for row in rows:
        row.vacancy = vacancies[row.vacancy_id]
        group = _group(person, row, now)
        if group:
            told.append(_work(row, group, names[row.owner_id, row.vacancy.dwelling], now))
    return tuple(told)


def _group(user: User, row: Match, now: datetime) -> str:
    """Say where a match stands in somebody's work; nowhere when it isn't his concern."""
    hands = hands_of(user, row)
    follows = row.vacancy.responsible_id == user.pk or hands & {Hand.HEAD, Hand.PARTNER}
    if OWNER[MatchState(row.state)] in hands:
        return "waiting"
    if not follows:
        return ""
    return "stuck" if _stuck(row, now) else "following"


def _work(row: Match, group: str, address: str, now: datetime) -> MatchWork:
    return MatchWork(
        id=row.public_id,
        group=group,
        address=address,
        candidate=row.candidate,
        state=str(MatchState(row.state).label),
        days=(now - row.moved_at).days,
        waits_for=_waits_for(row),
    )


def delay_of(user: Visitor, vacancy: uuid.UUID, *, day: date) -> Delay:
    """Return how long a vacancy took so far, and how many vacancy days the mix check cost."""
    row = Vacancy.objects.one(user, vacancy)
    notice = _notice(row)
    decisions: QuerySet[Decision] = Decision.objects.for_organisation(row.owner_id)
    decision = decisions.filter(vacancy=row, withdrawn_at=None).first()
    decided = localdate(decision.at) if decision else None
    let = Match.objects.for_organisation(row.owner_id).filter(vacancy=row, state=MatchState.LET)
    until = decided or (day if row.state != State.CLOSED else None)
    late = (until - notice.publication).days if until and notice.publication else 0
    return Delay(
        noticed=notice.notice,
        decided=decided,
        published=notice.publication,
        contract=let.values_list("contract_on", flat=True).first(),
        cost=max(0, late),
    )
