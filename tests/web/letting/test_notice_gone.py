"""A notice that is gone: taken back with its import, closed, or overtaken by a lease."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from mixwijzer.engine.portfolio import Scope, ScopeKind, Tenancy
from mixwijzer.engine.portfolio import Vacancy as Notice
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import bridge, services
from mixwijzer.web.letting.match_steps import Act
from mixwijzer.web.letting.models import Decision, Match, Vacancy
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services import undo, verify_accounts
from mixwijzer.web.rounds.bridge.margins import margins
from mixwijzer.web.yearbook.selectors import Quarter, quarter
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
    told = replace(town, **{"vacancies": (*town.vacancies, *notices), **more})
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


def closed_in_files(cast: Cast, folder: Path, day: date = TODAY, **more: object) -> Import:
    """Bring in a file in which the notice of Vlierhof 3 is closed."""
    town = homes_only(hanzeveen_in_files())
    told = tuple(
        replace(each, closed_on=day) if each.dwelling == "Vlier-003" else each
        for each in town.vacancies
    )
    return delivered(cast, folder, vacancies=told, **more)


def committed(cast: Cast) -> int:
    """Count whom the advice at Vlierhof 24 takes as promised a home in the complex."""
    row = the_vacancy_of(cast, 24)
    case = bridge.gather(cast.woonbelang, row.complex_id, row.code, TODAY)
    return case.accounts.committed(Scope(ScopeKind.COMPLEX, "Vlier"))


def test_a_decision_of_which_the_notice_closes_is_promised_and_counted_no_more(
    loaded: Cast, tmp_path
):
    decides(loaded.iris, answers(loaded.iris, "Vlierhof 3"), channel="mediation")
    vacancy = the_vacancy_of(loaded, 3)
    assert committed(loaded) == 1
    assert today(loaded.iris, now=LATER).figures.decided == 1
    assert closed_in_files(loaded, tmp_path).state == "applied"
    vacancy.refresh_from_db()
    assert vacancy.state == State.CLOSED
    assert committed(loaded) == 0
    assert today(loaded.iris, now=LATER).figures.decided == 0
    assert quarter(loaded.iris, Quarter(year=2026, number=4), today=TODAY).work is None
    assert margins(loaded.woonbelang, TODAY).special.of == 0
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
    page = reads(loaded.iris, "vacancy", vacancy.public_id)
    assert "Besluit vastgelegd" in page
    assert Decision.objects.for_organisation(loaded.woonbelang).get().lapsed_at is not None


def test_a_decision_after_which_somebody_came_to_live_there_counts(loaded: Cast, tmp_path):
    """An association that lets without matches: the file closes the notice and brings the lease."""
    decides(loaded.iris, answers(loaded.iris, "Vlierhof 3"), channel="mediation")
    closed_in_files(loaded, tmp_path, tenancies=leases_with(a_lease(3)))
    assert the_vacancy_of(loaded, 3).state == State.CLOSED
    assert committed(loaded) == 0
    assert today(loaded.iris, now=LATER).figures.decided == 1
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


def a_lease(number: int, start: date = TODAY, **more: object) -> Tenancy:
    """Build a lease that the association closed outside Mixwijzer."""
    home = f"Vlier-{number:03d}"
    return Tenancy(id=f"{home}-next", dwelling=home, start=start, **more)


def leases_with(*more: Tenancy) -> tuple[Tenancy, ...]:
    """Return the leases of the files with others beside them; who lived there left before."""
    ends = {each.dwelling: each.start - timedelta(days=1) for each in more}
    return (
        *(
            replace(each, end=ends[each.dwelling]) if each.dwelling in ends else each
            for each in hanzeveen_in_files().tenancies
        ),
        *more,
    )
