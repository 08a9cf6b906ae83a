"""Whose complex it is: said on a page, followed by vacancies of which nobody can decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from mixwijzer.web.accounts.models import Membership, Missing, User
from mixwijzer.web.accounts.roles import Role
from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.selectors import verify
from mixwijzer.web.desk.selectors import today
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Question, Vacancy
from mixwijzer.web.register.models import Complex, Dwelling, Undertaking
from tests.builders import NOW, TODAY
from tests.cast import Cast
from tests.web.every_url import asked, logged_in

PAGE = "/complexes/whose/"


def place(cast: Cast, code: str = "Vlier") -> Complex:
    return Complex.objects.for_organisation(cast.woonbelang).get(code=code)


def whose(cast: Cast, code: str = "Vlier") -> dict[str, User]:
    rows = Undertaking.objects.for_organisation(cast.woonbelang).filter(complex__code=code)
    return {row.role: row.user for row in rows.select_related("user")}


def says(cast: Cast, **people: User | None) -> HttpResponse:
    """Let the head say whose the Vlierhof is."""
    roles = {"consultant": Role.CONSULTANT, "manager": Role.MANAGER}
    sent = {
        f"{roles[name]}.{place(cast).public_id}": str(each.public_id) if each else ""
        for name, each in people.items()
    }
    return asked(logged_in(cast.mo), "POST", PAGE, **sent)


def leaves(who: User) -> None:
    Membership.objects.filter(user=who).update(end=TODAY)


def open_in_the_vlierhof(cast: Cast) -> Vacancy:
    return Vacancy.objects.for_organisation(cast.woonbelang).get(dwelling="Vlier-003")


def asked_now(row: Vacancy) -> list[User]:
    rows = Question.objects.for_organisation(row.owner_id)
    return [each.asked for each in rows.filter(vacancy=row, released_at=None, answered_at=None)]


def test_the_head_says_whose_a_complex_is_and_the_log_knows_it(town: Cast) -> None:
    says(town, consultant=town.sem, manager=town.hans)
    assert whose(town) == {Role.CONSULTANT: town.sem, Role.MANAGER: town.hans}
    before = Event.objects.for_organisation(town.woonbelang).filter(action="letting.assign")
    number = before.count()
    says(town, consultant=town.sem, manager=town.hans)  # nothing else than it was
    assert before.count() == number
    says(town, manager=None)
    assert whose(town) == {Role.CONSULTANT: town.sem}
    assert not verify(town.woonbelang).breaks


def test_who_works_on_a_vacancy_ends_it(town: Cast) -> None:
    says(town, consultant=town.sem)
    assert open_in_the_vlierhof(town).responsible == town.iris


def test_the_vacancy_of_who_left_goes_to_who_has_the_complex_now(town: Cast) -> None:
    leaves(town.iris)
    says(town, consultant=town.sem)
    row = open_in_the_vlierhof(town)
    assert row.responsible == town.sem
    assert asked_now(row) == [town.sem]


def test_at_night_a_vacancy_of_who_left_is_nobodys_and_stands_with_the_head(town: Cast) -> None:
    leaves(town.iris)
    assert services.follow_roles(owner=town.woonbelang, now=NOW) >= 1
    row = open_in_the_vlierhof(town)
    assert (row.responsible, asked_now(row)) == (None, [])
    rows = today(town.mo, now=NOW).stuck
    assert ("Vlierhof 3", "unassigned") in {(each.address, each.kind) for each in rows}
    assert services.follow_roles(owner=town.woonbelang, now=NOW) == 0


def test_a_notice_goes_to_no_consultant_who_left(town: Cast) -> None:
    says(town, consultant=town.iris)
    leaves(town.iris)
    home = Dwelling.objects.for_organisation(town.woonbelang).get(
        code="Vlier-005", replaced_at=None
    )
    free = TODAY + timedelta(days=30)
    services.notice(user=town.mo, dwelling=home.public_id, free_from=free, now=NOW)
    row = Vacancy.objects.for_organisation(town.woonbelang).get(dwelling=home.code)
    assert row.responsible is None


def test_all_that_stand_on_the_page_can_be_given_at_once(town: Cast) -> None:
    everywhere = Complex.objects.for_organisation(town.woonbelang).count()
    asked(
        logged_in(town.mo),
        "POST",
        PAGE,
        **{"all": "1", f"all.{Role.CONSULTANT}": str(town.sem.public_id)},
    )
    rows = Undertaking.objects.for_organisation(town.woonbelang).filter(role=Role.CONSULTANT)
    assert set(rows.values_list("user__name", flat=True)) == {town.sem.name}
    assert rows.count() == everywhere
    alone = asked(logged_in(town.mo), "GET", PAGE, alone="1").content.decode()
    assert "Vlierhof" not in alone.split("<main")[1]


def test_a_complex_is_given_to_who_has_the_role_here_and_by_the_head_alone(town: Cast) -> None:
    for person in (town.hans, town.olga):
        assert says(town, consultant=person).status_code == 404
    key = (place(town).public_id, Role.CONSULTANT)
    with pytest.raises(PermissionDenied):
        services.assign(
            user=town.iris, owner=town.woonbelang, whose={key: town.sem.public_id}, now=NOW
        )
    elsewhere = Complex.objects.for_organisation(town.elders).first()
    assert elsewhere is not None
    with pytest.raises(Missing):
        services.assign(
            user=town.mo,
            owner=town.woonbelang,
            whose={(elsewhere.public_id, Role.CONSULTANT): town.sem.public_id},
            now=NOW,
        )
