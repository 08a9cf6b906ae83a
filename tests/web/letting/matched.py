"""Matches in the small town: a home that is decided about, candidates, and who does what."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import services
from mixwijzer.web.letting.match_steps import Act, Consequence, Hand, MatchState
from mixwijzer.web.letting.models import Candidate, CandidateList, Match, Vacancy
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import answers, decides


def a_candidate(cast: Cast, **more: Any) -> Candidate:
    """Enter a candidate to whom every rule of a home in the Vlierhof says yes."""
    told = {"size": 2, "income_class": "target", "registered": date(2018, 5, 1), **more}
    return services.enter(
        user=cast.iris, owner=cast.woonbelang, entered=services.Entered(**told), now=NOW
    )


def of_the_partner(cast: Cast, **more: Any) -> Candidate:
    """Enter a candidate of the care partner."""
    told = {"partner": cast.opstap, "reference": "D-88", "target_group": "outflow", **more}
    return a_candidate(cast, **told)


def a_home_for_matching(
    cast: Cast, code: str = "Vlier-003", *, group: str = "", channel: str = "mediation"
) -> Vacancy:
    """Decide about a home, and start to look for a candidate."""
    row = Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling=code)
    place, _, number = code.partition("-")
    decides(cast.iris, answers(cast.iris, f"{place}hof {int(number)}"), channel=channel)
    services.open_matching(user=cast.iris, vacancy=row.public_id, group=group, now=NOW)
    row.refresh_from_db()
    return row


def proposed(cast: Cast, row: Vacancy, who: Candidate, **more: Any) -> Match:
    """Let Iris propose a candidate; Iris speaks for him unless told otherwise."""
    told = {"contact": cast.iris, "now": NOW, **more}
    return services.propose(user=cast.iris, vacancy=row.public_id, candidate=who.public_id, **told)


def person_of(cast: Cast, match: Match, hand: Hand) -> User:
    """Somebody of the cast with this hand in this match, and as few others as can be."""
    return {
        Hand.CONSULTANT: cast.sem,
        Hand.HEAD: cast.mo,
        Hand.AGENT: cast.tessa,
        Hand.PARTNER: cast.joris,
        Hand.CONTACT: match.contact or cast.iris,
    }[hand]


def now_of(match: Match) -> Match:
    """Read a match again, as it stands."""
    return (
        Match.objects.for_organisation(match.owner_id)
        .select_related("vacancy", "contact")
        .get(pk=match.pk)
    )


def to_step(cast: Cast, match: Match, goal: MatchState, *, now: datetime = NOW) -> Match:
    """Let everybody agree until a step is reached; the head where a partner can't be asked."""
    while (row := now_of(match)).state != goal:
        owner = {
            MatchState.PROPOSED: cast.iris,
            MatchState.LETTING_CHECK: cast.tessa,
            MatchState.PARTNER: cast.joris,
            MatchState.TALK: cast.iris,
            MatchState.CANDIDATE: row.contact,
        }[MatchState(row.state)]
        services.accept(user=owner, match=row.public_id, version=row.version, now=now)
    return row


def acts(user: User, match: Match, act: Act, *, now: datetime = NOW) -> None:
    """Do one act, with whatever else its service asks for."""
    row = now_of(match)
    given: dict[str, Any] = {
        "user": user, "match": row.public_id, "version": row.version, "now": now,
    }  # fmt: skip
    refusing = {MatchState.PARTNER: "not_yet", MatchState.CANDIDATE: "chose_not"}
    does = {
        Act.ACCEPT: services.accept,
        Act.DECLINE: partial(
            services.decline, reason=refusing.get(MatchState(row.state), "home_changed")
        ),
        Act.CONFIRM: partial(services.settle, act=act, consequence=Consequence.NONE),
        Act.OVERRIDE: partial(services.settle, act=act),
        Act.RETURN: partial(services.settle, act=act),
        Act.BACK: services.step_back,
        Act.CANCEL: services.call_off,
        Act.REOPEN: services.reopen,
        Act.LET: partial(services.let, on=now.date()),
        Act.PROMOTE: services.promote,
        Act.UNLET: partial(services.unlet, reason="fell_through"),
    }
    does[act](**given)


def a_match_is_under_way(cast: Cast) -> None:
    """Write every kind of row about a match: Vlierhof 24, at the talk, with one condition."""
    row = a_home_for_matching(cast, "Vlier-024")
    match = to_step(cast, proposed(cast, row, of_the_partner(cast)), MatchState.TALK)
    services.add_condition(user=cast.iris, match=match.public_id, kind="home_ready", now=NOW)
    a_list_came_in(cast.iris, cast.woonbelang)


def a_list_came_in(user: User, owner: Organisation) -> CandidateList:
    """Bring in a list of one candidate."""
    entered = services.Entered(size=2, registered=date(2019, 5, 1), reference="L-1")
    services.bring_in(user=user, owner=owner, people=[entered], now=NOW)
    return CandidateList.objects.for_organisation(owner).latest("pk")


def a_match_elsewhere(cast: Cast) -> None:
    """Propose a candidate of the other association, which decided about its home already."""
    row = Vacancy.objects.for_organisation(cast.elders).get(dwelling="Elders-001")
    services.open_matching(user=cast.olga, vacancy=row.public_id, now=NOW)
    entered = services.Entered(size=2, income_class="target", registered=date(2019, 5, 1))
    who = services.enter(user=cast.olga, owner=cast.elders, entered=entered, now=NOW)
    services.propose(user=cast.olga, vacancy=row.public_id, candidate=who.public_id, now=NOW)
    a_list_came_in(cast.olga, cast.elders)
