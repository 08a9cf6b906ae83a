"""A profile that lies before the tenants may be a way out, and the advice says whose it is."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from mixwijzer.engine.reasons import ChangeKind, Verdict
from mixwijzer.web.letting.bridge import Case, gather
from mixwijzer.web.profiles.content import Content
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


def test_a_draft_that_is_still_its_writers_own_or_sets_a_cap_is_no_way_out(town: Cast):
    """A cap of a draft isn't weighed, so room under its bands would promise too much."""
    brought_to(town, State.ADOPTED, a_content(most=2500))
    draft = brought_to(town, State.REVIEWED, WIDER)
    assert ways_out(town) == set()
    type(draft).objects.for_organisation(town.woonbelang).filter(pk=draft.pk).update(
        state=State.WITHDRAWN
    )
    brought_to(town, State.ASKED, capped())
    assert ways_out(town) == set()


def capped() -> Content:
    return a_content(most=6000, cap=4)
