"""The frame of a page shows who is looking, what they may open, and what is kept about tenants."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from mixwijzer.web.accounts.models import Membership, Organisation, User
from mixwijzer.web.accounts.roles import MATRIX, Role
from mixwijzer.web.config.menu import MENU
from mixwijzer.web.config.situation import OPENS, situation
from mixwijzer.web.ui.shell import Level, Situation
from tests.cast import Cast
from tests.web.every_url import logged_in

pytestmark = pytest.mark.django_db


def somebody(*roles: tuple[str, Role]) -> HttpRequest:
    """Return a request of somebody with these roles at organisations with these levels."""
    user = User.objects.create_user("iris@example.org", "Iris Voorbeeld")
    for number, (level, role) in enumerate(roles):
        organisation = Organisation.objects.create(
            code=f"org-{number}", name="Woonbelang", kind="association", level=level
        )
        Membership.objects.create(user=user, organisation=organisation, role=role)
    request = RequestFactory().get("/")
    request.user = user
    return request


def seen_by(*roles: tuple[str, Role]) -> Situation:
    """Return what the frame knows about somebody with these roles."""
    return situation(somebody(*roles))


def test_a_consultant_is_named_and_sees_her_work():
    with translation.override("nl"):
        seen = seen_by(("judgement", Role.CONSULTANT))
    assert seen.person is not None
    assert (seen.person.name, seen.person.initials) == ("Iris Voorbeeld", "IV")
    assert seen.person.role == "Woonconsulent"
    assert seen.allowed is not None
    mine = {"desk:today", "desk:room-check", "letting:vacancies", "rounds:week"}
    assert mine <= seen.allowed
    assert "register:imports" not in seen.allowed


def test_a_municipality_sees_its_obligations_and_no_home():
    seen = seen_by(("judgement", Role.MUNICIPALITY))
    assert seen.allowed == {
        "desk:today",
        "rounds:asks",
        "agreements:list",
        "agreements:obligations",
        "yearbook:quarter",
        "accounts:rights",
        "mail:mine",
        "mfa_index",
    }


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_menu_that_follows_the_one_table_of_permissions(role):
    seen = seen_by(("judgement", role))
    assert seen.allowed == {
        entry.url_name
        for entry in MENU
        if entry.url_name not in OPENS or OPENS[entry.url_name] & MATRIX[role]
    }


def test_of_two_organisations_the_level_that_keeps_most_is_shown():
    seen = seen_by(("judgement", Role.CONSULTANT), ("agreement", Role.MANAGER))
    assert seen.level is Level.AGREEMENT


def test_the_levels_of_the_frame_are_those_of_an_organisation():
    assert {level.value for level in Level} == set(Organisation.Level.values)


def test_nobody_has_no_menu(settings):
    settings.DEMO = True
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    seen = situation(request)
    assert (seen.person, seen.allowed, seen.synthetic) == (None, frozenset(), True)


def test_the_frame_costs_two_questions_to_the_database(django_assert_num_queries):
    request = somebody(("judgement", Role.CONSULTANT))
    request.user = User.objects.get()
    with django_assert_num_queries(2):
        situation(request)


def test_no_entry_of_anybodys_menu_is_a_dead_end(town: Cast):
    """Whatever stands in a side menu opens for who sees it."""
    shut = {}
    for name, person in town.people():
        client = logged_in(person)
        page = client.get(reverse("desk:today"))
        menu = set(re.findall(r'href="([^"#?]+)"', text_of_menu(page.content.decode())))
        assert menu
        answers = {path: client.get(path).status_code for path in sorted(menu)}
        shut |= {(name, path): status for path, status in answers.items() if status != 200}
    assert shut == {}


def text_of_menu(html: str) -> str:
    """Return the navigation at the side of a page."""
    return "".join(re.findall(r"<nav.*?</nav>", html, re.DOTALL))
