"""A notice that is gone: taken back with its import, closed, or overtaken by a lease."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.engine.portfolio import Vacancy as Notice
from mixwijzer.web.letting import services
from mixwijzer.web.letting.match_steps import Act
from mixwijzer.web.letting.models import Match, Vacancy
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services import undo
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, load_town
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import a_candidate, acts, proposed
from tests.web.register.files import a_workbook, applied, hanzeveen_in_files, homes_only

LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def on_a_monday_morning(settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path / "home"
    with time_machine.travel(LATER):
        yield


@pytest.fixture
def loaded(cast: Cast) -> Cast:
    """A town with the codes of its files, in which Iris judged before."""
    load_town(cast, hanzeveen_in_files())
    return cast


def a_notice(number: int = 5, **more: object) -> Notice:
    told = {"id": f"N-{number}", "dwelling": f"Vlier-{number:03d}", "notice": TODAY}
    return Notice(**{**told, "free_from": TODAY + timedelta(days=60), **more})


def delivered(cast: Cast, folder: Path, *notices: Notice, now=LATER, **more: object) -> Import:
    """Bring in the homes, and these notices beside the old ones."""
    town = homes_only(hanzeveen_in_files())
    told = replace(town, vacancies=(*town.vacancies, *notices), **more)
    return applied(cast.woonbelang, cast.anja, a_workbook(folder, told, "later.xlsx"), now)


def the_vacancy_of(cast: Cast, number: int = 5) -> Vacancy:
    rows = Vacancy.objects.for_organisation(cast.woonbelang)
    return rows.filter(dwelling=f"Vlier-{number:03d}").latest("pk")


def reads(user, name: str, *args: object) -> str:
    answer = asked(logged_in(user), "GET", reverse(f"letting:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_pages_of_a_notice_that_was_taken_back_show_the_last_that_is_known(loaded: Cast, tmp_path):
    row = delivered(loaded, tmp_path, a_notice(), now=NOW + timedelta(hours=1))
    vacancy = the_vacancy_of(loaded)
    services.hand_over(
        user=loaded.mo, vacancy=vacancy.public_id, to=loaded.iris.public_id, now=LATER
    )
    decision = decides(loaded.iris, answers(loaded.iris, "Vlierhof 5", LATER), now=LATER)
    services.open_matching(user=loaded.iris, vacancy=vacancy.public_id, now=LATER)
    match = proposed(loaded, vacancy, a_candidate(loaded), now=LATER)
    acts(loaded.iris, match, Act.CANCEL, now=LATER)
    services.stop_matching(user=loaded.iris, vacancy=vacancy.public_id, now=LATER)
    services.withdraw(
        user=loaded.iris, decision=decision.public_id, reason="changed", key=a_key(), now=LATER
    )
    undo(row=row, actor=loaded.anja, now=LATER + timedelta(hours=1))
    vacancy.refresh_from_db()
    assert vacancy.state == State.CLOSED
    for name, of in (("vacancy", vacancy), ("candidates", vacancy), ("match", match)):
        assert "Vlierhof 5" in reads(loaded.iris, name, of.public_id)
    assert Match.objects.for_organisation(loaded.woonbelang).count() == 1


def test_pages_of_a_home_that_was_taken_back_stay(cast: Cast, tmp_path):
    row = applied(cast.woonbelang, cast.anja, a_workbook(tmp_path, hanzeveen_in_files()), NOW)
    undo(row=row, actor=cast.anja, now=LATER)
    vacancy = the_vacancy_of(cast, 3)
    for name in ("vacancy", "candidates"):
        assert "Vlierhof 3" in reads(cast.iris, name, vacancy.public_id)
