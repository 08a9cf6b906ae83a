"""What holds at every address, for everybody: who comes in, what comes along, what stays as is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client

from mixwijzer.web.accounts.models import OneTimeLink, Organisation, Owned, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role
from mixwijzer.web.letting import services
from mixwijzer.web.pulse import services as pulse
from tests.builders import NOW, hanzeveen
from tests.cast import Cast
from tests.web.acting import (
    a_key,
    an_import,
    answers,
    asks_for_a_place,
    decides,
    load_town,
    the_page,
)
from tests.web.agreements.agreeing import an_agreement_elsewhere, an_agreement_is_signed
from tests.web.every_url import (
    ADDRESSES,
    FORM,
    PAGE,
    PEOPLE,
    THINGS,
    Address,
    asked,
    fingerprint,
    logged_in,
    may_come,
    names_in_the_resolver,
    outcome,
    sins_of,
    things_of,
    tried,
    without_chance,
)
from tests.web.header_rules import broken
from tests.web.kept import kept
from tests.web.letting.crowded import crowd
from tests.web.letting.matched import a_candidate, a_match_elsewhere, a_match_is_under_way
from tests.web.outlook.comparing import a_finished_scenario, a_scenario, a_scenario_elsewhere
from tests.web.profiles.drafting import a_profile_elsewhere, a_profile_is_asked
from tests.web.pulse.rounds import BUSY, CALM, a_round_elsewhere, planned, running, says
from tests.web.refused_words import refused_in, visible_text
from tests.web.rounds.asking import a_line_is_asked
from tests.web.rounds.asking import the_item_of as the_item
from tests.web.rounds.cities import a_city_adopted, a_city_elsewhere
from tests.web.rounds.tables import a_table, brings
from tests.web.rounds.weeks import a_week, a_week_elsewhere
from tests.web.typing_everywhere import Typist, typists
from tests.web.yearbook.freezing import a_baseline, a_baseline_elsewhere

PAGES = [each for each in ADDRESSES if each.method == PAGE]
NEVER = uuid.UUID(int=0)
LEVEL = {"nl": "Registratiestand: oordeel.", "en": "Registration level: judgement."}
OFTEN = {"iris", "mo", "tessa", "hans", "joris"}  # in every story; the others in one
SYNTHETIC = {"nl": "synthetisch", "en": "synthetic"}


@pytest.fixture(autouse=True)
def in_the_demo_on_a_monday_morning(settings) -> Iterator[None]:
    """Let the demo's own pages exist too, and let pages know the day of the rows they show."""
    settings.DEMO = True
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def stories(cast: Cast) -> Cast:
    """A town in which every step of a vacancy can be seen: asked, advised and decided."""
    every_step(cast)
    return cast


def every_step_is_taken(town: Cast) -> None:
    a_line_is_asked(the_item(a_week_elsewhere(town)), town.elders)
    decides(town.iris, answers(town.iris, "Vlierhof 3"))
    answers(town.olga, "Eldershof 1")
    decides(town.olga, answers(town.olga, "Eldershof 1"))
    asks_for_a_place(town.iris, town.woonbelang)
    asks_for_a_place(town.olga, town.elders)
    a_profile_is_asked(town)
    a_profile_elsewhere(town)
    an_agreement_is_signed(town)
    an_agreement_elsewhere(town)
    running(town, "Molen", town.iris, town.hans)
    an_import(town.woonbelang, town.anja)
    an_import(town.elders, town.olga)
    for owner in (town.woonbelang, town.elders):
        OneTimeLink(
            owner=owner,
            purpose=OneTimeLink.Purpose.INVITE,
            organisation=owner,
            email="nieuw@hanzeveen.example",
            name="Nina Nieuw",
            role=Role.AGENT,
            made_at=NOW,
            expires_at=NOW + timedelta(days=7),
        ).save()
    a_baseline(town)
    a_baseline_elsewhere(town)
    a_finished_scenario(town)
    a_scenario_elsewhere(town)
    a_round_elsewhere(town)
    a_line_is_asked(the_item(a_week(town.mo, town.woonbelang, ["Vlierhof 24"])), town.opstap)
    a_match_is_under_way(town)
    brings(a_table(town), town.mo, town.woonbelang, [a_candidate(town)], ["Molenhof 2"])
    a_city_elsewhere(town)
    a_match_elsewhere(town)


def every_step(cast: Cast) -> None:
    """Let there be something of every kind."""
    kept("town", lambda: load_town(cast, hanzeveen()))
    kept("stories", lambda: every_step_is_taken(cast))


def own(address: Address, cast: Cast) -> uuid.UUID | str | None:
    """Return something of Iris's association that the address can be about."""
    if address.about == "page":
        return "components"
    if address.about == "association":
        return cast.woonbelang.public_id
    return things_of(cast.iris, address.about)[0] if address.about else None


def test_every_address_of_the_site_is_in_the_table():
    assert sorted(each.name for each in ADDRESSES) == sorted(names_in_the_resolver())


def filled_in(cast: Cast) -> dict[str, str]:
    """Fill in whom or what a form is about, where that isn't in its address."""
    return {
        "to": str(cast.sem.public_id),
        "candidate": str(things_of(cast.iris, "candidate")[0]),
        "municipality": str(Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY).public_id),
    }


def test_who_comes_in_is_what_the_matrix_says(stories: Cast):
    """The table of role × address; a line that differs is shown with both."""
    expected, found = {}, {}
    for name, person in stories.people():
        client = logged_in(person)
        for address in ADDRESSES:
            thing = own(address, stories)
            sent = filled_in(stories) if address.method == FORM else {}
            seen = address.about in {"", "page", "association"} or thing in things_of(
                person, address.about
            )
            wanted = address.hears if may_come(person, address) else "forbidden"
            if wanted == "let in" and not seen:
                wanted = "nothing here"
            expected[name, address.name] = wanted
            found[name, address.name] = outcome(tried(client, address, thing, **sent))
    expected |= {(name, "accounts:log-out"): "logged out" for name, _ in stories.people()}
    for again in ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"):
        expected["iris", again] = "let in"  # the others have no password
    assert {
        key: (expected[key], found[key]) for key in expected if expected[key] != found[key]
    } == {}
    assert len(found) == len(Role) * len(ADDRESSES) + 2 * len(ADDRESSES)  # Sem and Olga as well


def test_nobody_logged_in_is_asked_to_log_in(stories: Cast):
    client = logged_in(None)
    found = {each.name: outcome(tried(client, each, own(each, stories))) for each in ADDRESSES}
    assert found == {
        each.name: each.nobody_hears if each.public else "log in" for each in ADDRESSES
    }


@pytest.mark.parametrize("about", [*THINGS, *PEOPLE])
def test_somebody_elses_thing_looks_like_a_thing_that_never_was(stories: Cast, about):
    """Byte for byte, headers too, for every role."""
    compared = 0
    for name, person in stories.people():
        client = logged_in(person)
        other = stories.iris if name == "olga" else stories.olga
        foreign = things_of(other, about)[0]
        for address in ADDRESSES:
            if address.about != about:
                continue
            answered = [tried(client, address, thing) for thing in (foreign, NEVER)]
            wanted = "nothing here" if may_come(person, address) else "forbidden"
            assert [outcome(each) for each in answered] == [wanted, wanted], (name, address)
            theirs, nobodys = (without_chance(each, foreign, NEVER) for each in answered)
            assert theirs == nobodys, (name, address)
            compared += 1
    assert compared >= len(Role)


def test_the_comparison_notices_an_open_door(stories: Cast, monkeypatch):
    """Without the line that keeps rows apart the test above would fail."""
    monkeypatch.setattr(Owned, "seen_by", classmethod(lambda cls, user: Q()))
    foreign = things_of(stories.olga, "complex_id")[0]
    opened = logged_in(stories.iris).get(f"/complexes/{foreign}/")
    # PostgreSQL has a second wall: tests/web/accounts/test_scope_removed.py
    assert opened.status_code == (404 if connection.vendor == "postgresql" else 200)


def test_a_form_without_its_token_is_refused_and_nothing_changes(stories: Cast):
    for person in (stories.iris, stories.mo, None):
        client = Client(enforce_csrf_checks=True)
        if person:
            client.force_login(person)
        before = fingerprint()
        for address in ADDRESSES:
            answer = client.post(address.path(own(address, stories)), {"reason": "fits_view"})
            assert answer.status_code == 403, address
        assert fingerprint() == before


def test_looking_at_an_address_changes_nothing_not_even_at_that_of_a_form(stories: Cast):
    people = (stories.iris, stories.mo, stories.tessa, stories.joris, None)
    clients = [(person, logged_in(person)) for person in people]
    before = fingerprint()
    for person, client in clients:
        for address in ADDRESSES:
            thing = own(address, stories)
            answer = asked(client, PAGE, address.path(thing))
            wanted = {302, 403, 405} if address.method == FORM else {200, 302, 403}
            if person and address.about in {"agreement", "decision"}:
                wanted |= {404} if thing not in things_of(person, address.about) else set()
            wanted |= {404} if address.hears == "nothing here" else set()
            assert answer.status_code in wanted, address
    assert fingerprint() == before


def test_the_fingerprint_sees_a_change(stories: Cast):
    before = fingerprint()
    answer = asked(
        logged_in(stories.mo),
        FORM,
        f"/vacancies/{things_of(stories.iris, 'vacancy')[0]}/hand-over/",
        to=str(stories.sem.public_id),
    )
    assert answer.status_code in {302, 409}
    asks_for_a_place(stories.iris, stories.woonbelang)
    assert fingerprint() != before


def nobody_yet(cast: Cast) -> None:
    """Leave the lists empty."""


def asked_first(cast: Cast) -> None:
    """Let questions wait for the consultants."""
    load_town(cast, hanzeveen())


def advised(cast: Cast) -> None:
    """Let the advice be open, be short of room in one place, and a city round be adopted."""
    load_town(cast, hanzeveen())
    crowd(cast, "Molen")
    answers(cast.iris, "Vlierhof 3")
    a_city_adopted(cast, ["Vlierhof 24", "Molenhof 2"])


def decided(cast: Cast) -> None:
    """Let one decision stand and another be taken back; a file waits for somebody to confirm it."""
    load_town(cast, hanzeveen())
    a_profile_is_asked(cast)
    an_import(cast.woonbelang, cast.anja)
    a_baseline(cast)
    a_finished_scenario(cast)
    a_scenario(cast)
    page = answers(cast.iris, "Vlierhof 3")
    decision = decides(cast.iris, page)
    services.withdraw(
        user=cast.iris, decision=decision.public_id, reason="changed", key=a_key(), now=NOW
    )
    services.open_advice(user=cast.iris, vacancy=page.id, now=NOW)
    decides(cast.iris, the_page(cast.iris, "Vlierhof 3"), channel="ordinary", reason="haste")


def kept_by_all(answer: HttpResponse) -> bool:
    """Whether a page is the same for everybody: then it may be kept, and sets no cookie."""
    return answer.headers.get("Cache-Control", "").startswith("public") and not answer.cookies


BY_ADDRESS = {"desk:public": "nl", "desk:public-en": "en"}  # whatever the browser asks


def in_a_round(cast: Cast) -> None:
    """Let two views lie apart, one wait, one round be planned, and another be over."""
    load_town(cast, hanzeveen())
    pulse.practise(user=cast.iris, now=NOW)
    over = running(cast, "Vlier", cast.sem, cast.hans)
    says(cast.sem, over, CALM)
    pulse.close_round(user=cast.mo, round_id=over.public_id, now=NOW)
    talk = running(cast, "Vlier", cast.iris, cast.hans)
    says(cast.iris, talk, CALM)
    says(cast.hans, talk, BUSY)
    running(cast, "Molen", cast.iris, cast.hans)
    planned(cast, "Vlier", "Molen")


def wrong_with(answer: HttpResponse, language: str) -> list[str]:
    """Return everything that should not be so in an answer."""
    html = answer.content.decode()
    text = visible_text(html)
    found = [*broken(answer.headers), *sins_of(html), *refused_in(html)]
    if "no-store" not in answer.headers.get("Cache-Control", "") and not kept_by_all(answer):
        found.append("may be kept in a cache")
    page = "text/html" in answer.headers.get("Content-Type", "")  # a document isn't a page
    if page and (answer.status_code < 300 or answer.status_code >= 400):
        found += [each for each in (LEVEL[language], SYNTHETIC[language]) if each not in text]
        found += [] if f'lang="{language}"' in html else ["another language"]
    return found


@pytest.mark.once
@pytest.mark.parametrize(
    ("story", "language"),
    [
        *((each, "nl") for each in (nobody_yet, asked_first, advised, decided, in_a_round)),
        *((each, "en") for each in (decided, in_a_round)),  # the most that is said
    ],
)
def test_every_page_is_strict_says_its_level_and_no_refused_word(cast: Cast, story, language):
    """Whoever looks, at whatever step, also where the answer is no."""
    story(cast)
    found = {}
    for name, person in [*cast.people(), ("nobody", None)]:
        if story is not decided and name not in OFTEN:
            continue
        client = logged_in(person, language=language)
        for address, thing in what_to_open(person):
            said = BY_ADDRESS.get(address.name, language)
            wrong = wrong_with(asked(client, PAGE, address.path(thing)), said)
            if wrong:
                found[name, address.name, thing == NEVER] = wrong
    assert found == {}


def an_association() -> uuid.UUID:
    """Return an association that has a public page."""
    return Organisation.objects.get(code="woonbelang").public_id


def what_to_open(person: User | None) -> Iterator[tuple[Address, uuid.UUID | str | None]]:
    """Yield every page with every thing a person has, and one that does not exist."""
    for address in PAGES:
        if address.file:
            continue
        if address.about in {*THINGS, *PEOPLE} and person:
            yield from ((address, each) for each in [*things_of(person, address.about), NEVER])
        elif address.public is (person is None) and address.about not in {*THINGS, *PEOPLE}:
            yield (
                address,
                {"page": "components", "association": an_association()}.get(address.about),
            )


@pytest.mark.once
def test_when_norms_have_ended_a_page_says_which_or_goes_on(stories: Cast):
    """After a year and a half without new values; nobody meets *something went wrong with us*."""
    found: dict[str, set[int]] = {}
    with time_machine.travel(NOW + timedelta(days=500)):
        for name, person in stories.people():
            if name not in OFTEN:
                continue
            client = logged_in(person)
            client.raise_request_exception = False
            for address, thing in what_to_open(person):
                answer = asked(client, PAGE, address.path(thing))
                found.setdefault(address.name, set()).add(answer.status_code)
                if answer.status_code == 503:
                    assert "heeft vandaag geen waarde" in answer.content.decode(), address.name
                    assert wrong_with(answer, "nl") == [], address.name
    assert [name for name, heard in found.items() if 500 in heard] == []
    assert {name for name, heard in found.items() if 503 in heard} >= {"desk:complex"}
    assert found["desk:method"] == {200}  # the page of the trouble leads there
    assert found["desk:norms"] <= {200, 403}
    assert found["letting:vacancies"] <= {200, 403}


NASTY = {
    "a zero byte": "Vlier\x00hof",
    "a digit that is no number": "²",
    "a number without end": "9" * 5_000,
    "below zero": "-1",
    "another way to write a number": "1e9",
    "no letter at all": "\ufffd",
    "markup": '"><img src=x onerror=alert(1)>{{7*7}}{% now %}',
    "a question to the database": "' OR 1=1 --",
    "wild cards": "%_" * 200,
    "a path": "../../etc/passwd",
    "a header": "attention\r\nSet-Cookie: a=b",
}
# What a database, or its driver, may take in its own way; the rest is the same to both.
FOR_A_DATABASE = [
    "a zero byte",
    "a digit that is no number",
    "a number without end",
    "below zero",
    "another way to write a number",
    "a question to the database",
]
FOR_A_PAGE = [name for name in NASTY if name not in FOR_A_DATABASE]
NASTY["all that a page may show"] = " ".join(NASTY[name] for name in FOR_A_PAGE)
ON_BOTH = {"a number without end", "below zero"}  # the others are read before, or by one alone


def who_may(cast: Cast, address: Address) -> User | None:
    """Return somebody to whom an address is open: Iris where she may."""
    people = [cast.iris, *(person for _, person in cast.people())]
    return None if address.public else next(each for each in people if may_come(each, address))


def what_is_typed_at(
    cast: Cast, address: Address, words: str, *, methods: set[str]
) -> Iterator[tuple[Typist, HttpResponse]]:
    """Yield what becomes of these words in every field that is read at an address."""
    person = who_may(cast, address)
    known = address.about in {*THINGS, *PEOPLE}
    thing = next(iter(things_of(person, address.about)), NEVER) if known else own(address, cast)
    client = logged_in(person)
    for method in methods:
        for typist in typists(words, hides=method == FORM):
            with transaction.atomic():  # until it was looked at
                with typist.at_work():
                    answer = asked(client, method, address.path(thing))
                yield typist, answer
                transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("story", "part", "names"),
    [
        pytest.param(asked_first, "", list(NASTY), marks=pytest.mark.soak),
        pytest.param(decided, "", list(NASTY), marks=pytest.mark.soak),
        pytest.param(every_step, "", FOR_A_PAGE, marks=pytest.mark.soak),
        *(
            pytest.param(
                every_step, "", [name], id=name, marks=[] if name in ON_BOTH else pytest.mark.pg
            )
            for name in FOR_A_DATABASE
        ),
        pytest.param(
            every_step, "", ["all that a page may show"], id="page", marks=pytest.mark.once
        ),
        (in_a_round, "pulse:", FOR_A_DATABASE),
        pytest.param(in_a_round, "pulse:", FOR_A_PAGE, marks=pytest.mark.once),
    ],
)
def test_nothing_that_is_typed_makes_the_site_fall_over_or_comes_back_as_markup(
    cast: Cast, story, part, names
):
    story(cast)
    found, read = {}, set()
    for address in (each for each in ADDRESSES if each.name.startswith(part)):
        for name in names:
            asked_for: set[str] = set()
            for typist, answer in what_is_typed_at(
                cast, address, NASTY[name], methods={address.method, FORM}
            ):
                asked_for |= typist.asked
                if answer.status_code >= 500 or b"<img src=x" in answer.content:
                    found[address.name, name] = answer.status_code
            if not asked_for:
                break  # nothing that is typed is read there
            read |= {(address.name, each) for each in asked_for}
    assert found == {}
    assert part or {("letting:decide", "channel"), ("agreements:carry", "code")} <= read


NAME = "Gerrit van Dam"
FREE_TEXT = {
    "agreements_agreementstep": "why it is withdrawn, what was said",
    "letting_owntext": "words of one's own, read over before they are kept",
    "register_dwelling": "what a stairwell is called",
    "yearbook_baseline": "why a day is frozen",
}
"""Tables in which somebody may explain something, or give a thing its own name."""


@pytest.mark.once
def test_a_name_that_is_typed_everywhere_is_written_only_where_text_is_free(cast: Cast):
    """Fields with a closed vocabulary take no other word, whoever sends the form."""
    every_step(cast)
    found: dict[str, set[str]] = {}
    for address in ADDRESSES:

        def look(execute, sql, values, many, context, name=address.name):
            table = re.match(r'(?:INSERT INTO|UPDATE) "?(\w+)', sql)
            told = values if many else (values or ())[: sql.split(" WHERE ")[0].count("%s")]
            if table and NAME.lower() in str(told).lower():
                found.setdefault(table[1], set()).add(name)
            return execute(sql, values, many, context)

        with connection.execute_wrapper(look):
            for _ in what_is_typed_at(cast, address, NAME, methods={FORM}):
                pass
    assert {table: by for table, by in found.items() if table not in FREE_TEXT} == {}
    assert {"letting_owntext", "yearbook_baseline"} <= set(found)
