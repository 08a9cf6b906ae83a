"""Candidates: corrected, off the list, back again, and brought in by a list from elsewhere."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from html import unescape
from importlib import import_module

import pytest
import xlsxwriter
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from mixwijzer.web.accounts.models import User
from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.selectors import verify
from mixwijzer.web.letting import services
from mixwijzer.web.letting.match_steps import Act, MatchState
from mixwijzer.web.letting.models import Candidate, Match, Vacancy
from mixwijzer.web.letting.reasons import Leaving
from mixwijzer.web.letting.refusals import (
    CandidateKnown,
    CandidateLeft,
    CandidateTaken,
    ReasonMissing,
    RulesSay,
)
from mixwijzer.web.letting.selectors import candidate_page, candidates_page, people, who_left
from mixwijzer.web.letting.services import Entered, Fate
from mixwijzer.web.rounds.bridge import waiting_people
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import asked, logged_in
from tests.web.kept import kept
from tests.web.letting.matched import (
    a_candidate,
    a_home_for_matching,
    acts,
    now_of,
    of_the_partner,
    proposed,
    to_step,
)

LIST = "/vacancies/candidates/list/"


@pytest.fixture
def home(town: Cast) -> Vacancy:
    return kept("a home for matching", lambda: a_home_for_matching(town))


def now_known(who: Candidate) -> Candidate:
    rows = Candidate.objects.for_organisation(who.owner_id)
    return rows.get(number=who.number, replaced_at=None)


def as_entered(who: Candidate, **otherwise: object) -> Entered:
    told = {
        name: getattr(who, name)
        for name in (
            "size",
            "registered",
            "income_class",
            "priority",
            "target_group",
            "accessible_needed",
            "reference",
        )
    }
    return Entered(**{**told, **otherwise})  # type: ignore[arg-type]


def numbers(user: User) -> list[str]:
    return [row.number for row, _ in people(user)]


def test_what_the_rules_could_not_answer_is_filled_in_and_the_match_goes_on(
    town: Cast, home: Vacancy
) -> None:
    who = a_candidate(town, income_class=None)
    match = to_step(town, proposed(town, home, who), MatchState.LETTING_CHECK)
    with pytest.raises(RulesSay):
        acts(town.tessa, match, Act.ACCEPT)
    entered = as_entered(who, income_class="target")
    services.correct(user=town.iris, candidate=who.public_id, entered=entered, now=NOW)
    acts(town.tessa, match, Act.ACCEPT)
    assert now_of(match).state != MatchState.LETTING_CHECK


def test_a_correction_keeps_what_was_known_and_says_who_and_what(town: Cast) -> None:
    who = of_the_partner(town)
    later = NOW + timedelta(days=100)
    entered = as_entered(who, size=4, partner=None)
    services.correct(user=town.sem, candidate=who.public_id, entered=entered, now=later)
    row = now_known(who)
    assert (row.size, row.partner_organisation_id) == (4, town.opstap.pk)  # whose he is stays
    assert row.keep_until == who.keep_until + timedelta(days=100)
    records = Candidate.objects.for_organisation(town.woonbelang).filter(number=who.number)
    assert sorted(records.values_list("size", "by__name")) == [
        (2, town.iris.name),
        (4, town.sem.name),
    ]
    page = asked(logged_in(town.iris), "GET", f"/vacancies/candidates/{who.public_id}/")
    assert "aantal personen" in page.content.decode()
    assert not verify(town.woonbelang).breaks


def test_the_same_again_writes_nothing(town: Cast) -> None:
    who = a_candidate(town)
    services.correct(user=town.iris, candidate=who.public_id, entered=as_entered(who), now=NOW)
    assert now_known(who).pk == who.pk


def test_who_was_housed_is_on_no_list_any_more(town: Cast, home: Vacancy) -> None:
    who, other = a_candidate(town), a_candidate(town)
    row = to_step(town, proposed(town, home, who), MatchState.CONTRACT)
    acts(town.tessa, row, Act.LET)
    assert (now_known(who).left, now_known(who).left_on) == (Leaving.HOUSED, TODAY)
    assert numbers(town.iris) == [other.number]
    assert [each.number for each in who_left(town.iris, TODAY)] == [who.number]
    assert who_left(town.iris, who.keep_until) == ()
    assert [each.number for each in waiting_people(town.woonbelang, TODAY)] == [other.number]
    another = a_home_for_matching(town, "Vlier-024")
    lines = candidates_page(town.iris, another.public_id, day=TODAY, language="nl").lines
    assert [each.person.number for each in lines] == [other.number]
    with pytest.raises(CandidateLeft):
        proposed(town, another, who)


def test_who_leaves_is_next_in_line_nowhere_and_can_be_proposed_for_nothing(
    town: Cast, home: Vacancy
) -> None:
    first, who = a_candidate(town), a_candidate(town)
    proposed(town, home, first)
    waits = proposed(town, home, who, reserve=True)
    services.leave(user=town.iris, candidate=who.public_id, why="elsewhere", now=NOW)
    assert now_of(waits).state == MatchState.RELEASED
    assert numbers(town.iris) == [first.number]
    assert candidate_page(town.iris, who.public_id, day=TODAY, language="nl").lines == ()
    with pytest.raises(CandidateLeft):
        services.leave(user=town.iris, candidate=who.public_id, why="stopped", now=NOW)
    with pytest.raises(CandidateLeft):
        services.correct(
            user=town.iris, candidate=who.public_id, entered=as_entered(who, size=1), now=NOW
        )


def test_nobody_leaves_out_of_a_match_or_without_a_reason_of_the_list(
    town: Cast, home: Vacancy
) -> None:
    who = a_candidate(town)
    for why in ("", "housed", "zomaar"):
        with pytest.raises(ReasonMissing):
            services.leave(user=town.iris, candidate=who.public_id, why=why, now=NOW)
    proposed(town, home, who)
    with pytest.raises(CandidateTaken):
        services.leave(user=town.iris, candidate=who.public_id, why="stopped", now=NOW)
    with pytest.raises(PermissionDenied):
        services.leave(user=town.tessa, candidate=who.public_id, why="stopped", now=NOW)


def test_who_was_entered_by_mistake_is_forgotten_at_once(town: Cast) -> None:
    who = of_the_partner(town)
    entered = as_entered(who, size=5)
    services.correct(user=town.iris, candidate=who.public_id, entered=entered, now=NOW)
    services.leave(user=town.iris, candidate=who.public_id, why="mistake", now=NOW)
    records = Candidate.objects.for_organisation(town.woonbelang).filter(number=who.number)
    assert set(records.values_list("reference", "target_group")) == {(None, None)}


def test_who_found_a_home_elsewhere_and_looks_again_gets_a_new_number(town: Cast) -> None:
    who = of_the_partner(town, priority="urgency")
    services.leave(user=town.iris, candidate=who.public_id, why="elsewhere", now=NOW)
    path = f"/vacancies/candidates/{who.public_id}/"
    assert "Zoekt weer" in asked(logged_in(town.iris), "GET", path).content.decode()
    answer = asked(logged_in(town.iris), "POST", f"{path}return/")
    again = Candidate.objects.for_organisation(town.woonbelang).get(returned_from=who.number)
    assert answer["location"].endswith(f"{again.public_id}/")
    assert (again.priority, again.partner_organisation_id) == ("urgency", town.opstap.pk)


def test_who_looks_already_is_not_entered_once_more(town: Cast) -> None:
    who = of_the_partner(town)
    with pytest.raises(CandidateKnown) as refused:
        of_the_partner(town)
    assert refused.value.number == who.number
    a_candidate(town, reference="D-88")  # the number of another who registers
    services.leave(user=town.iris, candidate=who.public_id, why="stopped", now=NOW)
    path = f"/vacancies/candidates/{who.public_id}/return/"
    answers = [asked(logged_in(town.iris), "POST", path).status_code for _ in range(2)]
    assert answers == [302, 409]


def test_a_number_that_is_here_already_is_told_beside_the_field(town: Cast) -> None:
    who = a_candidate(town, reference="D-7")
    sent = {"size": "2", "registered": "2024-01-01", "reference": "D-7"}
    answer = asked(logged_in(town.iris), "POST", "/vacancies/candidates/new/", **sent)
    assert answer.status_code == 409
    assert who.number in answer.content.decode()


def test_whose_term_is_over_looks_no_longer(town: Cast) -> None:
    who = of_the_partner(town)
    then = NOW + timedelta(days=366)
    assert services.forget_due(owner=town.woonbelang, now=then) == 1
    assert (now_known(who).left, now_known(who).reference) == (Leaving.TERM, None)
    assert numbers(town.iris) == []
    assert services.forget_due(owner=town.woonbelang, now=then) == 0


def test_a_correction_lets_the_term_begin_again(town: Cast) -> None:
    who, later = of_the_partner(town), NOW + timedelta(days=300)
    entered = as_entered(who, size=3)
    services.correct(user=town.iris, candidate=who.public_id, entered=entered, now=later)
    services.forget_due(owner=town.woonbelang, now=NOW + timedelta(days=366))
    assert (now_known(who).reference, numbers(town.iris)) == ("D-88", [who.number])


def the_list(*rows: str, name: str = "lijst maandag.csv") -> SimpleUploadedFile:
    head = "Kandidaatnummer;Huishoudgrootte;Ingeschreven op;Inkomensklasse;Doelgroep"
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode("cp1252"))


def looks_at(user: User, file: SimpleUploadedFile, **more: str) -> HttpResponse:
    return asked(logged_in(user), "POST", LIST, file=file, **more)


def draft_of(answer: HttpResponse) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', answer.content.decode())
    return unescape(found[1]) if found else ""


def brings_in(user: User, answer: HttpResponse) -> HttpResponse:
    return sends(user, draft_of(answer))


def sends(user: User, draft: str) -> HttpResponse:
    client = logged_in(user)
    answer = asked(client, "POST", f"{LIST}bring-in/", draft=draft)
    return client.get(answer["location"])


def written(cast: Cast) -> list[tuple[str | None, int, date, str | None, str | None]]:
    rows = Candidate.objects.for_organisation(cast.woonbelang).filter(replaced_at=None)
    return list(
        rows.order_by("number").values_list(
            "reference", "size", "registered", "income_class", "target_group"
        )
    )


def test_a_list_is_looked_at_first_and_brought_in_as_a_whole(town: Cast) -> None:
    file = the_list("D-2041;2;01-03-2024;laag;", "D-2042;5;2023-11-30;;")
    shown = looks_at(town.iris, file)
    assert written(town) == []
    assert "D-2042" in shown.content.decode()
    answer = brings_in(town.iris, shown)
    assert written(town) == [
        ("D-2041", 2, date(2024, 3, 1), "low", None),
        ("D-2042", 5, date(2023, 11, 30), None, None),
    ]
    assert "2 kandidaten ingevoerd" in answer.content.decode()
    assert not verify(town.woonbelang).breaks


def test_the_same_list_again_changes_nothing_and_another_day_says_what_is_otherwise(
    town: Cast,
) -> None:
    brings_in(town.iris, looks_at(town.iris, the_list("D-1;2;2024-03-01;laag;")))
    same = looks_at(town.iris, the_list("D-1;2;2024-03-01;;"))  # empty: what is known stays
    assert draft_of(same) == ""
    shown = looks_at(town.iris, the_list("D-1;3;2024-03-01;;", "D-3;1;2025-01-01;;"))
    assert "gewijzigd: aantal personen" in shown.content.decode()
    brings_in(town.iris, shown)
    assert [(row[0], row[1], row[3]) for row in written(town)] == [
        ("D-1", 3, "low"),
        ("D-3", 1, None),
    ]
    told = Event.objects.for_organisation(town.woonbelang).filter(action="candidate.bring_in")
    facts = json.loads(told.latest("pk").payload or "")
    assert facts["facts"] == {"new": 1, "changed": 1, "same": 0, "gone": 0}


def test_who_left_stays_away_however_often_a_list_names_him(town: Cast) -> None:
    brings_in(town.iris, looks_at(town.iris, the_list("D-1;2;2024-03-01;;")))
    [(who, _)] = people(town.iris)
    services.leave(user=town.iris, candidate=who.public_id, why="elsewhere", now=NOW)
    shown = looks_at(town.iris, the_list("D-1;2;2024-03-01;;"))
    assert draft_of(shown) == ""
    assert numbers(town.iris) == []


def test_one_wrong_row_keeps_the_list_out_and_is_named_without_what_stood_there(
    town: Cast,
) -> None:
    rows = ("D-1;2;2024-03-01;;", "D.2;2;2024-03-01;;", "D-3;99;2024-03-01;;")
    more = (
        "D-4;2;2024-03-01;rijkaard;",
        "D-5;2;2024-03-01;;studenten",
    )
    shown = looks_at(town.iris, the_list(*rows, *more))
    text = shown.content.decode()
    assert draft_of(shown) == ""
    for place in (2, 3, 4, 5):
        assert f"Kandidaat {place} van de lijst" in text
    assert not {"D.2", "rijkaard", "studenten"} & set(re.findall(r"[\w.-]+", text))
    assert written(town) == []


@pytest.mark.parametrize("moments", [("", ""), ("2026-11-01", "2026-11-02")])
def test_a_number_that_stands_twice_keeps_the_list_out(town: Cast, moments) -> None:
    """Also where each row has a moment of its own, as a history has."""
    rows = "".join(f"\nD-1;{size};2024-03-01;{at}" for size, at in enumerate(moments, 2))
    text = f"id;size;registered;recorded_at{rows}"
    shown = looks_at(town.iris, SimpleUploadedFile("lijst.csv", text.encode()))
    assert draft_of(shown) == ""
    text = shown.content.decode()
    assert "twee keer" in text or "al eerder" in text


def test_a_name_in_a_list_is_told_by_the_name_of_the_file_and_never_repeated(town: Cast) -> None:
    shown = looks_at(town.iris, the_list("Jansen;2;2024-03-01;;", name="opstap.csv"))
    assert "opstap.csv, rij 2" in shown.content.decode()
    assert "Jansen" not in shown.content.decode()
    assert draft_of(shown) == ""


def test_whose_list_it_is_decides_who_is_meant(town: Cast) -> None:
    mine = looks_at(town.iris, the_list("D-1;2;2024-03-01;;"))
    brings_in(town.iris, mine)
    theirs = looks_at(town.iris, the_list("D-1;4;2024-03-01;;"), partner=str(town.opstap.public_id))
    brings_in(town.iris, theirs)
    rows = Candidate.objects.for_organisation(town.woonbelang).filter(replaced_at=None)
    assert sorted(rows.values_list("size", "partner_organisation__name")) == [
        (2, None),
        (4, town.opstap.name),
    ]


def test_a_workbook_is_a_list_too(town: Cast) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Kandidaten")
        sheet.write_row(0, 0, ["Kandidaatnummer", "Grootte", "Ingeschreven op"])
        sheet.write_row(1, 0, ["D-9", 3, "2024-03-01"])
    shown = looks_at(town.iris, SimpleUploadedFile("x.xlsx", data.getvalue()))
    brings_in(town.iris, shown)
    assert [row[0] for row in written(town)] == ["D-9"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"a;b\n1;2\n", b"Kandidaatnummer\n", b"PK\x03\x04rubbish"]
)
def test_what_is_no_list_of_candidates_is_said_to_be_none(town: Cast, content: bytes) -> None:
    shown = looks_at(town.iris, SimpleUploadedFile("lijst.csv", content))
    assert draft_of(shown) == ""
    assert shown.status_code == (422 if not content else 200)
    assert (
        "Bevindingen" in shown.content.decode() or "Dit bestand is leeg" in shown.content.decode()
    )


def test_a_list_that_was_looked_at_elsewhere_or_by_another_is_not_brought_in(town: Cast) -> None:
    shown = looks_at(town.iris, the_list("D-1;2;2024-03-01;;"))
    assert "te lang geleden" in brings_in(town.olga, shown).content.decode()
    assert "te lang geleden" in sends(town.iris, "x").content.decode()
    assert written(town) == []


def test_a_list_that_was_looked_at_before_a_correction_does_not_undo_it(town: Cast) -> None:
    brings_in(town.iris, looks_at(town.iris, the_list("D-1;2;2024-03-01;laag;")))
    shown = looks_at(town.iris, the_list("D-1;3;2024-03-01;;"))
    [(who, _)] = people(town.iris)
    entered = as_entered(now_known(who), income_class="middle")
    services.correct(user=town.iris, candidate=who.public_id, entered=entered, now=NOW)
    brings_in(town.iris, shown)
    assert [(row[1], row[3]) for row in written(town)] == [(3, "middle")]


def test_who_may_not_match_may_not_bring_in(town: Cast) -> None:
    with pytest.raises(PermissionDenied):
        services.bring_in(user=town.tessa, owner=town.woonbelang, people=[], now=NOW)
    did = services.bring_in(user=town.iris, owner=town.woonbelang, people=[], now=NOW)
    assert did == dict.fromkeys(Fate, 0)


def test_a_list_that_is_too_long_is_said_to_be(town: Cast) -> None:
    rows = [f"D-{each};2;2024-03-01;laag;" for each in range(3_001)]
    shown = looks_at(town.iris, the_list(*rows))
    assert draft_of(shown) == ""
    assert "3.000" in shown.content.decode() or "3000" in shown.content.decode()


def test_a_file_far_larger_than_a_list_is_not_read(town: Cast) -> None:
    shown = looks_at(town.iris, SimpleUploadedFile("lijst.csv", b"x" * (10 * 2**20 + 1)))
    assert shown.status_code == 422
    assert "groter dan 10 MB" in shown.content.decode()


def test_a_list_of_forty_takes_as_many_queries_as_one_of_four(town: Cast) -> None:
    found = []
    for number in (4, 40):
        rows = [f"D-{number}{each};2;2024-03-01;laag;" for each in range(number)]
        with CaptureQueriesContext(connection) as looking:
            shown = looks_at(town.iris, the_list(*rows))
        with CaptureQueriesContext(connection) as bringing:
            brings_in(town.iris, shown)
        found.append((len(looking), len(bringing)))
    assert len(written(town)) == 44
    assert found[0] == found[1]


def test_who_was_let_a_home_before_that_was_known_has_left_after_the_upgrade(
    town: Cast, home: Vacancy
) -> None:
    who, other = a_candidate(town), a_candidate(town)
    match = proposed(town, home, who)
    let = Match.objects.for_organisation(town.woonbelang).filter(pk=match.pk)
    let.update(state=MatchState.LET, contract_on=TODAY)
    step = import_module("mixwijzer.web.letting.migrations.0008_who_looks_no_longer")
    for _ in range(2):  # again changes nothing
        step.housed(apps, None)
    records = Candidate.objects.for_organisation(town.woonbelang).filter(number=who.number)
    assert list(records.order_by("pk").values_list("left", "left_on")) == [
        ("", None),
        (Leaving.HOUSED, TODAY),
    ]
    assert numbers(town.iris) == [other.number]
