"""The way of a profile: one table, every state × step × role, and what each step asks for."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from mixwijzer.web.accounts.permissions import may
from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.audit.models import Event as TrailEvent
from mixwijzer.web.profiles import refusals, services
from mixwijzer.web.profiles.content import Content
from mixwijzer.web.profiles.models import Document, Edition, Forecast, Version, VersionStep
from mixwijzer.web.profiles.transitions import (
    BY_ITSELF,
    OPEN,
    PERMISSION,
    SHOWN_TO_TENANTS,
    TRANSITIONS,
    Event,
    State,
    allowed,
)
from tests.builders import NOW
from tests.cast import Cast
from tests.web.profiles.drafting import (
    LATER,
    PDF,
    ROAD,
    TEXT,
    VLIER,
    a_content,
    a_draft,
    brought_to,
    takes,
)

BY_HAND = sorted(set(Event) - BY_ITSELF)
INSIDE = frozenset({Action.WRITE_PROFILES, Action.REVIEW_PROFILES})


# --- the table -----------------------------------------------------------------------------------


def ways(start: State, goal: State, seen: tuple[State, ...] = ()) -> list[tuple[Event, ...]]:
    """Return every way between two states that passes no state twice."""
    if start is goal:
        return [()]
    return [
        (event, *rest)
        for (state, event), after in TRANSITIONS.items()
        if state is start and after not in (*seen, start)
        for rest in ways(after, goal, (*seen, start))
    ]


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached(state):
    assert ways(State.DRAFT, state)


def test_nothing_is_adopted_past_the_second_reader_and_the_tenants():
    found = ways(State.DRAFT, State.ADOPTED)
    assert found
    for way in found:
        asked = way.index(Event.ASK)
        assert way.index(Event.APPROVE) < asked
        assert {Event.ADVISE_FOR, Event.ADVISE_AGAINST, Event.PASS} & set(way[asked:])


def test_an_advice_against_is_never_followed_by_adoption_without_a_reply():
    for way in ways(State.DRAFT, State.ADOPTED):
        if Event.ADVISE_AGAINST in way:
            assert Event.REPLY in way[way.index(Event.ADVISE_AGAINST) :]
    assert not allowed(State.ADVISED_AGAINST, Event.ADOPT)


def test_every_step_can_happen_and_somebody_may_take_it():
    assert {event for _, event in TRANSITIONS} == set(Event) == set(PERMISSION)
    for action in PERMISSION.values():
        assert any(action in actions for actions in MATRIX.values())


def test_what_is_over_stays_over():
    for state in (State.REPLACED, State.LAPSED, State.WITHDRAWN):
        assert not [event for event in Event if allowed(state, event)]


@pytest.mark.parametrize("state", sorted(ROAD))
def test_every_step_by_every_role_does_what_the_table_says(town: Cast, state):
    """From each state, each step, by each person: it happens, or it can't, or it is forbidden."""
    row = brought_to(town, state)
    found, expected = {}, {}
    for (name, person), event in product(town.people(), BY_HAND):
        sees = row.owner_id in person.owners(Action.SEE_NORMS) and state in SHOWN_TO_TENANTS
        sees |= any(may(person, action, row) for action in INSIDE)
        wanted = "missing" if not sees else TRANSITIONS.get((state, event), "not now")
        if sees and not may(person, PERMISSION[event], row):
            wanted = "forbidden"
        if event in {Event.APPROVE, Event.REQUEST_CHANGES} and name == "mo":
            wanted = "own draft" if allowed(state, event) else wanted
        found[name, event] = tried(person, row, event)
        expected[name, event] = wanted
    assert {key: (expected[key], found[key]) for key in found if expected[key] != found[key]} == {}


def tried(person, row: Version, event: Event) -> str:
    """Take a step and undo it; say how it went."""
    fresh = Version.objects.for_organisation(row.owner_id).get(pk=row.pk)
    outcomes = {
        Http404: "missing",
        PermissionDenied: "forbidden",
        refusals.NotNow: "not now",
        refusals.OwnDraft: "own draft",
    }
    try:
        with transaction.atomic():
            after = takes(person, fresh, event, LATER).state
            transaction.set_rollback(True)
    except tuple(outcomes) as refused:
        return next(word for kind, word in outcomes.items() if isinstance(refused, kind))
    return after


# --- what a step asks for ------------------------------------------------------------------------


def test_an_unfinished_draft_is_kept_but_not_sent(town: Cast):
    row = a_draft(town, Content())
    with pytest.raises(refusals.Unfinished) as caught:
        takes(town.mo, row, Event.SUBMIT)
    assert {"situation", "neighbours", "review_on", "values"} <= set(caught.value.missing)


def test_bands_that_no_mix_can_keep_are_refused_with_the_engines_reason(town: Cast):
    row = a_draft(town, a_content(most=9500))  # 95 % and what the association aims at for carriers
    with pytest.raises(refusals.Impossible) as caught:
        takes(town.mo, row, Event.SUBMIT)
    assert caught.value.code == "targets_sum"


def test_who_wrote_any_of_it_is_not_its_second_reader(town: Cast):
    row = brought_to(town, State.IN_REVIEW)
    for event in (Event.APPROVE, Event.REQUEST_CHANGES):
        with pytest.raises(refusals.OwnDraft):
            takes(town.mo, row, event)


def test_the_term_of_six_weeks_is_kept(town: Cast):
    row = brought_to(town, State.ASKED)
    assert row.advice_due == (NOW + timedelta(weeks=6)).date()
    with pytest.raises(refusals.StillTime):
        takes(town.mo, row, Event.PASS, NOW + timedelta(weeks=6))
    assert takes(town.mo, row, Event.PASS, NOW + timedelta(weeks=6, days=1)).state == "no_advice"


def test_of_two_who_take_a_step_at_once_the_second_hears_who_was_first(town: Cast):
    row = brought_to(town, State.IN_REVIEW)
    revision = row.revision
    takes(town.iris, row, Event.APPROVE)
    with pytest.raises(refusals.Changed) as caught:
        services.withdraw(
            user=town.mo, version=row.public_id, text=TEXT, revision=revision, now=NOW
        )
    assert caught.value.by == town.iris.name


def test_one_place_has_one_version_on_its_way(town: Cast):
    a_draft(town)
    with pytest.raises(refusals.AlreadyOpen):
        services.start(user=town.mo, owner=town.woonbelang, place=VLIER, now=NOW)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Bel met vlier@hanzeveen.example", "contact"),
        ("Zie dossier 111222333", "bsn"),
        ("Dit gaat om mevrouw Jansen", "name"),
        ("Hier wonen kwetsbare mensen", "word"),
        ("Bel 0612345678", "name"),
    ],
)
def test_a_text_with_a_person_in_it_or_a_refused_word_is_not_kept(town: Cast, text, what):
    row = brought_to(town, State.IN_REVIEW)
    with pytest.raises(refusals.TextRefused) as caught:
        services.request_changes(
            user=town.iris, version=row.public_id, text=text, revision=row.revision, now=NOW
        )
    assert caught.value.what == what
    assert not VersionStep.objects.for_organisation(row.owner_id).filter(text__contains=text)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a workbook", "type"),
        (b"%PDF-1.7 cut off", "type"),
        (b"%PDF-1.7 /OpenAction /JavaScript %%EOF", "active"),
        (b"%PDF-" + b"x" * 5_000_000 + b"%%EOF", "large"),
    ],
)
def test_only_a_small_quiet_pdf_is_kept(town: Cast, content, trouble):
    row = a_draft(town)
    with pytest.raises(refusals.BadPaper) as caught:
        services.attach(user=town.mo, version=row.public_id, name="a.pdf", content=content, now=NOW)
    assert caught.value.trouble == trouble
    assert not Document.objects.for_organisation(town.woonbelang).exists()


def test_every_step_leaves_a_line_a_trail_and_what_was_written_then(town: Cast):
    row = brought_to(town, State.ADOPTED)
    services_taken = ["edit", "submit", "approve", "ask", "advise_for", "adopt"]
    steps = VersionStep.objects.for_organisation(row.owner_id).filter(version=row).order_by("pk")
    assert [each.event for each in steps] == services_taken
    trail = TrailEvent.objects.for_organisation(row.owner_id).filter(subject=row.public_id)
    assert [each.action for each in trail.order_by("number")] == [
        "profiles.start",
        *(f"profiles.{event}" for event in services_taken),
    ]
    editions = Edition.objects.for_organisation(row.owner_id).filter(version=row)
    assert Content.from_json(editions.latest("pk").content) == a_content()
    kept = Forecast.objects.for_organisation(row.owner_id).filter(version=row)
    assert {each.step.event for each in kept} == {"submit", "approve", "ask", "adopt"}


def test_the_tenants_see_no_draft_and_no_counts(town: Cast):
    row = brought_to(town, State.REVIEWED)
    assert not Version.objects.visible_to(town.noor).exists()
    takes(town.mo, row, Event.ASK)
    assert Version.objects.visible_to(town.noor).get() == row
    assert not Forecast.objects.visible_to(town.noor).exists()


def test_a_paper_of_the_tenants_is_kept_with_their_advice(town: Cast):
    row = brought_to(town, State.ASKED)
    services.advise(
        user=town.noor,
        version=row.public_id,
        in_favour=True,
        text=TEXT,
        revision=row.revision,
        now=NOW,
        paper=("advies.pdf", PDF),
    )
    kept = Document.objects.for_organisation(town.woonbelang).get()
    assert (kept.tenants, bytes(kept.content), kept.size) == (True, PDF, len(PDF))


def test_open_states_are_those_that_can_still_be_adopted_or_withdrawn():
    assert {state for state in State if ways(state, State.ADOPTED)} - {State.ADOPTED} == set(OPEN)
