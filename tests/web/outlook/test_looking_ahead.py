"""What was computed of the coming years is what the library says, and is never silently old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.dynamics import History, estimate
from mixwijzer.engine.forecast import Outset, forecast
from mixwijzer.engine.steering import steer
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.config import watching
from mixwijzer.web.outlook.models import Outlook
from mixwijzer.web.outlook.selectors import Wanted, outlooks
from mixwijzer.web.outlook.services import look_ahead
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register.bridge import CHANNELS, as_known, assumptions, current, norms
from mixwijzer.web.register.models import Complex
from mixwijzer.web.register.services import store
from mixwijzer.web.ui import formats
from tests.builders import NOW, TODAY, hanzeveen
from tests.cast import Cast
from tests.web.acting import answers, load_town
from tests.web.every_url import logged_in
from tests.web.kept import kept
from tests.web.outlook.towns import ENDS, load_experiment
from tests.web.refused_words import visible_text

GREEK = re.compile("[\u0370-\u03ff]")
ORDINARY = 0.15  # of the vacancies, where everybody agreed


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def ahead(cast: Cast) -> Cast:
    """A town with an experiment that ends, of which everything is computed."""

    def computed() -> None:
        load_experiment(cast)
        look_ahead(owner=cast.woonbelang, now=NOW)

    kept("an experiment, computed", computed)
    return cast


def page(person: object, path: str, language: str = "nl") -> str:
    """Return what somebody reads at an address."""
    answer = logged_in(person, language=language).get(path)
    assert answer.status_code == 200
    return visible_text(answer.content.decode())


def place_of(cast: Cast, code: str) -> str:
    """Return the id of a complex."""
    row = Complex.objects.for_organisation(cast.woonbelang).get(code=code)
    return str(row.public_id)


@pytest.mark.once
def test_a_figure_on_the_page_is_the_figure_of_the_library(ahead: Cast):
    rules = {
        table.name: table.read(current(table, ahead.woonbelang))
        for table in (PROFILES, CAPS, OBLIGATIONS)
    }
    portfolio = replace(as_known(ahead.woonbelang, NOW), **rules)
    accounts = Accounts(portfolio, assumptions(TODAY), TODAY)
    found = {
        each.id: estimate(History.of(accounts), norms(), place=each.id)
        for each in portfolio.complexes
    }
    rates = {name: each.rates for name, each in found.items()}
    slow = {name: replace(rates[name], drift=each.slowest.drift) for name, each in found.items()}
    fast = {name: replace(rates[name], drift=each.fastest.drift) for name, each in found.items()}
    told = steer(accounts, rates, slowest=slow, fastest=fast, ordinary_regime=ORDINARY)
    for code in ("Vlier", "Molen"):
        text = page(ahead.mo, f"/outlook/complexes/{place_of(ahead, code)}/")
        outset = next(each for each in Outset.all_of(accounts, rates) if each.id == code)
        policy = replace(told.index.policy(code), steered=1.0)
        expected = forecast([replace(outset, policy=policy)], range(25))
        for month in (12, 24):
            assert formats.of_hundred(float(expected.in_band(code)[month])) in text
        low, _, high = told.powers[code].power("attention")
        ends = dict.fromkeys(f"{each:.1f}".replace(".", ",") for each in (low, high))
        assert f"{'–'.join(ends)} sturingskracht" in text
        assert formats.of_hundred(min(told.powers[code].stay)) in text
        left = told.powers[code].borrowed.reach.grips["attention"].power
        assert f"blijft {left:.2f}".replace(".", ",") in text


@pytest.mark.once
def test_computed_again_from_the_same_rows_it_is_the_same_to_the_bit(ahead: Cast):
    before = list(Outlook.of_everybody.order_by("complex").values_list("content", "brief"))
    assert look_ahead(owner=ahead.woonbelang, now=NOW) == 0
    Outlook.of_everybody.all().delete()
    assert look_ahead(owner=ahead.woonbelang, now=NOW, most=1) == 1
    assert look_ahead(owner=ahead.woonbelang, now=NOW) == 1
    after = list(Outlook.of_everybody.order_by("complex").values_list("content", "brief"))
    assert after == before


def test_what_is_not_there_yet_says_so_and_what_is_old_says_of_which_day(ahead: Cast):
    path = f"/complexes/{place_of(ahead, 'Vlier')}/"
    assert "opnieuw berekend" not in page(ahead.mo, path)
    answers(ahead.iris, "Vlierhof 3")
    assert "Het wordt opnieuw berekend" in page(ahead.mo, path)
    assert "1 complex wordt (opnieuw) berekend" in page(ahead.mo, "/outlook/")
    look_ahead(owner=ahead.woonbelang, now=NOW)
    assert "opnieuw berekend" not in page(ahead.mo, path)
    Outlook.of_everybody.all().delete()
    assert "Dit wordt berekend" in page(ahead.mo, path)
    assert "wordt berekend" in page(ahead.mo, "/outlook/steering/")


def test_when_a_way_may_be_used_for_longer_what_was_computed_is_old(ahead: Cast):
    rows = CHANNELS.read(current(CHANNELS, ahead.woonbelang))
    longer = tuple(
        replace(each, ground_end=ENDS + timedelta(days=365)) if each.ground_end else each
        for each in rows
    )
    places = {each.id: place for place, each in enumerate(longer)}
    store(
        table=CHANNELS,
        owner=ahead.woonbelang,
        values=longer,
        now=NOW,
        extra=lambda row: {"place": places[row.id]},
    )
    path = f"/complexes/{place_of(ahead, 'Vlier')}/"
    assert "Het wordt opnieuw berekend" in page(ahead.mo, path)


def test_the_grounds_that_end_name_their_ways_in_the_language_of_the_reader(ahead: Cast):
    for language, name in (("nl", "Met motivatie"), ("en", "With motivation")):
        assert name in page(ahead.mo, "/outlook/steering/", language)


def test_on_one_screen_where_it_goes_whether_it_turns_when_and_with_how_many_vacancies(
    ahead: Cast,
):
    answers(ahead.iris, "Vlierhof 3")
    look_ahead(owner=ahead.woonbelang, now=NOW)
    text = page(ahead.iris, f"/complexes/{place_of(ahead, 'Vlier')}/")
    for said in (
        "Verleden en verwachting",
        "Over 12 maanden waarschijnlijk",
        "sturingskracht",
        "houdbaar",
        "tot in de band",
        "vacatures nodig",
        "kans over 12 maanden",
        "geleend, tot 1 januari 2028",
    ):
        assert said in text
    assert text.count("Zo is dit berekend") >= 6


def test_of_a_place_where_the_own_view_comes_first_nothing_is_in_a_list_or_a_sum(ahead: Cast):
    mine, all_ = (outlooks(person, Wanted(), now=NOW) for person in (ahead.iris, ahead.mo))
    assert [each.name for each in mine.lines if each.asked] == ["De Vlierhof"]
    assert all(each.brief is None for each in mine.lines if each.asked)
    assert (mine.totals.complexes, all_.totals.complexes) == (1, 2)
    assert [each.in_band for each in mine.quarters] == [None]


def test_the_list_is_in_the_order_that_is_asked_and_takes_as_many_queries_for_more_complexes(
    ahead: Cast, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        found = outlooks(ahead.mo, Wanted(sort="name", descending=True), now=NOW)
    assert [each.name for each in found.lines] == ["De Vlierhof", "De Molenhof"]
    worst_first = outlooks(ahead.mo, Wanted(), now=NOW).lines
    chances = [each.brief.in_band[1] for each in worst_first]
    assert chances == sorted(chances)
    assert [each.name for each in outlooks(ahead.mo, Wanted(text="molen"), now=NOW).lines] == [
        "De Molenhof"
    ]


@pytest.mark.once
def test_no_page_ahead_has_a_greek_letter_or_a_chance_beyond_its_ends(ahead: Cast):
    for path in (
        "/outlook/",
        "/outlook/steering/",
        f"/outlook/complexes/{place_of(ahead, 'Vlier')}/",
    ):
        for language in ("nl", "en"):
            assert not GREEK.search(page(ahead.mo, path, language))


def test_without_a_band_the_page_says_what_may_be_expected_and_why_it_cannot_be_turned(cast: Cast):
    load_town(cast, replace(hanzeveen(), profiles=()))
    look_ahead(owner=cast.woonbelang, now=NOW)
    text = page(cast.mo, f"/outlook/complexes/{place_of(cast, 'Vlier')}/")
    assert "Hier is geen band afgesproken" in text
    assert "Over 12 maanden waarschijnlijk" in text


def test_a_worker_watches_for_each_association_and_leaves_a_note_for_the_next_watch(
    town: Cast, as_in_production: None
):
    watching.keep_watch()
    watching.keep_watch()
    notes = DBTaskResult.objects.filter(task_path=watching.watch.module_path)
    assert notes.count() == 1
    notes.delete()
    assert watching.watch.func() == 3
    assert watching.watch.func() == 0
    assert {each.status for each in notes} == {TaskResultStatus.READY}
    assert all(each.run_after > NOW + timedelta(minutes=1) for each in notes)
