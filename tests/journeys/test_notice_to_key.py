"""From notice to key: a consultant, a second reader, a partner, who speaks for the candidate.

The site of an association that has another way than the advice read along by a colleague: a norm of
its own. Each sees at each step what that step needs and no more, and every page on the way is
looked at as all others are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.journeys.looking import faults
from tests.journeys.site import HOMES, IRIS, MO, ROSA, SEM, TESSA, Site, Visitor, answering
from tests.journeys.test_consultant import HASTE, UNCHANGED, card

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e

NORM = """
title: {nl: Een andere weg wordt meegelezen, en: Another way is read along}
unit: switch
kind: agreement
values:
  2020-01-01:
    value: true
    source: Besluit van de corporatie
    quote: Een collega leest mee
    checked: 2026-11-29
"""
LIKE_ONE_THAT_WAITS = """
SELECT home.address FROM register_dwelling AS home
JOIN register_dwelling AS other
  ON other.complex_id = home.complex_id AND other.rooms = home.rooms AND other.replaced_at IS NULL
JOIN letting_vacancy AS vacancy
  ON vacancy.dwelling = other.code AND vacancy.owner_id = other.owner_id
JOIN letting_question AS question ON question.vacancy_id = vacancy.id
JOIN accounts_user AS person ON person.id = question.asked_id AND person.name = ?
WHERE vacancy.state = 'noticed' AND home.replaced_at IS NULL AND home.address <> ''
  AND NOT EXISTS (SELECT 1 FROM register_notice AS told WHERE told.owner_id = home.owner_id
                  AND told.dwelling = home.code AND told.replaced_at IS NULL)
ORDER BY vacancy.id, home.code LIMIT 1
"""
HIDDEN = "De verwijzing staat hier vanaf de stap die haar nodig heeft."


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """A town of which the association asks for a second reader; before the session's own site."""
    folder = tmp_path_factory.mktemp("reading")
    own = folder / "norms" / "letting" / "second_reader.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(NORM, encoding="utf-8")
    options = ["--no-browser", "--homes", str(HOMES), "--folder", str(folder)]
    with answering(folder, "demo", *options, MIXWIJZER_NORMS=str(folder / "norms")) as site:
        yield site


def test_from_notice_to_key(visit: Callable[..., Visitor]) -> None:
    iris, mo, tessa, rosa, sem = (visit(name) for name in (IRIS, MO, TESSA, ROSA, SEM))
    home = decided_another_way(iris, mo)
    numbers = [enters(iris, f"D-{number}") for number in (41, 42, 43)]
    shows_who_fits(iris, home, numbers)
    first = proposes(sem, home, numbers[0])
    second = puts_in_line(iris, home, numbers[1], speaks=f"{ROSA}, De Oversteek")
    third = puts_in_line(iris, home, numbers[2])
    goes_to_the_talk(iris, tessa, rosa, first, "D-41")
    is_refused_without_consequence(sem, mo, rosa, first, numbers[0])
    sees(iris, second, rules=True, reference="", status="voorgesteld")
    goes_to_the_talk(iris, tessa, rosa, second, "D-42")
    gets_the_key(iris, tessa, rosa, second)
    is_over(iris, rosa, home, second, third)
    is_not_let_after_all(iris, mo, second)


def decided_another_way(iris: Visitor, mo: Visitor) -> str:
    """Say how it is, read the advice, choose otherwise; a colleague gives it back, then agrees."""
    home = noticed(iris)
    iris.button(UNCHANGED).click()
    expect(card(iris, "Uw besluit")).to_be_visible()
    looked_at(iris)
    for act in ("Geef terug", "Eens met deze weg"):
        iris.open(home)
        iris.page.get_by_role("radio", name="Directe bemiddeling", exact=True).click()
        iris.button(HASTE).click()
        expect(card(iris, "Besloten")).to_contain_text("Eerst leest een collega mee")
        expect(iris.button(act)).to_have_count(0)
        iris.open(f"{home}candidates/")
        expect(iris.button("Kandidaat zoeken")).to_have_count(0)
        mo.open("/")
        card(mo, "Wacht op mij").locator(f"a[href='{home}']").first.click()
        looked_at(mo)
        mo.button(act).click()
    iris.open(home)
    expect(card(iris, "Besloten")).to_contain_text(f"{MO} las mee en is het ermee eens.")
    return home


def noticed(iris: Visitor) -> str:
    """Enter by hand that a home comes free; the question whether there is room is hers."""
    [(address,)] = iris.site.ask(LIKE_ONE_THAT_WAITS, IRIS)
    free_from = timezone.localdate() + timedelta(days=60)
    iris.open("/vacancies/")
    iris.link("Opzegging invoeren").click()
    iris.page.get_by_role("textbox", name="Adres").fill(address)
    iris.page.get_by_label("Vrij vanaf").fill(free_from.isoformat())
    looked_at(iris)
    iris.button("Invoeren").click()
    expect(iris.page.locator("h1")).to_contain_text(address)
    return path_of(iris)


def enters(iris: Visitor, reference: str) -> str:
    """Enter a candidate of the care partner, by its own number; return ours."""
    iris.open("/vacancies/candidates/")
    iris.page.get_by_label("Hoeveel personen?").fill("2")
    iris.page.get_by_label("Ingeschreven sinds").fill("2011-03-01")
    iris.page.get_by_label("Inkomensklasse").select_option("target")
    iris.page.get_by_label("Ingeschreven door").select_option(label="De Oversteek")
    iris.page.get_by_label("Nummer in het andere bestand").fill(reference)
    iris.button("Invoeren").click()
    said = iris.page.get_by_text("Ingevoerd als kandidaat").first.inner_text()
    found = re.search(r"\d\d-\d+", said)
    assert found, said
    looked_at(iris)
    return found[0]


def shows_who_fits(iris: Visitor, home: str, numbers: list[str]) -> None:
    """See everybody in the order of the rules, each with why (not)."""
    iris.open(f"{home}candidates/")
    iris.button("Kandidaat zoeken").click()
    rows = iris.page.locator("ol.fits > li")
    for number in numbers:
        expect(rows.filter(has_text=number).locator(".status-ok")).to_have_text("past")
    unfit = rows.filter(has_text="past niet").first
    unfit.get_by_text("Waarom (niet)?").click()
    expect(unfit.locator(".bullets")).to_contain_text("past niet")
    expect(unfit.get_by_role("button")).to_have_count(0)
    looked_at(iris)


def proposes(sem: Visitor, home: str, number: str) -> str:
    """Propose a candidate and speak for him from now on; return the address of the match."""
    sem.open(f"{home}candidates/")
    sem.button(f"Stel voor: {number}").click()
    expect(fact(sem, "Spreekt voor de kandidaat")).to_contain_text(SEM)
    looked_at(sem)
    return path_of(sem)


def puts_in_line(iris: Visitor, home: str, number: str, *, speaks: str = "") -> str:
    """Put a candidate next in line; his contact is she herself, or whom she chooses."""
    iris.open(f"{home}candidates/")
    if speaks:
        chosen = iris.page.get_by_label(f"Spreekt voor de kandidaat: {number}")
        chosen.select_option(label=speaks)
        looked_at(iris)
    iris.button(f"Volgende op de lijst: {number}").click()
    expect(iris.page.locator("h1")).to_contain_text("volgende op de lijst")
    return path_of(iris)


def goes_to_the_talk(
    iris: Visitor, tessa: Visitor, rosa: Visitor, match: str, reference: str
) -> None:
    """Consultant, letting agent and partner agree; the partner sees it from his own step on."""
    for who, status in ((iris, "voorgesteld"), (tessa, "toets van de regels")):
        not_for(rosa, match)
        sees(who, match, rules=True, reference="", status=status)
        agrees(who)
    rosa.open("/")
    card(rosa, "Wacht op mij").locator(f"a[href='{match}']").first.click()
    sees(rosa, match, rules=False, reference="", status="antwoord van de partner")
    looked_at(rosa)
    agrees(rosa)
    for who in (iris, tessa, rosa):
        sees(
            who,
            match,
            rules=who is not rosa,
            reference=reference,
            status="gesprek over voorwaarden",
        )
    looked_at(rosa)
    iris.open(match)
    iris.button("afspraak over begeleiding getekend").click()
    iris.button("leefregels getekend").click()
    looked_at(iris)
    agrees(iris)


def is_refused_without_consequence(
    sem: Visitor, mo: Visitor, rosa: Visitor, match: str, number: str
) -> None:
    """The candidate says no; somebody else confirms it, and the candidate keeps every chance."""
    waits_for(sem, match)
    sem.page.get_by_text("Weigeren").click()
    sem.button("De kandidaat kiest niet voor deze woning").click()
    expect(sem.page.locator("h1")).to_contain_text("weigering te bevestigen")
    looked_at(sem)
    waits_for(mo, match)
    expect(mo.page.locator("#match-consequence")).to_have_value("none")
    looked_at(mo)
    mo.button("Weigering bevestigen").click()
    expect(mo.page.locator("h1")).to_contain_text("geweigerd")
    not_for(rosa, match)
    sem.open("/vacancies/candidates/")
    sem.link(number).click()
    expect(sem.page.locator("main")).not_to_contain_text("geen voorstellen")
    expect(sem.page.locator("main")).to_contain_text("geweigerd")


def gets_the_key(iris: Visitor, tessa: Visitor, rosa: Visitor, match: str) -> None:
    """The candidate agrees, the conditions are met one by one, and only then the key goes."""
    waits_for(rosa, match)  # who speaks for this candidate is of the partner
    agrees(rosa)
    waits_for(tessa, match)
    tessa.refusals.append(409)
    tessa.button("Sleutel geven").click()
    expect(tessa.page.locator(".notice-stop")).to_contain_text("leefregels getekend")
    looked_at(tessa)
    for who in (rosa, tessa):
        who.open(match)
        who.page.get_by_role("button", name=re.compile("^Geregeld")).first.click()
    tessa.open(match)
    expect(tessa.page.get_by_role("button", name=re.compile("^Geregeld"))).to_have_count(0)
    tessa.button("Sleutel geven").click()
    expect(tessa.page.locator("h1")).to_contain_text("verhuurd")
    looked_at(tessa)


def is_over(iris: Visitor, rosa: Visitor, home: str, match: str, third: str) -> None:
    """Who came next is free again, nobody is asked anything, and the partner sees it no more."""
    sees(iris, third, rules=True, reference="", status="niet meer nodig")
    not_for(rosa, match)
    not_for(rosa, third)
    iris.open(home)
    expect(iris.page.locator("h1")).to_contain_text("verhuurd")
    looked_at(iris)
    for who in (iris, rosa):
        who.open("/")
        expect(who.page.locator(f"a[href='{match}']")).to_have_count(0)


def sees(who: Visitor, match: str, *, rules: bool, reference: str, status: str) -> None:
    """Look at a match: rules are for staff, the reference for the steps that need it."""
    who.open(match)
    expect(who.page.locator("h1")).to_contain_text(status)
    expect(card(who, "De verhuurregels vandaag")).to_have_count(int(rules))
    told = fact(who, "Kandidaat")
    expect(told).to_contain_text(f"verwijzing {reference}" if reference else HIDDEN)
    expect(who.page.get_by_text(re.compile(r"\bD-4\d"))).to_have_count(int(bool(reference)))


def not_for(rosa: Visitor, match: str) -> None:
    """For a partner a match is not there before his step, and not after its end."""
    rosa.refusals.append(404)
    rosa.open(match)
    expect(rosa.page.locator("main")).not_to_contain_text("kandidaat")


def waits_for(who: Visitor, match: str) -> None:
    """Find a match under what waits for somebody, and open it."""
    who.open("/")
    card(who, "Wacht op mij").locator(f"a[href='{match}']").first.click()


def agrees(who: Visitor) -> None:
    before = who.page.locator("h1").inner_text()
    who.button("Akkoord").click()
    expect(who.page.locator("h1")).not_to_have_text(before)


def fact(who: Visitor, term: str) -> Locator:
    """Find what stands with a fact."""
    return who.page.locator("dl div", has=who.page.locator("dt", has_text=re.compile(f"^{term}$")))


def path_of(who: Visitor) -> str:
    return who.page.url.removeprefix(who.site.url)


def looked_at(who: Visitor) -> None:
    """Look at a page as at every other: accessible, inside the screen, without refused words."""
    wrong = {where: what for where, what in faults(who.page).items() if what}
    assert wrong == {}


def is_not_let_after_all(iris: Visitor, mo: Visitor, match: str) -> None:
    """Let the head take the key back; others find no button for it."""
    iris.open(match)
    expect(iris.page.get_by_text("Toch niet verhuurd")).to_have_count(0)
    mo.open(match)
    mo.page.get_by_text("Toch niet verhuurd").click()
    looked_at(mo)
    mo.button("Het contract ging niet door").click()
    expect(mo.page.locator("h1")).to_contain_text("afgebroken")
    looked_at(mo)
