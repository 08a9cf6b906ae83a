"""The sheet of a quarter: what was promised and done, why behind, and what the mix check cost."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.agreements.selectors import board
from mixwijzer.web.outlook.services import weigh
from mixwijzer.web.yearbook.selectors import Quarter, QuarterPage, quarter
from tests.builders import NOW, TODAY, a_vacancy, hanzeveen
from tests.cast import Cast
from tests.exchange.printed import text_of
from tests.web.acting import answers, decides, load_town
from tests.web.agreements.test_board import a_year_of_lettings
from tests.web.every_url import logged_in

NOW_QUARTER = Quarter(2026, 4)


def the_sheet(user: object, asked: Quarter = NOW_QUARTER) -> QuarterPage:
    return quarter(user, asked, today=TODAY)  # type: ignore[arg-type]


def with_a_year_before() -> Portfolio:
    """The same town, in which ten homes came free in the year before the promise."""
    town = a_year_of_lettings()
    before = tuple(
        replace(a_vacancy("Vlier-001", notice=date(2025, month, 1)), id=f"V-2025-{month}")
        for month in range(2, 12)
    )
    return replace(town, vacancies=(*town.vacancies, *before))


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_one_quarter_and_quarters_follow_each_other(day: date) -> None:
    own = Quarter.of(day)
    assert own.start <= day < own.end
    assert own.after(1).start == own.end
    assert own.after(1).after(-1) == own
    assert Quarter.named(str(own)) == own


@pytest.mark.parametrize("name", ["2026-5", "2026-0", "26-1", "2026", "2026-1x", "1999-1"])
def test_what_is_no_quarter_is_none(name: str) -> None:
    assert Quarter.named(name) is None


def test_the_sheet_counts_what_the_board_counts(cast: Cast):
    load_town(cast, a_year_of_lettings())
    (promise,) = the_sheet(cast.mo).promises
    assert promise.board == board(cast.mo, day=TODAY)[0]


def test_what_quarters_add_is_together_what_is_done(cast: Cast):
    load_town(cast, a_year_of_lettings())
    gained = []
    for number in (1, 2, 3, 4):
        (promise,) = the_sheet(cast.mo, Quarter(2026, number)).promises
        gained.append(promise.gained)
    assert sum(gained) == promise.board.line.realised == 4
    assert gained == [0, 0, 4, 0]  # the household came on the first of July


def test_an_earlier_quarter_is_told_up_to_its_last_day(cast: Cast):
    load_town(cast, a_year_of_lettings())
    page = the_sheet(cast.mo, Quarter(2026, 2))
    assert page.day == date(2026, 6, 30)
    (promise,) = page.promises
    assert (promise.board.line.realised, promise.board.line.under_way) == (0, 4)


def test_why_a_promise_is_behind_adds_up(cast: Cast):
    load_town(cast, with_a_year_before())
    (promise,) = the_sheet(cast.mo).promises
    line = promise.board.line
    assert promise.why is not None
    assert promise.why.total == pytest.approx(line.pace - line.realised - line.under_way)
    assert promise.why.homes == 3


def test_without_a_year_before_nobody_guesses_why(cast: Cast):
    load_town(cast, a_year_of_lettings())
    assert the_sheet(cast.mo).promises[0].why is None
    with time_machine.travel(NOW):
        page = logged_in(cast.mo).get("/yearbook/quarter/").content.decode()
    assert "van het jaar ervoor is te weinig bekend" in page


def decide_the_third(
    cast: Cast, *, publication: date | None = None, channel: str | None = None
) -> None:
    """Let Iris decide on a home of which the advert goes out on a day."""
    town, notice = hanzeveen(), TODAY - timedelta(days=6)
    vacancies = tuple(
        replace(each, publication=publication, notice=notice)
        if each.dwelling == "Vlier-003"
        else each
        for each in town.vacancies
    )
    load_town(cast, replace(town, vacancies=vacancies))
    decides(cast.iris, answers(cast.iris, "Vlierhof 3"), channel=channel)


@pytest.mark.parametrize(
    ("publication", "in_time", "lost", "undated"),
    [
        (TODAY + timedelta(days=2), 1, 0, 0),
        (TODAY, 1, 0, 0),
        (TODAY - timedelta(days=3), 0, 3, 0),
        (None, 0, 0, 1),
    ],
)
def test_days_lost_are_those_that_a_decision_came_after_the_advert(
    cast: Cast, publication: date | None, in_time: int, lost: int, undated: int
):
    decide_the_third(cast, publication=publication)
    work = the_sheet(cast.mo).work
    assert work is not None
    assert (work.decided, work.in_time, work.days_lost, work.undated) == (1, in_time, lost, undated)
    assert work.days_to_decide == 6


def test_another_way_is_counted_with_its_reason_and_its_reader(cast: Cast):
    decide_the_third(cast, channel="ordinary")
    work = the_sheet(cast.mo).work
    assert work is not None
    assert (work.followed, dict(work.reasons), work.read) == (0, {"request_fits": 1}, 0)


def test_a_decision_of_another_quarter_is_not_on_this_sheet(cast: Cast):
    decide_the_third(cast)
    assert the_sheet(cast.mo, Quarter(2026, 3)).work is None


def test_the_municipality_reads_its_promises_unrounded_and_nothing_of_how_homes_were_let(
    cast: Cast,
):
    load_town(cast, with_a_year_before())
    page = the_sheet(cast.lotte)
    (promise,) = page.promises
    assert promise.board.line.realised == 4
    assert (promise.board.expected, promise.why, page.work, page.requests) == (
        None,
        None,
        None,
        None,
    )


def test_what_can_be_agreed_falls_with_how_sure_it_has_to_be(cast: Cast):
    load_town(cast, with_a_year_before())
    (promise,) = the_sheet(cast.mo).promises
    assert promise.menu is not None
    surely, evenly, seldom = promise.menu
    assert surely <= evenly <= seldom
    assert seldom > 0


def the_document(user: object) -> tuple[str, int]:
    """All text of the Word file that this reader gets, and its number of tables."""
    with time_machine.travel(NOW):
        given = logged_in(user).get("/yearbook/quarter/word/?of=2026-4")
    assert given["Content-Disposition"].endswith('"kwartaalblad-2026-4.docx"')
    made = Document(io.BytesIO(given.content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in made.paragraphs), *cells]), len(made.tables)


@pytest.mark.once
def test_the_word_file_says_what_the_sheet_says_to_the_same_reader(cast: Cast):
    load_town(cast, with_a_year_before())
    own, tables = the_document(cast.mo)
    assert "achter op een gelijkmatig tempo" in own
    assert "Een alinea voor de raad" in own
    assert tables == 2
    theirs, tables = the_document(cast.lotte)
    assert "Dat is gelukt voor 4, waarvan 0 in dit kwartaal" in theirs
    assert "Kans dat het lukt" not in theirs
    assert tables == 1


def the_pdf(user: object) -> bytes:
    with time_machine.travel(NOW):
        given = logged_in(user).get("/yearbook/quarter/pdf/?of=2026-4")
    assert given["Content-Type"] == "application/pdf"
    assert given["Content-Disposition"].endswith('"kwartaalblad-2026-4.pdf"')
    content: bytes = given.content
    return content


@pytest.mark.once
def test_the_pdf_says_word_for_word_what_the_word_file_says(cast: Cast):
    load_town(cast, with_a_year_before())
    weigh(owner=cast.woonbelang, now=NOW)
    for person in (cast.mo, cast.lotte):
        printed = text_of(the_pdf(person))
        for line in the_document(person)[0].splitlines():
            assert " ".join(line.split()) in printed, line
    assert "Kan het samen?" in text_of(the_pdf(cast.mo))
    assert "Kan het samen?" not in text_of(the_pdf(cast.lotte))


def test_where_no_pdf_can_be_made_the_sheet_says_so_and_offers_none(cast: Cast, monkeypatch):
    load_town(cast, with_a_year_before())
    monkeypatch.setitem(sys.modules, "typst", None)
    with time_machine.travel(NOW):
        client = logged_in(cast.mo)
        page = client.get("/yearbook/quarter/").content.decode()
        assert client.get("/yearbook/quarter/pdf/").status_code == 404
    assert "/yearbook/quarter/pdf/" not in page
    assert "bewaar als pdf" in page


def test_who_has_no_part_in_it_reads_that_there_is_nothing(cast: Cast):
    load_town(cast, a_year_of_lettings())
    with time_machine.travel(NOW):
        page = logged_in(cast.anja).get("/yearbook/quarter/").content.decode()
    assert "Er is niets toegezegd dat u mag zien." in page


@pytest.mark.parametrize("of", ["2027-1", "2026-7", "soon"])
def test_a_quarter_that_has_not_begun_or_is_none_is_not_there(town: Cast, of: str):
    with time_machine.travel(NOW):
        assert logged_in(town.mo).get(f"/yearbook/quarter/?of={of}").status_code == 404


def test_a_sheet_takes_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries):
    load_town(cast, with_a_year_before())
    the_sheet(cast.mo)
    with django_assert_max_num_queries(54):
        the_sheet(cast.mo)
