"""A number on a screen is the number that the library and the command line give.

The register is written to files as it was known, and asked about with `mixwijzer advise --json` and
`mixwijzer account --json`; what comes out must stand on the pages, word for word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner

from mixwijzer.cli import app
from mixwijzer.engine.advice import advise
from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.exchange import tables
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.wording import Audience, explain
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.config.town import build_town
from mixwijzer.web.desk.selectors import complex_page, complexes
from mixwijzer.web.letting import services
from mixwijzer.web.letting.selectors import vacancies
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.profiles.bridge import CAPS, PROFILES
from mixwijzer.web.register.bridge import as_known, current
from mixwijzer.web.ui import formats
from tests.builders import NOW, TODAY
from tests.web.every_url import logged_in
from tests.web.refused_words import visible_text

WORDS = {"no_room": "Geen ruimte", "ask_first": "Eerst vragen", "tight": "Krap", "room": "Ruimte"}
SHOWN = re.compile(r"(?:meer dan |minder dan )?\d+ van de 100")


@pytest.fixture(autouse=True)
def on_a_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def mo(db: None) -> User:
    """The head of letting in the made-up town, where Iris has answered every question."""
    build_town(seed=1, homes=400, now=NOW)
    iris, mo = (User.objects.get(name=name) for name in ("Iris Voorbeeld", "Mo Staal"))
    for line in vacancies(iris):
        if next(each for each in vacancies(iris) if each.id == line.id).asked:
            services.answer_unchanged(user=iris, vacancy=line.id, now=NOW)
    return mo


def the_register(user: User) -> Portfolio:
    """Return what is known of his association: the register, with the profiles set for it."""
    owner = Organisation.objects.get(pk__in=user.owners(Action.DECIDE))
    rules = {table.name: table.read(current(table, owner)) for table in (PROFILES, CAPS)}
    return replace(as_known(owner, NOW), **rules)


def told_by_the_command(user: User, folder: Path, *command: str) -> dict[str, Any]:
    """Write the register to files, and ask the command line about them."""
    tables.write(the_register(user), folder)
    words = [command[0], str(folder), *command[1:], "--json", "--language", "nl"]
    answered = CliRunner().invoke(app, words)
    assert answered.exit_code == 0, answered.output
    document: dict[str, Any] = json.loads(answered.stdout)
    return document


def advised(user: User) -> dict[str, str]:
    """Return the page of every vacancy that has an advice, by its code."""
    client = logged_in(user)
    return {
        line.code: client.get(f"/vacancies/{line.id}/").content.decode()
        for line in vacancies(user)
        if line.state == State.ADVISED
    }


def parts(html: str, name: str) -> list[str]:
    """Return the text of each list item of a class, or of all items in a list of that class."""
    found = re.findall(rf'<li class="{name}[^>]*>.*?</li>', html, re.DOTALL)
    if not found:
        inside = re.search(rf'<ul class="{name}">(.*?)</ul>', html, re.DOTALL)
        found = re.findall(r"<li>.*?</li>", inside[1], re.DOTALL) if inside else []
    return [visible_text(each) for each in found]


@pytest.mark.once
def test_the_page_of_a_vacancy_says_what_the_command_says(mo: User, tmp_path: Path):
    document = told_by_the_command(mo, tmp_path / "files", "advise")
    items = {each["vacancy"]: each for each in document["advices"]}
    pages = advised(mo)
    assert len(pages) > 3
    for code, html in pages.items():
        compare(html, items[code])


def compare(html: str, item: dict[str, Any]) -> None:
    """Hold verdicts, chances and reasons on a page against those of a document."""
    kinds, text = parts(html, "kinds"), visible_text(html)
    assert len(kinds) == len(item["categories"]) == 3
    for each in item["categories"]:
        shown = next(kind for kind in kinds if kind.startswith(each["name"]))
        assert WORDS[each["verdict"]] in shown
        limits = {rule["id"]: rule["chance"] for rule in each["rules"]}
        if each["binding"]:
            assert formats.chance(limits[each["binding"]]) in shown
        for reason in each["reasons"]:
            assert reason["text"] in text
    found = [SHOWN.search(channel) for channel in parts(html, "channel")]
    wanted = [formats.of_hundred(each["chance"]) for each in item["channels"]]
    assert sorted(each[0] for each in found if each) == sorted(wanted)


@pytest.mark.once
def test_every_sentence_on_the_page_is_that_of_the_engine_on_the_register(mo: User):
    register, norms = the_register(mo), read_norms()
    for code, html in advised(mo).items():
        advice = replace(advise(register, code, TODAY, norms), alternatives={})
        words = explain(advice, "nl", Audience.INTERNAL)
        first, text = words.of(words.category), visible_text(html)
        wanted = [*first.sentences, *words.remarks, *(each.question for each in first.flips)]
        wanted += [reason for each in words.categories for reason in each.reasons]
        assert len(wanted) > 3
        assert [each for each in wanted if str(each) not in text] == []


@pytest.mark.once
def test_the_page_of_a_complex_says_what_the_command_says(mo: User, tmp_path: Path):
    items = {
        each["scope"]["code"]: each
        for kind in ("complex", "neighbourhood")
        for each in told_by_the_command(mo, tmp_path / kind, "account", "--kind", kind)["accounts"]
    }
    client, seen = logged_in(mo), 0
    for line in complexes(mo):
        page = complex_page(mo, line.id, now=NOW)
        text = visible_text(client.get(f"/complexes/{line.id}/").content.decode())
        for scope in page.scopes or ():
            counts = {each["category"]: each for each in items[scope.code]["categories"]}
            for each in scope.counts:
                wanted, (low, high) = counts[each.category], each.spread.likely
                assert (wanted["best"], wanted["likely"]) == (each.spread.best, [low, high])
                if scope.code == page.code:
                    assert f"{low}–{high} huishoudens" in text or f"{low} huishoudens" in text
                    seen += 1
    assert seen > 20
