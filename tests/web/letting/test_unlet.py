"""A key that was recorded can be taken back for a while, by the head alone, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.web.audit.models import Event as Line
from mixwijzer.web.letting import bridge, services
from mixwijzer.web.letting.match_steps import UNLET_DAYS, Act, Hand, MatchState, UnletReason
from mixwijzer.web.letting.models import Candidate, Match, Step
from mixwijzer.web.letting.refusals import KeyTooLongAgo, NotAllowedNow, NotNow, ReasonMissing
from mixwijzer.web.letting.services import take_up
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Letting, Tenancy
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import (
    a_candidate,
    a_home_for_matching,
    acts,
    now_of,
    person_of,
    proposed,
    to_step,
)

LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(LATER):
        yield


@pytest.fixture
def match(town: Cast) -> Match:
    """Let Vlierhof 3 by a match."""
    found = proposed(town, a_home_for_matching(town), a_candidate(town))
    acts(town.tessa, to_step(town, found, MatchState.CONTRACT), Act.LET)
    return now_of(found)


def takes_back(user, match: Match, reason: str = "fell_through", *, now: datetime = LATER) -> None:
    row = now_of(match)
    services.unlet(user=user, match=row.public_id, reason=reason, version=row.version, now=now)


def known(match: Match) -> Candidate:
    rows = Candidate.objects.for_organisation(match.owner_id)
    return rows.get(number=match.candidate, replaced_at=None)


def lettings(match: Match) -> list[Letting]:
    rows = Letting.objects.for_organisation(match.owner_id)
    return list(rows.filter(notice=match.vacancy.code, replaced_at=None))


@pytest.mark.parametrize("reason", UnletReason)
def test_the_home_is_promised_again_and_both_look_on(town: Cast, match: Match, reason):
    assert known(match).left == "housed"
    assert lettings(match)[0].persons == 2
    takes_back(town.mo, match, reason)
    after = now_of(match)
    assert (after.state, after.vacancy.state) == (MatchState.CANCELLED, State.IN_MATCHING)
    assert after.contract_on is None
    assert (known(match).left, known(match).left_on) == ("", None)
    [promise] = lettings(match)
    assert (promise.persons, promise.on) == (None, TODAY)
    case = bridge.gather(town.woonbelang, after.vacancy.complex_id, after.vacancy.code, TODAY)
    assert case.accounts.committed(Scope(ScopeKind.COMPLEX, "Vlier")) == 1
    assert verify_accounts(owner=town.woonbelang, day=LATER.date()) == ()
    line = Step.objects.for_organisation(town.woonbelang).filter(vacancy=after.vacancy).latest("pk")
    assert (line.event, line.by, line.facts) == ("unlet", town.mo, {"why": reason.value})
    assert Line.objects.for_organisation(town.woonbelang).filter(action="match.unlet").count() == 1
    for name, of in (("vacancy", after.vacancy), ("match", after)):
        path = reverse(f"letting:{name}", args=[of.public_id])
        page = asked(logged_in(town.iris), "GET", path).content.decode()
        assert "Toch niet verhuurd" in page
        assert str(reason.label) in page


def test_it_can_be_let_again_with_the_right_day(town: Cast, match: Match):
    takes_back(town.mo, match, "wrong_day")
    acts(town.iris, match, Act.REOPEN, now=LATER)
    acts(town.tessa, match, Act.LET, now=LATER)
    assert now_of(match).contract_on == LATER.date()
    assert known(match).left_on == LATER.date()
    assert [each.on for each in lettings(match)] == [LATER.date()]
    assert verify_accounts(owner=town.woonbelang, day=LATER.date()) == ()


def untouched(match: Match) -> bool:
    after = now_of(match)
    return (after.state, after.version) == (match.state, match.version)


@pytest.mark.parametrize("hand", [Hand.CONSULTANT, Hand.AGENT, Hand.CONTACT])
def test_only_the_head_can(town: Cast, match: Match, hand):
    with pytest.raises(NotAllowedNow):
        takes_back(person_of(town, match, hand), match)
    assert untouched(match)


def test_not_without_a_reason_of_the_list(town: Cast, match: Match):
    with pytest.raises(ReasonMissing):
        takes_back(town.mo, match, "other_home")
    assert untouched(match)


def test_not_before_the_key(town: Cast):
    found = proposed(town, a_home_for_matching(town), a_candidate(town))
    with pytest.raises(NotAllowedNow):
        takes_back(town.mo, found)


@pytest.mark.parametrize(("days", "can"), [(UNLET_DAYS, True), (UNLET_DAYS + 1, False)])
def test_not_after_a_month(town: Cast, match: Match, days, can):
    then = NOW + timedelta(days=days)
    with time_machine.travel(then):
        path = reverse("letting:match", args=[match.public_id])
        assert (
            "unlet:fell_through" in asked(logged_in(town.mo), "GET", path).content.decode()
        ) is can
        if can:
            takes_back(town.mo, match, now=then)
            return
        with pytest.raises(KeyTooLongAgo):
            takes_back(town.mo, match, now=then)
    assert untouched(match)


def test_not_once_the_lease_came_in(town: Cast, match: Match):
    old = Tenancy.objects.for_organisation(town.woonbelang).filter(dwelling="Vlier-003").first()
    old.pk, old.code, old.start, old.end = None, "next", TODAY, None
    old.save(force_insert=True)
    take_up(owner=town.woonbelang, now=LATER)
    assert now_of(match).vacancy.state == State.CLOSED
    with pytest.raises(NotNow):
        takes_back(town.mo, match)
    path = reverse("letting:match", args=[match.public_id])
    assert "unlet:" not in asked(logged_in(town.mo), "GET", path).content.decode()
    assert untouched(match)


def test_on_the_page_of_the_match(town: Cast, match: Match):
    path = reverse("letting:match", args=[match.public_id])
    assert "unlet:" not in asked(logged_in(town.iris), "GET", path).content.decode()
    assert "unlet:fell_through" in asked(logged_in(town.mo), "GET", path).content.decode()
    sent = {"act": "unlet:fell_through", "version": str(match.version)}
    step = reverse("letting:step", args=[match.public_id])
    assert asked(logged_in(town.iris), "POST", step, **sent).status_code == 409
    assert asked(logged_in(town.mo), "POST", step, **sent).status_code == 302
    assert now_of(match).state == MatchState.CANCELLED


def test_who_was_entered_anew_meanwhile_looks_under_that_number_alone(town: Cast, match: Match):
    services.comes_back(
        user=town.iris, candidate=known(match).public_id, registered=TODAY, now=LATER
    )
    takes_back(town.mo, match)
    assert known(match).left == "housed"
