"""The way of an agreement: one table, every state × step × role, and what each step asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.agreements import refusals, services
from mixwijzer.web.agreements.bridge import due
from mixwijzer.web.agreements.models import Agreement, AgreementStep, Clause, Obligation
from mixwijzer.web.agreements.selectors import agreement_page, edit_page, list_pages
from mixwijzer.web.agreements.selectors.documents import agreed
from mixwijzer.web.agreements.transitions import (
    BY_ITSELF,
    OPEN,
    PERMISSION,
    SHOWN,
    TRANSITIONS,
    Event,
    State,
    allowed,
)
from mixwijzer.web.agreements.words import ClauseKind
from mixwijzer.web.audit.models import Event as TrailEvent
from tests.builders import NOW
from tests.cast import Cast
from tests.web.agreements.agreeing import (
    END,
    OTHER,
    PROMISE,
    START,
    TEXT,
    a_draft,
    a_framework,
    a_heading,
    at,
    brought_to,
    fresh,
    puts,
    takes,
)
from tests.web.every_url import FORM, asked, logged_in

BY_HAND = sorted(set(Event) - BY_ITSELF)


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


def test_nothing_is_signed_that_was_not_brought_out():
    found = ways(State.DRAFT, State.SIGNED)
    assert found
    assert all(Event.BRING_OUT in way for way in found)


def test_what_is_signed_can_no_longer_be_written_or_taken_back():
    for state in set(State) - OPEN:
        assert not [e for e in (Event.EDIT, Event.WITHDRAW, Event.SIGN) if allowed(state, e)]
    for state in (State.REPLACED, State.WITHDRAWN):
        assert not [event for event in Event if allowed(state, event)]


def test_who_answers_never_writes_and_who_writes_never_answers():
    for actions in MATRIX.values():
        assert not {Action.ANSWER_AGREEMENTS, Action.WRITE_AGREEMENTS} <= actions
        assert not {Action.ANSWER_AGREEMENTS, Action.SIGN_AGREEMENTS} <= actions


@pytest.mark.parametrize("state", State)
def test_every_step_by_every_role_does_what_the_table_says(town: Cast, state):
    """From each state, each step, by each person: it happens, or it can't, or it is forbidden."""
    row = brought_to(town, state)
    parties = {"lotte", "noor"}
    found, expected = {}, {}
    for (name, person), event in product(town.people(), BY_HAND):
        inside = row.owner_id in person.owners(Action.SEE_OBLIGATIONS)
        told = row.owner_id in person.owners(Action.SEE_NORMS) or name == "lotte"
        wanted = TRANSITIONS.get((state, event), "not now")
        if event is Event.CARRY and wanted != "not now":
            wanted = "nothing"  # what it takes is tried in test_carrying
        writes = PERMISSION[event] in {Action.WRITE_AGREEMENTS, Action.SIGN_AGREEMENTS}
        if name != "mo" if writes else name not in parties:
            wanted = "forbidden"
        if not inside and not (told and state in SHOWN):
            wanted = "missing"
        found[name, event] = tried(person, row, event)
        expected[name, event] = wanted
    assert {key: (expected[key], found[key]) for key in found if expected[key] != found[key]} == {}


def tried(person, row: Agreement, event: Event) -> str:
    """Take a step and undo it; say how it went."""
    outcomes = {
        Http404: "missing",
        PermissionDenied: "forbidden",
        refusals.NotNow: "not now",
        refusals.Nothing: "nothing",
    }
    try:
        with transaction.atomic():
            takes(person, fresh(row), event)
            after = fresh(row).state
            transaction.set_rollback(True)
    except tuple(outcomes) as refused:
        return next(word for kind, word in outcomes.items() if isinstance(refused, kind))
    return after


@pytest.mark.parametrize("state", [State.BID, State.SIGNED, State.ENDED])
def test_every_button_of_a_page_can_be_pressed(town: Cast, state):
    row = brought_to(town, state)
    for name, person in town.people():
        try:
            page = agreement_page(person, row.public_id, now=NOW)
        except Http404:
            continue
        for event in set(page.events) - {Event.CARRY}:
            assert tried(person, row, event) == TRANSITIONS[state, event], (name, event)


# --- what a step asks for, and what it leaves behind ----------------------------------------------


def test_every_step_has_a_name_a_party_and_a_line_in_the_trail(town: Cast):
    row = brought_to(town, State.SIGNED)
    steps = AgreementStep.objects.for_organisation(town.woonbelang).filter(agreement=row)
    told = [(each.event, each.by.name, each.party.name) for each in steps.order_by("pk")]
    assert told[-4:] == [
        ("bring_out", "Mo Staal", "Woonbelang Hanzeveen"),
        ("agree", "Lotte Brink", "Gemeente Hanzeveen"),
        ("agree", "Noor de Wit", "Huurdersraad"),
        ("sign", "Mo Staal", "Woonbelang Hanzeveen"),
    ]
    trail = TrailEvent.objects.for_organisation(town.woonbelang).filter(subject=row.public_id)
    assert {each.action for each in trail} == {
        "agreements.start",
        *(f"agreements.{each.event}" for each in steps),
    }


def test_a_bid_takes_clauses_that_are_finished_and_a_municipality(town: Cast):
    row = a_draft(town, replace(PROMISE, group="", households=None, persons=4))
    with pytest.raises(refusals.Unfinished) as caught:
        takes(town.mo, row, Event.BRING_OUT)
    assert caught.value.missing == ((1, "group"), (1, "target"))
    empty = services.start(
        user=town.mo,
        owner=town.woonbelang,
        heading=replace(a_heading(town), municipality=None),
        now=NOW,
    )
    with pytest.raises(refusals.Unfinished) as caught:
        takes(town.mo, empty, Event.BRING_OUT)
    assert caught.value.missing == ((0, "clauses"), (0, "municipality"))


@pytest.mark.parametrize("kind", [ClauseKind.GROUND, ClauseKind.EXPERIMENT])
def test_a_ground_and_an_experiment_have_an_end_and_a_reason(town: Cast, kind):
    row = a_draft(town, replace(OTHER, kind=kind))
    with pytest.raises(refusals.Unfinished) as caught:
        takes(town.mo, row, Event.BRING_OUT)
    assert {"ends", "why"} <= {name for _number, name in caught.value.missing}


def test_a_change_that_is_asked_takes_a_reason_and_unsays_who_agreed(town: Cast):
    row = takes(town.lotte, brought_to(town, State.BID), Event.AGREE)
    with pytest.raises(refusals.TextMissing):
        takes(town.noor, row, Event.ASK_CHANGES, text=" ")
    row = takes(town.noor, row, Event.ASK_CHANGES)
    row = takes(town.mo, puts(town.mo, row, OTHER), Event.BRING_OUT)
    with pytest.raises(refusals.NotAgreed) as caught:
        takes(town.mo, row, Event.SIGN, text="")
    assert caught.value.who == ("Gemeente Hanzeveen", "Huurdersraad")


def test_a_party_that_agreed_elsewhere_takes_a_few_words(town: Cast):
    row = takes(town.lotte, brought_to(town, State.BID), Event.AGREE)
    with pytest.raises(refusals.NotAgreed) as caught:
        takes(town.mo, row, Event.SIGN, text="")
    assert caught.value.who == ("Huurdersraad",)
    assert takes(town.mo, row, Event.SIGN, text="Aan tafel ingestemd.").state == State.SIGNED


def test_it_is_signed_between_the_bid_and_today(town: Cast):
    row = brought_to(town, State.BID)
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1)):
        with pytest.raises(refusals.WrongDay):
            takes(town.mo, row, Event.SIGN, signed_on=day)


def test_two_people_who_work_on_one_draft_notice_each_other(town: Cast):
    row = a_draft(town)
    puts(town.mo, row, OTHER)
    old = row.revision - 1
    with pytest.raises(refusals.Changed) as caught:
        takes(town.mo, row, Event.EDIT, revision=old)
    assert caught.value.by == "Mo Staal"


@pytest.mark.parametrize("words", ["Mevrouw Jansen krijgt een woning.", "Kwetsbare huishoudens."])
def test_a_clause_says_nothing_about_a_person_and_labels_nobody(town: Cast, words):
    with pytest.raises(refusals.TextRefused):
        puts(town.mo, a_draft(town), replace(OTHER, words=words))


def test_what_stood_in_a_clause_stays_to_be_read(town: Cast):
    row = puts(town.mo, a_draft(town, OTHER), replace(OTHER, number=1, words="Elk halfjaar."))
    services.remove_clause(
        user=town.mo, agreement=row.public_id, number=1, revision=row.revision, now=at(END)
    )
    rows = Clause.objects.for_organisation(town.woonbelang).filter(agreement=row)
    assert [(each.words, each.replaced_at) for each in rows.order_by("pk")] == [
        (OTHER.words, NOW),
        ("Elk halfjaar.", at(END)),
    ]
    assert edit_page(town.mo, row.public_id).clauses == ()


# --- obligations ----------------------------------------------------------------------------------


def ledger(cast: Cast) -> list[tuple[str, int, int]]:
    """Return what is promised now: code, number, and what was carried over."""
    rows = Obligation.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    return list(rows.order_by("code").values_list("code", "target", "carried"))


def test_a_promise_is_in_the_ledger_once_and_only_from_signing_on(town: Cast):
    before = ledger(town)
    for state in (State.DRAFT, State.BID, State.TALKS, State.WITHDRAWN):
        brought_to(town, state)
        assert ledger(town) == before
    row = brought_to(town, State.SIGNED)
    assert sorted({*ledger(town)} - {*before}) == [(f"{row.code}.2", 6, 0)]
    found = Obligation.objects.for_organisation(town.woonbelang).get(code=f"{row.code}.2")
    assert (found.start, found.end, found.counterparty, found.wording) == (
        START,
        END,
        town.gemeente,
        PROMISE.words,
    )
    with pytest.raises(refusals.NotNow):
        takes(town.mo, row, Event.SIGN)


def test_signing_that_fails_leaves_nothing_behind(town: Cast):
    brought_to(town, State.SIGNED, replace(PROMISE, code="X-1"))
    before = ledger(town)
    row = brought_to(town, State.BID, replace(PROMISE, code="X-1"), OTHER)
    with pytest.raises(refusals.CodeTaken):
        takes(town.mo, row, Event.SIGN)
    assert (ledger(town), fresh(row).state) == (before, State.BID)


def test_a_change_of_what_was_signed_replaces_it_and_owes_nothing_twice(town: Cast):
    row = brought_to(town, State.SIGNED, PROMISE, replace(PROMISE, group="outflow"))
    later = services.start_change(user=town.mo, agreement=row.public_id, now=NOW)
    later = puts(town.mo, later, replace(PROMISE, number=1, households=9))
    later = services.remove_clause(
        user=town.mo, agreement=later.public_id, number=2, revision=later.revision, now=NOW
    )
    with pytest.raises(refusals.Taken):
        services.start_change(user=town.mo, agreement=row.public_id, now=NOW)
    brought_to(town, State.SIGNED, row=later)
    assert fresh(row).state == State.REPLACED
    mine = [each for each in ledger(town) if each[0].startswith(row.code)]
    assert mine == [(f"{row.code}.1", 9, 0), (f"{row.code}.2", 0, 0)]
    last = services.start_change(user=town.mo, agreement=later.public_id, now=NOW)
    last = puts(town.mo, last, replace(PROMISE, group="outflow"))  # its number is its own again
    brought_to(town, State.SIGNED, row=last)
    assert (f"{row.code}.2", 6, 0) in ledger(town)


# --- frameworks and slices ------------------------------------------------------------------------


def test_a_framework_gives_a_slice_a_year_and_no_more(town: Cast):
    frame = a_framework(town)
    told = []
    for _year in range(2):
        row = services.start_slice(user=town.mo, agreement=frame.public_id, now=NOW)
        told.append((row.code, row.start, row.end))
    assert told == [
        (f"{frame.code}-2026", date(2026, 1, 1), date(2027, 1, 1)),
        (f"{frame.code}-2027", date(2027, 1, 1), date(2028, 1, 1)),
    ]
    with pytest.raises(refusals.NotNow):
        services.start_slice(user=town.mo, agreement=frame.public_id, now=NOW)


def test_a_slice_begins_with_the_clauses_of_the_year_before(town: Cast):
    frame = a_framework(town)
    first = services.start_slice(user=town.mo, agreement=frame.public_id, now=NOW)
    puts(town.mo, first, replace(PROMISE, code="O-26", carried=2))
    second = services.start_slice(user=town.mo, agreement=frame.public_id, now=NOW)
    clauses = edit_page(town.mo, second.public_id).clauses
    assert [(each.words, each.code, each.carried) for each in clauses] == [
        (OTHER.words, "", 0),
        (PROMISE.words, "", 0),
    ]


# --- who sees what, and what is due --------------------------------------------------------------


def test_the_bid_is_due_before_july_and_signing_before_the_middle_of_december():
    assert due("bid", date(2027, 1, 1)) == date(2026, 6, 30)
    assert due("sign", date(2027, 1, 1)) == date(2026, 12, 14)


def test_where_no_norm_says_the_days_nothing_is_due():
    assert due("bid", date(2040, 1, 1)) is None


@pytest.mark.parametrize(
    ("state", "day", "what", "urgency"),
    [
        (State.DRAFT, date(2026, 5, 30), "bid", ""),
        (State.DRAFT, date(2026, 5, 31), "bid", "soon"),
        (State.DRAFT, date(2026, 6, 30), "bid", "soon"),
        (State.DRAFT, date(2026, 7, 1), "bid", "late"),
        (State.BID, date(2026, 11, 13), "sign", ""),
        (State.TALKS, date(2026, 12, 14), "sign", "soon"),
        (State.TALKS, date(2026, 12, 15), "sign", "late"),
        (State.SIGNED, date(2027, 12, 31), "end", "soon"),
    ],
)
def test_what_is_due_is_told_when_it_comes_near_and_when_it_is_past(
    town: Cast, state, day, what, urgency
):
    row = brought_to(town, state, start=date(2027, 1, 1), end=date(2028, 1, 1))
    (page,) = list_pages(town.mo, now=at(day))
    due = next(each.deadline for each in page.lines if each.id == row.public_id)
    assert (due.what, due.urgency) == (what, urgency)


def test_municipality_and_tenants_read_it_from_the_bid_on(town: Cast):
    for state in State:
        row = brought_to(town, state)
        for person in (town.lotte, town.noor):
            try:
                seen = agreement_page(person, row.public_id, now=NOW).clauses
            except Http404:
                seen = ()
            assert bool(seen) is (state in SHOWN), (state, person)


def test_a_slice_of_a_framework_in_draft_leads_nobody_else_to_that_draft(town: Cast):
    frame = a_draft(town, OTHER, end=date(2028, 1, 1))
    first = services.start_slice(user=town.mo, agreement=frame.public_id, now=NOW)
    row = takes(town.mo, first, Event.BRING_OUT)
    assert agreement_page(town.lotte, row.public_id, now=NOW).framework is None
    assert agreement_page(town.mo, row.public_id, now=NOW).framework == (
        frame.public_id,
        frame.title,
    )


def test_the_other_parties_read_and_answer_with_no_more_than_their_own_request_sees(town: Cast):
    """On PostgreSQL the database itself shows a municipality only what is shared with it."""
    with time_machine.travel(NOW):
        row = brought_to(town, State.BID)
        for person in (town.lotte, town.noor):
            client, path = logged_in(person), f"/agreements/{row.public_id}/"
            assert row.title in client.get("/agreements/").content.decode()
            assert PROMISE.words in client.get(path).content.decode()
            sent = {"agree": "1", "revision": str(fresh(row).revision)}
            assert asked(client, FORM, f"{path}answer/", **sent).status_code == 302
    assert [yes for _party, yes in agreed(fresh(row))] == [True, True]


def test_another_association_reads_nothing(town: Cast):
    row = brought_to(town, State.SIGNED)
    assert list_pages(town.olga, now=NOW) == ()
    with pytest.raises(Http404):
        agreement_page(town.olga, row.public_id, now=NOW)


def test_what_runs_out_stands_in_the_order_of_its_day(town: Cast):
    ground = replace(OTHER, kind=ClauseKind.EXPERIMENT, ends=date(2026, 12, 1), why=TEXT)
    row = brought_to(town, State.SIGNED, OTHER, ground)
    (page,) = list_pages(town.lotte, now=NOW)
    mine = [each for each in page.runs_out if each.agreement == row.public_id]
    assert [(each.day, each.number) for each in mine] == [(date(2026, 12, 1), 2), (END, 0)]
