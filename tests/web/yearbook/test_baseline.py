"""A baseline is what was known then: the same rows the same bytes, never changed after."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils.timezone import localdate

from mixwijzer.web.audit.models import Event
from mixwijzer.web.desk.bridge import accounts_around
from mixwijzer.web.register.bridge import places
from mixwijzer.web.register.models import Complex
from mixwijzer.web.yearbook import bridge, refusals, selectors, services
from mixwijzer.web.yearbook.models import Baseline
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import answers
from tests.web.every_url import logged_in
from tests.web.yearbook.freezing import a_baseline, a_baseline_elsewhere

DAY = localdate(NOW)


def test_a_baseline_holds_accounts_profiles_promises_norms_and_where_they_come_from(town: Cast):
    told = json.loads(a_baseline(town).content)
    assert [each["code"] for each in told["complexes"]] == ["Molen", "Vlier"]
    assert [each["inside"] for each in told["neighbourhoods"]] == [["Molen", "Vlier"]]
    assert {row["category"] for row in told["profiles"]} == {"attention", "carrier"}
    assert [each["obligation"]["group"] for each in told["obligations"]] == ["status_holder"]
    assert told["norms"]
    assert (told["day"], told["scheme"], told["synthetic"]) == (DAY.isoformat(), "role", True)
    assert told["engine_version"]
    assert "Eldershof" not in json.dumps(told)


def test_its_accounts_are_those_of_the_page_of_a_complex(town: Cast):
    """Two ways: the baseline, and the account that the complex page shows."""
    told = json.loads(a_baseline(town).content)
    for each in told["complexes"]:
        row = Complex.objects.for_organisation(town.woonbelang).get(code=each["code"])
        [place] = places(town.woonbelang, [row.pk])
        own = accounts_around(town.woonbelang, place, DAY)[0]
        for count in own.counts:
            assert each["counts"][count.category]["chances"] == pytest.approx(count.pmf, abs=1e-8)


def test_the_same_rows_give_the_same_bytes(town: Cast):
    assert bridge.frozen(town.woonbelang, DAY) == bridge.frozen(town.woonbelang, DAY)


def test_no_household_stands_in_it(town: Cast):
    text = a_baseline(town).content
    assert "T-Vlier" not in text
    assert "Vlierhof 3" not in text


def test_another_one_of_a_year_needs_a_reason(town: Cast):
    a_baseline(town)
    with pytest.raises(refusals.ReasonMissing):
        a_baseline(town, now=NOW + timedelta(days=1))
    again = a_baseline(town, "Uitgebreid met een tweede wijk", NOW + timedelta(days=1))
    assert str(again) == "2026-2"
    assert str(a_baseline(town, now=NOW + timedelta(days=365))) == "2027-1"


def test_an_empty_association_has_nothing_to_freeze(cast: Cast):
    with pytest.raises(refusals.NothingYet):
        a_baseline(cast)


@pytest.mark.parametrize("person", ["iris", "hans", "noor", "anja", "vera", "lotte"])
def test_only_the_head_of_letting_freezes(town: Cast, person):
    with pytest.raises(PermissionDenied):
        services.freeze(user=getattr(town, person), owner=town.woonbelang, reason="", now=NOW)
    assert not Baseline.objects.for_organisation(town.woonbelang).exists()


def test_freezing_stands_in_the_trail_with_its_hash(town: Cast):
    row = a_baseline(town)
    event = Event.objects.for_organisation(town.woonbelang).get(subject=row.public_id)
    assert event.action == "yearbook.freeze"
    assert row.sha256 in (event.payload or "")


def test_a_baseline_that_was_changed_says_so_and_is_not_given(town: Cast):
    row = a_baseline(town)
    assert selectors.baseline(town.mo, row.public_id).verified
    tampered(row)
    assert not selectors.baseline(town.mo, row.public_id).verified
    with pytest.raises(ValueError, match="isn't what was frozen"):
        selectors.taken(town.mo, row.public_id)


def tampered(row: Baseline) -> None:
    """Change a stored baseline past the triggers, as somebody with the database could."""
    changed = row.content.replace('"homes":24', '"homes":25')
    assert changed != row.content
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE yearbook_baseline DISABLE TRIGGER USER")
        else:
            cursor.execute('DROP TRIGGER "yearbook_baseline_no_update"')
        cursor.execute("UPDATE yearbook_baseline SET content = %s WHERE id = %s", [changed, row.pk])
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE yearbook_baseline ENABLE TRIGGER USER")


def test_before_her_own_view_iris_reads_nothing_of_that_complex(town: Cast):
    row = a_baseline(town)
    before = selectors.baseline(town.iris, row.public_id)
    assert "De Vlierhof" not in {each.name for each in before.complexes}
    assert before.neighbourhoods == ()
    assert before.left_out >= 1
    answers(town.iris, "Vlierhof 3")
    after = selectors.baseline(town.iris, row.public_id)
    assert "De Vlierhof" in {each.name for each in after.complexes}
    assert after.left_out == before.left_out - 1


def test_the_file_is_the_frozen_bytes(town: Cast):
    row = a_baseline(town)
    given = logged_in(town.mo).get(f"/yearbook/baselines/{row.public_id}/file/")
    assert given.content.decode() == row.content
    assert bridge.hash_of(given.content.decode()) == row.sha256


def test_somebody_elses_baseline_does_not_exist(town: Cast):
    theirs = a_baseline_elsewhere(town)
    with pytest.raises(Http404):
        selectors.baseline(town.mo, theirs.public_id)
    assert selectors.baselines(town.mo) == ()


def test_freezing_in_the_browser_and_again_without_a_reason(town: Cast):
    client = logged_in(town.mo)
    client.handler.enforce_csrf_checks = False
    first = client.post("/yearbook/baselines/freeze/")
    assert first.status_code == 302
    again = client.post("/yearbook/baselines/freeze/")
    assert again.status_code == 409
    assert "Waarom nog een keer dit jaar?" in again.content.decode()
