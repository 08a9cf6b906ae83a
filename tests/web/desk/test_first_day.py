"""Who begins with nothing is told what comes next; a line goes when it is done."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.translation import override

from mixwijzer.web.accounts.roles import OrganisationKind, Role
from mixwijzer.web.accounts.services import found, join
from mixwijzer.web.desk.selectors.first_day import steps_to_go
from tests.builders import hanzeveen
from tests.cast import Cast
from tests.web.acting import answers, decides, load_town
from tests.web.every_url import logged_in
from tests.web.refused_words import refused_in


@pytest.fixture
def first(db):
    """The first administrator of an association that has nothing yet."""
    where = found(code="nieuw", name="Nieuw Wonen", kind=OrganisationKind.ASSOCIATION)
    return join(
        email="bo@nieuw.example", name="Bo Kabel", organisation=where, role=Role.ADMINISTRATOR
    )


def test_the_first_administrator_is_told_to_load_and_to_invite(first) -> None:
    assert steps_to_go(first) == ("map", "data", "people")
    html = logged_in(first).get("/").content.decode()
    assert refused_in(html) == []
    assert "De eerste dag" in html
    assert f'href="{reverse("register:imports")}"' in html
    assert f'href="{reverse("accounts:people")}"' in html


def test_in_english_too(first) -> None:
    with override("en"):
        html = logged_in(first, language="en").get("/").content.decode()
    assert "The first day" in html
    assert "Load your homes" in html


def test_every_line_goes_when_it_is_done_and_with_the_first_decision_the_list(cast: Cast) -> None:
    assert steps_to_go(cast.anja) == ("map", "data")  # there are consultants
    assert steps_to_go(cast.mo) == ("map", "data", "profiles", "judgements")
    load_town(cast, hanzeveen())
    assert steps_to_go(cast.anja) == ()
    assert "data" not in steps_to_go(cast.mo)
    assert steps_to_go(cast.mo)[-1] == "advice"
    vacancy = answers(cast.iris, "Vlierhof 3")
    assert "advice" not in steps_to_go(cast.mo)
    decides(cast.iris, vacancy)
    assert steps_to_go(cast.mo) == ()
    assert "De eerste dag" not in logged_in(cast.mo).get("/").content.decode()


def test_who_can_do_none_of_it_sees_no_list(cast: Cast) -> None:
    for person in (cast.iris, cast.hans, cast.lotte, cast.joris, cast.noor, cast.bas, cast.vera):
        assert steps_to_go(person) == (), person.name
