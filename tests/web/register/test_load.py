"""What is brought in comes out equal, stays as it was known, and is another's business never."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mixwijzer.engine.portfolio import Assessment, Portfolio
from mixwijzer.web.register import bridge, services
from mixwijzer.web.register.models import Complex, Delivery, Dwelling, Judgement, Tenancy
from mixwijzer.web.register.services import Loaded
from tests.builders import NOW, TODAY, hanzeveen
from tests.cast import Cast

LATER = NOW + timedelta(days=30)


def load(cast: Cast, portfolio: Portfolio, now=NOW, **more) -> Loaded:
    return services.load(portfolio=portfolio, owner=cast.woonbelang, actor=cast.mo, now=now, **more)


def own_rows(portfolio: Portfolio, table: str) -> set[object]:
    """Return what a portfolio says of Woonbelang's homes in a table."""
    if table in {"areas", "channels"}:
        return set(map(repr, getattr(portfolio, table)))
    return {repr(row) for row in getattr(portfolio, table) if "lders" not in repr(row)}


@pytest.fixture
def loaded(cast: Cast) -> Cast:
    load(cast, hanzeveen())
    return cast


@pytest.mark.parametrize("table", [table.name for table in bridge.TABLES])
def test_every_table_comes_out_as_it_was_brought_in(loaded: Cast, table):
    known = bridge.as_known(loaded.woonbelang, NOW)
    before = replace(hanzeveen(), lettings=())
    assert set(map(repr, getattr(known, table))) == own_rows(before, table)


def test_every_table_of_a_portfolio_is_kept_or_counted():
    kept = {table.name for table in bridge.TABLES}
    elsewhere = {"profiles", "caps", "obligations", "place_requests"}  # in features above
    dropped = {"assessments", "candidates", "schemes"}
    named = {each.name for each in fields(Portfolio)} - {"data_date", "synthetic"}
    assert named == kept | elsewhere | dropped


def test_the_same_portfolio_twice_changes_nothing(loaded: Cast):
    again = load(loaded, hanzeveen(), now=LATER)
    assert (again.added, again.changed) == (0, 0)
    assert Delivery.objects.for_organisation(loaded.woonbelang).count() == 1


def test_homes_of_another_association_are_not_taken(loaded: Cast):
    codes = Complex.objects.for_organisation(loaded.woonbelang).values_list("code", flat=True)
    assert set(codes) == {"Vlier", "Molen"}
    assert not Complex.objects.for_organisation(loaded.elders).exists()


def test_a_changed_rent_is_a_new_row_and_the_old_one_is_still_known_then(loaded: Cast):
    town = hanzeveen()
    dearer = tuple(
        replace(each, rent=Decimal("720.00"), recorded_at=None) if each.id == "Vlier-001" else each
        for each in town.dwellings
    )
    done = load(loaded, replace(town, dwellings=dearer), now=LATER)
    assert (done.added, done.changed) == (0, 1)
    rents = {
        moment: bridge.as_known(loaded.woonbelang, moment).dwelling["Vlier-001"].rent
        for moment in (NOW, LATER)
    }
    assert rents == {NOW: Decimal("694.00"), LATER: Decimal("720.00")}


def test_every_record_about_a_home_has_the_same_public_id(loaded: Cast):
    town = hanzeveen()
    renamed = tuple(replace(each, floor=2) for each in town.dwellings)
    load(loaded, replace(town, dwellings=renamed), now=LATER)
    rows = Dwelling.objects.for_organisation(loaded.woonbelang).filter(code="Vlier-001")
    assert rows.count() == 2
    assert rows.values("public_id").distinct().count() == 1


def test_versions_told_before_keep_their_own_moments(cast: Cast):
    town = hanzeveen()
    first = replace(town.tenancies[0], recorded_at=NOW - timedelta(days=20))
    ended = replace(first, end=date(2026, 11, 10), recorded_at=NOW - timedelta(days=5))
    rest = town.tenancies[1:]
    load(cast, replace(town, tenancies=(first, ended, *rest)))
    rows = Tenancy.objects.for_organisation(cast.woonbelang).filter(code=first.id).order_by("pk")
    assert [(row.end, row.replaced_at) for row in rows] == [
        (None, ended.recorded_at),
        (ended.end, None),
    ]


def test_nobody_can_record_in_the_future(cast: Cast):
    town = hanzeveen()
    early = tuple(replace(each, recorded_at=LATER) for each in town.dwellings)
    load(cast, replace(town, dwellings=early))
    moments = Dwelling.objects.for_organisation(cast.woonbelang).values_list(
        "recorded_at", flat=True
    )
    assert set(moments) == {NOW}


def test_categories_of_households_are_counted_and_not_kept(cast: Cast):
    label = Assessment(
        household="H1",
        scheme="role",
        category="attention",
        start=TODAY,
        source="round",
        recorded_at=NOW,
    )
    done = load(cast, replace(hanzeveen(), assessments=(label, label)))
    assert done.dropped == {"assessments": 2}


def test_a_judge_who_is_known_is_kept_as_a_person_under_a_pseudonym(cast: Cast):
    load(cast, hanzeveen(), judges={"iris": cast.iris})
    said = Judgement.objects.for_organisation(cast.woonbelang)
    assert set(said.filter(judge=cast.iris).values_list("by", flat=True)) == {
        str(cast.iris.public_id)
    }
    assert set(said.filter(judge=None).values_list("by", flat=True)) == {"hans"}


def test_a_load_is_in_the_trail_and_says_that_data_are_made_up(loaded: Cast):
    from mixwijzer.web.audit.models import Event

    delivery = Delivery.objects.for_organisation(loaded.woonbelang).get()
    assert (delivery.synthetic, delivery.data_date, delivery.by) == (True, TODAY, loaded.mo)
    event = Event.objects.for_organisation(loaded.woonbelang).get()
    assert event.action == "register.load"


def test_a_load_that_breaks_half_way_leaves_nothing(cast: Cast, monkeypatch):
    def broken(**_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr("mixwijzer.web.register.services.loading.account_anew", broken)
    with pytest.raises(OSError, match="power cut"):
        load(cast, hanzeveen())
    assert not Dwelling.objects.for_organisation(cast.woonbelang).exists()
    assert not Delivery.objects.for_organisation(cast.woonbelang).exists()
