"""Whether everything that was agreed can hold: what the command line says, to who may know it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils.translation import override
from typer.testing import CliRunner

from mixwijzer.cli import app
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange import tables
from mixwijzer.exchange.feasible import feasible, feasible_items
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.synthetic import synthesize
from mixwijzer.web.agreements.bridge import OBLIGATIONS
from mixwijzer.web.config import watching
from mixwijzer.web.outlook.models import Weighing
from mixwijzer.web.outlook.screens import feasibility_screen
from mixwijzer.web.outlook.selectors import Weighed
from mixwijzer.web.outlook.services import look_ahead, weigh
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register.bridge import as_known
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.acting import load_town
from tests.web.agreements.test_board import a_year_of_lettings
from tests.web.every_url import logged_in
from tests.web.refused_words import visible_text
from tests.web.register.files import hanzeveen_in_files

PATH = "/outlook/feasibility/"
NOBODY_KEEPS = re.compile(r"(?:De )?(?:Vlier|Molen)hof")


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def owing(target: int) -> Portfolio:
    """Build a town that owes so many persons a home."""
    town = a_year_of_lettings()
    there = tuple(each for each in town.lettings if each.vacancy != "V-oud")  # not in any file
    owed = tuple(replace(each, target=target) for each in town.obligations)
    areas = hanzeveen_in_files()  # with codes that files may have
    return replace(
        town, obligations=owed, lettings=there, areas=areas.areas, complexes=areas.complexes
    )


def weighed(cast: Cast, town: Portfolio) -> None:
    """Load a town, and let it be weighed; nobody asks Mo for a view of his own."""
    load_town(cast, town)
    assert weigh(owner=cast.woonbelang, now=NOW)


def page(person: object, path: str = PATH, language: str = "nl") -> str:
    answer = logged_in(person, language=language).get(path)
    assert answer.status_code == 200
    return visible_text(answer.content.decode())


def told_by_the_command(cast: Cast, folder: Path) -> list[dict[str, Any]]:
    """Write the register to files, and ask the command line about them."""
    tables.write(as_known(cast.woonbelang, NOW, PROFILES, CAPS, OBLIGATIONS), folder)
    words = ["obligations", str(folder), "--day", TODAY.isoformat(), "--json"]
    answered = CliRunner().invoke(app, words)
    assert answered.exit_code == 0, answered.output
    found: list[dict[str, Any]] = json.loads(answered.stdout)["feasibility"]
    return found


@pytest.mark.parametrize("target", [2, 9, 30])
def test_the_page_stands_on_what_the_command_line_says(cast: Cast, tmp_path: Path, target: int):
    weighed(cast, owing(target))
    [told] = told_by_the_command(cast, tmp_path)
    kept = json.loads(Weighing.objects.for_organisation(cast.woonbelang).get().document)
    assert kept["feasibility"] == told
    text = page(cast.mo)
    assert f"{told['homes_low']}–{told['homes_high']} woningen" in text
    assert f"{told['promises'][0]['owed']} personen" in text
    verdict = {
        "holds": "Alle afspraken kunnen samen",
        "conflict": "Niet alle afspraken kunnen samen",
    }
    assert verdict[told["together"]] in text


def test_a_clash_names_its_agreements_with_their_sources_and_what_could_give_way(cast: Cast):
    weighed(cast, owing(9))
    html = logged_in(cast.mo).get(PATH).content.decode()
    assert 'href="/obligations/#lettings-woonbelang-hanzeveen-o-1"' in html
    assert 'href="/profiles/place/?kind=organisation&amp;code=woonbelang"' in html
    text = visible_text(html)
    assert "minstens" in text
    assert "minder, of later" in text
    for link in ("/obligations/", "/profiles/place/?kind=organisation&code=woonbelang"):
        assert logged_in(cast.mo).get(link).status_code == 200


def test_a_promise_is_named_in_the_words_of_its_agreement(cast: Cast):
    words = "Wij huisvesten wie een status kreeg."
    town = owing(9)
    told = tuple(replace(each, wording=words) for each in town.obligations)
    weighed(cast, replace(town, obligations=told))
    assert f"statushouders (O-1) “{words}”: nog" in page(cast.mo)


def test_where_everything_holds_it_says_how_many_more_fit(cast: Cast):
    weighed(cast, replace(owing(2), profiles=()))
    assert "Plek voor nog 1 huishouden" in page(cast.mo)
    assert "Room for 1 more household" in page(cast.mo, language="en")


def test_no_complex_is_named(cast: Cast):
    """Of what is agreed totals are told, never how a complex stands."""
    for target in (2, 12, 30):
        weighed(cast, owing(target))
        assert not NOBODY_KEEPS.search(page(cast.mo))


def test_the_card_of_a_promise_takes_its_price_from_the_page(cast: Cast):
    weighed(cast, owing(12))
    look_ahead(owner=cast.woonbelang, now=NOW)
    board = logged_in(cast.mo).get("/obligations/").content.decode()
    [wanted] = set(re.findall(r'hx-select="#([^"]+)"', board))
    html = logged_in(cast.mo).get(PATH).content.decode()
    assert f'<div id="{wanted}">' in html
    text = visible_text(html)
    assert "Wat is afgesproken botst al; één meer komt daar nog bovenop." in text
    assert "Dat komt met de volgende vooruitblik" not in text
    assert "hx-select" not in logged_in(cast.lotte).get("/obligations/").content.decode()


def test_before_the_own_view_is_given_the_answer_waits(cast: Cast):
    load_town(cast, owing(12))
    weigh(owner=cast.woonbelang, now=NOW)
    text = page(cast.iris)
    assert "Niet alle afspraken kunnen samen" not in text
    assert "Eerst uw eigen beeld" in text
    assert "Eerst wordt uw eigen beeld gevraagd." in text


def test_it_is_weighed_once_of_the_same_rows_and_says_when_it_is_old(cast: Cast):
    weighed(cast, owing(12))
    assert not weigh(owner=cast.woonbelang, now=NOW)
    before = Weighing.of_everybody.get().document
    Weighing.of_everybody.all().delete()
    assert "Dit wordt berekend" in page(cast.mo)
    weigh(owner=cast.woonbelang, now=NOW)
    assert Weighing.of_everybody.get().document == before
    load_town(cast, owing(2))
    assert "Het wordt opnieuw berekend" in page(cast.mo)
    assert watching._look(cast.woonbelang) > 0
    assert "opnieuw berekend" not in page(cast.mo)
    assert "Alle afspraken kunnen samen" in page(cast.mo)


def test_what_cannot_be_said_says_why(cast: Cast):
    town = owing(12)
    weighed(cast, replace(town, obligations=()))
    assert "Er staat vandaag niets open" in page(cast.mo)


def test_the_municipality_does_not_read_it(cast: Cast):
    weighed(cast, owing(12))
    assert logged_in(cast.lotte).get(PATH).status_code == 403


def test_where_a_norm_lapsed_it_says_which(cast: Cast):
    load_town(cast, owing(12))
    weigh(owner=cast.woonbelang, now=NOW.replace(year=1990))
    text = page(cast.mo)
    assert "Dit is niet te zeggen" in text


def test_where_it_depends_both_ends_are_told_and_every_way_out_in_words() -> None:
    town = synthesize(seed=1, homes=600, day=date(2026, 9, 1)).portfolio
    inquiry = Inquiry.of(town, read_norms())
    told = next(each for each in feasible_items(feasible(inquiry)) if each["together"] == "depends")
    document = {"feasibility": told, "normset": "", "data_date": None}
    found = Weighed(
        association="Zilverlinde",
        lines=(),
        hidden=None,
        document=document,
        prices={},
        made_at=NOW,
        current=True,
        places={},
    )
    with override("nl"):
        [drawn] = feasibility_screen([found]).associations
    assert drawn.answer[0].title == "Het hangt af van wat er vrijkomt"
    for end in (told["homes_low"], told["homes_high"]):
        assert f"{end} woningen" in drawn.answer[0].text
    assert drawn.ways_out is not None
    ways = told["conflict"]["ways_out"]
    for moves, (_, gives_way) in zip(ways, drawn.ways_out.rows, strict=True):
        parts = str(gives_way).split("; ")
        for move, part in zip(moves, parts, strict=True):
            assert str(move["units"]) in part
            assert move["kind"] != "promise" or move["agreement"] in part
