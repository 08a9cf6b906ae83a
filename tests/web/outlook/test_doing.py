"""What can be done now is said from the figures that are kept, whatever they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine
from django.utils.translation import override

from mixwijzer.web.outlook.kept import Kept, Power
from mixwijzer.web.outlook.screens.doing import doing
from mixwijzer.web.outlook.selectors import complex_outlook
from mixwijzer.web.outlook.services import look_ahead
from mixwijzer.web.register.models import Complex
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import answers
from tests.web.every_url import logged_in
from tests.web.outlook.towns import load_experiment
from tests.web.refused_words import visible_text


@pytest.fixture
def vlier(cast: Cast) -> tuple[Kept, Power]:
    """What is kept of a complex in an experiment."""
    with time_machine.travel(NOW):
        load_experiment(cast)
        answers(cast.iris, "Vlierhof 3")
        look_ahead(owner=cast.woonbelang, now=NOW)
        row = Complex.objects.for_organisation(cast.woonbelang).get(code="Vlier")
        kept = complex_outlook(row, None, TODAY).kept
    assert kept is not None
    assert kept.power is not None
    return kept, kept.power


def said(kept: Kept, told: Power) -> list[tuple[str, str]]:
    with override("nl"):
        return [(str(each.title), str(each.text)) for each in doing(kept, told)]


def now(told: Power, **changed: object) -> Power:
    return replace(told, now=replace(told.now, **changed))  # type: ignore[arg-type]


def test_who_reads_the_page_of_a_complex_reads_what_can_be_done(vlier, cast: Cast):
    place = Complex.objects.for_organisation(cast.woonbelang).get(code="Vlier").public_id
    with time_machine.travel(NOW):
        for path in (f"/complexes/{place}/", f"/outlook/complexes/{place}/"):
            text = visible_text(logged_in(cast.iris).get(path).content.decode())
            assert "Wat kunt u nu doen?" in text
            assert "Praat op tijd over wat er na het experiment komt." in text


def test_out_of_the_band_the_next_vacancies_are_named_and_which_share_they_turn(vlier):
    kept, told = vlier
    there = tuple(reversed(told.mix))
    out = now(told, anywhere=True, months=(5, 7, 9), vacancies=(3.2, 4.0), path=((8, there),))
    (title, text), *_ = said(kept, out)
    assert title == "Gebruik de volgende 3 vacatures."
    assert "in 8 maanden van" in text
    assert "Tot in de band: 7 maanden." in text
    one = now(out, vacancies=(0.9, 1.0))
    assert said(kept, one)[0][0] == "Gebruik de volgende vacature."
    for few in (None, 0.2):
        every = now(out, vacancies=(few, None), path=((0, told.mix), (5, there)))
        assert said(kept, every)[0][0] == "Gebruik elke vacature waarbij u mag sturen."


def test_in_the_band_it_is_to_be_held_and_how_likely_that_is(vlier):
    kept, told = vlier
    inside = now(told, anywhere=True, months=(0, 0, 0), in_band=(0.9, 0.84))
    assert said(kept, inside)[0] == (
        "Houd het zo: kijk bij elke vacature naar het advies.",
        "Kans dat het over 24 maanden in de band is als u dat doet: 84 van de 100.",
    )


@pytest.mark.parametrize(
    "figures",
    [{"anywhere": False, "months": (0, 0, 0)}, {"anywhere": True, "months": (9, None, None)}],
)
def test_a_band_that_cant_be_had_or_held_is_to_be_talked_about(vlier, figures):
    kept, told = vlier
    assert said(kept, now(told, **figures))[0][0].startswith("Praat over de band")


def test_a_wide_range_of_today_asks_for_a_new_look_and_a_narrow_one_does_not(vlier):
    kept, told = vlier
    narrow = tuple(replace(each, likely=((4, 5), *each.likely[1:])) for each in kept.courses)
    wide = tuple(replace(each, likely=((3, 9), *each.likely[1:])) for each in kept.courses)
    looks = "Laat twee mensen opnieuw kijken."
    assert looks not in dict(said(replace(kept, courses=narrow), told))
    assert "waarschijnlijk 3 tot 9" in dict(said(replace(kept, courses=wide), told))[looks]


def test_without_an_experiment_nothing_is_said_of_its_end(vlier):
    kept, told = vlier
    assert all("experiment" not in title for title, _ in said(replace(kept, ends=None), told))
