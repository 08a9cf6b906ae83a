"""Whose part is whose: what the command line says, to who may know which figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.utils.translation import override

import mixwijzer as mw
from mixwijzer.engine.portfolio import Obligation, Portfolio
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.accounts.services import join
from mixwijzer.web.audit.models import Event
from mixwijzer.web.outlook.models import KeyFigures, Weighing
from mixwijzer.web.outlook.screens import shares_screen
from mixwijzer.web.outlook.selectors import shares
from mixwijzer.web.outlook.services import weigh
from tests.builders import BEFORE, NOW, TODAY, a_vacancy
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.agreements.test_board import a_year_of_lettings
from tests.web.every_url import asked, logged_in
from tests.web.refused_words import visible_text

PATH = "/outlook/feasibility/shares/"
LAY = "/outlook/feasibility/shares/lay/"


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def promised_by_two() -> Portfolio:
    """A town in which the other association promised 3 persons a home, with a year behind it."""
    town = a_year_of_lettings()
    theirs = Obligation(
        id="E-1",
        group="status_holder",
        owner="elders",
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        unit="persons",
        target=3,
        recorded_at=BEFORE,
    )
    notices = tuple(a_vacancy(f"Elders-00{number}", notice=date(2025, 12, 5)) for number in (1, 2))
    return replace(
        town,
        obligations=(*town.obligations, theirs),
        vacancies=(*town.vacancies, *notices),
        lettings=tuple(each for each in town.lettings if each.vacancy != "V-oud"),
    )


def their_head(cast: Cast) -> User:
    return join(
        email="kas@hanzeveen.example", name="Kas Weide", organisation=cast.elders, role=Role.HEAD
    )


def load(cast: Cast) -> User:
    """Load it for both, weigh it, and return the head of the other association."""
    load_town(cast, promised_by_two())
    for owner in (cast.woonbelang, cast.elders):
        assert weigh(owner=owner, now=NOW)
    return their_head(cast)


def lays(person: User, table: Organisation) -> int:
    client = logged_in(person)
    return asked(client, "POST", LAY, municipality=str(table.public_id)).status_code


def read(person: User, language: str = "nl") -> str:
    answer = logged_in(person, language=language).get(PATH)
    assert answer.status_code == 200
    return visible_text(answer.content.decode())


def test_the_municipality_reads_what_the_command_line_divides(cast: Cast):
    kas = load(cast)
    assert [lays(cast.mo, cast.gemeente), lays(kas, cast.gemeente)] == [302, 302]
    [found] = shares(cast.lotte, now=NOW).divisions
    told = {row["owner"]: row for row in mw.obligations(promised_by_two(), day=TODAY).divisions}
    codes = {cast.elders.name: "elders", cast.woonbelang.name: "woonbelang"}
    assert found.total == 15
    for part in found.parts:
        row = told[codes[part.owner]]
        ends = (row["suitable_low"], row["suitable_high"])
        assert (part.agreed, part.stock, part.suitable) == (row["agreed"], row["stock"], ends)
        assert (part.by_stock, part.by_suitable) == (row["by_stock"], row["by_suitable"])
        assert part.by_suitable is not None


def test_an_association_reads_nothing_of_another(cast: Cast):
    kas = load(cast)
    lays(kas, cast.gemeente)
    for person in (cast.mo, cast.iris, cast.hans):
        text = read(person)
        assert "Elders" not in text
        assert "15" not in re.findall(r"\d+", text)
        assert "Wat anderen beloofden, leest de gemeente" in text
        [found] = shares(person, now=NOW).divisions
        [mine] = found.parts
        assert (mine.agreed, mine.stock) == (12, 36)
    assert "Woonbelang" not in read(kas)


def test_before_it_lies_on_the_table_the_municipality_reads_no_home(cast: Cast):
    load(cast)
    lays(cast.mo, cast.gemeente)
    [found] = shares(cast.lotte, now=NOW).divisions
    theirs, ours = found.parts
    assert (theirs.owner, theirs.agreed, theirs.stock, theirs.suitable) == (
        cast.elders.name,
        3,
        None,
        None,
    )
    assert (ours.stock, ours.by_stock, ours.by_suitable) == (36, None, None)
    assert "Legden hun cijfers nog niet op tafel: Elders Wonen." in read(cast.lotte)


def test_what_lies_on_the_table_stays_as_it_was(cast: Cast):
    load(cast)
    lays(cast.mo, cast.gemeente)
    before = shares(cast.lotte, now=NOW).divisions
    town = promised_by_two()
    load_town(cast, replace(town, vacancies=(*town.vacancies, a_vacancy("Vlier-009"))))
    assert shares(cast.lotte, now=NOW).divisions == before
    assert "opnieuw berekend" in read(cast.mo)
    assert lays(cast.mo, cast.gemeente) == 409  # not of today's rows
    assert KeyFigures.of_everybody.count() == 1


def test_who_sends_it_twice_lays_it_there_once_and_it_is_in_the_log(cast: Cast):
    load(cast)
    assert "Leg deze cijfers op tafel" in read(cast.mo)
    assert [lays(cast.mo, cast.gemeente) for _ in range(2)] == [302, 302]
    assert KeyFigures.of_everybody.count() == 1
    assert Event.of_everybody.filter(action="outlook.lay").count() == 1
    text = read(cast.mo)
    assert "Deze cijfers liggen er al." in text
    assert "Leg deze cijfers op tafel" not in text


def test_only_who_writes_agreements_lays_it_there_and_only_with_whom_it_was_agreed(cast: Cast):
    load(cast)
    for person in (cast.iris, cast.lotte, cast.noor):
        assert lays(person, cast.gemeente) == 403
    assert lays(cast.mo, cast.opstap) == 404
    other = Organisation.objects.create(code="verderop", name="Verderop", kind="municipality")
    assert lays(cast.mo, other) == 409  # nothing was promised to it
    answer = asked(logged_in(cast.mo), "POST", LAY, municipality="niets")
    assert answer.status_code == 404
    assert not KeyFigures.of_everybody.exists()


def test_what_was_promised_to_another_municipality_does_not_lie_there(cast: Cast):
    load(cast)
    lays(cast.mo, cast.gemeente)
    other = Organisation.objects.create(code="verderop", name="Verderop", kind="municipality")
    theirs = join(
        email="v@verderop.example", name="Vos", organisation=other, role=Role.MUNICIPALITY
    )
    found = shares(theirs, now=NOW)
    assert (found.divisions, found.laid) == ((), ())


def test_every_figure_leads_to_where_it_comes_from(cast: Cast):
    kas = load(cast)
    lays(cast.mo, cast.gemeente)
    lays(kas, cast.gemeente)
    for person in (cast.mo, cast.lotte):
        html = logged_in(person).get(PATH).content.decode()
        board = logged_in(person).get("/obligations/").content.decode()
        assert PATH in board
        for link in re.findall(r'<td[^>]*><a href="([^"]+)"', html):
            page, _, anchor = link.partition("#")
            answer = logged_in(person).get(page or PATH)
            assert answer.status_code == 200
            assert not anchor or f'id="{anchor}"' in answer.content.decode()


def test_who_has_no_part_in_it_reads_that(cast: Cast):
    load(cast)
    for person in (cast.joris, cast.noor, cast.rik):
        assert shares(person, now=NOW).divisions == ()
        assert "Er is niets toegezegd dat u mag zien." in read(person)


def test_who_works_for_both_reads_both_as_they_are_today(cast: Cast):
    load(cast)
    join(email=cast.mo.email, name="Mo", organisation=cast.elders, role=Role.CONSULTANT)
    both = User.objects.get(email=cast.mo.email)
    [found] = shares(both, now=NOW).divisions
    assert sum(part.by_stock or 0 for part in found.parts) == 15
    with override("nl"):
        assert not shares_screen(shares(both, now=NOW)).alone


def test_what_is_not_counted_yet_or_cannot_be_says_so(cast: Cast):
    load_town(cast, promised_by_two())
    assert "worden geteld" in read(cast.mo)
    weigh(owner=cast.woonbelang, now=NOW.replace(year=1990))  # no norm was in force then
    assert "kunnen nu niet worden geteld; Haalbaarheid zegt waarom" in read(cast.mo)
    assert Weighing.of_everybody.count() == 1
