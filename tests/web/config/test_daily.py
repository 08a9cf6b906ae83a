"""What is due by the day happens by itself: once, also after a night that nobody worked."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.utils.timezone import localtime
from django_tasks_db.models import DBTaskResult

from mixwijzer.web.config import daily
from mixwijzer.web.profiles.transitions import State
from mixwijzer.web.register.models import Import
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import an_import
from tests.web.profiles.drafting import a_content, brought_to
from tests.web.register.files import let_the_worker_work


def waiting() -> list[DBTaskResult]:
    rows = DBTaskResult.objects.filter(task_path=daily.daily.module_path, status="READY")
    return list(rows.order_by("run_after"))


def test_a_profile_lapses_the_night_after_its_last_day_and_only_once(town: Cast):
    row = brought_to(town, State.ADOPTED, a_content(until=NOW.date() + timedelta(days=10)))
    assert daily.come(NOW + timedelta(days=9))["profiles_lapsed"] == 0
    assert daily.come(NOW + timedelta(days=12))["profiles_lapsed"] == 1
    row.refresh_from_db()
    assert row.state == State.LAPSED
    assert daily.come(NOW + timedelta(days=12))["profiles_lapsed"] == 0


def test_an_import_whose_worker_died_is_said_to_have_stopped(town: Cast):
    row = an_import(town.woonbelang, town.anja)
    Import.objects.for_organisation(town.woonbelang).update(state="confirmed", moved_at=NOW)
    assert daily.come(NOW + timedelta(minutes=30))["imports_stopped"] == 0
    assert daily.come(NOW + timedelta(hours=2))["imports_stopped"] == 1
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("failed", "stopped")


def test_what_fails_for_one_organisation_is_done_for_the_others(town: Cast, monkeypatch, caplog):
    seen = []

    def due(owner, now) -> int:
        seen.append(owner.code)
        if owner == town.elders:
            raise ValueError
        return 1

    monkeypatch.setitem(daily.DUE, "profiles_lapsed", due)
    with caplog.at_level("ERROR", logger="mixwijzer.daily"):
        assert daily.come(NOW)["profiles_lapsed"] == 4
    assert seen == ["elders", "gemeente", "huurders", "opstap", "woonbelang"]
    assert "daily_failed" in caplog.text


def test_every_night_plans_the_next_and_starting_a_worker_piles_nothing_up(town: Cast):
    with time_machine.travel(NOW, tick=False):
        daily.plan()
        daily.plan()
        assert len(waiting()) == 1
        let_the_worker_work()
        [night] = waiting()
        assert localtime(night.run_after).isoformat() == "2026-11-24T03:15:00+01:00"
        daily.plan()  # the worker was started again in the afternoon
        assert len(waiting()) == 2
        DBTaskResult.objects.get(pk=waiting()[0].pk).task.call()
        assert len(waiting()) == 2
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        daily.plan()  # nobody worked for three nights: what waits is still to be done
        assert len(waiting()) == 2
