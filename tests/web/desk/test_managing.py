"""What an organisation sets itself: words, reasons; and what it can't: codes, refused words."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from mixwijzer.web.audit.models import Event
from mixwijzer.web.desk.forms import ReasonsForm, WordsForm
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import OwnText, ReasonOffer
from mixwijzer.web.letting.reasons import FollowReason
from mixwijzer.web.letting.selectors import offered, offers, own_texts
from tests.builders import NOW
from tests.cast import Cast
from tests.web.acting import answers, decides

WORD = {"word.attention": ("wat vaker langs", "a bit more often")}


def browser(user) -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(user)
    return client


def test_an_own_word_is_kept_with_what_stood_before(cast: Cast):
    for said in ("wat vaker langs", "een beetje vaker"):
        services.say(
            user=cast.anja, owner=cast.woonbelang, texts={"word.attention": (said, "")}, now=NOW
        )
    assert own_texts(cast.woonbelang)["word.attention"]["nl"] == "een beetje vaker"
    rows = OwnText.objects.for_organisation(cast.woonbelang).order_by("pk")
    assert [(row.nl, row.replaced_at) for row in rows] == [
        ("wat vaker langs", NOW),
        ("een beetje vaker", None),
    ]
    assert own_texts(cast.elders) == {}


def test_the_same_word_again_changes_nothing(cast: Cast):
    for _ in range(2):
        services.say(user=cast.anja, owner=cast.woonbelang, texts=WORD, now=NOW)
    assert OwnText.objects.for_organisation(cast.woonbelang).count() == 1
    assert (
        Event.objects.for_organisation(cast.woonbelang).filter(action="letting.words").count() == 1
    )


def test_only_the_administrator_of_the_organisation_says_words(cast: Cast):
    for person in (cast.iris, cast.mo, cast.olga, cast.noor):
        with pytest.raises(PermissionDenied):
            services.say(user=person, owner=cast.woonbelang, texts=WORD, now=NOW)


def test_an_own_word_stands_on_the_public_page(town: Cast):
    services.say(user=town.anja, owner=town.woonbelang, texts=WORD, now=NOW)
    page = Client().get(f"/public/{town.woonbelang.public_id}/").content.decode()
    assert "Wat vaker langs" in page


@pytest.mark.parametrize(
    "word",
    ["Kwetsbare bewoners", "vrager", "probleemhuishoudens", "zwakke buren", "ongeschikt",
     "te veel", "vol", "score", "dragers", "regulier", "onbekend", "Vulnerable people"],
)  # fmt: skip
def test_a_refused_word_is_refused_with_a_sentence_that_names_it(cast: Cast, word):
    answer = browser(cast.anja).post("/management/words/", {"word.attention.nl": word})
    assert answer.status_code == 422
    assert "kan hier niet" in answer.content.decode()
    assert not OwnText.objects.for_organisation(cast.woonbelang).exists()


@pytest.mark.parametrize(
    "word", ["wat extra aandacht", "actieve buren", "alle andere buren", "volop aandacht", ""]
)
def test_an_ordinary_word_is_not_refused(word):
    assert services.refused_part(word) is None


def test_what_is_typed_is_kept(cast: Cast):
    sent = {
        f"{key}.{code}": "" for key in (*WordsForm.SHORT, *WordsForm.LONG) for code in ("nl", "en")
    }
    sent["public.contact.nl"] = "Bel 038 000 00 00"
    answer = browser(cast.anja).post("/management/words/", sent)
    assert answer.status_code == 302
    assert own_texts(cast.woonbelang)["public.contact"]["nl"] == "Bel 038 000 00 00"


def test_without_choices_every_reason_is_offered_in_the_order_of_the_list(cast: Cast):
    assert offered(cast.woonbelang, "follow") == tuple(FollowReason.values)


def turned_round(cast: Cast, *, off: str = "") -> None:
    reasons = [(code, code != off) for code in reversed(FollowReason.values)]
    services.offer_reasons(
        user=cast.anja, owner=cast.woonbelang, kind="follow", reasons=reasons, now=NOW
    )


def test_a_vacancy_offers_what_was_chosen_in_that_order(town: Cast):
    turned_round(town, off="neighbours_asked")
    page = answers(town.iris, "Vlierhof 3")
    assert page.follow_reasons == ("active_neighbour", "fits_view")
    html = browser(town.iris).get(f"/vacancies/{page.id}/").content.decode()
    assert "Buren vroegen om een actieve buur" not in html
    assert offered(town.elders, "follow") == tuple(FollowReason.values)


def test_a_decision_made_before_keeps_its_reason(town: Cast):
    decision = decides(town.iris, answers(town.iris, "Vlierhof 3"), reason="neighbours_asked")
    turned_round(town, off="neighbours_asked")
    html = browser(town.iris).get(f"/vacancies/{decision.vacancy.public_id}/").content.decode()
    assert "Buren vroegen om een actieve buur" in html


@pytest.mark.parametrize(
    "reasons",
    [[("fits_view", True)], [(code, False) for code in FollowReason.values], [("own", True)]],
    ids=["one is missing", "none is left", "one of their own"],
)
def test_the_list_stays_closed_and_never_empty(cast: Cast, reasons):
    with pytest.raises(ValueError, match="reason"):
        services.offer_reasons(
            user=cast.anja, owner=cast.woonbelang, kind="follow", reasons=reasons, now=NOW
        )
    assert not ReasonOffer.objects.for_organisation(cast.woonbelang).exists()


def test_the_form_refuses_a_list_from_which_nothing_can_be_chosen(cast: Cast):
    form = ReasonsForm(offers(cast.woonbelang, "follow"), {"list": "follow"})
    assert not form.is_valid()
    answer = browser(cast.anja).post("/management/reasons/", {"list": "follow"})
    assert answer.status_code == 422
    assert "minstens één reden" in answer.content.decode()


def test_the_index_names_only_pages_that_are_there(cast: Cast):
    html = browser(cast.anja).get("/management/").content.decode()
    for said in ("Woorden", "Redenen", "Normen", "Openbare pagina"):
        assert said in html


def test_every_norm_says_where_it_comes_from_and_what_uses_it(cast: Cast):
    html = browser(cast.rik).get("/management/norms/").content.decode()
    assert "het advies bij een vacature" in html
    assert "aanname" in html


@pytest.mark.parametrize(
    "path", ["/room-check/", "/where/", "/profiles/place/?kind=complex&code=Vlier"]
)
def test_an_own_word_stands_on_every_page_of_the_association_and_on_no_other(town: Cast, path):
    both = {"word.attention": ("wat vaker langs", ""), "word.carrier": ("trekkers hier", "")}
    services.say(user=town.anja, owner=town.woonbelang, texts=both, now=NOW)
    own = browser(town.iris).get(path).content.decode().lower()
    assert "wat vaker langs" in own or "trekkers hier" in own
    elsewhere = browser(town.olga).get(path).content.decode().lower()
    assert "wat vaker langs" not in elsewhere


def test_an_own_word_stands_in_an_advice(town: Cast):
    services.say(user=town.anja, owner=town.woonbelang, texts=WORD, now=NOW)
    page = answers(town.iris, "Vlierhof 3")
    told = browser(town.iris).get(f"/vacancies/{page.id}/").content.decode().lower()
    assert "wat vaker langs" in told


def test_no_way_leads_to_a_refused_word(cast: Cast):
    with pytest.raises(ValueError, match="kwetsbare"):
        services.say(
            user=cast.anja,
            owner=cast.woonbelang,
            texts={"word.attention": ("kwetsbare buren", "")},
            now=NOW,
        )
    assert not OwnText.objects.for_organisation(cast.woonbelang).exists()
