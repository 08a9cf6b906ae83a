"""On PostgreSQL the complex of a row is looked up once per statement; does it guard as much?"""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from mixwijzer.web.register import bulk
from mixwijzer.web.register.models import Complex, Dwelling
from mixwijzer.web.register.references import KeptReferences
from tests.builders import NOW
from tests.cast import Cast

pytestmark = pytest.mark.pg
BEFORE = ("register", "0004_own_mappings")


def a_home(cast: Cast, code: str, complex_id: int) -> dict[str, object]:
    return {
        "owner_id": cast.woonbelang.pk,
        "complex_id": complex_id,
        "code": code,
        "recorded_at": NOW,
    }


def test_among_many_rows_one_about_no_complex_is_refused_and_none_stays(town: Cast):
    own = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier").pk
    rows = [a_home(town, f"New-{each}", own if each != 70 else 0) for each in range(100)]
    with pytest.raises(IntegrityError, match="no complex of its owner"), transaction.atomic():
        bulk.insert(Dwelling, rows)
    assert not Dwelling.objects.for_organisation(town.woonbelang).filter(code__startswith="New-")
    assert bulk.insert(Dwelling, [each for each in rows if each["complex_id"]]) == 99


def test_a_row_about_anothers_complex_is_refused(town: Cast):
    theirs = Complex.objects.for_organisation(town.elders).get(code="Elders").pk
    with pytest.raises(IntegrityError, match="no complex of its owner"), transaction.atomic():
        Dwelling(**a_home(town, "New", theirs)).save()


@pytest.mark.parametrize(
    "act",
    [
        "DELETE FROM register_complex WHERE id = %(id)s",
        "UPDATE register_complex SET owner_id = %(other)s WHERE id = %(id)s",
        "UPDATE register_complex SET id = id + 1000000 WHERE id = %(id)s",
        "TRUNCATE register_complex CASCADE",
    ],
)
def test_a_complex_stays_and_stays_with_its_owner(town: Cast, act: str):
    own = Complex.objects.for_organisation(town.woonbelang).get(code="Vlier")
    with (
        pytest.raises(IntegrityError, match="a complex stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act, {"id": own.pk, "other": town.elders.pk})
    own.version += 1
    own.save()  # what may change still does


@pytest.mark.django_db(transaction=True)
def test_it_can_be_taken_back_with_the_references_of_rows():
    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE])
    assert references("register_dwelling") == {"complex_id", "owner_id"}
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert references("register_dwelling") == set()


def references(table: str) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {told["columns"][0] for told in found.values() if told["foreign_key"]}


def test_the_operation_writes_itself_down():
    operation = KeptReferences("Dwelling", "Tenancy")
    assert operation.deconstruct() == ("KeptReferences", ["Dwelling", "Tenancy"], {})
    assert operation.describe()
