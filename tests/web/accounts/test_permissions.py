"""Who may see and do what, and whose rows come through the door."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from mixwijzer.web.accounts.models import Missing
from mixwijzer.web.accounts.permissions import may, require
from mixwijzer.web.accounts.roles import MATRIX, Action, Role
from mixwijzer.web.agreements.models import Obligation
from mixwijzer.web.letting.models import Decision, PlaceRequest, Vacancy
from mixwijzer.web.register.models import Complex, Judgement, Ledger, Tenancy
from tests.cast import Cast


def test_every_role_has_a_line_in_the_table_and_every_action_somebody_who_may():
    assert set(MATRIX) == set(Role)
    assert {action for actions in MATRIX.values() for action in actions} == set(Action)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CONSULTANT, Role.HEAD}))
def test_only_consultant_and_head_of_letting_decide(role):
    assert Action.DECIDE not in MATRIX[role]


def test_nobody_who_decides_is_the_only_one_who_can_read_the_trail():
    assert not any({Action.DECIDE, Action.SEE_TRAIL} <= actions for actions in MATRIX.values())


@pytest.mark.parametrize("model", [Complex, Vacancy, Judgement, Tenancy])
def test_an_outsider_sees_only_her_own_associations_rows(town: Cast, model):
    seen = {row.owner_id for row in model.objects.visible_to(town.olga)}
    assert seen == {town.elders.pk}
    assert {row.owner_id for row in model.objects.visible_to(town.iris)} == {town.woonbelang.pk}


@pytest.mark.parametrize("name", ["lotte", "joris", "noor", "rik", "bas", "anja", "vera"])
def test_who_does_not_work_with_homes_sees_none(town: Cast, name):
    for model in (Complex, Vacancy, Judgement, Tenancy):
        assert not model.objects.visible_to(getattr(town, name)).exists()


def test_a_letting_agent_sees_the_home_but_not_what_was_said_of_its_neighbours(town: Cast):
    assert Vacancy.objects.visible_to(town.tessa).exists()
    assert not Judgement.objects.visible_to(town.tessa).exists()


def test_nobody_logged_in_sees_nothing(town: Cast):
    assert not Complex.objects.visible_to(AnonymousUser()).exists()
    assert not may(AnonymousUser(), Action.SEE_HOMES)


def test_a_foreign_row_and_a_missing_one_are_refused_alike(town: Cast):
    foreign = Complex.objects.visible_to(town.olga).get()
    refusals = []
    for public_id in (foreign.public_id, uuid.uuid4()):
        with pytest.raises(Missing) as refused:
            Complex.objects.one(town.iris, public_id)
        refusals.append(refused.value.args)
    assert refusals[0] == refusals[1]


def test_may_asks_whose_thing_it_is(town: Cast):
    foreign = Complex.objects.visible_to(town.olga).get()
    assert may(town.iris, Action.DECIDE)
    assert not may(town.iris, Action.DECIDE, foreign)
    assert may(town.olga, Action.DECIDE, foreign)
    with pytest.raises(PermissionDenied):
        require(town.iris, Action.DECIDE, town.elders)


def test_a_person_who_left_may_nothing(town: Cast):
    town.iris.is_active = False
    assert not may(town.iris, Action.SEE_HOMES)
    assert not Complex.objects.visible_to(town.iris).exists()


def test_the_municipality_sees_what_was_agreed_with_it_and_no_more(town: Cast):
    seen = Obligation.objects.visible_to(town.lotte)
    assert [row.code for row in seen] == ["O-1"]
    assert not Obligation.objects.visible_to(town.joris).exists()


def test_a_care_partner_sees_its_own_requests_only(town: Cast):
    seen = PlaceRequest.objects.visible_to(town.joris).filter(owner=town.woonbelang)
    assert {row.number for row in seen} == {"26-041"}
    whole = PlaceRequest.objects.visible_to(town.mo).filter(owner=town.woonbelang)
    assert {row.number for row in whole} == {"26-041", "26-070"}
    assert not PlaceRequest.objects.visible_to(town.iris).exists()


def test_the_tenants_see_deviations_of_their_own_association(town: Cast):
    owners = town.noor.owners(Action.SEE_DEVIATIONS)
    assert owners == {town.woonbelang.pk}
    assert list(Decision.objects.visible_to(town.noor)) == []


def test_every_row_of_every_feature_has_an_owner():
    from django.apps import apps

    from mixwijzer.web.accounts.models import LogIn, Membership, Organisation, Owned, User
    from mixwijzer.web.mail.models import Wishes

    ours = [model for model in apps.get_models() if model.__module__.startswith("mixwijzer.web")]
    assert len(ours) > 20
    outside = {model for model in ours if not issubclass(model, Owned)}
    assert outside == {Organisation, User, Membership, LogIn, Wishes}
    assert issubclass(Judgement, Ledger)


def test_the_roles_of_a_person_cost_one_query_per_request(town: Cast, django_assert_num_queries):
    from mixwijzer.web.accounts.models import User

    iris = User.objects.get(pk=town.iris.pk)
    with django_assert_num_queries(1):
        assert may(iris, Action.DECIDE)
        assert not may(iris, Action.ERASE)
        assert iris.roles == (Role.CONSULTANT,)
