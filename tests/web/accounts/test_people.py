"""Inviting, giving and ending roles; the links with which somebody comes in."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mixwijzer.web.accounts import selectors, services
from mixwijzer.web.accounts.models import LogIn, Membership, Missing, OneTimeLink, User
from mixwijzer.web.accounts.permissions import Action, may
from mixwijzer.web.accounts.refusals import Refused
from mixwijzer.web.accounts.roles import OrganisationKind, Role
from mixwijzer.web.accounts.second_factor import STRONG
from mixwijzer.web.audit.models import Event
from mixwijzer.web.audit.selectors import verify
from tests.builders import NOW
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
GOOD = "vier groene stoelen op zolder"


@pytest.fixture(autouse=True)
def on_a_monday_morning():
    with time_machine.travel(NOW):
        yield


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
        session = client.session
        session[STRONG] = True  # where a second factor is asked for: it was given
        session.save()
    return client


def invited(cast: Cast, **changed: str) -> str:
    """Let Anja invite Fenna; return the link as the page shows it."""
    given = {
        "name": "Fenna Post",
        "email": "fenna@hanzeveen.example",
        "organisation": str(cast.woonbelang.public_id),
        "role": "consultant",
        "end": "",
    }
    page = client_of(cast.anja).post("/accounts/people/invitation/", given | changed, follow=True)
    assert page.status_code == 200, page.content.decode()
    found = re.search(r"<code class=\"breaks\">([^<]+)</code>", page.content.decode())
    assert found, page.content.decode()
    return found[1].replace("&amp;", "&").removeprefix("http://testserver")


class TestInviting:
    def test_a_new_person_chooses_a_password_and_has_the_role(self, cast: Cast):
        fenna = Client()
        page = fenna.get(invited(cast), follow=True)
        assert "Woonbelang Hanzeveen" in page.content.decode()
        assert page.redirect_chain == [("/accounts/link/", 302)]  # the token leaves the address
        answer = fenna.post("/accounts/link/", {"password": GOOD})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        person = User.objects.get(email="fenna@hanzeveen.example")
        assert person.roles == (Role.CONSULTANT,)
        assert fenna.get("/complexes/").status_code == 200

    @pytest.mark.parametrize("password", ["kort", "fenna@hanzeveen.example", "111111111111111"])
    def test_a_weak_password_is_refused_with_a_sentence(self, cast: Cast, password):
        fenna = Client()
        fenna.get(invited(cast))
        answer = fenna.post("/accounts/link/", {"password": password})
        assert answer.status_code == 422
        assert not User.objects.filter(email="fenna@hanzeveen.example").exists()

    def test_a_link_works_once_for_a_week_and_not_when_it_was_ended(self, cast: Cast):
        link = invited(cast)
        fenna, other = Client(), Client()
        for each in (fenna, other):
            each.get(link)
        assert fenna.post("/accounts/link/", {"password": GOOD}).status_code == 302
        late = other.post("/accounts/link/", {"password": GOOD})
        assert "opent niets" in late.content.decode()
        assert Membership.objects.filter(user__email="fenna@hanzeveen.example").count() == 1

        again = invited(cast, email="gijs@hanzeveen.example")
        row = OneTimeLink.objects.for_organisation(cast.woonbelang).latest("pk")
        client_of(cast.anja).post(f"/accounts/people/links/{row.public_id}/end/")
        assert "opent niets" in Client().get(again, follow=True).content.decode()

        later = invited(cast, email="hilde@hanzeveen.example")
        with time_machine.travel(NOW + timedelta(days=7, minutes=1)):
            assert "opent niets" in Client().get(later, follow=True).content.decode()

    @pytest.mark.parametrize("token", ["", "x", "ImEi:1abc:xyz", "a" * 4000, "é"])
    def test_a_link_that_we_did_not_sign_opens_nothing(self, cast: Cast, token):
        page = Client().get("/accounts/link/", {"t": token}, follow=True)
        assert "opent niets" in page.content.decode()

    def test_a_link_signed_for_something_else_opens_nothing(self, cast: Cast):
        from django.core import signing

        forged = signing.dumps([cast.woonbelang.pk, "0" * 32], salt="something else")
        assert selectors.link_behind(forged) is None

    def test_who_has_an_account_logs_in_and_takes_it_up(self, cast: Cast):
        link = invited(cast, email="olga@hanzeveen.example")
        nobody = Client()
        page = nobody.get(link, follow=True).content.decode()
        assert 'name="password"' not in page
        olga = client_of(cast.olga)
        assert "Neem" in olga.get(link, follow=True).content.decode()
        assert olga.post("/accounts/link/").status_code == 302
        found = {row.organisation_id for row in Membership.now().filter(user=cast.olga)}
        assert found == {cast.elders.pk, cast.woonbelang.pk}

    def test_an_invitation_is_for_one_address(self, cast: Cast):
        link = invited(cast, email="olga@hanzeveen.example")
        iris = client_of(cast.iris)
        iris.get(link)
        assert iris.post("/accounts/link/").status_code == 409
        assert cast.iris.memberships.count() == 1

    def test_a_role_of_another_kind_of_organisation_is_refused(self, cast: Cast):
        given = {
            "name": "X",
            "email": "x@y.example",
            "organisation": str(cast.huurders.public_id),
            "role": "administrator",
        }
        answer = client_of(cast.anja).post("/accounts/people/invitation/", given)
        assert answer.status_code == 422
        assert "bestaat niet bij" in answer.content.decode()

    def test_of_another_organisation_nobody_is_invited(self, cast: Cast):
        with pytest.raises(Missing):
            services.invite(
                user=cast.anja,
                organisation=cast.elders.public_id,
                email="x@y.example",
                name="X",
                role=Role.CONSULTANT,
                end=None,
                now=NOW,
            )


class TestRoles:
    def given(self, cast: Cast, who: User, role: Role, **changed: object) -> Membership:
        return services.give_role(
            **{
                "user": cast.anja,
                "person": who.public_id,
                "organisation": cast.woonbelang.public_id,
                "role": role,
                "end": None,
                "now": timezone.now(),
            }
            | changed
        )

    def test_a_role_holds_from_today_and_ends_at_the_next_request(self, cast: Cast):
        tessa = client_of(cast.tessa)
        assert tessa.get("/room-check/").status_code == 403
        made = self.given(cast, cast.tessa, Role.CONSULTANT)
        assert tessa.get("/room-check/").status_code == 200
        services.end_role(user=cast.anja, membership=made.public_id, now=timezone.now())
        assert tessa.get("/room-check/").status_code == 403

    def test_a_role_with_a_last_day_ends_by_itself(self, cast: Cast):
        made = self.given(cast, cast.tessa, Role.CONSULTANT, end=NOW.date() + timedelta(days=3))
        tessa = User.objects.get(pk=cast.tessa.pk)
        assert may(tessa, Action.DECIDE)
        with time_machine.travel(NOW + timedelta(days=3)):
            assert not may(User.objects.get(pk=cast.tessa.pk), Action.DECIDE)
            with pytest.raises(Refused):
                services.end_role(user=cast.anja, membership=made.public_id, now=timezone.now())

    def test_a_role_that_begins_later_gives_nothing_yet(self, cast: Cast):
        Membership.objects.filter(user=cast.iris).update(start=NOW.date() + timedelta(days=1))
        assert User.objects.get(pk=cast.iris.pk).roles == ()

    def test_what_an_administrator_gives_himself_waits_for_somebody_else(self, cast: Cast):
        made = self.given(cast, cast.anja, Role.CONSULTANT)
        assert made.waits
        assert not may(User.objects.get(pk=cast.anja.pk), Action.SEE_ADVICE)
        with pytest.raises(Refused):
            services.confirm_role(user=cast.anja, membership=made.public_id, now=NOW)
        with pytest.raises(Missing):
            services.confirm_role(user=cast.iris, membership=made.public_id, now=NOW)
        services.confirm_role(user=cast.mo, membership=made.public_id, now=NOW)
        assert may(User.objects.get(pk=cast.anja.pk), Action.SEE_ADVICE)

    def test_an_invitation_to_oneself_waits_too(self, cast: Cast):
        link = invited(cast, email="anja@hanzeveen.example")
        anja = client_of(cast.anja)
        anja.get(link)
        anja.post("/accounts/link/")
        assert Membership.objects.get(user=cast.anja, role="consultant").waits

    def test_the_last_administrator_stays(self, cast: Cast):
        own = cast.anja.memberships.get()
        with pytest.raises(Refused):
            services.end_role(user=cast.anja, membership=own.public_id, now=NOW)
        self.given(cast, cast.mo, Role.ADMINISTRATOR)
        services.end_role(user=cast.mo, membership=own.public_id, now=NOW)
        assert User.objects.get(pk=cast.anja.pk).roles == ()

    def test_a_role_twice_is_refused_and_can_be_given_again_after_its_end(self, cast: Cast):
        made = self.given(cast, cast.tessa, Role.CONSULTANT)
        with pytest.raises(Refused):
            self.given(cast, cast.tessa, Role.CONSULTANT)
        services.end_role(user=cast.anja, membership=made.public_id, now=NOW)
        assert self.given(cast, cast.tessa, Role.CONSULTANT).pk != made.pk

    @pytest.mark.parametrize("name", ["iris", "mo", "tessa", "lotte", "noor", "bas", "olga"])
    def test_only_an_administrator_gives_roles(self, cast: Cast, name):
        user = getattr(cast, name)
        with pytest.raises(Missing):
            self.given(cast, cast.tessa, Role.CONSULTANT, user=user)

    def test_a_person_of_elsewhere_cannot_be_given_a_role(self, cast: Cast):
        with pytest.raises(Missing):
            self.given(cast, cast.olga, Role.CONSULTANT)

    def test_everything_stands_in_the_trail_and_the_trail_holds(self, cast: Cast):
        made = self.given(cast, cast.anja, Role.CONSULTANT)
        services.confirm_role(user=cast.mo, membership=made.public_id, now=NOW)
        services.end_role(user=cast.anja, membership=made.public_id, now=NOW)
        fenna = Client()
        fenna.get(invited(cast))
        fenna.post("/accounts/link/", {"password": GOOD})
        events = Event.objects.for_organisation(cast.woonbelang).order_by("number")
        assert [each.action.removeprefix("accounts.") for each in events] == [
            "role_given",
            "role_confirmed",
            "role_ended",
            "person_invited",
            "invitation_accepted",
        ]
        assert '"waits":true' in (events[0].payload or "")
        assert verify(cast.woonbelang).holds


class TestOtherOrganisations:
    def test_the_association_keeps_the_municipality_that_it_adds(self, cast: Cast):
        made = services.found_for(
            user=cast.anja, name="Gemeente Nieuwveen", kind=OrganisationKind.MUNICIPALITY, now=NOW
        )
        link = invited(
            cast,
            organisation=str(made.public_id),
            role="municipality",
            email="w@nieuwveen.example",
        )
        officer = Client()
        officer.get(link)
        officer.post("/accounts/link/", {"password": GOOD})
        assert officer.get("/").status_code == 200
        assert officer.get("/accounts/people/").status_code == 403
        assert officer.get("/complexes/").status_code == 403

    def test_another_association_is_not_made_here(self, cast: Cast):
        with pytest.raises(Refused):
            services.found_for(
                user=cast.anja, name="Derde", kind=OrganisationKind.ASSOCIATION, now=NOW
            )

    def test_one_sees_people_of_the_own_organisations_only(self, cast: Cast):
        page = client_of(cast.anja).get("/accounts/people/").content.decode()
        assert "Iris Voorbeeld" in page
        assert "Noor de Wit" in page  # the tenants speak to this association
        assert "Olga Elders" not in page
        assert "Elders Wonen" not in page
        assert "Gemeente Hanzeveen" not in page


class TestPasswordsAndLogIns:
    def test_a_link_for_a_new_password_ends_every_log_in(self, cast: Cast):
        iris = client_of(cast.iris)
        answer = client_of(cast.anja).post(
            f"/accounts/people/{cast.iris.public_id}/password/", follow=True
        )
        link = re.search(r"http://testserver(/accounts/link/[^<]+)", answer.content.decode())
        assert link
        lost = Client()
        lost.get(link[1])
        assert lost.post("/accounts/link/", {"password": GOOD}).status_code == 302
        assert iris.get("/").status_code == 302
        person = User.objects.get(pk=cast.iris.pk)
        assert person.check_password(GOOD)
        assert not person.check_password(PASSWORD)

    def test_of_who_works_elsewhere_too_one_administrator_is_not_enough(self, cast: Cast):
        Membership.objects.create(user=cast.olga, organisation=cast.woonbelang, role="auditor")
        with pytest.raises(Refused):
            services.let_choose_password(
                user=cast.anja, person=cast.olga.public_id, second_factor_too=True, now=NOW
            )

    def test_a_person_sees_and_ends_her_own_log_ins(self, cast: Cast):
        here, there = Client(HTTP_USER_AGENT="X Windows Firefox/140"), Client()
        for each in (here, there):
            each.post("/accounts/log-in/", {"login": cast.iris.email, "password": PASSWORD})
        page = here.get("/accounts/me/").content.decode()
        assert page.count("Sinds") == 2
        assert "Firefox · Windows" in page
        other = LogIn.objects.get(session=there.session.session_key)
        here.post("/accounts/me/end/", {"log_in": str(other.public_id)})
        assert there.get("/").status_code == 302
        assert here.get("/").status_code == 200

    def test_of_another_person_one_ends_nothing(self, cast: Cast):
        iris, mo = client_of(cast.iris), client_of(cast.mo)
        row = LogIn.objects.get(user=cast.iris)
        assert mo.post("/accounts/me/end/", {"log_in": str(row.public_id)}).status_code == 404
        assert iris.get("/").status_code == 200

    def test_an_administrator_ends_every_log_in_of_a_colleague(self, cast: Cast):
        iris = client_of(cast.iris)
        anja = client_of(cast.anja)
        anja.post(f"/accounts/people/{cast.iris.public_id}/log-ins/")
        assert iris.get("/").status_code == 302
        assert (
            Event.objects.for_organisation(cast.woonbelang).get().action == "accounts.log_ins_ended"
        )

    def test_of_a_person_of_elsewhere_nothing_can_be_ended(self, cast: Cast):
        olga = client_of(cast.olga)
        anja = client_of(cast.anja)
        answer = anja.post(f"/accounts/people/{cast.olga.public_id}/log-ins/")
        assert answer.status_code == 404
        assert olga.get("/").status_code == 200

    def test_logging_out_takes_a_log_in_off_the_list(self, cast: Cast):
        iris = client_of(cast.iris)
        assert LogIn.objects.filter(user=cast.iris).count() == 1
        iris.post("/accounts/log-out/")
        assert not LogIn.objects.filter(user=cast.iris).exists()


def test_the_token_of_a_link_is_in_no_row(cast: Cast):
    link = invited(cast)
    token = parse_qs(urlsplit(link).query)["t"][0]
    row = OneTimeLink.objects.for_organisation(cast.woonbelang).get()
    assert selectors.token_of(row) == token
    assert token not in repr(OneTimeLink.objects.for_organisation(cast.woonbelang).values())
