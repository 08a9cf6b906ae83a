"""A profile that lies before the tenants may be a way out, and the advice says whose it is."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from mixwijzer.engine.advice import drafts_of, verdict_in
from mixwijzer.engine.reasons import ChangeKind, Verdict
from mixwijzer.web.letting.bridge import Case, gather
from mixwijzer.web.profiles.bridge import consequences
from mixwijzer.web.profiles.content import Content, Place
from mixwijzer.web.profiles.transitions import State
from mixwijzer.web.register.models import Complex
from tests.builders import TODAY
from tests.cast import Cast
from tests.web.acting import answers
from tests.web.every_url import logged_in
from tests.web.profiles.drafting import a_content, brought_to

WIDER = a_content(most=6000)


def the_case(cast: Cast) -> Case:
    place = Complex.objects.for_organisation(cast.woonbelang).get(code="Vlier")
    return gather(cast.woonbelang, place.pk, "V-Vlier-003", TODAY)


def ways_out(cast: Cast) -> set[str]:
    """Return the drafts that would give room for who can use some extra attention."""
    flips = the_case(cast).advice.category("attention").flips
    changes = [change for flip in flips for change in flip.changes]
    return {each.rule for each in changes if each.kind is ChangeKind.DRAFT}


def test_a_wider_profile_that_lies_before_the_tenants_is_named_as_a_way_out(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=2500))
    before = the_case(town).advice
    assert before.category("attention").verdict < Verdict.TIGHT
    draft = brought_to(town, State.ASKED, WIDER)
    assert ways_out(town) == {str(draft.public_id)}
    after = the_case(town)
    assert [each.verdict for each in after.advice.categories] == [
        each.verdict for each in before.categories
    ]
    assert Case.load(after.dump()).advice == after.advice

    page = answers(town.iris, "Vlierhof 3")
    client: Client = logged_in(town.iris)
    told = client.get(reverse("letting:vacancy", args=[page.id])).content.decode()
    assert "Wordt het conceptprofiel van De Vlierhof vastgesteld?" in told


def test_a_draft_that_is_still_its_writers_own_or_caps_what_it_widens_is_no_way_out(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=2500))
    draft = brought_to(town, State.REVIEWED, WIDER)
    assert ways_out(town) == set()
    type(draft).objects.for_organisation(town.woonbelang).filter(pk=draft.pk).update(
        state=State.WITHDRAWN
    )
    brought_to(town, State.ASKED, capped(4))
    assert ways_out(town) == set()


def test_a_draft_whose_cap_leaves_room_is_named_and_says_what_its_own_preview_says(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=None, cap=5))
    draft = brought_to(town, State.ASKED, capped(20))
    assert ways_out(town) == {str(draft.public_id)}
    place = Place(kind="complex", code="Vlier")
    told = consequences(town.woonbelang, place, capped(20), TODAY)
    (change,) = [each for each in told.vacancies if each.vacancy == "V-Vlier-003"]
    case = the_case(town)
    as_adopted = drafts_of(case.accounts, case.portfolio.vacancy[case.vacancy], TODAY)
    (situation,) = as_adopted.values()
    verdict = verdict_in(situation, "attention").verdict
    assert change.after.verdicts["attention"] == verdict.name.lower()
    assert verdict >= Verdict.TIGHT


def test_adopting_it_makes_the_draft_s_cap_the_one_that_counts(town: Cast):
    brought_to(town, State.ADOPTED, a_content(most=None, cap=5))
    brought_to(town, State.ADOPTED, capped(20))
    caps = the_case(town).portfolio.caps
    assert {(each.at_most, each.draft) for each in caps if each.end is None} == {(20, False)}


def capped(at_most: int) -> Content:
    return a_content(most=6000, cap=at_most)
