"""The one table of a match: every state, act and hand, and what is refused says for whom it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from mixwijzer.exchange.normbook import SHIPPED
from mixwijzer.web.letting.match_steps import (
    ACTIVE,
    ALLOWED,
    ENDED,
    OWNER,
    REASONS,
    SHARED,
    Act,
    Hand,
    MatchState,
    after,
    hands_for,
    resumed,
    route,
)
from mixwijzer.web.letting.models import MatchStep, Vacancy
from mixwijzer.web.letting.refusals import NotAllowedNow
from mixwijzer.web.letting.services.stepping import stepped
from mixwijzer.web.register.bridge import figures
from tests.builders import NOW
from tests.cast import Cast
from tests.web.letting.matched import (
    a_home_for_matching,
    now_of,
    of_the_partner,
    person_of,
    proposed,
)

WHOLE = route(partner=True, talk=True)
PEOPLE = tuple(hand for hand in Hand if hand is not Hand.SYSTEM)
EVERY = [(state, act, hand) for state in MatchState for act in Act for hand in Hand]


def ways(state: MatchState) -> set[MatchState]:
    """Return every state that can be reached from one, itself among them."""
    found, looking = {state}, [state]
    while looking:
        here = looking.pop()
        acts = [act for before, act in ALLOWED if before is here]
        held = [None] if here in WHOLE else WHOLE
        new = {after(here, act, WHOLE, each) for act, each in product(acts, held)} - found
        found |= new
        looking += new
    return found


def test_every_state_is_under_way_waiting_or_ended() -> None:
    assert {*ACTIVE, *ENDED, MatchState.RESERVE} == set(MatchState)
    assert not ACTIVE & ENDED
    assert SHARED <= ACTIVE


def test_every_state_can_be_reached_and_ends_somewhere() -> None:
    assert ways(MatchState.PROPOSED) | ways(MatchState.RESERVE) == set(MatchState)
    for state in MatchState:
        assert ENDED & ways(state)


def test_after_the_key_the_head_alone_can_take_it_back() -> None:
    assert [act for act in Act if (MatchState.LET, act) in ALLOWED] == [Act.UNLET]
    assert ALLOWED[MatchState.LET, Act.UNLET] == {Hand.HEAD}


def test_every_step_waits_for_somebody_who_can_agree_and_refuse() -> None:
    for state in WHOLE:
        forward = Act.LET if state is MatchState.CONTRACT else Act.ACCEPT
        assert OWNER[state] in ALLOWED[state, forward]
        assert OWNER[state] in ALLOWED[state, Act.DECLINE]
        assert REASONS[OWNER[state]]


def test_every_act_can_be_done_and_whoever_can_refuse_has_reasons() -> None:
    assert {act for _, act in ALLOWED} == set(Act)
    for (_, act), hands in ALLOWED.items():
        assert hands
        assert act is not Act.DECLINE or all(REASONS[hand] for hand in hands)


def test_a_refusal_is_set_aside_by_the_head_alone() -> None:
    assert ALLOWED[MatchState.DECLINING, Act.OVERRIDE] == {Hand.HEAD}


def test_a_channel_skips_the_steps_that_it_does_not_ask_for() -> None:
    assert MatchState.PARTNER not in route(partner=False, talk=True)
    assert MatchState.TALK not in route(partner=True, talk=False)
    bare = route(partner=False, talk=False)
    assert after(MatchState.LETTING_CHECK, Act.ACCEPT, bare, None) is MatchState.CANDIDATE
    assert after(MatchState.CANDIDATE, Act.BACK, bare, None) is MatchState.LETTING_CHECK


def test_what_a_norm_lets_a_channel_leave_out_is_skipped_but_never_the_candidates_answer() -> None:
    without = route(partner=True, talk=True, left_out=[each.value for each in MatchState])
    assert without == (MatchState.PROPOSED, MatchState.CANDIDATE, MatchState.CONTRACT)
    assert route(partner=True, talk=True, left_out=["talk"]) == tuple(
        each for each in WHOLE if each is not MatchState.TALK
    )
    assert after(MatchState.PROPOSED, Act.ACCEPT, without, None) is MatchState.CANDIDATE


@pytest.fixture
def own_norms(settings, tmp_path: Path) -> Iterator[Path]:
    """Norms of this association's own: mediation leaves the talk out."""
    file = tmp_path / "letting" / "match_left_out.yaml"
    file.parent.mkdir()
    shipped = (SHIPPED / "letting" / "match_left_out.yaml").read_text(encoding="utf-8")
    file.write_text(shipped.replace("value: {}", "value: {mediation: [talk, candidate]}"))
    settings.NORMS = tmp_path
    figures.norms.cache_clear()
    yield tmp_path
    figures.norms.cache_clear()


def test_a_channel_leaves_out_what_the_own_norm_says_and_the_others_nothing(
    town: Cast, own_norms: Path
) -> None:
    match = proposed(town, a_home_for_matching(town), of_the_partner(town))
    assert match.way == [each for each in WHOLE if each is not MatchState.TALK]
    other = a_home_for_matching(town, "Vlier-024", channel="ordinary")
    way = proposed(town, other, of_the_partner(town, reference="D-89")).way
    assert way == list(route(partner=True, talk=False))


def test_the_candidates_own_no_is_set_aside_by_nobody() -> None:
    for held in WHOLE:
        hands = hands_for(MatchState.DECLINING, Act.OVERRIDE, held=held)
        assert hands == (frozenset() if held is MatchState.CANDIDATE else {Hand.HEAD})


def test_where_a_partner_has_nobody_the_head_answers_and_nothing_else_changes() -> None:
    for state in MatchState:
        for act in Act:
            more = hands_for(state, act, nobody_there=True) - hands_for(state, act)
            answers = state is MatchState.PARTNER and act in (Act.ACCEPT, Act.DECLINE)
            assert more == ({Hand.HEAD} if answers else set())


@pytest.mark.parametrize("held", WHOLE)
def test_a_match_goes_on_at_the_first_step_that_was_not_taken(held: MatchState) -> None:
    bare = route(partner=False, talk=False)
    assert resumed(held, WHOLE, WHOLE) is held
    shorter = resumed(held, WHOLE, bare)
    assert shorter in bare
    assert WHOLE.index(shorter) >= WHOLE.index(held)
    before_partner = WHOLE.index(held) < WHOLE.index(MatchState.PARTNER)
    assert resumed(held, bare, WHOLE) is (held if before_partner else MatchState.PARTNER)


def test_set_aside_goes_on_where_giving_back_stays() -> None:
    held = MatchState.PARTNER
    assert after(MatchState.DECLINING, Act.OVERRIDE, WHOLE, held) is MatchState.TALK
    assert after(MatchState.DECLINING, Act.RETURN, WHOLE, held) is MatchState.PARTNER
    assert after(MatchState.EXPIRED, Act.REOPEN, WHOLE, held) is MatchState.PARTNER


@pytest.mark.parametrize("hand", Hand)
def test_every_state_act_and_hand_does_what_the_table_says(town: Cast, hand: Hand) -> None:
    """All 13 states × 13 acts, by a person with this hand alone; what is refused writes nothing."""
    row = a_home_for_matching(town)
    match = proposed(town, row, of_the_partner(town), contact=town.hans)
    user = None if hand is Hand.SYSTEM else person_of(town, match, hand)
    steps = MatchStep.objects.for_organisation(town.woonbelang).filter(match=match)
    tried = 0
    for state, act in ((state, act) for state, act, each in EVERY if each is hand):
        held = MatchState.TALK if state not in WHOLE else ""
        type(match).objects.for_organisation(town.woonbelang).filter(pk=match.pk).update(
            state=state, held=held
        )
        fresh, before = now_of(match), steps.count()
        hands = ALLOWED.get((state, act), frozenset())
        if hand in hands:
            stepped(fresh, act, by=user, now=NOW)
            assert fresh.state == after(state, act, WHOLE, MatchState(held) if held else None)
            line = steps.latest("pk")
            assert (line.act, line.before, line.after, line.hand) == (act, state, fresh.state, hand)
            assert line.by == user
        else:
            with pytest.raises(NotAllowedNow) as refused:
                stepped(fresh, act, by=user, now=NOW)
            assert set(refused.value.hands) == hands - {Hand.SYSTEM}
            assert steps.count() == before
        tried += 1
    assert tried == len(MatchState) * len(Act)
    assert Vacancy.objects.for_organisation(town.woonbelang).filter(pk=row.pk).exists()
