"""From a decision to the key: who may do what, what follows, and what is told when it can't be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.utils import translation

from mixwijzer.web.accounts.models import Membership, Missing, User
from mixwijzer.web.audit.selectors import verify
from mixwijzer.web.letting import services
from mixwijzer.web.letting.match_steps import Act, Consequence, Hand, MatchState
from mixwijzer.web.letting.models import (
    Candidate,
    Condition,
    Decision,
    Match,
    MatchStep,
    Step,
    Vacancy,
)
from mixwijzer.web.letting.refusals import (
    CandidateLeft,
    CandidateRests,
    CandidateStays,
    CandidateTaken,
    ConditionsOpen,
    HomeTaken,
    MatchedBefore,
    NotAllowedNow,
    NotNow,
    NotYours,
    ReasonMissing,
    Refusal,
    RulesSay,
    UnknownGroup,
    VersionChanged,
)
from mixwijzer.web.letting.refused import refusal_text
from mixwijzer.web.letting.selectors import candidate_page, days_lost, match_work
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Letting
from mixwijzer.web.register.services import verify_accounts
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, the_page
from tests.web.every_url import asked, logged_in
from tests.web.kept import kept
from tests.web.letting.matched import (
    a_candidate,
    a_home_for_matching,
    acts,
    now_of,
    of_the_partner,
    proposed,
    to_step,
)

M = MatchState


@pytest.fixture
def home(town: Cast) -> Vacancy:
    return kept("a home for matching", lambda: a_home_for_matching(town))


def state_of(row: Vacancy) -> str:
    row.refresh_from_db()
    return row.state


def known(who: Candidate) -> Candidate:
    """What is known of a candidate now."""
    rows = Candidate.objects.for_organisation(who.owner_id)
    return rows.get(number=who.number, replaced_at=None)


def test_from_proposal_to_key_by_five_hands(town: Cast, home: Vacancy) -> None:
    who = of_the_partner(town)
    match = proposed(town, home, who)
    assert state_of(home) == State.RESERVED
    to_step(town, match, M.TALK)
    services.add_condition(user=town.iris, match=match.public_id, kind="home_ready", now=NOW)
    row = to_step(town, match, M.CONTRACT)
    for condition in row.conditions.all():
        services.meet(user=town.tessa, condition=condition.public_id, now=NOW)
    services.let(user=town.tessa, match=row.public_id, version=row.version, on=TODAY, now=NOW)
    assert (now_of(match).state, state_of(home)) == (M.LET, State.LET)
    steps = MatchStep.objects.for_organisation(town.woonbelang).filter(match=match).order_by("pk")
    assert [(each.act, each.hand) for each in steps] == [
        ("propose", Hand.CONSULTANT),
        ("accept", Hand.CONSULTANT),
        ("accept", Hand.AGENT),
        ("accept", Hand.PARTNER),
        ("accept", Hand.CONSULTANT),
        ("accept", Hand.CONTACT),
        ("let", Hand.AGENT),
    ]
    assert not verify(town.woonbelang).breaks


def test_the_letting_counts_once_with_group_and_persons(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, of_the_partner(town, size=3))
    row = to_step(town, match, M.CONTRACT)
    on = TODAY + timedelta(days=9)
    services.let(user=town.mo, match=row.public_id, version=row.version, on=on, now=NOW)
    lettings = Letting.objects.for_organisation(town.woonbelang).filter(
        notice=home.code, replaced_at=None
    )
    assert [(each.group, each.persons, each.on, each.channel) for each in lettings] == [
        ("outflow", 3, on, "mediation")
    ]
    assert list(verify_accounts(owner=town.woonbelang, day=TODAY)) == []


def test_without_a_partner_nobody_is_asked_to_answer_for_one(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    assert M.PARTNER not in now_of(match).way


def test_a_home_is_for_one_candidate_and_the_next_waits_in_line(town: Cast, home: Vacancy) -> None:
    first = proposed(town, home, a_candidate(town))
    second = a_candidate(town)
    with pytest.raises(HomeTaken) as refused:
        proposed(town, home, second)
    assert (refused.value.by, refused.value.candidate) == ("Iris Voorbeeld", first.candidate)
    reserve = proposed(town, home, second, reserve=True)
    assert (reserve.state, reserve.line) == (M.RESERVE, 1)
    acts(town.iris, first, Act.CANCEL)
    assert now_of(reserve).state == M.PROPOSED
    assert state_of(home) == State.RESERVED
    line = MatchStep.objects.for_organisation(town.woonbelang).filter(match=reserve).latest("pk")
    assert (line.act, line.by, line.hand) == ("promote", None, Hand.SYSTEM)


def test_who_waits_in_line_is_released_when_the_candidate_agrees(town: Cast, home: Vacancy) -> None:
    first = proposed(town, home, a_candidate(town))
    reserve = proposed(town, home, a_candidate(town), reserve=True)
    to_step(town, first, M.CANDIDATE)
    assert now_of(reserve).state == M.RESERVE
    to_step(town, first, M.CONTRACT)
    assert now_of(reserve).state == M.RELEASED


def test_who_waits_in_line_and_found_another_home_is_passed_over(town: Cast, home: Vacancy) -> None:
    elsewhere = a_home_for_matching(town, "Vlier-024")
    busy, free = a_candidate(town), a_candidate(town)
    first = proposed(town, home, a_candidate(town))
    waits = proposed(town, home, busy, reserve=True)
    next_one = proposed(town, home, free, reserve=True)
    proposed(town, elsewhere, busy)
    acts(town.iris, first, Act.CANCEL)
    assert (now_of(waits).state, now_of(next_one).state) == (M.RESERVE, M.PROPOSED)


def test_a_candidate_in_two_rounds_is_in_one_match(town: Cast, home: Vacancy) -> None:
    other = a_home_for_matching(town, "Vlier-024")
    who = a_candidate(town)
    proposed(town, home, who)
    with pytest.raises(CandidateTaken) as refused:
        proposed(town, other, who)
    assert (refused.value.by, refused.value.what) == ("Iris Voorbeeld", "Vlierhof 3")
    assert state_of(other) == State.IN_MATCHING


def test_a_refused_offer_has_no_consequence_for_the_candidate(town: Cast, home: Vacancy) -> None:
    who = a_candidate(town)
    match = to_step(town, proposed(town, home, who), M.CANDIDATE)
    acts(town.iris, match, Act.DECLINE)
    assert state_of(home) == State.RESERVED  # nothing follows until somebody confirms
    acts(town.mo, match, Act.CONFIRM)
    assert (now_of(match).state, state_of(home)) == (M.DECLINED, State.IN_MATCHING)
    assert (known(who).rests_until, known(who).until_reassessed) == (None, False)
    proposed(town, a_home_for_matching(town, "Vlier-024"), who)


@pytest.mark.parametrize(
    ("consequence", "until"),
    [(Consequence.DAYS_30, TODAY + timedelta(days=30)), (Consequence.REASSESSED, None)],
)
def test_a_consequence_is_chosen_by_who_confirms_and_can_be_lifted(
    town: Cast, home: Vacancy, consequence: Consequence, until: date | None
) -> None:
    who = a_candidate(town)
    match = to_step(town, proposed(town, home, who), M.CANDIDATE)
    acts(town.iris, match, Act.DECLINE)
    row = now_of(match)
    services.settle(
        user=town.mo, match=row.public_id, act=Act.CONFIRM, consequence=consequence,
        version=row.version, now=NOW,
    )  # fmt: skip
    other = a_home_for_matching(town, "Vlier-024")
    with pytest.raises(CandidateRests) as refused:
        proposed(town, other, who)
    assert refused.value.until == until
    services.look_again(user=town.iris, candidate=who.public_id, now=NOW)
    assert proposed(town, other, who).state == M.PROPOSED
    told = Candidate.objects.for_organisation(town.woonbelang).filter(number=who.number)
    assert told.count() == 3  # nothing was edited


def test_nobody_confirms_his_own_refusal(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    acts(town.iris, match, Act.DECLINE)
    with pytest.raises(NotYours):
        acts(town.iris, match, Act.CONFIRM)
    acts(town.sem, match, Act.CONFIRM)


def test_the_head_sets_a_refusal_aside(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, of_the_partner(town)), M.PARTNER)
    acts(town.joris, match, Act.DECLINE)
    with pytest.raises(NotAllowedNow):
        acts(town.sem, match, Act.OVERRIDE)
    acts(town.mo, match, Act.OVERRIDE)
    assert now_of(match).state == M.TALK


def test_a_reason_of_another_hand_is_no_reason(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    with pytest.raises(ReasonMissing):
        services.decline(
            user=town.iris, match=match.public_id, reason="chose_not", version=1, now=NOW
        )
    assert now_of(match).state == M.PROPOSED


def test_the_rules_are_hard_and_say_which(town: Cast, home: Vacancy) -> None:
    with pytest.raises(RulesSay) as refused:
        proposed(town, home, a_candidate(town, income_class="high"))
    assert (refused.value.rules, refused.value.failed) == (("income",), True)
    assert not Match.objects.for_organisation(town.woonbelang).exists()


def test_what_is_not_filled_in_can_be_proposed_but_not_passed(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town, income_class=None))
    acts(town.iris, match, Act.ACCEPT)
    with pytest.raises(RulesSay) as refused:
        acts(town.tessa, match, Act.ACCEPT)
    assert not refused.value.failed
    assert now_of(match).state == M.LETTING_CHECK


def test_a_norm_that_expires_before_the_contract_stops_the_key(town: Cast, home: Vacancy) -> None:
    row = to_step(town, proposed(town, home, a_candidate(town)), M.CONTRACT)
    with pytest.raises(RulesSay):
        services.let(
            user=town.tessa, match=row.public_id, version=row.version, on=date(2027, 1, 2), now=NOW
        )
    assert (now_of(row).state, state_of(home)) == (M.CONTRACT, State.RESERVED)


def test_a_home_for_a_group_is_for_that_group(town: Cast) -> None:
    who = of_the_partner(town)
    home = a_home_for_matching(town, group="outflow")
    with pytest.raises(RulesSay):
        proposed(town, home, a_candidate(town))
    proposed(town, home, who)


def test_a_group_of_which_nobody_is_and_nothing_was_agreed_is_refused(town: Cast) -> None:
    with pytest.raises(UnknownGroup):
        a_home_for_matching(town, group="Gerrit van Dam")


def test_the_key_waits_for_the_conditions(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.TALK)
    services.add_condition(user=town.iris, match=match.public_id, kind="house_rules", now=NOW)
    services.add_condition(user=town.iris, match=match.public_id, kind="house_rules", now=NOW)
    row = to_step(town, match, M.CONTRACT)
    with pytest.raises(ConditionsOpen) as refused:
        acts(town.tessa, row, Act.LET)
    assert refused.value.kinds == ("house_rules",)
    with pytest.raises(NotAllowedNow):
        services.add_condition(user=town.iris, match=row.public_id, kind="home_ready", now=NOW)
    assert state_of(home) == State.RESERVED


ASKED = ("support_agreed", "home_ready")


def a_home_agreed(cast: Cast, **agreed: Any) -> Vacancy:
    """Decide about a home as a week round does, with what was agreed there."""
    row = Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling="Vlier-003")
    decides(cast.iris, answers(cast.iris, "Vlierhof 3"), channel="mediation", **agreed)
    row.refresh_from_db()
    return row


def looks_for(user: User, row: Vacancy, group: str = "") -> None:
    services.open_matching(user=user, vacancy=row.public_id, group=group, now=NOW)
    row.refresh_from_db()


def conditions_of(match: Match) -> list[tuple[str, str, bool]]:
    rows = Condition.objects.for_organisation(match.owner_id).filter(match=match)
    told = rows.select_related("by").order_by("pk")
    return [(each.kind, each.by.name, each.met_at is None) for each in told]


def test_what_a_party_asked_goes_along_to_each_candidate_and_blocks_the_key(town: Cast) -> None:
    row = a_home_agreed(town, conditions=ASKED)
    looks_for(town.sem, row)
    first = services.propose(
        user=town.sem, vacancy=row.public_id, candidate=a_candidate(town).public_id, now=NOW
    )
    second = proposed(town, row, a_candidate(town), reserve=True)
    asked = [(kind, "Iris Voorbeeld", True) for kind in ASKED]  # she decided, Sem proposes
    assert conditions_of(first) == conditions_of(second) == asked
    acts(town.sem, first, Act.CANCEL)
    assert now_of(second).state == M.PROPOSED
    third = to_step(town, second, M.CONTRACT)
    with pytest.raises(ConditionsOpen) as refused:
        acts(town.tessa, third, Act.LET)
    assert set(refused.value.kinds) == set(ASKED)
    for each in third.conditions.all():
        services.meet(user=town.tessa, condition=each.public_id, now=NOW)
    acts(town.tessa, third, Act.LET)
    assert state_of(row) == State.LET


def test_the_partner_sees_them_as_of_any_match(town: Cast) -> None:
    row = a_home_agreed(town, conditions=ASKED)
    looks_for(town.iris, row)
    match = to_step(town, proposed(town, row, of_the_partner(town)), M.PARTNER)
    page = logged_in(town.joris).get(f"/vacancies/matches/{match.public_id}/").content.decode()
    assert "afspraak over begeleiding getekend" in page
    assert "woning klaar en opgeleverd" in page


def test_a_condition_that_is_asked_already_is_asked_once(town: Cast) -> None:
    row = a_home_agreed(town, conditions=ASKED)
    looks_for(town.iris, row)
    match = to_step(town, proposed(town, row, a_candidate(town)), M.TALK)
    services.add_condition(user=town.iris, match=match.public_id, kind="home_ready", now=NOW)
    assert [kind for kind, _, _ in conditions_of(match)] == list(ASKED)


def test_what_was_asked_stands_on_the_decision_and_on_the_candidates(town: Cast) -> None:
    row = a_home_agreed(town, conditions=ASKED)
    told = "Vóór de sleutel, zoals in de weekronde gevraagd: "
    what = "afspraak over begeleiding getekend, woning klaar en opgeleverd."
    for path in (f"/vacancies/{row.public_id}/", f"/vacancies/{row.public_id}/candidates/"):
        assert told + what in asked(logged_in(town.iris), "GET", path).content.decode()


def test_an_ordinary_decision_asks_nothing(town: Cast, home: Vacancy) -> None:
    assert conditions_of(proposed(town, home, a_candidate(town))) == []
    for path in (f"/vacancies/{home.public_id}/", f"/vacancies/{home.public_id}/candidates/"):
        assert "weekronde gevraagd" not in logged_in(town.iris).get(path).content.decode()


def test_what_was_asked_of_a_decision_that_is_taken_back_is_asked_of_nobody(town: Cast) -> None:
    row = a_home_agreed(town, group="outflow", conditions=ASKED)
    taken_back(town.iris, row)
    decides(town.iris, the_page(town.iris, "Vlierhof 3"), channel="mediation")
    path = f"/vacancies/{row.public_id}/candidates/"
    assert "weekronde" not in in_the_middle(logged_in(town.iris).get(path))
    looks_for(town.iris, row)
    assert conditions_of(proposed(town, row, a_candidate(town))) == []
    assert opened(row) == {"group": ""}


def test_a_match_that_is_opened_again_gets_what_a_newer_decision_asks(town: Cast) -> None:
    row = a_home_agreed(town)
    looks_for(town.iris, row)
    match = proposed(town, row, a_candidate(town))
    acts(town.iris, match, Act.CANCEL)
    services.stop_matching(user=town.iris, vacancy=row.public_id, now=NOW)
    taken_back(town.iris, row)
    page = the_page(town.iris, "Vlierhof 3")
    decides(town.iris, page, channel="mediation", conditions=("house_rules",))
    looks_for(town.iris, row)
    acts(town.iris, match, Act.REOPEN)
    assert conditions_of(match) == [("house_rules", "Iris Voorbeeld", True)]


def taken_back(user: User, row: Vacancy) -> None:
    decision = Decision.objects.for_organisation(row.owner_id).get(vacancy=row, withdrawn_at=None)
    services.withdraw(
        user=user, decision=decision.public_id, reason="changed", key=a_key(), now=NOW
    )


def opened(row: Vacancy) -> dict[str, Any]:
    """Return what the history keeps of the start of the search."""
    rows = Step.objects.for_organisation(row.owner_id).filter(vacancy=row, event="open_matching")
    return rows.latest("pk").facts


def in_the_middle(answer: Any) -> str:
    """Return a page without its menu, which names week rounds always."""
    return answer.content.decode().partition("<main")[2]


def test_the_group_of_the_decision_is_chosen_and_holds(town: Cast) -> None:
    row = a_home_agreed(town, group="outflow")
    client, path = logged_in(town.iris), f"/vacancies/{row.public_id}/candidates/"
    page = client.get(path).content.decode()
    assert '<option value="outflow" selected>' in page
    assert page.count(" selected>") == 1
    assert "Besloten in de weekronde: " in page
    asked(client, "POST", f"/vacancies/{row.public_id}/matching/", group="outflow")
    row.refresh_from_db()
    assert (row.group, opened(row)) == ("outflow", {"group": "outflow"})
    told = in_the_middle(client.get(f"/vacancies/{row.public_id}/"))
    assert "besloten in de weekronde" not in told


@pytest.mark.parametrize(
    ("other", "words"), [("", "Open voor iedereen"), ("status_holder", "statushouders")]
)
def test_another_group_can_be_chosen_and_the_history_says_so(town: Cast, other, words) -> None:
    row = a_home_agreed(town, group="outflow")
    a_candidate(town, target_group="status_holder")
    looks_for(town.sem, row, other)
    assert row.group == other
    assert opened(row) == {"group": other, "decided_group": "outflow"}
    told = in_the_middle(logged_in(town.iris).get(f"/vacancies/{row.public_id}/"))
    assert re.search(f"Sem Ruiter · {words}; besloten in de weekronde: outflow", told)


def test_a_group_that_was_decided_can_be_chosen_though_nothing_is_agreed_any_more(town: Cast):
    row = a_home_agreed(town, group="a group of long ago")
    page = logged_in(town.iris).get(f"/vacancies/{row.public_id}/candidates/").content.decode()
    assert '<option value="a group of long ago" selected>' in page
    looks_for(town.iris, row, "a group of long ago")
    assert row.group == "a group of long ago"


def test_one_step_back_and_forth_again(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.TALK)
    acts(town.iris, match, Act.BACK)
    assert now_of(match).state == M.LETTING_CHECK
    to_step(town, match, M.CANDIDATE)


def test_opening_again_says_what_is_in_the_way(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.TALK)
    acts(town.iris, match, Act.CANCEL)
    second = proposed(town, home, a_candidate(town))
    with pytest.raises(HomeTaken) as refused:
        acts(town.iris, match, Act.REOPEN)
    assert refused.value.match == str(second.public_id)
    acts(town.iris, second, Act.CANCEL)
    acts(town.iris, match, Act.REOPEN)
    assert (now_of(match).state, state_of(home)) == (M.TALK, State.RESERVED)


def test_a_candidate_proposed_before_is_opened_again_not_twice(town: Cast, home: Vacancy) -> None:
    who = a_candidate(town)
    match = proposed(town, home, who)
    acts(town.iris, match, Act.CANCEL)
    with pytest.raises(MatchedBefore) as refused:
        proposed(town, home, who)
    assert refused.value.match == str(match.public_id)


def test_who_was_released_can_be_proposed_when_the_home_is_free_after_all(
    town: Cast, home: Vacancy
) -> None:
    first, second = a_candidate(town), a_candidate(town)
    match = proposed(town, home, first)
    waits = proposed(town, home, second, reserve=True)
    acts(town.iris, to_step(town, match, M.CONTRACT), Act.CANCEL)
    assert now_of(waits).state == M.RELEASED
    acts(town.iris, waits, Act.REOPEN)
    assert (now_of(waits).state, state_of(home)) == (M.PROPOSED, State.RESERVED)


def test_whoever_came_in_line_late_is_released_by_the_key(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.CONTRACT)
    waits = proposed(town, home, a_candidate(town), reserve=True)
    acts(town.tessa, match, Act.LET)
    assert now_of(waits).state == M.RELEASED


def test_a_candidate_who_says_no_does_not_get_the_home(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.CANDIDATE)
    acts(town.iris, match, Act.DECLINE)
    with pytest.raises(NotAllowedNow):
        acts(town.mo, match, Act.OVERRIDE)
    page = asked(logged_in(town.mo), "GET", f"/vacancies/matches/{match.public_id}/")
    assert 'value="override"' not in page.content.decode()
    acts(town.mo, match, Act.RETURN)
    assert now_of(match).state == M.CANDIDATE


def test_a_match_that_is_opened_again_takes_the_steps_of_what_is_decided_now(town: Cast) -> None:
    home = a_home_for_matching(town, channel="ordinary")
    match = to_step(town, proposed(town, home, a_candidate(town)), M.CANDIDATE)
    assert M.TALK not in match.way
    acts(town.iris, match, Act.CANCEL)
    services.stop_matching(user=town.iris, vacancy=home.public_id, now=NOW)
    decision = home.standing().get()
    services.withdraw(
        user=town.mo, decision=decision.public_id, reason="mistake", key=a_key(), now=NOW
    )
    decides(town.iris, the_page(town.iris, "Vlierhof 3"), channel="mediation")
    services.open_matching(user=town.iris, vacancy=home.public_id, now=NOW)
    acts(town.iris, match, Act.REOPEN)
    row = now_of(match)
    assert (row.state, M.TALK in row.way) == (M.TALK, True)


def leaves(who: User) -> None:
    """Let somebody's roles be over."""
    Membership.objects.filter(user=who).update(end=TODAY)


def test_when_who_spoke_for_a_candidate_has_left_somebody_else_does(
    town: Cast, home: Vacancy
) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town), contact=town.sem), M.CANDIDATE)
    leaves(town.sem)
    path = f"/vacancies/matches/{match.public_id}/"
    answer = asked(logged_in(town.mo), "POST", f"{path}speaker/", contact=str(town.iris.public_id))
    assert answer["location"] == path
    acts(town.iris, match, Act.ACCEPT)
    assert now_of(match).state == M.CONTRACT
    text = asked(logged_in(town.mo), "GET", path).content.decode()
    assert "Iemand anders spreekt voor de kandidaat" in text
    nobody = asked(logged_in(town.mo), "POST", f"{path}speaker/", contact=str(town.olga.public_id))
    assert nobody.status_code == 409
    with pytest.raises(NotAllowedNow):
        services.name_contact(user=town.tessa, match=match.public_id, contact=town.iris, now=NOW)


def test_where_a_partner_has_nobody_any_more_the_head_writes_his_answer_down(
    town: Cast, home: Vacancy
) -> None:
    match = to_step(town, proposed(town, home, of_the_partner(town)), M.PARTNER)
    with pytest.raises(NotAllowedNow):
        acts(town.mo, match, Act.ACCEPT)
    assert [each.group for each in match_work(town.mo, now=NOW)] == ["following"]
    leaves(town.joris)
    [work] = match_work(town.mo, now=NOW)
    assert (work.group, work.waits_for) == ("waiting", Hand.HEAD.label)
    assert [each.group for each in match_work(town.iris, now=NOW)] == ["following"]
    text = asked(logged_in(town.mo), "GET", f"/vacancies/matches/{match.public_id}/")
    assert "legt het hoofd het antwoord vast" in text.content.decode()
    with pytest.raises(NotAllowedNow):
        acts(town.sem, match, Act.ACCEPT)
    acts(town.mo, match, Act.ACCEPT)
    assert now_of(match).state == M.TALK
    step = MatchStep.objects.for_organisation(town.woonbelang).filter(match=match).latest("pk")
    assert (step.by, step.hand) == (town.mo, Hand.HEAD)


@pytest.mark.parametrize("on", ["", "onzin", "2026-02-30", "2020-01-05", "2036-01-01"])
def test_a_key_of_a_day_that_can_not_be_is_not_handed_over(
    town: Cast, home: Vacancy, on: str
) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.CONTRACT)
    path = f"/vacancies/matches/{match.public_id}/step/"
    sent = {"act": "let", "version": str(match.version), "on": on}
    answer = asked(logged_in(town.tessa), "POST", path, **sent)
    assert (answer.status_code, now_of(match).state) == (409, M.CONTRACT)
    assert "Kies een dag van" in answer.content.decode()


def test_a_term_that_passes_frees_the_home(town: Cast, home: Vacancy) -> None:
    match = to_step(town, proposed(town, home, a_candidate(town)), M.CANDIDATE)
    before, then = NOW + timedelta(days=13, hours=23), NOW + timedelta(days=14)
    assert services.expire_due(owner=town.woonbelang, now=before) == 0
    assert services.expire_due(owner=town.woonbelang, now=then) == 1
    assert services.expire_due(owner=town.woonbelang, now=then) == 0
    assert (now_of(match).state, state_of(home)) == (M.EXPIRED, State.IN_MATCHING)


def test_a_page_that_lags_behind_is_told_who_did_what(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    acts(town.sem, match, Act.ACCEPT)
    with pytest.raises(VersionChanged) as refused:
        services.decline(
            user=town.iris, match=match.public_id, reason="home_changed", version=1, now=NOW
        )
    assert (refused.value.by, refused.value.event) == ("Sem Ruiter", "accept")


def test_a_partner_sees_his_own_from_his_step_on_while_it_is_open(
    town: Cast, home: Vacancy
) -> None:
    match = proposed(town, home, of_the_partner(town))
    with pytest.raises(Missing):
        Match.objects.one(town.joris, match.public_id)
    to_step(town, match, M.PARTNER)
    assert Match.objects.one(town.joris, match.public_id) == match
    with pytest.raises(NotAllowedNow):
        acts(town.joris, to_step(town, match, M.TALK), Act.ACCEPT)
    acts(town.iris, match, Act.CANCEL)
    with pytest.raises(Missing):
        Match.objects.one(town.joris, match.public_id)


def test_a_partner_never_sees_a_candidate_of_another(town: Cast, home: Vacancy) -> None:
    to_step(town, proposed(town, home, a_candidate(town)), M.TALK)
    assert not Match.objects.visible_to(town.joris).exists()
    assert not Candidate.objects.visible_to(town.joris).exists()


def test_somebody_elsewhere_finds_nothing(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    with pytest.raises(Missing):
        acts(town.olga, match, Act.ACCEPT)
    who = a_candidate(town)
    with pytest.raises(Missing):
        services.propose(user=town.olga, vacancy=home.public_id, candidate=who.public_id, now=NOW)


def test_who_may_not_propose_is_refused(town: Cast, home: Vacancy) -> None:
    who = a_candidate(town)
    with pytest.raises(PermissionDenied):
        services.propose(user=town.tessa, vacancy=home.public_id, candidate=who.public_id, now=NOW)


def test_a_home_that_is_not_decided_about_has_no_candidates(town: Cast) -> None:
    row = Vacancy.objects.for_organisation(town.woonbelang).get(dwelling="Vlier-003")
    with pytest.raises(NotNow):
        services.propose(
            user=town.iris, vacancy=row.public_id, candidate=a_candidate(town).public_id, now=NOW
        )


def test_back_to_the_decision_when_nobody_is_in_a_match(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    with pytest.raises(NotNow):
        services.stop_matching(user=town.iris, vacancy=home.public_id, now=NOW)
    acts(town.iris, match, Act.CANCEL)
    services.stop_matching(user=town.iris, vacancy=home.public_id, now=NOW)
    assert state_of(home) == State.DECIDED


def test_who_was_housed_comes_back_with_a_new_number(town: Cast, home: Vacancy) -> None:
    who = a_candidate(town)
    with pytest.raises(CandidateStays):
        services.comes_back(user=town.iris, candidate=who.public_id, registered=TODAY, now=NOW)
    row = to_step(town, proposed(town, home, who), M.CONTRACT)
    acts(town.tessa, row, Act.LET)
    again = services.comes_back(user=town.iris, candidate=who.public_id, registered=TODAY, now=NOW)
    assert (again.returned_from, again.registered) == (who.number, TODAY)
    proposed(town, a_home_for_matching(town, "Vlier-024"), again)


def test_after_the_term_reference_and_group_are_gone_and_the_rest_stays(
    town: Cast, home: Vacancy
) -> None:
    who = of_the_partner(town)
    match = proposed(town, home, who)
    later = NOW + timedelta(days=366)
    assert services.forget_due(owner=town.woonbelang, now=later) == 0  # still under way
    acts(town.iris, match, Act.CANCEL)
    assert services.forget_due(owner=town.woonbelang, now=NOW + timedelta(days=364)) == 0
    assert services.forget_due(owner=town.woonbelang, now=later) == 1
    row = known(who)
    assert (row.reference, row.target_group, row.size, row.number) == (None, None, 2, who.number)
    assert services.forget_due(owner=town.woonbelang, now=later) == 0


def test_every_refusal_has_words_in_both_languages() -> None:
    told: list[Refusal] = [
        NotAllowedNow(state="talk", act="accept", hands=("consultant",)),
        NotAllowedNow(state="let", act="accept", hands=()),
        HomeTaken(by="Iris", at=NOW, candidate="26-001", match="x"),
        CandidateTaken(by="Iris", at=NOW, what="Vlierhof 3", match="x"),
        CandidateRests(until=TODAY),
        CandidateRests(until=None),
        CandidateRests(until=None, by="Elders Wonen", at=NOW),
        CandidateLeft(on=TODAY, why="elsewhere"),
        CandidateStays(),
        RulesSay(rules=("income",), failed=True),
        RulesSay(rules=("income",), failed=False),
        MatchedBefore(match="x", state="cancelled"),
        ConditionsOpen(kinds=("home_ready",)),
    ]
    for refusal in told:
        texts = {}
        for language in ("nl", "en"):
            with translation.override(language):
                text = refusal_text(refusal)
                texts[language] = text.title + text.text
                assert text.title
                assert text.text
        assert texts["nl"] != texts["en"], refusal.code


def test_who_speaks_for_a_candidate_is_a_colleague_or_of_his_partner(town: Cast, home: Vacancy):
    """Nobody else would see the match when it waits for him."""
    his, nobodys = of_the_partner(town), a_candidate(town)
    found = {}
    for person, who in product((his, nobodys), (town.sem, town.joris, town.hans, town.olga)):
        with transaction.atomic():
            answer = asked(
                logged_in(town.iris),
                "POST",
                f"/vacancies/{home.public_id}/proposal/",
                candidate=str(person.public_id),
                contact=str(who.public_id),
            )
            made = Match.objects.for_organisation(town.woonbelang).filter(vacancy=home).last()
            found[person.number, who] = (answer.status_code, made and made.contact)
            transaction.set_rollback(True)
    able = {(his.number, town.sem), (his.number, town.joris), (nobodys.number, town.sem)}
    assert {pair for pair, told in found.items() if told == (302, pair[1])} == able
    assert {told for pair, told in found.items() if pair not in able} == {(404, None)}


def test_the_page_of_a_home_tells_its_matching(town: Cast, home: Vacancy) -> None:
    match = proposed(town, home, a_candidate(town))
    acts(town.iris, match, Act.CANCEL)
    client = Client(headers={"accept-language": "nl"})
    client.force_login(town.iris)
    told = client.get(f"/vacancies/{home.public_id}/").content.decode()
    for words in ("Zoekt een kandidaat", "Kandidaat voorgesteld", "Vrij voor een andere kandidaat"):
        assert words in told


def test_the_page_of_a_candidate_takes_as_many_queries_for_one_home_as_for_two(
    town: Cast, home: Vacancy, django_assert_max_num_queries
) -> None:
    person = a_candidate(town)
    proposed(town, home, a_candidate(town))
    a_home_for_matching(town, "Vlier-024")
    with django_assert_max_num_queries(12):
        page = candidate_page(town.iris, person.public_id, day=TODAY, language="nl")
    assert len(page.lines) == 2


@pytest.mark.parametrize(
    ("decided", "published", "lost"),
    [
        (date(2026, 11, 5), date(2026, 11, 2), 3),
        (date(2026, 11, 2), date(2026, 11, 2), 0),
        (date(2026, 11, 1), date(2026, 11, 9), 0),
        (None, date(2026, 11, 9), 0),
        (date(2026, 11, 9), None, 0),
    ],
)
def test_days_lost_are_those_of_a_decision_after_the_advert(
    decided: date | None, published: date | None, lost: int
) -> None:
    assert days_lost(decided, published) == lost
