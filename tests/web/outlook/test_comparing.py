"""A scenario is drawn once, whoever draws it, and says what the library says of the same rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult

from mixwijzer.engine.regimes import Regime
from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.config import watching
from mixwijzer.web.outlook import bridge, services, tasks
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.outlook.refusals import NameMissing, NotOne, OwnViewFirst, ScenarioNotNow
from mixwijzer.web.outlook.screens import REGIME_SAYS, scenario_screen
from mixwijzer.web.outlook.selectors import figures_of, makers, scenario_page, scenarios
from mixwijzer.web.outlook.transitions import TRANSITIONS, ScenarioEvent, ScenarioState
from mixwijzer.web.register.bridge import norms
from mixwijzer.web.rounds.work import SILENT
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, load_town
from tests.web.every_url import logged_in
from tests.web.letting.contender import Ring
from tests.web.outlook import comparing
from tests.web.outlook.comparing import BLOCKS, DIES_AFTER, a_scenario
from tests.web.outlook.towns import load_experiment
from tests.web.own_process import PATIENCE, SPAWN, asked
from tests.web.register.files import hanzeveen_in_files


@pytest.fixture
def at_work() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def again(row: Scenario) -> Scenario:
    return Scenario.of_everybody.select_related("owner").get(pk=row.pk)


@pytest.mark.once
def test_what_the_screen_says_is_what_its_python_text_says(cast: Cast, at_work, tmp_path: Path):
    """The text is run as it stands, beside the workbook that is offered with it."""
    load_town(cast, hanzeveen_in_files())
    row = a_scenario(cast, years=2, runs=128)
    assert tasks.compare.call(row.owner_id, str(row.public_id)) == "done"
    told = scenario_page(cast.mo, row.public_id).document
    assert told is not None
    (tmp_path / bridge.WORKBOOK).write_bytes(bridge.stock_file(row.owner, row.made_at))
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        said: dict[str, Any] = {}
        exec(told["python"], said)  # noqa: S102 (that is what it is for)
    finally:
        os.chdir(here)
    assert json.loads(json.dumps(said["answer"].document)) == told
    assert said["answer"].values[0].comparison.partial.key == told["bases"][0]["key"]


@pytest.mark.once
def test_the_workbook_names_no_home_no_household_and_nobody(town: Cast, at_work):
    stock = bridge.stock(town.woonbelang, NOW)
    assert {each.address for each in stock.dwellings} == {""}
    assert {each.household for each in stock.tenancies} == {None}
    assert not {each.by for each in stock.judgements} & {"iris", "hans"}
    homes = {each.id for each in stock.dwellings}
    assert {each.dwelling for each in (*stock.tenancies, *stock.vacancies)} <= homes
    assert {each.vacancy for each in stock.lettings} <= {each.id for each in stock.vacancies}


def test_who_is_told_to_stop_keeps_what_was_drawn_and_who_goes_on_tells_the_same(
    town: Cast, at_work, monkeypatch
):
    whole = a_scenario(town)
    services.draw(whole)
    monkeypatch.setattr(services.comparing, "_EVERY", -1.0)
    row, looks = a_scenario(town), iter(range(99))

    def somebody_stops_it() -> bool:
        if next(looks) == 2:
            services.change(
                user=town.mo, scenario=row.public_id, event=ScenarioEvent.CANCEL, now=NOW
            )
        return False

    assert services.draw(row, give_way=somebody_stops_it) is False
    assert (again(row).state, again(row).drawn) == ("cancelled", 2)
    services.change(user=town.mo, scenario=row.public_id, event=ScenarioEvent.RESUME, now=NOW)
    assert services.draw(again(row)) is False
    assert (again(row).state, again(row).drawn) == ("done", BLOCKS)
    assert again(row).document == again(whole).document


def test_shorter_work_goes_first_and_then_it_goes_on(town: Cast, at_work):
    row = a_scenario(town)
    waits = DBTaskResult.objects.count()
    assert services.draw(row, give_way=lambda: True) is True
    assert (again(row).state, again(row).drawn) == ("running", 1)
    assert services.draw(again(row)) is False
    assert again(row).state == "done"
    assert DBTaskResult.objects.count() == waits


def test_what_was_drawn_by_another_version_is_drawn_again(town: Cast, at_work):
    row = a_scenario(town)
    services.draw(row, give_way=lambda: True)
    packed = json.loads(again(row).packed)
    for each in packed.values():
        each["key"] = "of another engine"
    for text in (json.dumps(packed), "no runs at all"):
        Scenario.of_everybody.filter(pk=row.pk).update(packed=text)
        assert bridge.ready(row.owner, bridge.Asked.of(row.asked), NOW).saved(text) == {}
    services.draw(again(row))
    assert again(row).state == "done"


def test_of_two_workers_at_one_scenario_the_slower_stops(town: Cast, at_work):
    row = a_scenario(town)
    looks = iter(range(99))

    def another_is_faster() -> bool:
        if next(looks) == 1:
            Scenario.of_everybody.filter(pk=row.pk).update(drawn=BLOCKS)
        return False

    assert services.draw(row, give_way=another_is_faster) is False
    assert again(row).state == "running"
    late = a_scenario(town)
    services.draw(late)
    assert tasks.compare.call(late.owner_id, str(late.public_id)) == "done"


def test_a_scenario_whose_worker_is_silent_is_taken_up_once(town: Cast, at_work):
    row = a_scenario(town)
    services.move(row, ScenarioEvent.START, now=NOW)
    with time_machine.travel(NOW + SILENT / 2):
        watching.watch.call()
    assert not DBTaskResult.objects.filter(task_path=tasks.compare.module_path).exists()
    with time_machine.travel(NOW + 2 * SILENT):
        watching.watch.call()
        watching.watch.call()
    assert DBTaskResult.objects.filter(task_path=tasks.compare.module_path).count() == 1


def test_it_stands_on_the_rows_of_the_day_it_was_made_and_says_when_they_changed(
    cast: Cast, at_work
):
    load_experiment(cast)
    assert makers(cast.mo, TODAY) == ((cast.woonbelang, "experiment"),)
    row = a_scenario(cast)
    answers(cast.iris, "Vlierhof 3")
    with time_machine.travel(NOW + timedelta(days=5)):
        late = a_scenario(cast, NOW + timedelta(days=5))
        services.draw(row)
        services.draw(late)
        page = scenario_page(cast.mo, row.public_id)
        assert page.current is False
        assert scenario_page(cast.mo, late.public_id).current is True
    assert page.document is not None
    assert page.document["day"] == TODAY.isoformat()
    assert json.loads(again(late).document)["day"] != TODAY.isoformat()


@pytest.mark.once
def test_before_the_own_view_there_are_inputs_but_no_figures(town: Cast, at_work):
    row = a_scenario(town)
    services.draw(row)
    page = scenario_page(town.iris, row.public_id)
    assert page.document is None
    assert page.hidden is not None
    assert page.can == frozenset()
    with pytest.raises(OwnViewFirst):
        figures_of(town.iris, row.public_id)
    assert figures_of(town.mo, row.public_id).pk == row.pk


def test_who_may_make_one_who_sees_it_and_who_hears_that_it_is_not_there(town: Cast, at_work):
    row = a_scenario(town)
    for name, person in town.people():
        sees = row.public_id in {each.id for each in scenarios(person)}
        assert sees is (name in {"iris", "sem", "mo", "hans"}), name
        if not sees:
            with pytest.raises(Missing):
                scenario_page(person, row.public_id)
        elif name != "mo":
            with pytest.raises(PermissionDenied):
                services.change(
                    user=person, scenario=row.public_id, event=ScenarioEvent.CANCEL, now=NOW
                )


def test_a_form_that_is_sent_twice_makes_one_and_one_without_a_name_none(town: Cast, at_work):
    key = a_key()
    asked = bridge.Asked(regimes=("experiment",), years=1, runs=64, seed=1)
    sent = {"user": town.mo, "owner": town.woonbelang, "asked": asked, "now": NOW}
    one, two = (services.make(name="Twee keer", key=key, **sent) for _ in range(2))
    assert one.pk == two.pk
    for name in ("  ", "bel jan@voorbeeld.nl"):
        with pytest.raises(NameMissing):
            services.make(name=name, key=a_key(), **sent)


def test_what_would_take_hours_says_how_long_and_what_will_do(town: Cast, at_work):
    with pytest.raises(NotOne) as refused:
        a_scenario(town, years=100, runs=100_000_000)
    assert "uur" in bridge.trouble_text(refused.value.told, "nl")


def test_an_association_without_homes_has_nothing_to_compare(cast: Cast, at_work):
    with pytest.raises(NotOne):
        a_scenario(cast)


def test_what_cannot_be_computed_after_all_says_why(town: Cast, at_work):
    row = a_scenario(town)
    Scenario.of_everybody.filter(pk=row.pk).update(asked={**row.asked, "regimes": ["magic"]})
    services.draw(again(row))
    assert again(row).state == "failed"
    assert "magic" in bridge.trouble_text(again(row).trouble, "nl")


def test_a_band_that_nobody_keeps_is_drawn_too(cast: Cast, at_work):
    load_experiment(cast)
    row = a_scenario(cast)
    services.draw(row)
    page = scenario_page(cast.mo, row.public_id)
    assert page.document
    for each in page.document["figures"]:
        if each["measure"] == "in_band":
            each |= {"value": 0.0, "low": 0.0, "high": 0.0}
    assert len(scenario_screen(page).fans) == len(row.asked["regimes"])


def test_every_way_of_letting_that_is_known_has_a_sentence_in_the_form():
    assert set(REGIME_SAYS) == set(Regime.built_in(norms(), TODAY))


def test_nothing_happens_but_what_the_table_says(town: Cast, at_work):
    row = a_scenario(town)
    for state in ScenarioState:
        for event in ScenarioEvent:
            Scenario.of_everybody.filter(pk=row.pk).update(state=state)
            after = TRANSITIONS.get((state, event))
            if after is None:
                with pytest.raises(ScenarioNotNow):
                    services.move(row, event, now=NOW)
            else:
                assert services.move(row, event, now=NOW).state == after


@pytest.mark.once
@pytest.mark.fault
def test_after_a_worker_that_was_killed_another_goes_on_to_the_very_same_bits(
    ring: Ring, town: Cast
):
    scenario = asked(comparing.begin, ring)
    process = SPAWN.Process(target=comparing.die_on_the_way, args=(ring, scenario))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode == -9
    before, state, document = asked(comparing.go_on, ring, scenario)
    assert (before, state) == (DIES_AFTER, "done")
    undisturbed = a_scenario(town)
    services.draw(undisturbed)
    assert again(undisturbed).document == document


def test_the_list_and_the_page_take_a_fixed_number_of_queries(
    town: Cast, at_work, django_assert_max_num_queries
):
    rows = [a_scenario(town, seed=seed, runs=64, years=1) for seed in (1, 2, 3)]
    services.draw(again(rows[0]))
    services.draw(again(rows[1]))
    with django_assert_max_num_queries(4):
        assert len(scenarios(town.mo)) == 3
    with django_assert_max_num_queries(20):
        assert scenario_page(town.mo, rows[0].public_id).document


def test_after_the_norms_ended_a_scenario_says_which_norm_and_since_when(town: Cast):
    later = datetime(2028, 3, 1, 9, tzinfo=UTC)
    with time_machine.travel(later):
        row = a_scenario(town, now=later)
        services.draw(again(row))
        page = logged_in(town.mo).get(f"/outlook/compare/{row.public_id}/").content.decode()
    assert again(row).state == "failed"
    assert "verlopen op 1 januari 2028" in bridge.trouble_text(again(row).trouble, "nl")
    assert "verlopen op 1 januari 2028" in page
