"""Who could come to live here, where could this household go, and where does a match stand?

The letting rules answer the same question from both sides. A candidate is a number; the reference
behind it is shown only from the step that needs it, and only to who works on that step.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from mixwijzer.exchange.catalogue import Language
from mixwijzer.exchange.letting_rules import RuleText
from mixwijzer.web.accounts.isolation import acting_for
from mixwijzer.web.accounts.models import Missing, User, Visitor
from mixwijzer.web.accounts.permissions import Action, may, somebody
from mixwijzer.web.accounts.selectors import holders, holders_by
from mixwijzer.web.letting import bridge
from mixwijzer.web.letting.match_steps import (
    ACTIVE,
    ENDED,
    OWNER,
    UNLET_DAYS,
    Act,
    Hand,
    MatchState,
    hands_for,
)
from mixwijzer.web.letting.models import (
    Candidate,
    Condition,
    Match,
    MatchStep,
    Vacancy,
)
from mixwijzer.web.letting.transitions import MATCHED, Event, allowed
from mixwijzer.web.register.models import Dwelling, Notice

__all__ = [
    "CandidatePage",
    "CandidatesPage",
    "FitLine",
    "MatchPage",
    "MatchWork",
    "Speaker",
    "awaited",
    "candidate_page",
    "candidates_page",
    "hands_of",
    "late",
    "letter_rows",
    "match_page",
    "match_work",
    "nobody_answers",
    "one_candidate",
    "one_match",
    "people",
    "speaker",
    "who_left",
]

_SWITCHES = ("letting.use_fit_margin", "letting.use_free_room")
STALLS = "letting.match_stalls"
TERMS = "letting.match_terms"
_DESK = frozenset({Hand.CONSULTANT, Hand.HEAD})
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
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who may speak for a candidate: a colleague, or of his partner (then named)."""

    person: User
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesPage:
    """The candidates of a vacancy in the order of the letting rules; `switches` hold for all.

    `decided_group` is for whom it was decided in the week round, `before_key` what was asked there.
    """

    vacancy: Vacancy
    address: str
    rooms: int | None
    rent: Any
    lines: tuple[FitLine, ...]
    switches: tuple[tuple[str, str, bool], ...]
    may_match: bool
    decided_group: str
    before_key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePage:
    """One candidate, and every home that a candidate is looked for.

    `records` is what was written down of him, the latest first.
    """

    person: Candidate
    lines: tuple[FitLine, ...]
    matches: tuple[tuple[Match, str], ...]
    records: tuple[Candidate, ...]
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
    speakers: tuple[Speaker, ...]
    nobody_there: bool


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
    until: date | None  # the day on which the step expires


def candidates_page(
    user: Visitor, vacancy: uuid.UUID, *, day: date, language: Language
) -> CandidatesPage:
    """Return who could come to live here, in the order of the letting rules."""
    row = Vacancy.objects.one(user, vacancy)
    home = _homes([row])[row.dwelling]
    tried = Match.objects.for_organisation(row.owner_id).filter(vacancy=row)
    present = Candidate.objects.for_organisation(row.owner_id).filter(
        Q(left_on=None) | Q(number__in=tried.values("candidate")), replaced_at=None
    )
    people = list(present.select_related("partner_organisation"))
    decided = row.standing().first()
    return CandidatesPage(
        vacancy=row,
        address=home.address or home.code,
        rooms=home.rooms,
        rent=home.rent,
        lines=_lines([row], people, day, language),
        switches=tuple(bridge.switch_of(key, day, language) for key in _SWITCHES),
        may_match=may(user, Action.MATCH, row),
        decided_group=decided.group if decided else "",
        before_key=tuple(decided.conditions) if decided else (),
    )


def candidate_page(
    user: Visitor, candidate: uuid.UUID, *, day: date, language: Language
) -> CandidatePage:
    """Return where this household could go, among the homes that a candidate is looked for."""
    found = one_candidate(user, candidate)
    looked_for = Vacancy.objects.for_organisation(found.owner_id).filter(state__in=sorted(MATCHED))
    rows = Match.objects.for_organisation(found.owner_id).filter(candidate=found.number)
    matches = list(rows.select_related("vacancy").order_by("-moved_at"))
    addresses = _addresses([each.vacancy for each in matches])
    records = Candidate.objects.for_organisation(found.owner_id).filter(number=found.number)
    homes = [] if found.left_on else list(looked_for.order_by("pk"))
    return CandidatePage(
        person=found,
        lines=_lines(homes, [found], day, language),
        matches=tuple((each, addresses[each.vacancy_id]) for each in matches),
        records=tuple(records.select_related("by", "rests_for").order_by("-pk")),
        may_match=may(user, Action.MATCH, found),
    )


def one_candidate(user: Visitor, candidate: uuid.UUID) -> Candidate:
    """Return what is known now of one candidate whom this reader sees."""
    rows = Candidate.objects.visible_to(user).filter(public_id=candidate, replaced_at=None)
    found = rows.select_related("owner", "partner_organisation", "rests_for").first()
    if found is None:
        raise Missing
    return found


def people(user: Visitor) -> tuple[tuple[Candidate, str], ...]:
    """Return who looks for a home, as far as this reader sees, with where his match stands."""
    rows = list(
        Candidate.objects.visible_to(user)
        .filter(replaced_at=None, left_on=None)
        .select_related("partner_organisation")
        .order_by("registered", "number")
    )
    busy = Match.objects.visible_to(user).filter(state__in=sorted(ACTIVE))
    states = {(each.owner_id, each.candidate): each.get_state_display() for each in busy}
    return tuple((row, states.get((row.owner_id, row.number), "")) for row in rows)


def who_left(user: Visitor, day: date) -> tuple[Candidate, ...]:
    """Return who looks no longer, the latest first, as long as they are kept."""
    rows = Candidate.objects.visible_to(user).filter(
        replaced_at=None, left_on__isnull=False, keep_until__gt=day
    )
    return tuple(rows.order_by("-left_on", "-number"))


def _homes(rows: Sequence[Vacancy]) -> Mapping[str, Dwelling]:
    """Return the homes of vacancies of one association by their code."""
    if not rows:
        return {}
    return Dwelling.last_known(rows[0].owner_id, "code", [each.dwelling for each in rows])


def _addresses(rows: Sequence[Vacancy]) -> Mapping[int, str]:
    homes = _homes(rows)
    return {each.pk: homes[each.dwelling].address or each.dwelling for each in rows}


def _lines(
    vacancies: Sequence[Vacancy], people: Sequence[Candidate], day: date, language: Language
) -> tuple[FitLine, ...]:
    """Put candidates beside homes of one association; seven queries, however many there are."""
    if not vacancies or not people:
        return ()
    owner, homes = vacancies[0].owner_id, _homes(vacancies)
    asked = Notice.last_known(owner, "code", [each.code for each in vacancies])
    known = {each.number: each for each in people}
    values = bridge.CANDIDATES.read(
        Candidate.objects.for_organisation(owner).filter(pk__in=[each.pk for each in people])
    )
    rows = Match.objects.for_organisation(owner).filter(candidate__in=list(known))
    matches = {(each.vacancy_id, each.candidate): each for each in rows}
    busy = {each.candidate: each.vacancy_id for each in rows if each.state in ACTIVE}
    speaking = _speakers(owner, people)
    found = []
    for vacancy in vacancies:
        home = homes[vacancy.dwelling]
        wanted = bridge.asked_of(vacancy, asked[vacancy.code])
        for value, told in bridge.fits(values, home, wanted, day):
            person = known[value.id]
            found.append(
                FitLine(
                    person=person,
                    vacancy=vacancy,
                    address=home.address or home.code,
                    answer=told.answer.name.lower(),
                    word=bridge.overall_word(told.answer, language),
                    rules=bridge.rule_lines(told, language),
                    reasons=bridge.public_reasons(told.answers, language),
                    here=matches.get((vacancy.pk, value.id)),
                    elsewhere=busy.get(value.id, vacancy.pk) != vacancy.pk,
                    rests=person.rests(day) or person.left_on is not None,
                    speakers=speaking[person.pk],
                )
            )
    return tuple(found)


def _speakers(owner: int, people: Sequence[Candidate]) -> Mapping[int, tuple[Speaker, ...]]:
    """Return, by candidate, who can speak for him: only who comes to see the match."""
    here = holders(owner, Action.SEE_CANDIDATES)
    colleagues = tuple(Speaker(person=who, partner="") for who in here)
    partners = {each.pk: each.partner_organisation for each in people}
    asked = {partner.pk for partner in partners.values() if partner}
    there = holders_by(asked, Action.SEE_OWN_MATCHES)
    return {
        number: (
            *colleagues,
            *(Speaker(person=who, partner=partner.name) for who in there.get(partner.pk, ())),
        )
        if partner
        else colleagues
        for number, partner in partners.items()
    }


def speaker(user: Visitor, candidate: uuid.UUID, chosen: uuid.UUID) -> User:
    """Return who was chosen to speak for a candidate; `Missing` where he can't."""
    rows = Candidate.objects.visible_to(user).filter(public_id=candidate, replaced_at=None)
    found = rows.select_related("partner_organisation").first()
    able = _speakers(found.owner_id, [found])[found.pk] if found else ()
    for each in able:
        if each.person.public_id == chosen:
            return each.person
    raise Missing


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


def one_match(user: Visitor, match: uuid.UUID) -> Match:
    """Return one match that this reader has a part in; `Missing` as `match_page`."""
    return Match.objects.one(user, match)


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
    vacancy = row.vacancy
    person = Candidate.objects.for_organisation(row.owner_id).get(
        number=row.candidate, replaced_at=None
    )
    steps = MatchStep.objects.for_organisation(row.owner_id).filter(match=row)
    history = tuple(steps.select_related("by").order_by("-pk"))
    refused = next((each for each in history if each.act == Act.DECLINE), None)
    reserves = Match.objects.for_organisation(row.owner_id).filter(
        vacancy=vacancy, state=MatchState.RESERVE
    )
    [line] = _lines([vacancy], [person], localdate(now), language)
    open_step, alone = state in row.way, nobody_answers(row)
    return MatchPage(
        match=row,
        address=line.address,
        person=person,
        reference=(person.reference or "") if state in _DISCLOSED and hands else "",
        rules=line.rules if staff else (),
        acts=_acts(
            row, hands, now, mine=refused is not None and refused.by_id == user.pk, alone=alone
        ),
        waits_for=_waits_for(row, alone=alone),
        days=(now - row.moved_at).days,
        stuck=late(row, now, STALLS),
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
        speakers=line.speakers if hands & _DESK and state not in ENDED else (),
        nobody_there=alone,
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


def let_lately(row: Match, now: datetime) -> bool:
    """Whether the key of a match was recorded so short ago that it can be taken back."""
    return (localdate(now) - localdate(row.moved_at)).days <= UNLET_DAYS


def nobody_answers(match: Match) -> bool:
    """Whether a match waits for a partner of whom nobody can answer here."""
    return match in _for_nobody([match])


def _for_nobody(matches: Iterable[Match]) -> frozenset[Match]:
    """Return those of `matches` that wait for a partner of whom nobody can answer; one query."""
    rows = [each for each in matches if each.state == MatchState.PARTNER]
    asked = {each.partner_organisation_id for each in rows if each.partner_organisation_id}
    there = holders_by(asked, Action.SEE_OWN_MATCHES) if asked else {}
    alone = asked - there.keys()
    return frozenset(each for each in rows if each.partner_organisation_id in alone)


def awaited(match: Match, *, alone: bool) -> Hand | None:
    """Return by whose hand the step of a match is done; the head's where the partner is `alone`."""
    return Hand.HEAD if alone else OWNER.get(MatchState(match.state))


def _acts(
    row: Match, hands: frozenset[Hand], now: datetime, *, mine: bool, alone: bool
) -> Mapping[Act, Hand]:
    """Return what this reader can do, with the hand; nobody settles his own refusal."""
    held = MatchState(row.held) if row.held else None
    never = {Act.CONFIRM, Act.OVERRIDE, Act.RETURN} if mine else set()
    if not (let_lately(row, now) and allowed(row.vacancy.state, Event.UNLET)):
        never.add(Act.UNLET)
    found: dict[Act, Hand] = {}
    for act in Act:
        both = hands & hands_for(MatchState(row.state), act, held=held, nobody_there=alone)
        if both and act not in never:
            found[act] = min(both, key=list(Hand).index)
    return found


def _waits_for(row: Match, *, alone: bool) -> str:
    owner = awaited(row, alone=alone)
    if owner is Hand.CONTACT and row.contact is not None:
        return f"{owner.label}: {row.contact.name}"
    return str(owner.label) if owner else ""


def late(row: Match, now: datetime, norm: str) -> bool:
    """Whether a match stands longer in its step than a norm of days says; 0 is never."""
    days = bridge.days_of(norm, localdate(now)).get(row.state, 0)
    return bool(days) and now - row.moved_at >= timedelta(days=days)


def match_work(user: Visitor, *, now: datetime) -> tuple[MatchWork, ...]:
    """Return the open matches of one person: what waits for him, what is stuck, what he follows.

    One query where there is none; else two more for each association whose matches they are, and
    one about partners where some match waits for one.
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
    told, nobody = [], _for_nobody(rows)
    for row in rows:
        row.vacancy, alone = vacancies[row.vacancy_id], row in nobody
        group = _group(person, row, now, alone=alone)
        if group:
            address = names[row.owner_id, row.vacancy.dwelling]
            told.append(_work(row, group, address, now, alone=alone))
    return tuple(told)


def _group(user: User, row: Match, now: datetime, *, alone: bool) -> str:
    """Say where a match stands in somebody's work; nowhere when it isn't his concern."""
    hands = hands_of(user, row)
    follows = row.vacancy.responsible_id == user.pk or hands & {Hand.HEAD, Hand.PARTNER}
    if awaited(row, alone=alone) in hands:
        return "waiting"
    if not follows:
        return ""
    return "stuck" if late(row, now, STALLS) else "following"


def _work(row: Match, group: str, address: str, now: datetime, *, alone: bool) -> MatchWork:
    term = bridge.days_of(TERMS, localdate(now)).get(row.state, 0)
    return MatchWork(
        id=row.public_id,
        group=group,
        address=address,
        candidate=row.candidate,
        state=str(MatchState(row.state).label),
        days=(now - row.moved_at).days,
        waits_for=_waits_for(row, alone=alone),
        until=localdate(row.moved_at) + timedelta(days=term) if term else None,
    )
