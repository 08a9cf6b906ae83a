"""Every address of the site, as a table, and how to try each of them without leaving a trace.

The table is written by hand: who may what at an address is said here a second time, so that a
decorator that is forgotten is noticed. A new address needs a line, or the tests say so.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mixwijzer.web.accounts.models import Membership, OneTimeLink, User
from mixwijzer.web.accounts.roles import MATRIX, Action
from mixwijzer.web.agreements.models import Agreement
from mixwijzer.web.letting.models import (
    Candidate,
    CandidateList,
    Decision,
    Match,
    PlaceRequest,
    Vacancy,
)
from mixwijzer.web.outlook.models import Scenario
from mixwijzer.web.profiles.models import Document, Version
from mixwijzer.web.pulse.models import Place, Round, Task
from mixwijzer.web.register.models import Complex, Import
from mixwijzer.web.rounds.models import (
    CityHome,
    CityPerson,
    CityRound,
    PartyAsk,
    RoundItem,
    Seat,
    WeekRound,
)
from mixwijzer.web.yearbook.models import Baseline
from tests.web.refused_words import parsed

PAGE, FORM = "GET", "POST"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address: how it is used, which action it takes, and what thing it is about.

    `needs` is None where whoever is logged in may come; `public` where anybody may.
    """

    name: str
    method: str = PAGE
    needs: Action | None = None
    public: bool = False
    file: bool = False  # a download: it is no page
    hears: str = "let in"  # what who may come gets
    nobody_hears: str = "let in"  # what who is not logged in gets, where anybody may come
    about: str = ""  # vacancy, complex_id, decision or page: the name of its one argument

    def path(self, thing: uuid.UUID | str | None = None) -> str:
        """Return the address of one thing."""
        return reverse(self.name, kwargs={self.about: thing} if self.about else None)


ADDRESSES = (
    Address(name="desk:today"),
    Address(name="agreements:obligations"),
    Address(name="agreements:list"),
    Address(name="agreements:agreement", about="agreement"),  # who has no part finds nothing
    Address(name="agreements:start", needs=Action.WRITE_AGREEMENTS),
    Address(name="agreements:edit", needs=Action.WRITE_AGREEMENTS, about="agreement"),
    Address(name="agreements:clause", needs=Action.WRITE_AGREEMENTS, about="agreement"),
    *(
        Address(name=f"agreements:{name}", method=FORM, needs=action, about="agreement")
        for name, action in (
            ("begin", Action.WRITE_AGREEMENTS),
            ("remove", Action.WRITE_AGREEMENTS),
            ("bring-out", Action.WRITE_AGREEMENTS),
            ("answer", Action.ANSWER_AGREEMENTS),
            ("sign", Action.SIGN_AGREEMENTS),
            ("carry", Action.SIGN_AGREEMENTS),
            ("withdraw", Action.WRITE_AGREEMENTS),
        )
    ),
    Address(name="desk:room-check", needs=Action.SEE_ADVICE),
    Address(name="desk:where", needs=Action.SEE_ADVICE),
    Address(name="desk:ask", method=FORM, needs=Action.DECIDE),
    Address(name="desk:requests", needs=Action.SEE_ADVICE),
    Address(name="desk:close-request", method=FORM, needs=Action.DECIDE, about="request_id"),
    Address(name="desk:neighbourhoods", needs=Action.SEE_ADVICE),
    Address(name="desk:management", needs=Action.MANAGE_WORDS),
    Address(name="desk:words", needs=Action.MANAGE_WORDS),
    Address(name="desk:reasons", needs=Action.MANAGE_WORDS),
    Address(name="desk:norms", needs=Action.SEE_NORMS),
    Address(name="desk:public", public=True, about="association"),
    Address(name="desk:public-en", public=True, about="association"),
    Address(name="desk:public-norms", public=True, about="association"),
    Address(name="desk:complexes", needs=Action.SEE_HOMES),
    Address(name="desk:whose", needs=Action.ASSIGN),
    Address(name="desk:complex", needs=Action.SEE_HOMES, about="complex_id"),
    Address(name="desk:method"),
    Address(name="mail:mine"),
    Address(name="letting:vacancies", needs=Action.SEE_HOMES),
    Address(name="letting:notice", needs=Action.NOTIFY),
    Address(name="letting:vacancy", needs=Action.SEE_HOMES, about="vacancy"),
    Address(name="letting:answer", method=FORM, needs=Action.JUDGE, about="vacancy"),
    Address(name="letting:open", method=FORM, needs=Action.SEE_ADVICE, about="vacancy"),
    Address(name="letting:decide", method=FORM, needs=Action.DECIDE, about="vacancy"),
    Address(name="letting:hand-over", method=FORM, needs=Action.HAND_OVER, about="vacancy"),
    Address(name="letting:correct-notice", method=FORM, needs=Action.NOTIFY, about="vacancy"),
    Address(name="letting:withdraw-notice", method=FORM, needs=Action.NOTIFY, about="vacancy"),
    Address(name="letting:read", method=FORM, needs=Action.READ_SECOND, about="decision"),
    Address(name="letting:withdraw", method=FORM, needs=Action.DECIDE, about="decision"),
    Address(name="letting:anew", method=FORM, needs=Action.DECIDE, about="decision"),
    Address(name="letting:open-matching", method=FORM, needs=Action.MATCH, about="vacancy"),
    Address(name="letting:stop-matching", method=FORM, needs=Action.MATCH, about="vacancy"),
    Address(name="letting:candidates", needs=Action.SEE_CANDIDATES, about="vacancy"),
    Address(name="letting:reasons", needs=Action.SEE_CANDIDATES, about="vacancy", file=True),
    Address(name="letting:propose", method=FORM, needs=Action.MATCH, about="vacancy"),
    Address(name="letting:people", needs=Action.SEE_CANDIDATES),
    Address(name="letting:enter", method=FORM, needs=Action.MATCH),
    Address(name="letting:listed", needs=Action.MATCH),
    Address(name="letting:bring-in", method=FORM, needs=Action.MATCH),
    Address(name="letting:brought", needs=Action.MATCH, about="listed"),
    Address(name="letting:list-back", method=FORM, needs=Action.MATCH, about="listed"),
    Address(name="letting:candidate", needs=Action.SEE_CANDIDATES, about="candidate"),
    Address(name="letting:look-again", method=FORM, needs=Action.MATCH, about="candidate"),
    Address(name="letting:correct", method=FORM, needs=Action.MATCH, about="candidate"),
    Address(name="letting:leave", method=FORM, needs=Action.MATCH, about="candidate"),
    Address(name="letting:come-back", method=FORM, needs=Action.MATCH, about="candidate"),
    Address(name="letting:match", about="match"),  # whoever has no part in it finds nothing
    Address(name="letting:step", method=FORM, about="match"),
    Address(name="letting:speaker", method=FORM, about="match"),
    Address(name="letting:condition", method=FORM, about="match"),
    Address(name="rounds:week", needs=Action.SEE_ADVICE),
    Address(name="rounds:make", method=FORM, needs=Action.DECIDE),
    Address(name="rounds:meeting", needs=Action.SEE_ADVICE, about="week_round"),
    Address(name="rounds:minutes", needs=Action.SEE_ADVICE, about="week_round"),
    Address(name="rounds:compute", method=FORM, needs=Action.DECIDE, about="week_round"),
    *(
        Address(name=f"rounds:{name}", method=FORM, needs=Action.READ_SECOND, about="week_round")
        for name in ("release", "adopt", "publish", "drop")
    ),
    *(
        Address(name=f"rounds:{name}", method=FORM, needs=Action.DECIDE, about="item")
        for name in ("answer", "undo", "advert")
    ),
    Address(name="rounds:asks", needs=Action.ANSWER_ROUNDS),
    Address(name="rounds:ask", needs=Action.ANSWER_ROUNDS, about="ask"),
    Address(name="rounds:reply", method=FORM, needs=Action.ANSWER_ROUNDS, about="ask"),
    Address(name="rounds:cities", needs=Action.MATCH),
    Address(name="rounds:city-new", needs=Action.MATCH),
    Address(name="rounds:city", needs=Action.MATCH, about="city_round"),
    *(
        Address(name=f"rounds:city-{name}", method=FORM, needs=action, about="city_round")
        for name, action in (
            ("run", Action.MATCH),
            ("stop", Action.MATCH),
            ("release", Action.READ_SECOND),
            ("adopt", Action.READ_SECOND),
            ("finish", Action.READ_SECOND),
            ("withdraw", Action.READ_SECOND),
            ("lay", Action.READ_SECOND),
        )
    ),
    Address(name="rounds:table-new", needs=Action.READ_SECOND),
    *(
        Address(name=f"rounds:table-{name}", method=FORM, needs=Action.READ_SECOND, about="seat")
        for name in ("divide", "decline", "return", "close", "open")
    ),
    Address(name="rounds:city-home", needs=Action.MATCH, about="city_home"),
    Address(name="rounds:city-confirm", method=FORM, needs=Action.MATCH, about="city_home"),
    Address(name="rounds:city-leave", method=FORM, needs=Action.MATCH, about="city_home"),
    Address(name="rounds:city-person", needs=Action.MATCH, about="city_person"),
    Address(name="outlook:forecast", needs=Action.SEE_ADVICE),
    Address(name="outlook:steering", needs=Action.SEE_ADVICE),
    Address(name="outlook:feasibility", needs=Action.SEE_ADVICE),
    Address(name="outlook:shares"),  # who has no part in a promise reads none
    Address(name="outlook:lay", method=FORM, needs=Action.WRITE_AGREEMENTS),
    Address(name="outlook:complex", needs=Action.SEE_ADVICE, about="complex_id"),
    Address(name="outlook:scenarios", needs=Action.SEE_ADVICE),
    Address(name="outlook:plan", needs=Action.COMPARE),
    Address(name="outlook:make", method=FORM, needs=Action.COMPARE),
    Address(name="outlook:scenario", needs=Action.SEE_ADVICE, about="scenario"),
    Address(name="outlook:cancel", method=FORM, needs=Action.COMPARE, about="scenario"),
    Address(name="outlook:resume", method=FORM, needs=Action.COMPARE, about="scenario"),
    Address(name="outlook:archive", method=FORM, needs=Action.COMPARE, about="scenario"),
    Address(name="outlook:figures", needs=Action.COMPARE, about="scenario", file=True),
    Address(name="outlook:stock", needs=Action.COMPARE, about="scenario", file=True),
    Address(name="profiles:list", needs=Action.SEE_NORMS),
    Address(name="profiles:place", needs=Action.SEE_NORMS),
    Address(name="profiles:try", needs=Action.SEE_NORMS),
    Address(name="profiles:start", method=FORM, needs=Action.WRITE_PROFILES),
    Address(name="profiles:complex", needs=Action.SEE_NORMS, about="complex_id"),
    Address(name="profiles:document", needs=Action.SEE_NORMS, about="document", file=True),
    Address(name="profiles:version", needs=Action.SEE_NORMS, about="version"),
    Address(name="profiles:edit", needs=Action.WRITE_PROFILES, about="version"),
    *(
        Address(name=f"profiles:{name}", method=FORM, needs=action, about="version")
        for name, action in (
            ("save", Action.WRITE_PROFILES),
            ("consequences", Action.WRITE_PROFILES),
            ("attach", Action.WRITE_PROFILES),
            ("submit", Action.WRITE_PROFILES),
            ("review", Action.REVIEW_PROFILES),
            ("ask", Action.WRITE_PROFILES),
            ("advise", Action.ADVISE_PROFILES),
            ("pass", Action.WRITE_PROFILES),
            ("reply", Action.WRITE_PROFILES),
            ("revise", Action.WRITE_PROFILES),
            ("adopt", Action.ADOPT_PROFILES),
            ("withdraw", Action.WRITE_PROFILES),
        )
    ),
    Address(name="pulse:judgements", needs=Action.JUDGE),
    Address(name="pulse:examples", needs=Action.JUDGE),
    Address(name="pulse:plan", needs=Action.PLAN_ROUNDS),
    Address(name="pulse:round", needs=Action.PLAN_ROUNDS, about="round_id"),
    Address(name="pulse:start", method=FORM, needs=Action.PLAN_ROUNDS, about="round_id"),
    Address(name="pulse:close", method=FORM, needs=Action.PLAN_ROUNDS, about="round_id"),
    Address(name="pulse:plan-csv", needs=Action.PLAN_ROUNDS, about="round_id", file=True),
    Address(name="pulse:plan-xlsx", needs=Action.PLAN_ROUNDS, about="round_id", file=True),
    Address(name="pulse:sheets", needs=Action.PLAN_ROUNDS, about="round_id"),
    Address(name="pulse:assign", method=FORM, needs=Action.PLAN_ROUNDS, about="place"),
    Address(name="pulse:task", needs=Action.JUDGE, about="task"),
    Address(name="pulse:give", method=FORM, needs=Action.JUDGE, about="task"),
    Address(name="pulse:pass-on", method=FORM, needs=Action.JUDGE, about="task"),
    Address(name="pulse:adjust", method=FORM, needs=Action.JUDGE, about="task"),
    Address(name="pulse:leave", method=FORM, needs=Action.JUDGE, about="task"),
    Address(name="register:imports", needs=Action.LOAD),
    Address(name="register:upload", method=FORM, needs=Action.LOAD),
    Address(name="register:mappings", needs=Action.LOAD),
    Address(name="register:keep-mapping", method=FORM, needs=Action.LOAD),
    Address(name="register:remove-mapping", method=FORM, needs=Action.LOAD),
    Address(name="register:import", needs=Action.LOAD, about="batch"),
    Address(name="register:confirm", method=FORM, needs=Action.LOAD, about="batch"),
    Address(name="register:resume", method=FORM, needs=Action.LOAD, about="batch"),
    Address(name="register:drop", method=FORM, needs=Action.LOAD, about="batch"),
    Address(name="register:undo", method=FORM, needs=Action.LOAD, about="batch"),
    Address(name="yearbook:baselines", needs=Action.SEE_ADVICE),
    Address(name="yearbook:quarter"),
    Address(name="yearbook:word", file=True),
    Address(name="yearbook:pdf", file=True),
    Address(name="yearbook:freeze", method=FORM, needs=Action.FREEZE),
    Address(name="yearbook:baseline", needs=Action.SEE_ADVICE, about="baseline"),
    Address(name="yearbook:file", needs=Action.FREEZE, about="baseline", file=True),
    Address(name="register:stairwells", needs=Action.LOAD),
    Address(name="register:stairwell", needs=Action.LOAD, about="complex_id"),
    Address(name="register:draw", method=FORM, needs=Action.LOAD, about="complex_id"),
    Address(name="register:numbers", needs=Action.LOAD),
    Address(name="register:renumber", method=FORM, needs=Action.LOAD),
    Address(name="account_login", public=True),
    Address(name="account_inactive", public=True),
    Address(name="account_reauthenticate", hears="forbidden"),
    Address(name="mfa_authenticate", public=True, nobody_hears="logged out"),
    Address(name="mfa_reauthenticate", hears="forbidden"),
    Address(name="mfa_reauthenticate_webauthn", hears="forbidden"),
    Address(name="mfa_index"),
    Address(name="mfa_activate_totp"),
    Address(name="mfa_deactivate_totp", hears="nothing here"),
    Address(name="mfa_add_webauthn"),
    Address(name="mfa_view_recovery_codes", hears="nothing here"),
    Address(name="mfa_generate_recovery_codes"),
    *(  # nothing here: no organisation's own log-in is set up in these tests
        Address(name=name, public=True, hears="nothing here", nobody_hears="nothing here")
        for name in ("openid_connect_login", "openid_connect_callback")
    ),
    Address(name="accounts:link", public=True),
    Address(name="accounts:end-mine", method=FORM, hears="nothing here"),
    Address(name="accounts:remove-key", method=FORM),
    Address(name="accounts:rights"),
    Address(name="accounts:people", needs=Action.SEE_PEOPLE),
    Address(name="accounts:person", needs=Action.SEE_PEOPLE, about="person"),
    Address(name="accounts:invite", method=FORM, needs=Action.MANAGE_PEOPLE),
    Address(name="accounts:add-organisation", method=FORM, needs=Action.MANAGE_PEOPLE),
    Address(name="accounts:give-role", method=FORM, needs=Action.MANAGE_PEOPLE, about="person"),
    Address(name="accounts:reset", method=FORM, needs=Action.MANAGE_PEOPLE, about="person"),
    Address(name="accounts:end-log-ins", method=FORM, needs=Action.MANAGE_PEOPLE, about="person"),
    Address(name="accounts:end-role", method=FORM, needs=Action.MANAGE_PEOPLE, about="membership"),
    Address(
        name="accounts:confirm-role", method=FORM, needs=Action.CONFIRM_ROLE, about="membership"
    ),
    Address(name="accounts:revoke", method=FORM, needs=Action.MANAGE_PEOPLE, about="link"),
    Address(  # no contact is set up in these tests
        name="security-txt",
        public=True,
        hears="nothing here",
        nobody_hears="nothing here",
        file=True,
    ),
    Address(name="audit:trail", needs=Action.SEE_TRAIL),
    Address(name="audit:export", needs=Action.SEE_TRAIL, file=True),
    Address(name="accounts:log-out", method=FORM),  # from here on nobody is logged in any more
    Address(name="accounts:demo", public=True),
    Address(name="ui:gallery", public=True),
    Address(name="ui:gallery-page", public=True, about="page"),
    Address(name="set-language", method=FORM, public=True),
)
THINGS = {
    "agreement": Agreement,
    "vacancy": Vacancy,
    "complex_id": Complex,
    "decision": Decision,
    "candidate": Candidate,
    "listed": CandidateList,
    "match": Match,
    "request_id": PlaceRequest,
    "version": Version,
    "document": Document,
    "round_id": Round,
    "place": Place,
    "task": Task,
    "batch": Import,
    "link": OneTimeLink,
    "baseline": Baseline,
    "scenario": Scenario,
    "week_round": WeekRound,
    "item": RoundItem,
    "ask": PartyAsk,
    "city_round": CityRound,
    "city_home": CityHome,
    "city_person": CityPerson,
    "seat": Seat,
}
PEOPLE = {"person": "user_public_id", "membership": "public_id"}


def memberships(owners: set[int]) -> list[Membership]:
    """Return the roles at these organisations, with the public id of who has them."""
    rows = Membership.objects.filter(organisation__in=owners).select_related("user")
    found = list(rows.order_by("pk"))
    for row in found:
        row.user_public_id = row.user.public_id
    return found


def names_in_the_resolver(
    patterns: list[URLPattern | URLResolver] | None = None, space: str = ""
) -> Iterator[str]:
    """Yield the name of every address that the site answers to."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inside = f"{each.namespace}:" if each.namespace else ""
            yield from names_in_the_resolver(each.url_patterns, space + inside)
        else:
            yield f"{space}{each.name}"


SEEN_BY_SOME = {
    "agreement": Agreement.objects,  # its own, and for a municipality what was brought out to it
    "ask": PartyAsk.objects,  # for who works with advice, and for the party that answers
    "decision": Decision.objects,  # for who reads how was decided
    "match": Match.objects,  # for staff with candidates, and for the partner from his step on
    "request_id": PlaceRequest.objects,  # whole only for its head, own consultant and own partner
    "task": Task.objects,  # a colleague's task is no thing of this person
}
"""Things that not everybody of their association sees."""


def things_of(user: User, about: str) -> list[uuid.UUID]:
    """Return the public ids of what this person's association has of some kind."""
    if about in SEEN_BY_SOME:
        seen = SEEN_BY_SOME[about].visible_to(user).order_by("pk")
        return list(dict.fromkeys(seen.values_list("public_id", flat=True)))
    owners = {owner for owner, _ in user.standing}
    if about in PEOPLE:
        return [getattr(row, PEOPLE[about]) for row in memberships(owners)]
    rows = THINGS[about]._default_manager.filter(owner__in=owners).order_by("pk")
    return list(rows.values_list("public_id", flat=True))


def may_come(user: User, address: Address) -> bool:
    """Say what the permission matrix says."""
    held = frozenset[Action]().union(*(MATRIX[role] for role in user.roles))
    return address.needs is None or address.needs in held


def logged_in(user: User | None, *, language: str = "nl") -> Client:
    """Give somebody a browser that minds forged requests, as a real one has to."""
    client = Client(
        enforce_csrf_checks=True,
        headers={"accept-language": language},
        raise_request_exception=False,  # what a person would see: page 500
    )
    if user is not None:
        client.force_login(user)
    return client


def tried(
    client: Client, address: Address, thing: uuid.UUID | str | None = None, **sent: str
) -> HttpResponse:
    """Use an address as a person would, and undo it."""
    with transaction.atomic():
        answer = asked(client, address.method, address.path(thing), **sent)
        transaction.set_rollback(True)
    return answer


def asked(client: Client, method: str, path: str, **sent: str) -> HttpResponse:
    """Send one request; a form carries its token."""
    if method == PAGE:
        return client.get(path, sent)
    token = "t" * 32
    client.cookies["mixwijzer-csrf"] = token
    return client.post(path, {"csrfmiddlewaretoken": token, **sent})


def outcome(answer: HttpResponse) -> str:
    """Say in one word how somebody was received."""
    way = urlsplit(answer.headers.get("Location", ""))
    if answer.status_code in {301, 302} and way.path in {"/accounts/log-in/", "/accounts/demo/"}:
        return "log in" if "next=" in way.query else "logged out"
    words = {403: "forbidden", 404: "nothing here", 405: "not so"}
    return words.get(answer.status_code, "let in" if answer.status_code < 500 else "broken")


def without_chance(answer: HttpResponse, *ids: uuid.UUID) -> tuple[int, dict[str, str], bytes]:
    """Return an answer without what differs each time: tokens, and the id that was asked for."""
    body = re.sub(rb"[A-Za-z0-9]{64}", b"TOKEN", answer.content)
    for each in ids:
        body = body.replace(str(each).encode(), b"ID")
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    return answer.status_code, headers, body


def fingerprint() -> str:
    """Digest every row of every table but those that note who was here and looked at what."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda each: each._meta.db_table):
        if model._meta.db_table not in {"django_session", "audit_reading"}:
            rows = model._default_manager.order_by("pk").values_list()
            digest.update(repr((model._meta.db_table, list(rows))).encode())
    return f"{connection.vendor} {digest.hexdigest()}"


def sins_of(html: str) -> list[str]:
    """Return inline styles and scripts of a page, and everything it takes from elsewhere.

    What a strict policy would block, as far as it shows in the page.
    """
    if not html.strip():
        return []
    return [sin for element in parsed(html).iter("*") for sin in _sins(element)]


def _sins(element: Any) -> Iterator[str]:
    tag, given = element.tag, element.attrib
    if tag == "style" or (tag == "script" and "src" not in given):
        yield f"<{tag}> inside the page"
    for name, value in given.items():
        said = value.strip().lower()
        if name == "style" or name.startswith(("on", "hx-on")):
            yield f"{name}={value!r}"
        if said.startswith(("javascript:", "data:", "http:", "https:", "//")):
            yield f"{name}={value!r}"
