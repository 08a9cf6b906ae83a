"""What must never be edited is guarded by the database itself."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from mixwijzer.web.accounts.models import Owned
from mixwijzer.web.audit.append_only import AppendOnly
from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.services import record
from mixwijzer.web.register.models import Ledger
from tests.builders import NOW
from tests.cast import Cast

# Tables that carry a present state, or can be made again.
EDITED = {
    "rounds.CityHome",
    "rounds.CityPerson",
    "rounds.CityRound",
    "rounds.RoundItem",
    "rounds.WeekRound",
    "agreements.Agreement",  # until it is signed; its clauses and steps stay as they were
    "accounts.OneTimeLink",  # used or ended, each once
    "mail.Call",  # put into a message, removed with it
    "mail.Message",  # sent or not; removed after a month
    "audit.Reading",  # removed after its term
    "register.Complex",
    "register.AccountState",
    "register.Import",
    "profiles.Version",
    "pulse.Place",
    "pulse.Round",
    "pulse.Task",
    "register.Undertaking",
    "letting.Match",  # its steps stay as they were
    "letting.PricedRoom",  # computed again from the same rows
    "letting.Vacancy",
    "outlook.Outlook",  # computed again from the same rows
    "outlook.Weighing",  # computed again from the same rows
    "outlook.Scenario",  # drawn on, stopped, put away; what it asked stays as it was
}


def guarded() -> dict[str, AppendOnly]:
    """Return every append-only table with the operation that guards it."""
    found = {}
    for (app, _), migration in MigrationLoader(None).disk_migrations.items():
        for operation in migration.operations:
            if isinstance(operation, AppendOnly):
                found[f"{app}.{operation.model}"] = operation
    return found


def owned() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for model in apps.get_models() if issubclass(model, Owned)}


def test_every_table_is_either_append_only_or_named_as_edited():
    assert set(owned()) == set(guarded()) | EDITED
    assert not set(guarded()) & EDITED


def test_a_ledger_may_only_close_its_rows():
    for label, operation in guarded().items():
        if issubclass(owned()[label], Ledger):
            assert operation.closing == ("replaced_at",)


@pytest.mark.django_db
def test_every_guarded_table_really_has_its_triggers():
    """Django drops triggers when it rebuilds an SQLite table; this would show it."""
    tables = {owned()[label]._meta.db_table for label in guarded()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal"
            )
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        there = set(cursor.fetchall())
    acts = (
        ("update", "delete", "truncate")
        if connection.vendor == "postgresql"
        else ("update", "delete")
    )
    assert there >= {(table, f"{table}_no_{act}") for table in tables for act in acts}


def test_no_row_of_a_guarded_table_can_be_removed_or_rewritten(decided: Cast):
    for label in guarded():
        model = owned()[label]
        row = model._default_manager.order_by("pk").first()
        assert row is not None, f"{label}: the story leaves this table empty"
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model._default_manager.filter(pk=row.pk)._raw_delete("default")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(owner=decided.gemeente)


@pytest.mark.django_db
def test_a_closed_row_cannot_be_closed_again_or_opened(town: Cast):
    from mixwijzer.web.register.models import Dwelling

    rows = Dwelling.objects.for_organisation(town.woonbelang).filter(code="Vlier-001")
    assert rows.update(replaced_at=NOW) == 1
    for again in (None, NOW.replace(year=2027)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(replaced_at=again)


def test_the_operation_writes_itself_down_and_can_be_taken_back():
    operation = AppendOnly("Event", closing=("b",), erasable=("a",), free=("c",))
    name, given, named = operation.deconstruct()
    again = {"AppendOnly": AppendOnly}[name](*given, **named)
    kept = (again.model, again.closing, again.erasable, again.free)
    assert kept == ("Event", ("b",), ("a",), ("c",))
    assert "Event" in operation.describe()
    assert operation.reversible


class Recorder:
    """As much of a schema editor as the operation needs; SQLite allows no real one in a test."""

    connection = connection

    def execute(self, sql: str, params: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_guard_can_be_taken_away_and_put_back(cast: Cast):
    event = record(
        organisation=cast.woonbelang, action="x", actor=None, subject=None, facts={}, at=NOW
    )
    rows = Event.objects.for_organisation(cast.woonbelang).filter(pk=event.pk)
    state, operation = ProjectState.from_apps(apps), guarded()["audit.Event"]
    operation.database_backwards("audit", Recorder(), state, state)
    assert rows.update(action="y") == 1
    operation.database_forwards("audit", Recorder(), state, state)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(action="z")
