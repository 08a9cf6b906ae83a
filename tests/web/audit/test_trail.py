"""The trail holds, shows every kind of tampering, and can forget persons."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from mixwijzer.web.audit.append_only import removals
from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.selectors import GENESIS, Break, head, verify
from mixwijzer.web.audit.services import erase, lock, record
from tests.builders import NOW
from tests.cast import Cast


@pytest.fixture
def trail(cast: Cast) -> list[Event]:
    """Five events of Woonbelang, a minute apart, and two of Elders between them."""
    events = []
    for number in range(5):
        event = record(
            organisation=cast.woonbelang,
            action="letting.decide",
            actor=cast.iris,
            subject=uuid.UUID(int=number),
            facts={"channel": "ordinary", "number": number},
            at=NOW + timedelta(minutes=number),
        )
        events.append(event)
        if number % 2:
            record(
                organisation=cast.elders,
                action="register.load",
                actor=None,
                subject=None,
                facts={},
                at=NOW,
            )
    return events


@pytest.fixture
def open_table(trail: list[Event]) -> None:
    """Somebody with the keys of the database took the triggers away."""
    with connection.cursor() as cursor:
        for sql in removals(connection.vendor, "audit_event"):
            cursor.execute(sql)


def rows(cast: Cast):
    return Event.objects.for_organisation(cast.woonbelang).order_by("number")


def test_a_fresh_trail_holds_and_its_head_is_the_last_hash(cast: Cast, trail: list[Event]):
    seen = verify(cast.woonbelang)
    assert seen.holds
    assert (seen.events, seen.erased, seen.head) == (5, 0, trail[-1].hash)
    assert head(cast.woonbelang) == (5, trail[-1].hash)


def test_an_empty_trail_holds(cast: Cast):
    assert verify(cast.woonbelang).holds
    assert head(cast.woonbelang) == (0, GENESIS)


def test_associations_have_chains_of_their_own(cast: Cast, trail: list[Event]):
    assert verify(cast.elders).events == 2
    assert verify(cast.elders).holds


def test_personal_content_can_be_erased_and_the_chain_still_holds(cast: Cast, trail: list[Event]):
    erased = erase(organisation=cast.woonbelang, before=NOW + timedelta(minutes=3))
    seen = verify(cast.woonbelang)
    assert (erased, seen.erased, seen.holds) == (3, 3, True)
    assert seen.head == trail[-1].hash
    gone = rows(cast)[0]
    assert (gone.payload, gone.salt, gone.actor_id, gone.subject) == (None, None, None, None)


def test_what_was_erased_cannot_be_guessed_from_what_is_left(cast: Cast, trail: list[Event]):
    import hashlib

    payload = trail[0].payload
    assert payload is not None
    erase(organisation=cast.woonbelang, before=NOW + timedelta(days=1))
    assert hashlib.sha256(payload.encode()).hexdigest() != rows(cast)[0].commitment


def test_an_event_is_only_written_inside_a_transaction(transactional_db: None):
    from tests.cast import make_cast

    cast = make_cast()
    with pytest.raises(transaction.TransactionManagementError):
        lock(cast.woonbelang)


class Undone(Exception):  # noqa: N818 (something that went wrong after the event)
    pass


def undone(cast: Cast) -> None:
    with transaction.atomic():
        record(
            organisation=cast.woonbelang,
            action="letting.decide",
            actor=cast.iris,
            subject=None,
            facts={},
            at=NOW,
        )
        raise Undone


def test_what_is_rolled_back_leaves_no_event(cast: Cast, trail: list[Event]):
    with pytest.raises(Undone):
        undone(cast)
    assert head(cast.woonbelang) == (5, trail[-1].hash)


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"action": "letting.withdraw"}, "chain"),
        ({"at": NOW - timedelta(days=1)}, "chain"),
        ({"commitment": "f" * 64}, "chain"),
        ({"hash": "f" * 64}, "chain"),
        ({"previous": "f" * 64}, "chain"),
        ({"payload": json.dumps({"actor": None, "subject": None, "facts": {}})}, "content"),
        ({"payload": None}, "content"),
        ({"salt": b"0" * 16}, "content"),
        ({"subject": uuid.UUID(int=99)}, "content"),
        ({"actor": None}, "content"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_an_event_that_was_changed_is_found(cast: Cast, open_table: None, change, trouble):
    rows(cast).filter(number=3).update(**change)
    seen = verify(cast.woonbelang)
    assert any(each.number in {3, 4} and each.trouble == trouble for each in seen.breaks)


def test_an_event_that_was_removed_is_found(cast: Cast, open_table: None):
    rows(cast).filter(number=3)._raw_delete("default")
    assert Break(number=3, trouble="missing") in verify(cast.woonbelang).breaks


def test_events_that_changed_places_are_found(cast: Cast, open_table: None):
    rows(cast).filter(number=2).update(number=99)
    rows(cast).filter(number=3).update(number=2)
    rows(cast).filter(number=99).update(number=3)
    assert not verify(cast.woonbelang).holds


def test_an_event_that_was_put_in_between_is_found(cast: Cast, open_table: None):
    rows(cast).filter(number=5).update(number=6)
    twin = rows(cast).get(number=4)
    twin.pk, twin.number = None, 5
    twin.save()
    assert not verify(cast.woonbelang).holds


def test_a_trail_that_was_cut_off_shows_only_against_a_head_kept_elsewhere(
    cast: Cast, trail: list[Event], open_table: None
):
    kept = head(cast.woonbelang)
    rows(cast).filter(number__gte=4)._raw_delete("default")
    assert verify(cast.woonbelang).holds
    assert head(cast.woonbelang) != kept


@pytest.mark.parametrize("column", ["number", "at", "action", "commitment", "previous", "hash"])
def test_the_database_refuses_to_change_an_event(cast: Cast, trail: list[Event], column):
    new = {"number": 77, "at": NOW + timedelta(days=9)}.get(column, "x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(cast).filter(number=1).update(**{column: new})


def test_the_database_refuses_other_content_but_lets_it_go(cast: Cast, trail: list[Event]):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(cast).filter(number=1).update(payload="{}")
    assert rows(cast).filter(number=1).update(payload=None, salt=None, actor=None, subject=None)


def test_the_database_refuses_to_remove_an_event(cast: Cast, trail: list[Event]):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows(cast).filter(number=1)._raw_delete("default")


def test_who_watches_the_trail_sees_it_and_who_decides_does_not(cast: Cast, trail: list[Event]):
    assert Event.objects.visible_to(cast.vera).count() == 5
    assert Event.objects.visible_to(cast.bas).count() == 5
    assert not Event.objects.visible_to(cast.iris).exists()
    assert not Event.objects.visible_to(cast.olga).exists()
