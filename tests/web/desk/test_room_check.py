"""At the door: type an address, hear whether there is room; nothing is kept."""

from __future__ import annotations

import pytest

from mixwijzer.web.desk.selectors import room_check, search
from mixwijzer.web.letting.bridge import Advice
from mixwijzer.web.letting.models import Advice as Opened
from mixwijzer.web.letting.models import Step
from tests.builders import NOW, hanzeveen
from tests.cast import Cast
from tests.web.acting import the_page


def check(user, query: str):
    return room_check(user, query=query, category="attention", now=NOW)


def test_a_whole_address_is_answered(town: Cast):
    found = check(town.mo, "vlierhof 7")
    assert isinstance(found.answer, Advice)
    assert found.chosen is not None
    assert (found.chosen.label, found.vacancy) == ("Vlierhof 7", None)
    assert found.answer.category("attention").rules


def test_an_address_with_an_open_notice_gets_that_vacancys_advice(town: Cast):
    found = check(town.mo, "Vlierhof 3")
    page = the_page(town.mo, "Vlierhof 3")
    assert found.vacancy == page.id
    assert found.answer == page.advice


def test_a_street_gives_homes_to_choose_from_and_no_answer(town: Cast):
    found = check(town.mo, "lierhof")
    assert found.answer is None
    assert found.chosen is None
    assert len(found.matches) == 8
    assert found.matches[0].kind == "complex"


def test_a_complex_stands_for_its_open_vacancy(town: Cast):
    found = check(town.mo, "De Vlierhof")
    assert found.vacancy is not None
    assert isinstance(found.answer, Advice)


def test_the_number_of_a_vacancy_finds_it(town: Cast):
    found = check(town.mo, "v-vlier-024")
    assert found.chosen is not None
    assert found.chosen.label == "Vlierhof 24"


@pytest.mark.parametrize("query", ["", "x", "Nergenshof 1", "Eldershof 1", "' OR 1=1 --", "%"])
def test_what_is_not_there_or_another_associations_finds_nothing(town: Cast, query):
    found = check(town.mo, query)
    assert (found.matches, found.answer) == ((), None)


def test_a_home_out_of_the_base_has_no_answer(cast: Cast):
    from dataclasses import replace

    from tests.web.acting import load_town

    town = hanzeveen()
    sold = tuple(
        replace(each, in_base=False) if each.id == "Vlier-007" else each for each in town.dwellings
    )
    load_town(cast, replace(town, dwellings=sold))
    found = check(cast.mo, "Vlierhof 7")
    assert found.chosen is not None
    assert found.answer is None


def test_asking_keeps_nothing(town: Cast):
    before = Step.objects.for_organisation(town.woonbelang).count()
    check(town.mo, "Vlierhof 3")
    assert Step.objects.for_organisation(town.woonbelang).count() == before
    assert not Opened.objects.for_organisation(town.woonbelang).exists()


def test_an_exact_address_comes_before_those_that_begin_alike(town: Cast):
    labels = [each.label for each in search(town.mo, query="Vlierhof 2")]
    assert labels[0] == "Vlierhof 2"
    assert set(labels[1:]) <= {f"Vlierhof {number}" for number in range(20, 25)} | {"Vlierhof 12"}
