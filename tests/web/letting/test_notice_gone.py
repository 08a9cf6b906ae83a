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
from mixwijzer.engine.portfolio import Vacancy as Told
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import bridge, services
from mixwijzer.web.letting.match_steps import Act, MatchState
from mixwijzer.web.letting.models import Decision, Match, Vacancy
from mixwijzer.web.letting.refusals import NotAllowedNow
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.register.models import Dwelling, Import, Notice
from mixwijzer.web.register.services import undo, verify_accounts
from mixwijzer.web.rounds.bridge.margins import margins
from mixwijzer.web.yearbook.selectors import Quarter, quarter
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import a_key, answers, decides, load_town, the_page
from tests.web.every_url import asked, logged_in
from tests.web.letting.matched import (
    a_candidate,
    a_home_for_matching,
    acts,
    now_of,
    proposed,
    to_step,
)
from tests.web.register.files import a_workbook, applied, hanzeveen_in_files, homes_only, read

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


def a_notice(number: int = 5, **more: object) -> Told:
    told = {"id": f"N-{number}", "dwelling": f"Vlier-{number:03d}", "notice": TODAY}
    return Told(**{**told, "free_from": TODAY + timedelta(days=60), **more})


def delivered(cast: Cast, folder: Path, *notices: Told, now=LATER, **more: object) -> Import:
    """Bring in the homes, and these notices beside the old ones."""
    town = homes_only(hanzeveen_in_files())
    told = replace(town, **{"vacancies": (*town.vacancies, *notices), **more})
    path = a_workbook(folder, told, "later.xlsx")
    row = read(cast.woonbelang, cast.anja, path, now)
    return row if row.state == "same" else applied(cast.woonbelang, cast.anja, path, now)


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


def test_a_lease_that_comes_in_closes_the_notice_and_calls_its_matches_off(loaded: Cast, tmp_path):
    vacancy = a_home_for_matching(loaded)
    match = proposed(loaded, vacancy, a_candidate(loaded))
    waits = proposed(loaded, vacancy, a_candidate(loaded), reserve=True)
    delivered(loaded, tmp_path, tenancies=leases_with(a_lease(3)))
    vacancy.refresh_from_db()
    assert vacancy.state == State.CLOSED
    assert {now_of(each).state for each in (match, waits)} == {MatchState.CANCELLED}
    assert committed(loaded) == 0
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
    for name, of in (("vacancy", vacancy), ("match", match)):
        assert "verhuurd buiten Mixwijzer om" in reads(loaded.iris, name, of.public_id)
    with pytest.raises(NotAllowedNow):
        acts(loaded.tessa, match, Act.LET, now=LATER)


def test_a_file_that_still_lists_a_notice_that_is_over_changes_nothing(loaded: Cast, tmp_path):
    a_home_for_matching(loaded)
    leases = leases_with(a_lease(3))
    delivered(loaded, tmp_path, tenancies=leases)
    again = delivered(loaded, tmp_path, now=LATER + timedelta(days=1), tenancies=leases)
    assert again.state == "same"
    assert the_vacancy_of(loaded, 3).state == State.CLOSED
    notice = Notice.objects.for_organisation(loaded.woonbelang).get(
        dwelling="Vlier-003", replaced_at=None
    )
    assert notice.closed_on == TODAY


def was_let(cast: Cast, number: int = 3) -> Vacancy:
    """Let a home by a match."""
    vacancy = a_home_for_matching(cast, f"Vlier-{number:03d}")
    match = to_step(cast, proposed(cast, vacancy, a_candidate(cast)), MatchState.CONTRACT)
    acts(cast.tessa, match, Act.LET)
    vacancy.refresh_from_db()
    assert vacancy.state == State.LET
    return vacancy


def noticed_again(cast: Cast, now) -> Vacancy:
    home = Dwelling.objects.for_organisation(cast.woonbelang).get(
        code="Vlier-003", replaced_at=None
    )
    day = now.date() + timedelta(days=30)
    done = services.notice(user=cast.tessa, dwelling=home.public_id, free_from=day, now=now)
    return Vacancy.objects.for_organisation(cast.woonbelang).get(public_id=done.vacancy)


def test_the_next_notice_of_a_home_that_was_let_is_a_new_vacancy(loaded: Cast):
    before, later = was_let(loaded), NOW + timedelta(days=200)
    made = noticed_again(loaded, later)
    assert made.pk != before.pk
    before.refresh_from_db()
    assert (before.state, made.state) == (State.CLOSED, State.NOTICED)
    assert noticed_again(loaded, later).pk == made.pk
    day = later.date()
    case = bridge.gather(loaded.woonbelang, made.complex_id, made.code, day)
    assert case.accounts.committed(Scope(ScopeKind.COMPLEX, "Vlier")) == 0
    assert verify_accounts(owner=loaded.woonbelang, day=day) == ()


def test_the_lease_of_who_was_let_a_home_closes_its_notice_and_it_still_counts(
    loaded: Cast, tmp_path
):
    before = was_let(loaded)
    delivered(loaded, tmp_path, tenancies=leases_with(a_lease(3)))
    before.refresh_from_db()
    assert before.state == State.CLOSED
    assert "het huurcontract kwam binnen" in reads(loaded.iris, "vacancy", before.public_id)
    assert today(loaded.iris, now=LATER).figures.decided == 1
    assert margins(loaded.woonbelang, TODAY).special.of == 1
    made = noticed_again(loaded, NOW + timedelta(days=200))
    assert made.pk != before.pk


@pytest.mark.parametrize("named", [True, False])
def test_a_file_brings_the_next_notice_of_a_home_that_was_let(loaded: Cast, tmp_path, named):
    """Whether it still names the old notice or not; and twice is once."""
    before, later = was_let(loaded), NOW + timedelta(days=200)
    new = a_notice(3, notice=later.date(), free_from=later.date() + timedelta(days=60))
    old = {} if named else {"vacancies": (new,)}
    told = (new,) if named else ()
    delivered(loaded, tmp_path, *told, now=later, **old)
    made = the_vacancy_of(loaded, 3)
    assert made.code == "N-3"
    before.refresh_from_db()
    assert (before.state, made.state) == (State.CLOSED, State.NOTICED)
    again = delivered(loaded, tmp_path, *told, now=later + timedelta(days=1), **old)
    assert again.state == "same"


# --- taken back: the notice counts again


def taken_back(cast: Cast, row: Import, vacancy: Vacancy) -> Vacancy:
    """Take an import back, and read a vacancy again."""
    undo(row=row, actor=cast.anja, now=LATER + timedelta(hours=1))
    vacancy.refresh_from_db()
    return vacancy


def test_a_decision_stands_again_when_what_closed_its_notice_is_taken_back(loaded: Cast, tmp_path):
    decides(loaded.iris, answers(loaded.iris, "Vlierhof 3"), channel="mediation")
    row = closed_in_files(loaded, tmp_path)
    vacancy = taken_back(loaded, row, the_vacancy_of(loaded, 3))
    assert vacancy.state == State.DECIDED
    assert committed(loaded) == 1
    assert today(loaded.iris, now=LATER).figures.decided == 1
    assert margins(loaded.woonbelang, TODAY).special.of == 1
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()
    page = reads(loaded.iris, "vacancy", vacancy.public_id)
    assert "Deze opzegging is weer open" in page
    assert "Wat besloten was, geldt weer" in page
    services.open_matching(user=loaded.iris, vacancy=vacancy.public_id, now=LATER)
    assert "Deze opzegging is weer open" not in reads(loaded.iris, "vacancy", vacancy.public_id)


@pytest.mark.parametrize("also_days", [False, True])
def test_matches_can_be_opened_again_when_the_lease_is_taken_back(
    loaded: Cast, tmp_path, also_days
):
    """Also where the same file named another day for the notice that its lease closed."""
    vacancy = a_home_for_matching(loaded)
    match = proposed(loaded, vacancy, a_candidate(loaded))
    more = {"tenancies": leases_with(a_lease(3))}
    if also_days:
        more["vacancies"] = tuple(
            replace(each, free_from=each.free_from + timedelta(days=9))
            for each in hanzeveen_in_files().vacancies
        )
    row = delivered(loaded, tmp_path, **more)
    vacancy = taken_back(loaded, row, vacancy)
    assert vacancy.state == State.IN_MATCHING
    assert committed(loaded) == 1
    assert "kunnen weer geopend worden" in reads(loaded.iris, "vacancy", vacancy.public_id)
    acts(loaded.iris, match, Act.REOPEN, now=LATER)
    acts(loaded.tessa, to_step(loaded, match, MatchState.CONTRACT, now=LATER), Act.LET, now=LATER)
    assert now_of(match).state == MatchState.LET
    assert verify_accounts(owner=loaded.woonbelang, day=TODAY) == ()


def test_a_letting_stays_one_when_its_lease_is_taken_back(loaded: Cast, tmp_path):
    before = was_let(loaded)
    row = delivered(loaded, tmp_path, tenancies=leases_with(a_lease(3)))
    assert taken_back(loaded, row, before).state == State.LET
    assert margins(loaded.woonbelang, TODAY).special.of == 1
    again = delivered(
        loaded, tmp_path, now=LATER + timedelta(hours=2), tenancies=leases_with(a_lease(3))
    )
    assert again.state == "applied"
    before.refresh_from_db()
    assert before.state == State.CLOSED


def test_a_view_that_was_asked_is_asked_again(loaded: Cast, tmp_path):
    row = closed_in_files(loaded, tmp_path)
    vacancy = taken_back(loaded, row, the_vacancy_of(loaded, 3))
    assert vacancy.state == State.NOTICED
    decides(loaded.iris, answers(loaded.iris, "Vlierhof 3", LATER), now=LATER)


def test_an_advice_that_was_open_waits_again_for_its_decision(loaded: Cast, tmp_path):
    answers(loaded.iris, "Vlierhof 3")
    row = closed_in_files(loaded, tmp_path)
    vacancy = taken_back(loaded, row, the_vacancy_of(loaded, 3))
    assert vacancy.state == State.ADVISED
    services.open_advice(user=loaded.iris, vacancy=vacancy.public_id, now=LATER)
    decides(loaded.iris, the_page(loaded.iris, "Vlierhof 3", LATER), now=LATER)


def test_a_notice_that_is_brought_in_once_more_goes_on(loaded: Cast, tmp_path):
    row = delivered(loaded, tmp_path, a_notice(), now=NOW + timedelta(hours=1))
    vacancy = taken_back(loaded, row, the_vacancy_of(loaded))
    assert vacancy.state == State.CLOSED
    later = LATER + timedelta(hours=2)
    assert delivered(loaded, tmp_path, a_notice(), now=later).state == "applied"
    vacancy.refresh_from_db()
    assert vacancy.state == State.NOTICED


def test_a_lapsed_decision_can_lapse_and_stand_again_more_than_once(loaded: Cast, tmp_path):
    decides(loaded.iris, answers(loaded.iris, "Vlierhof 3"), channel="mediation")
    for hours in (2, 4):
        now = NOW + timedelta(hours=hours)
        row = closed_in_files(loaded, tmp_path, now=now)
        assert committed(loaded) == 0
        undo(row=row, actor=loaded.anja, now=now + timedelta(hours=1))
        assert committed(loaded) == 1
    assert the_vacancy_of(loaded, 3).state == State.DECIDED
