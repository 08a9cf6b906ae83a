"""What an advice says of later rests on what was computed of the portfolio, and says of when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mixwijzer.engine.account import Accounts
from mixwijzer.engine.advice import advise
from mixwijzer.engine.dynamics import History, estimate
from mixwijzer.engine.steering import steer
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.letting import bridge, services
from mixwijzer.web.letting.models import Advice, PricedRoom
from mixwijzer.web.outlook.services import look_ahead
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register.bridge import as_known, assumptions, current, norms
from mixwijzer.web.register.models import Delivery
from mixwijzer.web.ui import formats
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import answers, decides, the_vacancy
from tests.web.every_url import logged_in
from tests.web.kept import kept
from tests.web.outlook.towns import load_experiment
from tests.web.refused_words import visible_text

ADDRESS = "Vlierhof 3"
GREEK = re.compile("[\u0370-\u03ff]")


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def ahead(cast: Cast) -> Cast:
    """A town of which everything was computed."""

    def computed() -> None:
        load_experiment(cast)
        look_ahead(owner=cast.woonbelang, now=NOW)

    kept("an experiment, computed", computed)
    return cast


def read(cast: Cast, language: str = "nl") -> str:
    """Return the text of the page of the vacancy."""
    place = the_vacancy(cast.iris, ADDRESS).id
    answer = logged_in(cast.iris, language=language).get(f"/vacancies/{place}/")
    assert answer.status_code == 200
    return visible_text(answer.content.decode())


def test_nothing_of_later_is_shown_before_the_own_view(ahead: Cast):
    assert "Later en elders" not in read(ahead)
    answers(ahead.iris, ADDRESS)
    assert "Later en elders" in read(ahead)


def test_the_page_says_what_the_library_says(ahead: Cast):
    shown = answers(ahead.iris, ADDRESS).advice
    rules = {
        table.name: table.read(current(table, ahead.woonbelang))
        for table in (PROFILES, CAPS, OBLIGATIONS)
    }
    before = replace(as_known(ahead.woonbelang, NOW - timedelta(seconds=1)), **rules)
    priced = Accounts(before, assumptions(TODAY), TODAY)
    history = History.of(priced)
    rates = {each.id: estimate(history, norms(), place=each.id).rates for each in before.complexes}
    index = steer(priced, rates, only=()).index
    assert index
    portfolio = replace(as_known(ahead.woonbelang, NOW), **rules)
    told = advise(portfolio, shown.vacancy, TODAY, norms(), room=index.room("Vlier")).ahead
    assert told
    assert shown.ahead == told
    text = read(ahead)
    for each in told.placements:
        for figure in (each.placement.cost, *(later.out_of_band for later in each.later)):
            assert formats.number(abs(figure), 1) in text


def test_every_figure_has_its_method_and_its_day_and_no_greek(ahead: Cast):
    answers(ahead.iris, ADDRESS)
    for language, said in (
        ("nl", "Berekend op 23 november 2026"),
        ("en", "Computed on 23 November 2026"),
    ):
        text = read(ahead, language)
        assert said in text
        assert not GREEK.search(text)
    assert "Zo is dit berekend" in read(ahead)
    method = logged_in(ahead.iris).get("/method/").content.decode()
    assert "Wat een plaatsing later en elders kost" in method


def test_where_nobody_looked_ahead_the_advice_works_and_says_so(cast: Cast):
    load_experiment(cast)
    page = answers(cast.iris, ADDRESS)
    assert "Voor dit advies is nog niet vooruitgekeken" in read(cast)
    assert decides(cast.iris, page).followed


def test_figures_from_before_the_last_delivery_say_so(ahead: Cast):
    answers(ahead.iris, ADDRESS)
    assert "ouder dan onze gegevens" not in read(ahead)
    last = Delivery.objects.for_organisation(ahead.woonbelang).latest("pk")
    Delivery(
        owner=ahead.woonbelang,
        at=NOW + timedelta(hours=1),
        data_date=last.data_date,
        synthetic=last.synthetic,
    ).save(force_insert=True)
    assert "ouder dan onze gegevens" in read(ahead)


def test_an_advice_is_made_again_to_the_bit_when_prices_changed_or_went(ahead: Cast):
    page = answers(ahead.iris, ADDRESS)
    decision = decides(ahead.iris, page)
    PricedRoom.of_everybody.all().delete()
    row = Advice.of_everybody.get(vacancy__public_id=page.id)
    assert row.priced_at == NOW
    again = bridge.Case.load(row.inputs or "")
    assert again.dump() == row.inputs
    assert bridge.dump_advice(again.advice) == row.result
    assert again.advice.ahead
    assert bridge.dump_advice(services.replay(decision)) == decision.checked


def test_the_answer_at_once_is_the_same_but_for_the_years_after(ahead: Cast):
    page = answers(ahead.iris, ADDRESS)
    row = Advice.of_everybody.select_related("vacancy").get(vacancy__public_id=page.id)
    case = bridge.case_ahead(row.owner, row.vacancy.complex_id, row.vacancy.code, TODAY)
    whole, quick = case.advice, case.at_once
    assert whole.ahead
    assert quick.ahead
    assert replace(quick, ahead=whole.ahead) == whole
    assert quick.ahead.costs == whole.ahead.costs
    assert not any(each.later for each in quick.ahead.placements)


def test_what_can_no_longer_be_priced_is_not_kept(ahead: Cast):
    row = PricedRoom.of_everybody.earliest("pk")
    services.keep_room(
        owner=ahead.woonbelang, complex_id=row.complex_id, room=None, now=timezone.now()
    )
    assert not PricedRoom.of_everybody.filter(complex=row.complex_id).exists()
    assert PricedRoom.of_everybody.exists()
