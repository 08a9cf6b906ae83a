"""Every page, for whom it is, in every state: accessible, inside the screen, quiet, strict.

One line per page and person; the page is brought there once and looked at in three widths.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import OVERFLOW, faults, said_wrong
from tests.journeys.site import (
    ART,
    BO,
    COR,
    ELS,
    HANS,
    HENNY,
    IRIS,
    MO,
    PIA,
    ROSA,
    SEM,
    TESSA,
    Visitor,
)
from tests.journeys.test_consultant import FITS, advised, asked, reason
from tests.journeys.test_judgement_round import BUSY, CALM, begins, fills, says

pytestmark = pytest.mark.e2e

Way = Callable[[Visitor, Callable[..., Visitor]], None]


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A page in one state, and whom it is shown to; `status` is what the server says."""

    name: str
    who: str | None
    way: Way
    status: int = 200


def at(path: str, somebody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Go to an address."""
    somebody.open(path)


def the_question(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Be asked how it is there."""
    asked(iris)


def a_notice_withdrawn(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Say that the tenant stays."""
    asked(iris)
    iris.page.get_by_label("Waarom vervalt de opzegging?").select_option("stays")
    iris.button("Opzegging intrekken").click()
    expect(iris.page.get_by_text("De opzegging is ingetrokken.")).to_be_visible()


def the_advice(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Read the advice."""
    advised(iris)


def another_way(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Choose otherwise."""
    advised(iris)
    iris.page.get_by_role("radio", name="Gewoon aanbod", exact=True).click()
    reason(iris, "rest").click()
    expect(iris.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()


def a_decision(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Follow the advice."""
    advised(iris)
    iris.button(FITS).click()
    expect(iris.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()


def correction(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at the question once more after the answer."""
    path = advised(iris)
    iris.open(f"{path}?again=1")


def wrong_numbers(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Put numbers out of order; the steppers would not let it happen, so without them."""
    asked(iris)
    iris.page.evaluate("""() => {
        const form = document.querySelector("form:has(#id_attention_low)");
        form.noValidate = true;
        form.querySelector("#id_attention_low").value = 3;
        form.querySelector("#id_attention_best").value = 1;
        form.requestSubmit(form.querySelector("button:not([name=unchanged]):not([type=button])"));
    }""")
    expect(iris.page.locator("[data-errors]")).to_be_visible()


def second_of_two(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Decide a moment after Iris did."""
    iris = visit(IRIS)
    mo.open(advised(iris))
    iris.button(FITS).click()
    expect(iris.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()
    reason(mo, "active_neighbour").click()
    expect(mo.page.locator("main .notice")).to_be_visible()


def handed_over(sem: Visitor, visit: Callable[..., Visitor]) -> None:
    """Be asked about a place he never said anything of."""
    iris = visit(IRIS)
    path = asked(iris)
    iris.page.get_by_label("Aan welke collega?").select_option(label=f"{SEM}, woonconsulent")
    iris.button("Draag over").click()
    sem.open(path)


def after_iris(kind: str, somebody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at the same home or complex as Iris, after her answer."""
    iris = visit(IRIS)
    path = advised(iris)
    place = iris.page.locator("main a[href^='/complexes/']").last.get_attribute("href")
    somebody.open(path if kind == "vacancy" else place or "")


def secret(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at a complex of which her view is asked."""
    asked(iris)
    iris.page.locator("main a[href^='/complexes/']").last.click()


def a_place(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look where the values of a neighbourhood come from."""
    mo.open("/profiles/")
    mo.page.locator("main a[href*='kind=neighbourhood']").last.click()


def a_version(state: str, somebody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at a profile on its way."""
    somebody.open("/profiles/")
    somebody.page.locator("main tr", has_text=state).first.get_by_role("link").first.click()


def an_agreement(state: str, somebody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at the first agreement in a state."""
    somebody.open("/agreements/")
    row = somebody.page.locator("main .agreements li", has_text=state).first
    row.get_by_role("link").click()


def a_draft_agreement(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Write in the draft of a slice."""
    an_agreement("concept", mo, visit)
    mo.link("Schrijf in het concept").click()


def a_clause(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Write in a clause."""
    a_draft_agreement(mo, visit)
    mo.link("Afspraak 1").click()


def a_wrong_clause(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Write a clause about a person."""
    a_clause(mo, visit)
    mo.page.get_by_label("De afspraak, letterlijk").fill("Mevrouw Jansen krijgt een woning.")
    mo.button("Bewaar de afspraak").click()
    expect(mo.page.locator("main .notice")).to_be_visible()


def a_draft_profile(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Begin a profile for the whole association."""
    mo.open("/profiles/place/?kind=organisation&code=zilverlinde")
    mo.button("Schrijf een nieuwe versie").click()


def a_wrong_profile(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Put shares out of order."""
    a_draft_profile(mo, visit)
    mo.page.get_by_label("wat extra aandacht, per complex: hoogstens (%)").fill("20")
    mo.button("Bewaar het concept").click()
    expect(mo.page.locator("[data-errors]")).to_be_visible()


def a_frozen_baseline(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Freeze how it is now."""
    mo.open("/yearbook/baselines/")
    mo.button("Leg de nulmeting vast").click()


def unassigned(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at a home that nobody has."""
    mo.open("/")
    mo.page.locator("main li", has_text="verantwoordelijk").first.get_by_role("link").first.click()


def check_that_says(
    word: str, kind: str, room: str, mo: Visitor, visit: Callable[..., Visitor]
) -> None:
    """Find a complex of which the room check says this, among those with such room."""
    mo.open(f"/complexes/?room={room}")
    for name in mo.page.locator("main tbody a").all_inner_texts():
        mo.open(f"/room-check/?q={name}&kind={kind}")
        if word in mo.page.locator("main .verdict").first.inner_text():
            return
    raise AssertionError(f"nowhere in this town: {word}")


def no_password(nobody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Try to log in with a password that is wrong."""
    nobody.open("/accounts/log-in/")
    nobody.page.locator("input[name=login]").fill("iris@zilverlinde.example")
    nobody.page.locator("input[name=password]").fill("verkeerd")
    nobody.page.locator("main button, form button.btn-primary").first.click()
    expect(nobody.page.locator("[data-errors], .field-error").first).to_be_visible()


def a_person(bo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Open somebody of the list."""
    bo.open("/accounts/people/")
    bo.page.locator("main a.row-title").first.click()


def stairwells(bo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Draw the stairwells of a complex."""
    bo.open("/data/stairwells/")
    bo.page.locator("main tbody a").first.click()
    expect(bo.page.locator("#id_size")).to_be_visible()


def public(nobody: Visitor, visit: Callable[..., Visitor]) -> None:
    """Read what an association tells everybody."""
    owner = "SELECT public_id FROM accounts_organisation WHERE code = 'zilverlinde'"
    ((found,),) = nobody.site.ask(owner)
    nobody.open(f"/public/{uuid.UUID(str(found))}/")


def an_example(hans: Visitor, visit: Callable[..., Visitor]) -> None:
    """Compare a guess with the answer."""
    hans.open("/judgements/examples/")
    fills(hans, CALM)
    hans.button("Vergelijk met het antwoord").click()
    expect(hans.link("Volgend voorbeeld")).to_be_visible()


def in_the_round(hans: Visitor, visit: Callable[..., Visitor]) -> None:
    """Be asked how it is in a place."""
    begins(hans)
    expect(hans.button("Bewaar mijn beeld")).to_be_visible()


def wrong_in_the_round(hans: Visitor, visit: Callable[..., Visitor]) -> None:
    """Put numbers out of order, past the steppers."""
    in_the_round(hans, visit)
    hans.page.evaluate("""() => {
        const form = document.querySelector("form:has(#id_attention_low)");
        form.noValidate = true;
        form.querySelector("#id_attention_low").value = 3;
        form.querySelector("#id_attention_best").value = 1;
        form.requestSubmit();
    }""")
    expect(hans.page.locator("[data-errors]")).to_be_visible()


def said_in_the_round(hans: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at a place where one's own view is in, and another's is not."""
    place = begins(hans)
    says(hans, CALM)
    hans.open("/judgements/")
    hans.page.locator("main .work li", has_text=place).get_by_role("link").first.click()
    expect(hans.link("Mijn beeld verbeteren")).to_be_visible()


def a_word(iris: Visitor, visit: Callable[..., Visitor]) -> None:
    """See it otherwise than the manager."""
    hans = visit(HANS)
    place = begins(hans)
    says(hans, BUSY)
    begins(iris)
    says(iris, CALM)
    iris.open("/judgements/")
    iris.page.locator("main .work li", has_text=place).get_by_role("link").first.click()
    expect(iris.button("Laat mijn beeld zo staan")).to_be_visible()


def the_round(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Follow a round."""
    mo.open("/judgements/")
    mo.page.locator("main tbody a").first.click()


def closed_round(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Read what came of a round: one place with two views, the others without."""
    for name in (HANS, IRIS):
        somebody = visit(name)
        begins(somebody)
        says(somebody, CALM)
    the_round(mo, visit)
    mo.button("Sluit de ronde").click()
    expect(mo.page.get_by_role("heading", name="Toen en nu")).to_be_visible()


def candidates_of_a_home(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look for a candidate for a home that Iris decided about."""
    iris = visit(IRIS)
    path = advised(iris)
    iris.button(FITS).click()
    expect(iris.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()
    mo.open(path)
    mo.page.locator("main").get_by_role("link", name="Kandidaten").first.click()
    mo.button("Kandidaat zoeken").click()
    expect(mo.button("Stoppen met zoeken")).to_be_visible()


def a_match(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Propose the first whom it fits."""
    candidates_of_a_home(mo, visit)
    mo.page.get_by_role("button", name="Stel voor").first.click()
    expect(mo.page.get_by_role("heading", name="Deze stap")).to_be_visible()


def a_candidate(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look where one candidate fits."""
    mo.open("/vacancies/candidates/")
    mo.page.locator("main tbody a").first.click()


def who_left(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Take a candidate off the list, and look at him again."""
    a_candidate(mo, visit)
    path = mo.page.url
    mo.page.get_by_text("Haal deze kandidaat van de lijst").click()
    mo.page.get_by_label("vond elders een woning").check()
    mo.button("Zoekt niet meer").click()
    mo.page.goto(path)
    expect(mo.button("Zoekt weer: voer in met een nieuw nummer")).to_be_visible()


def a_list(*rows: str, mo: Visitor) -> None:
    """Choose a list of candidates."""
    mo.open("/vacancies/candidates/list/")
    text = "\n".join(["kandidaatnummer;huishoudgrootte;ingeschreven_op", *rows])
    file = {"name": "opstap.csv", "mimeType": "text/csv", "buffer": text.encode()}
    mo.page.get_by_label("Bestand").set_input_files(file)  # type: ignore[arg-type]
    mo.button("Bestand lezen").click()


def a_right_list(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """See what a list would do."""
    a_list("D-1;2;2024-03-01", "D-2;4;2023-01-15", mo=mo)
    expect(mo.button("Lees in")).to_be_visible()


def a_wrong_list(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """See what is wrong with a list."""
    a_list("D-1;2;2024-03-01", "D-2;99;2023-01-15", mo=mo)
    expect(mo.page.locator("main .notice")).to_be_visible()


def of_the_week(link: str, mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Go on from the sheet of this week."""
    mo.open("/rounds/week/")
    mo.link(link).click()


def a_city_round(who: Visitor, visit: Callable[..., Visitor]) -> None:
    """Look at the round of the town."""
    who.open("/rounds/city/")
    who.link("Directe bemiddeling november").first.click()
    expect(who.page.locator(".ct-home").first).to_be_visible()


def an_adopted_city_round(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Adopt it: now home by home."""
    a_city_round(mo, visit)
    mo.button("Stel vast").click()
    expect(mo.page.get_by_text("Toch niet").first).to_be_visible()


def why_a_home(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Read why each candidate got a home or not."""
    a_city_round(mo, visit)
    mo.page.locator(".ct-home").first.get_by_role("link", name=re.compile("Waarom")).click()


def why_a_candidate(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Read why a candidate got each home or not."""
    a_city_round(mo, visit)
    mo.page.locator(".ct-home strong a").first.click()


def the_sheets(mo: Visitor, visit: Callable[..., Visitor]) -> None:
    """Print the sheets."""
    the_round(mo, visit)
    mo.link("Formulieren op papier").click()


MISSING = "/vacancies/00000000-0000-4000-8000-000000000000/"
STOPS = (
    Stop(name="who are you", who=None, way=partial(at, "/accounts/demo/")),
    Stop(name="log in", who=None, way=partial(at, "/accounts/log-in/")),
    Stop(name="log in, wrong", who=None, way=no_password),
    Stop(name="today", who=IRIS, way=partial(at, "/")),
    Stop(name="today", who=MO, way=partial(at, "/")),
    Stop(name="today", who=SEM, way=partial(at, "/")),
    Stop(name="today", who=TESSA, way=partial(at, "/")),
    Stop(name="today", who=HANS, way=partial(at, "/")),
    Stop(name="today", who=ELS, way=partial(at, "/")),
    Stop(name="today", who=HENNY, way=partial(at, "/")),
    Stop(name="today", who=ROSA, way=partial(at, "/")),
    Stop(name="today", who=COR, way=partial(at, "/")),
    Stop(name="today", who=PIA, way=partial(at, "/")),
    Stop(name="today", who=BO, way=partial(at, "/")),
    Stop(name="today", who=ART, way=partial(at, "/")),
    Stop(name="candidates", who=MO, way=partial(at, "/vacancies/candidates/")),
    Stop(name="candidate", who=MO, way=a_candidate),
    Stop(name="candidate who left", who=MO, way=who_left),
    Stop(name="candidates from a list", who=MO, way=partial(at, "/vacancies/candidates/list/")),
    Stop(name="candidates from a list, read", who=MO, way=a_right_list),
    Stop(name="candidates from a list, wrong", who=MO, way=a_wrong_list),
    Stop(name="candidates of a home", who=MO, way=candidates_of_a_home),
    Stop(name="match", who=MO, way=a_match),
    Stop(name="week round", who=MO, way=partial(at, "/rounds/week/")),
    Stop(name="week round, view asked", who=IRIS, way=partial(at, "/rounds/week/")),
    Stop(name="week round, next week", who=MO, way=partial(at, "/rounds/week/?week=2031-12")),
    Stop(name="week round, at the table", who=MO, way=partial(of_the_week, "Aan tafel")),
    Stop(name="week round, minutes", who=MO, way=partial(of_the_week, "Verslag")),
    Stop(name="city rounds", who=MO, way=partial(at, "/rounds/city/")),
    Stop(name="city round, choose", who=MO, way=partial(at, "/rounds/city/new/")),
    Stop(name="city round", who=MO, way=a_city_round),
    Stop(name="city round, of a consultant", who=IRIS, way=a_city_round),
    Stop(name="city round, adopted", who=MO, way=an_adopted_city_round),
    Stop(name="city round, why a home", who=MO, way=why_a_home),
    Stop(name="city round, why a candidate", who=MO, way=why_a_candidate),
    Stop(name="vacancies", who=IRIS, way=partial(at, "/vacancies/")),
    Stop(name="vacancies", who=TESSA, way=partial(at, "/vacancies/")),
    Stop(name="question", who=IRIS, way=the_question),
    Stop(name="question, wrong numbers", who=IRIS, way=wrong_numbers, status=422),
    Stop(name="question, never said anything", who=SEM, way=handed_over),
    Stop(name="notice withdrawn", who=IRIS, way=a_notice_withdrawn),
    Stop(name="question, once more", who=IRIS, way=correction),
    Stop(name="advice", who=IRIS, way=the_advice),
    Stop(name="advice", who=HANS, way=partial(after_iris, "vacancy")),
    Stop(name="vacancy", who=TESSA, way=partial(after_iris, "vacancy")),
    Stop(name="vacancy of nobody", who=MO, way=unassigned),
    Stop(name="decision", who=IRIS, way=a_decision),
    Stop(name="decision, another way", who=IRIS, way=another_way),
    Stop(name="decision, second of two", who=MO, way=second_of_two, status=409),
    Stop(name="complexes", who=IRIS, way=partial(at, "/complexes/")),
    Stop(name="whose complex", who=MO, way=partial(at, "/complexes/whose/")),
    Stop(name="complex, secret", who=IRIS, way=secret),
    Stop(name="complex", who=IRIS, way=partial(after_iris, "complex")),
    Stop(name="complex", who=TESSA, way=partial(after_iris, "complex")),
    Stop(name="check", who=IRIS, way=partial(at, "/room-check/")),
    Stop(name="check, nothing", who=IRIS, way=partial(at, "/room-check/?q=Nergensplein+1")),
    Stop(name="check, which", who=IRIS, way=partial(at, "/room-check/?q=hof")),
    Stop(name="check, room", who=MO, way=partial(check_that_says, "Ruimte", "attention", "room")),
    Stop(name="check, tight", who=MO, way=partial(check_that_says, "Krap", "attention", "room")),
    Stop(
        name="check, ask first",
        who=MO,
        way=partial(check_that_says, "Eerst vragen", "attention", "ask_first"),
    ),
    Stop(
        name="check, no room",
        who=MO,
        way=partial(check_that_says, "Geen ruimte", "attention", "no_room"),
    ),
    Stop(name="check, no limit", who=MO, way=partial(check_that_says, "Ruimte", "carrier", "room")),
    Stop(name="check", who=TESSA, way=partial(at, "/room-check/"), status=403),
    Stop(name="where", who=IRIS, way=partial(at, "/where/")),
    Stop(name="where, asked", who=IRIS, way=partial(at, "/where/?rooms=3&kind=attention")),
    Stop(name="where, asked", who=MO, way=partial(at, "/where/?rooms=2&kind=attention")),
    Stop(name="where, nothing", who=MO, way=partial(at, "/where/?rooms=5&level=1")),
    Stop(name="public", who=None, way=public),
    Stop(name="neighbourhoods", who=IRIS, way=partial(at, "/neighbourhoods/")),
    Stop(name="neighbourhoods", who=TESSA, way=partial(at, "/neighbourhoods/"), status=403),
    Stop(name="complexes, found", who=MO, way=partial(at, "/complexes/?room=room&sort=-homes")),
    Stop(name="complexes, none", who=TESSA, way=partial(at, "/complexes/?q=nergens")),
    Stop(name="management", who=BO, way=partial(at, "/management/")),
    Stop(name="words", who=BO, way=partial(at, "/management/words/")),
    Stop(name="reasons", who=BO, way=partial(at, "/management/reasons/")),
    Stop(name="norms", who=BO, way=partial(at, "/management/norms/")),
    Stop(name="imports", who=BO, way=partial(at, "/data/imports/")),
    Stop(name="stairwells", who=BO, way=partial(at, "/data/stairwells/")),
    Stop(name="stairwells of a complex", who=BO, way=stairwells),
    Stop(name="new numbers", who=BO, way=partial(at, "/data/numbers/")),
    Stop(name="mapping files", who=BO, way=partial(at, "/data/imports/mappings/")),
    Stop(name="requests", who=MO, way=partial(at, "/requests/")),
    Stop(name="requests, none", who=IRIS, way=partial(at, "/requests/")),
    Stop(name="round, examples", who=HANS, way=partial(at, "/judgements/examples/")),
    Stop(name="round, answer", who=HANS, way=an_example),
    Stop(name="round, mine", who=HANS, way=partial(at, "/judgements/")),
    Stop(name="round, question", who=HANS, way=in_the_round),
    Stop(name="round, wrong numbers", who=HANS, way=wrong_in_the_round, status=422),
    Stop(name="round, waiting", who=HANS, way=said_in_the_round),
    Stop(name="round, a word", who=IRIS, way=a_word),
    Stop(name="rounds", who=MO, way=partial(at, "/judgements/")),
    Stop(name="round, plan", who=MO, way=partial(at, "/judgements/rounds/new/")),
    Stop(name="round", who=MO, way=the_round),
    Stop(name="round, closed", who=MO, way=closed_round),
    Stop(name="round, sheets", who=MO, way=the_sheets),
    Stop(name="people", who=BO, way=partial(at, "/accounts/people/")),
    Stop(name="person", who=BO, way=a_person),
    Stop(name="rights", who=IRIS, way=partial(at, "/accounts/rights/")),
    Stop(name="my log-ins", who=IRIS, way=partial(at, "/accounts/me/")),
    Stop(name="my mail", who=IRIS, way=partial(at, "/mail/")),
    Stop(name="my mail and whether it arrives", who=BO, way=partial(at, "/mail/")),
    Stop(name="second factor", who=IRIS, way=partial(at, "/accounts/me/code/")),
    Stop(name="passkey", who=IRIS, way=partial(at, "/accounts/me/key/")),
    Stop(name="log", who=PIA, way=partial(at, "/log/?check=1")),
    Stop(name="a link that opens nothing", who=None, way=partial(at, "/accounts/link/")),
    Stop(name="method", who=IRIS, way=partial(at, "/method/")),
    Stop(name="method", who=ART, way=partial(at, "/method/")),
    Stop(name="profiles", who=MO, way=partial(at, "/profiles/")),
    Stop(name="profiles", who=COR, way=partial(at, "/profiles/")),
    Stop(name="profile of a place", who=MO, way=a_place),
    Stop(name="profile, waits for a reader", who=SEM, way=partial(a_version, "wacht op")),
    Stop(name="profile, tenants are asked", who=COR, way=partial(a_version, "advies huurders")),
    Stop(name="profile, draft", who=MO, way=a_draft_profile),
    Stop(name="profile, draft, wrong", who=MO, way=a_wrong_profile, status=422),
    Stop(name="profile, tried", who=COR, way=partial(at, "/profiles/try/?attention_max=30")),
    Stop(name="agreements", who=MO, way=partial(at, "/agreements/")),
    Stop(name="agreements", who=HENNY, way=partial(at, "/agreements/")),
    Stop(name="agreements, none", who=ELS, way=partial(at, "/agreements/")),
    Stop(name="agreement, signed", who=HENNY, way=partial(an_agreement, "getekend")),
    Stop(name="agreement, over", who=COR, way=partial(an_agreement, "afgelopen")),
    Stop(name="agreement, draft", who=MO, way=partial(an_agreement, "concept")),
    Stop(name="agreement, to write in", who=MO, way=a_draft_agreement),
    Stop(name="agreement, clause", who=MO, way=a_clause),
    Stop(name="agreement, clause, wrong", who=MO, way=a_wrong_clause, status=409),
    Stop(name="agreement, new", who=MO, way=partial(at, "/agreements/start/")),
    Stop(name="baselines", who=MO, way=partial(at, "/yearbook/baselines/")),
    Stop(name="quarter", who=MO, way=partial(at, "/yearbook/quarter/")),
    Stop(name="quarter, of the municipality", who=HENNY, way=partial(at, "/yearbook/quarter/")),
    Stop(name="obligations", who=MO, way=partial(at, "/obligations/")),
    Stop(name="what was promised to us", who=COR, way=partial(at, "/obligations/")),
    Stop(name="baseline", who=MO, way=a_frozen_baseline),
    Stop(name="outlook", who=IRIS, way=partial(at, "/outlook/")),
    Stop(name="steering power", who=MO, way=partial(at, "/outlook/steering/")),
    Stop(name="feasibility", who=MO, way=partial(at, "/outlook/feasibility/")),
    Stop(name="everyones-part", who=HENNY, way=partial(at, "/outlook/feasibility/shares/")),
    Stop(name="own-part", who=MO, way=partial(at, "/outlook/feasibility/shares/")),
    Stop(name="scenarios", who=MO, way=partial(at, "/outlook/compare/")),
    Stop(name="scenario, new", who=MO, way=partial(at, "/outlook/compare/new/")),
    Stop(name="mapping files", who=BO, way=partial(at, "/data/imports/mappings/")),
    Stop(name="not here", who=IRIS, way=partial(at, MISSING), status=404),
    Stop(name="vacancies", who=HENNY, way=partial(at, "/vacancies/"), status=403),
)


def named(stop: Stop) -> str:
    """Name a stop in the list of tests."""
    return f"{stop.name} · {(stop.who or 'nobody').split()[0]}"


def in_english(somebody: Visitor) -> None:
    """Switch the language on the page where one is; the public page has an address for each."""
    if somebody.link("Read this page in English").count():
        somebody.link("Read this page in English").click()
        expect(somebody.page.locator("html")).to_have_attribute("lang", "en")
        return
    somebody.button("English").click()
    expect(somebody.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("stop", STOPS, ids=named)
def test_a_page_is_accessible_fits_is_strict_and_says_no_refused_word(visit, stop: Stop):
    somebody = visit(stop.who)
    if stop.status != 200:
        somebody.refusals += [stop.status] * 2  # once more in English
    stop.way(somebody, visit)
    page = somebody.page
    found = faults(page)
    in_english(somebody)
    found |= {("english", name): fault for name, fault in said_wrong(page).items()}
    found["overflow", "en"] = page.evaluate(OVERFLOW)  # the last width is the narrowest
    assert {key: value for key, value in found.items() if value} == {}
