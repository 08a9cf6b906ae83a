"""PostgreSQL itself keeps organisations apart, also where a door was forgotten."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client

from mixwijzer.web.accounts import policies
from mixwijzer.web.accounts.isolation import acting_for, current, per_request, whole_installation
from mixwijzer.web.accounts.models import Organisation, Owned, User
from mixwijzer.web.agreements.models import Obligation
from mixwijzer.web.letting.models import PlaceRequest, Vacancy
from mixwijzer.web.register.models import Complex, Dwelling
from tests.cast import Cast

on_postgresql = pytest.mark.pg


def everything(model: type[Owned]) -> set[int]:
    """Return whose rows a query without any filter shows: what a forgotten door would show."""
    return set(model.of_everybody.values_list("owner_id", flat=True))


@on_postgresql
@pytest.mark.django_db
class TestRows:
    def test_without_a_word_on_whose_behalf_there_is_no_row(self, town: Cast, as_in_production):
        for table, _ in policies.owned_tables():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
                assert cursor.fetchone() == (0,), table

    def test_one_sees_the_rows_of_who_one_acts_for(self, town: Cast, as_in_production):
        with acting_for(town.woonbelang):
            assert everything(Complex) == {town.woonbelang.pk}
            with acting_for(town.elders.pk):
                assert everything(Complex) == {town.elders.pk}
            assert everything(Complex) == {town.woonbelang.pk}
        with acting_for(town.woonbelang, town.elders):
            assert everything(Dwelling) == {town.woonbelang.pk, town.elders.pk}
        with whole_installation():
            assert everything(Complex) == {town.woonbelang.pk, town.elders.pk}
        assert everything(Complex) == set()

    def test_acting_for_nobody_shows_nothing(self, town: Cast):
        with acting_for():
            assert everything(Complex) == set()

    def test_a_row_cannot_be_written_changed_or_moved_for_another(
        self, town: Cast, as_in_production
    ):
        with acting_for(town.elders):
            mine = Complex.of_everybody.get()
        with acting_for(town.woonbelang):
            assert Complex.of_everybody.filter(pk=mine.pk).update(code="X") == 0
            assert Complex.of_everybody.filter(pk=mine.pk).delete()[0] == 0
            copy = Complex(owner=town.elders, code="ingesmokkeld")
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                copy.save()
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Vacancy.of_everybody.update(owner=town.elders)
            with pytest.raises(IntegrityError, match="with its owner"), transaction.atomic():
                Complex.of_everybody.update(owner=town.elders)

    def test_who_made_an_agreement_reads_it_and_cannot_change_it(
        self, town: Cast, as_in_production
    ):
        with acting_for(town.gemeente):
            assert [row.code for row in Obligation.of_everybody.all()] == ["O-1"]
            assert Obligation.of_everybody.update(target=1) == 0
            assert everything(Complex) == set()
        with acting_for(town.opstap):
            assert {row.number for row in PlaceRequest.of_everybody.all()} == {"26-041"}

    def test_a_rollback_does_not_leave_the_scope_of_before(self, town: Cast, as_in_production):
        with acting_for(town.elders):
            everything(Complex)
        with acting_for(town.woonbelang):
            with transaction.atomic():
                everything(Complex)
                transaction.set_rollback(True)
            assert everything(Complex) == {town.woonbelang.pk}
            with (
                pytest.raises(ProgrammingError),
                transaction.atomic(),
                acting_for(town.elders),
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT no_such_column FROM accounts_user")
            assert everything(Complex) == {town.woonbelang.pk}


@on_postgresql
@pytest.mark.django_db(transaction=True)
class TestConnections:
    def test_a_connection_that_is_used_again_forgets_who_was_there(
        self, town: Cast, client: Client, as_in_production
    ):
        client.force_login(town.iris)
        assert client.get("/complexes/").status_code == 200
        assert current() == ""
        assert everything(Complex) == set()

    def test_a_new_thread_sees_nothing_by_itself(self, town: Cast, as_in_production):
        seen: list[set[int]] = []

        def look() -> None:
            seen.append(everything(Complex))
            connection.close()

        with whole_installation():
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
        assert seen == [set()]

    def test_a_new_connection_is_told_again(self, town: Cast, as_in_production):
        with acting_for(town.woonbelang):
            assert everything(Complex) == {town.woonbelang.pk}
            connection.close()
            assert everything(Complex) == {town.woonbelang.pk}

    def test_telling_happens_only_when_somebody_else_asks(self, town: Cast):
        with acting_for(town.woonbelang):
            everything(Complex)
            connection.told = "not asked again"
            connection.told = current()
            told = connection.told
            everything(Dwelling)
            assert connection.told == told


@on_postgresql
@pytest.mark.django_db
class TestRules:
    def test_every_table_with_an_owner_has_its_rules(self):
        assert len(list(policies.owned_tables())) > 25
        assert policies.troubles() == []

    def test_the_run_is_under_a_role_for_which_rules_are_kept(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname=current_user"
            )
            assert cursor.fetchone() == (False,)

    @pytest.mark.parametrize(
        "sin",
        [
            "ALTER TABLE register_complex NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE register_complex DISABLE ROW LEVEL SECURITY",
            "DROP POLICY rows_of_the_owner ON register_complex",
            "CREATE POLICY everybody ON register_complex USING (true)",
        ],
    )
    def test_a_table_without_is_named_by_check_and_mended_by_migrate(self, sin):
        with connection.cursor() as cursor:
            cursor.execute(sin)
        assert policies.troubles() == [
            "table register_complex: its rules differ from those of its model"
        ]
        assert [each.id for each in policies.check(None, databases=["default"])] == [
            "mixwijzer.E010"
        ]
        call_command("migrate", verbosity=0)
        assert policies.troubles() == []


@pytest.mark.sqlite
@pytest.mark.django_db
def test_without_row_level_security_there_is_nothing_to_check():
    assert policies.troubles() == []


class TestRequests:
    """The scope of a request, on both databases."""

    def scope_of(self, user: User) -> str:
        seen: list[str] = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(current())
            return HttpResponse()

        request = HttpRequest()
        request.user = user
        per_request(view)(request)
        return seen[0]

    @pytest.mark.django_db
    def test_it_is_that_of_who_is_logged_in(self, cast: Cast):
        assert self.scope_of(cast.iris) == str(cast.woonbelang.pk)
        assert self.scope_of(cast.lotte) == str(cast.gemeente.pk)
        both = sorted([cast.huurders.pk, cast.woonbelang.pk])
        assert self.scope_of(cast.noor) == ",".join(map(str, both))

    @pytest.mark.django_db
    def test_who_left_has_none(self, cast: Cast):
        cast.iris.is_active = False
        assert self.scope_of(cast.iris) == ""

    @pytest.mark.django_db
    def test_it_ends_with_the_request_and_holds_while_an_answer_streams(
        self, cast: Cast, as_in_production
    ):
        def view(request: HttpRequest) -> StreamingHttpResponse:
            return StreamingHttpResponse(current() for _ in range(2))

        request = HttpRequest()
        request.user = cast.iris
        answer = per_request(view)(request)
        assert current() == ""
        assert list(answer) == [str(cast.woonbelang.pk).encode()] * 2
        assert current() == ""


@pytest.mark.django_db
def test_only_saved_organisations_can_be_acted_for(cast: Cast):
    with pytest.raises(TypeError), acting_for(Organisation(code="nieuw")):
        pass


def test_the_whole_installation_is_used_by_few():
    """Every other place must say for which organisation it works."""
    from tests.web.accounts.test_one_door import WEB

    users = {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        if "whole_installation(" in path.read_text(encoding="utf-8")
    }
    mine = {"accounts/isolation.py", "accounts/migrating.py"}
    # beside these only who looks after the installation: config, above every feature
    assert {each for each in users - mine if not each.startswith("config/")} == set()
