"""With one of the two walls gone the tests notice; on PostgreSQL the other still holds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client

from mixwijzer.web.accounts.models import Owned
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.register.models import Complex
from tests.cast import Cast


def page_of_another(town: Cast) -> int:
    """Return how Iris is received at the page of Elders' complex."""
    foreign = Complex.objects.for_organisation(town.elders)[0].public_id
    client = Client()
    client.force_login(town.iris)
    status: int = client.get(f"/complexes/{foreign}/").status_code
    return status


@pytest.mark.django_db
def test_with_both_walls_a_foreign_complex_is_not_there(town: Cast):
    assert page_of_another(town) == 404


@pytest.mark.django_db
def test_without_the_door_sqlite_opens_and_postgresql_does_not(town: Cast, monkeypatch):
    monkeypatch.setattr(Owned, "seen_by", classmethod(lambda cls, user: Q()))
    assert page_of_another(town) == (404 if connection.vendor == "postgresql" else 200)


@pytest.mark.django_db
def test_the_door_alone_keeps_rows_apart(town: Cast):
    """A test sees everybody's rows in the database; only the door stands in between here."""
    for model in (Complex, Vacancy):
        assert {row.owner_id for row in model.objects.visible_to(town.iris)} == {town.woonbelang.pk}
        assert {row.owner_id for row in model.objects.for_organisation(town.elders)} == {
            town.elders.pk
        }
