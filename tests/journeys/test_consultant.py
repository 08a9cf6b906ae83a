"""The consultant's day: from *Vandaag* to a decision, and everything she can do about one."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.site import DESK, IRIS, MO, PHONE, SEM, Visitor

pytestmark = pytest.mark.e2e

MOST_CLICKS = 3
MORE_FOR_ANOTHER_WAY = 2
UNCHANGED, KEEP = "Niets veranderd", "Bewaar mijn beeld"
FITS, HASTE = "Klopt met mijn beeld", "Haast: de woning staat leeg"
CHOICES = "input:checked, option[selected], [aria-checked=true], [aria-pressed=true]"
EVERY_WAY = [
    pytest.param(DESK, True, id="desk"),
    pytest.param(PHONE, True, id="phone"),
    pytest.param(DESK, False, id="without scripts"),
    pytest.param(PHONE, False, id="phone without scripts"),
]


def asked(iris: Visitor) -> str:
    """Open the first home that waits for her view, from *Vandaag*; return its address here."""
    iris.open("/")
    iris.click(iris.page.locator("main").get_by_role("link", name="Geef uw beeld").first)
    expect(iris.button(UNCHANGED)).to_be_visible()
    return iris.page.url.removeprefix(iris.site.url)


def advised(iris: Visitor) -> str:
    """Say that nothing changed about the first home; return its address here."""
    path = asked(iris)
    unchanged(iris)
    return path


def advised_in_time(iris: Visitor) -> str:
    """Say that nothing changed about a home whose advert isn't out yet; return its address here."""
    rows = iris.site.ask(
        """SELECT vacancy.public_id FROM letting_vacancy vacancy
           JOIN accounts_user person ON person.id = vacancy.responsible_id AND person.name = ?
           JOIN register_notice notice ON notice.code = vacancy.code
            AND notice.owner_id = vacancy.owner_id AND notice.replaced_at IS NULL
           WHERE notice.publication > date('now') AND notice.closed_on IS NULL
           ORDER BY notice.publication, notice.code""",
        IRIS,
    )
    path = f"/vacancies/{uuid.UUID(str(rows[0][0]))}/"
    iris.open(path)
    unchanged(iris)
    return path


def unchanged(iris: Visitor) -> None:
    iris.click(iris.button(UNCHANGED))
    expect(card(iris, "Uw besluit")).to_be_visible()


def card(somebody: Visitor, title: str) -> Locator:
    """Find a card by its title, or by what that begins with: a number may come after it."""
    begins = re.compile(f"^{re.escape(title)}")
    return somebody.page.get_by_role("region", name=title, exact=True).or_(
        somebody.page.locator(".card", has=somebody.page.get_by_role("heading", name=begins))
    )


def reason(somebody: Visitor, code: str) -> Locator:
    """Find the button of a reason, whatever it is called today."""
    return somebody.page.locator(f"button[name=reason][value={code}]")


def standing(iris: Visitor) -> list[tuple[object, ...]]:
    """Ask the database which decisions stand: channel, followed, reason."""
    return iris.site.ask(
        "SELECT channel, followed, reason FROM letting_decision WHERE withdrawn_at IS NULL"
    )


@pytest.mark.parametrize(("width", "scripts"), EVERY_WAY)
def test_from_today_to_a_recorded_decision_in_three_clicks(visit, width, scripts):
    iris = visit(IRIS, width=width, scripts=scripts)
    asked(iris)
    iris.click(iris.button(UNCHANGED))
    iris.click(iris.button(FITS))
    decided = card(iris, "Besloten")
    expect(decided).to_contain_text(FITS)
    expect(decided).to_contain_text(f"{IRIS}, ")
    expect(decided).to_contain_text("volgens het advies")
    assert [each[1:] for each in standing(iris)] == [(1, "fits_view")]
    assert iris.clicks <= MOST_CLICKS


@pytest.mark.parametrize(("width", "scripts"), EVERY_WAY)
def test_another_way_than_the_advice_costs_at_most_two_clicks_more(visit, width, scripts):
    iris = visit(IRIS, width=width, scripts=scripts)
    advised(iris)
    iris.click(iris.page.get_by_role("radio", name="Gewoon aanbod", exact=True))
    iris.click(iris.button(HASTE))
    expect(card(iris, "Besloten")).to_contain_text("een andere weg dan het advies")
    assert standing(iris) == [("ordinary", 0, "haste")]
    assert iris.clicks <= MOST_CLICKS + MORE_FOR_ANOTHER_WAY


def test_nothing_is_chosen_for_her(visit):
    iris = visit(IRIS)
    advised(iris)
    assert card(iris, "Uw besluit").locator(CHOICES).count() == 0
    assert card(iris, "Uw besluit").locator(".btn-primary, [autofocus]").count() == 0


def test_following_and_choosing_otherwise_look_alike(visit):
    iris = visit(IRIS)
    advised(iris)
    looks = """button => { const look = getComputedStyle(button);
        return [look.backgroundColor, look.color, look.borderTopColor, look.borderTopWidth,
                look.fontSize, look.fontWeight].join(" "); }"""
    follow, otherwise = card(iris, "Uw besluit").locator("form").all()
    found = {
        button.evaluate(looks)
        for form in (follow, otherwise)
        for button in form.get_by_role("button").all()
    }
    assert len(found) == 1


def test_another_way_without_saying_which_is_not_recorded(visit):
    iris = visit(IRIS)
    advised(iris)
    iris.button(HASTE).click()
    ways = card(iris, "Uw besluit").get_by_role("radio")
    assert ways.first.evaluate("way => way.validity.valueMissing")
    assert standing(iris) == []


def test_her_own_view_is_given_with_the_steppers(visit):
    iris = visit(IRIS)
    asked(iris)
    low = iris.page.locator("#id_attention_low")
    likely = iris.page.locator("#id_attention_best")
    before = int(low.input_value())
    iris.button("waarschijnlijk: 1 hoger").first.click()
    iris.button("minst: 1 hoger").first.click()
    expect(low).to_have_value(str(before + 1))
    hers = likely.input_value()
    iris.page.get_by_role("radio", name="vrijwel iedereen").click()
    iris.button(KEEP).click()
    said = iris.page.locator(".said")
    expect(said).to_contain_text(f"aandacht {before + 1} · {hers} · ")
    expect(said).not_to_contain_text("Niets veranderd")


def test_her_own_view_is_corrected_after_the_advice(visit):
    iris = visit(IRIS)
    path = advised(iris)
    iris.page.locator(".said a[href*=again]").click()
    likely = iris.page.locator("#id_attention_best")
    before = int(likely.input_value())
    iris.button("waarschijnlijk: 1 hoger").first.click()
    iris.button(KEEP).click()
    expect(iris.page.locator(".said")).to_contain_text(f" · {before + 1} · ")
    assert iris.page.url == iris.site.url + path
    expect(card(iris, "Uw besluit")).to_be_visible()


def test_numbers_out_of_order_are_told_and_her_numbers_stay(visit):
    iris = visit(IRIS, scripts=False)
    path = asked(iris)
    iris.page.locator("#id_attention_low").fill("3")
    iris.page.locator("#id_attention_best").fill("1")
    iris.refusals.append(422)
    iris.button(KEEP).click()
    expect(iris.page.get_by_text("Zet de aantallen op volgorde").first).to_be_visible()
    expect(iris.page.locator("#id_attention_low")).to_have_value("3")
    expect(iris.page.locator("#id_attention_best")).to_have_value("1")
    iris.open(path)
    expect(iris.button(UNCHANGED)).to_be_visible()


def test_a_decision_is_taken_back_and_stays_in_the_history(visit):
    iris = visit(IRIS)
    path = advised_in_time(iris)
    iris.button(FITS).click()
    iris.button("Draai terug: een vergissing").click()
    iris.open(path)
    expect(card(iris, "Uw besluit")).to_be_visible()
    history = card(iris, "Geschiedenis")
    expect(history).to_contain_text("Besluit teruggedraaid")
    expect(history).to_contain_text("Besluit vastgelegd")
    assert standing(iris) == []
    because = reason(iris, "active_neighbour")
    said = because.inner_text()
    because.click()
    expect(card(iris, "Besloten")).to_contain_text(said)


def test_handed_over_to_a_colleague_who_is_asked_first(visit):
    iris, sem = visit(IRIS), visit(SEM)
    path = advised(iris)
    iris.page.get_by_label("Aan welke collega?").select_option(label=f"{SEM}, woonconsulent")
    iris.button("Draag over").click()
    expect(iris.page.get_by_text("Overgedragen.")).to_be_visible()
    sem.open("/")
    sem.page.locator(f"main a[href='{path}']").first.click()
    expect(
        sem.page.get_by_role("heading", name=re.compile("Hoe is het hier, zonder"))
    ).to_be_visible()
    expect(sem.page.locator("main .verdict")).to_have_count(0)
    expect(sem.button(UNCHANGED)).to_have_count(0)  # he never said anything about this place
    for name, numbers in (("attention", (1, 2, 3)), ("carrier", (1, 1, 2))):
        for end, number in zip(("low", "best", "high"), numbers, strict=True):
            sem.page.locator(f"#id_{name}_{end}").fill(str(number))
    sem.page.get_by_role("radio", name="een deel").click()
    sem.button(KEEP).click()
    expect(card(sem, "Uw besluit")).to_be_visible()
    expect(card(sem, "Geschiedenis")).to_contain_text("Overgedragen")


def test_of_two_who_decide_the_second_reads_who_was_first_and_when(visit):
    iris, mo = visit(IRIS), visit(MO)
    path = advised(iris)
    mo.open(path)
    expect(card(mo, "Uw besluit")).to_be_visible()
    iris.button(FITS).click()
    expect(card(iris, "Besloten")).to_be_visible()
    mo.refusals.append(409)
    with mo.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        reason(mo, "active_neighbour").click()
    assert answered.value.status == 409
    told = mo.page.locator("main .notice")
    expect(told).to_contain_text("Iemand was u voor")
    expect(told).to_contain_text(re.compile(rf"{IRIS}.*\d{{1,2}} \w+, \d{{2}}[.:]\d{{2}}"))
    expect(mo.page.get_by_role("heading", level=1)).to_contain_text(
        iris.page.get_by_role("heading", level=1).inner_text().splitlines()[0]
    )
    expect(card(mo, "Besloten")).to_contain_text(FITS)
    assert [each[1:] for each in standing(mo)] == [(1, "fits_view")]


def test_the_same_form_sent_twice_is_one_decision(visit):
    iris = visit(IRIS)
    advised(iris)
    form = card(iris, "Uw besluit").locator("form").first
    sent = form.evaluate("form => Object.fromEntries(new FormData(form))")
    address = iris.site.url + (form.get_attribute("action") or "")
    for _ in range(2):
        answered = iris.context.request.post(address, form={**sent, "reason": "fits_view"})
        assert answered.status == 200
        assert "Besloten" in answered.text()
    assert [each[1:] for each in standing(iris)] == [(1, "fits_view")]


def test_in_english_and_back(visit):
    iris = visit(IRIS)
    path = asked(iris)
    iris.button("English").click()
    expect(iris.button("Nothing changed")).to_be_visible()
    assert iris.page.url == iris.site.url + path
    expect(iris.page.locator("html")).to_have_attribute("lang", "en")
    iris.button("Nothing changed").click()
    iris.button("Fits my own view").click()
    expect(iris.page.get_by_role("heading", name="Decided", exact=True)).to_be_visible()
    iris.button("Nederlands").click()
    expect(iris.page.get_by_role("heading", name="Besloten", exact=True)).to_be_visible()
    expect(iris.page.locator("html")).to_have_attribute("lang", "nl")


def test_who_was_logged_out_while_deciding_comes_back_to_the_home(visit):
    """The form is gone with the session; the address it was sent to shows the vacancy."""
    iris = visit(IRIS)
    path = advised(iris)
    iris.context.clear_cookies()
    iris.open(f"{path}decision/")
    iris.button(re.compile(IRIS)).click()
    iris.open(f"{path}decision/")
    assert iris.page.url == iris.site.url + path
    expect(card(iris, "Uw besluit")).to_be_visible()
    assert standing(iris) == []
