"""Set an installation up: organisations, people and their roles, and a way in for the first one.

One file says it all (`docs/reference/set-up.md`). All of it is checked before anything is written
and every mistake is told at once; the same file twice changes nothing. Nobody gets a password here:
the first administrator comes in by a link that works once, and lets the others in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.urls import reverse

from mixwijzer.exchange.strict_yaml import YamlError, read_yaml
from mixwijzer.web.accounts.isolation import whole_installation
from mixwijzer.web.accounts.models import Membership, OneTimeLink, Organisation, User
from mixwijzer.web.accounts.roles import ROLES_OF, OrganisationKind, Role
from mixwijzer.web.accounts.selectors import token_of
from mixwijzer.web.accounts.services import found, join
from mixwijzer.web.audit.services import record
from mixwijzer.web.config import env
from mixwijzer.web.config.operations.backups import bring_up_to_date, one_transaction
from mixwijzer.web.config.operations.saying import Finding, Refused
from mixwijzer.web.config.operations.verifying import migrations_wait

__all__ = ["Done", "Plan", "for_one", "read_plan", "set_up"]

COMES_IN = timedelta(days=7)
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
_TOP = {"mixwijzer", "machine", "organisations", "people", "administrator"}


@dataclass(slots=True, kw_only=True)
class Plan:
    """What an installation is to have."""

    organisations: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, tuple[str, list[tuple[str, Role]]]] = field(default_factory=dict)
    administrator: tuple[str, str, str] = ("", "", "")  # e-mail, name, organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What setting up did."""

    organisations: int
    people: int
    roles: int
    link: str  # for the first administrator; empty when he can come in already


def for_one(*, name: str, person: str, email: str) -> Plan:
    """Return the plan of an installation with one association and its administrator."""
    code = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "association"
    given = {
        "mixwijzer": 1,
        "organisations": [{"code": code, "name": name, "kind": "association"}],
        "administrator": {"email": email, "name": person, "organisation": code},
    }
    plan, findings = _read(given)
    if findings:
        raise Refused(findings[0].code, **findings[0].facts)
    return plan


def read_plan(path: Path) -> tuple[Plan, list[Finding]]:
    """Read a set-up file and say everything that is wrong with it."""
    if not path.is_file():
        raise Refused("setup.not_there", path=str(path))
    try:
        told = read_yaml(path)
    except YamlError as error:
        return Plan(), [Finding("setup.yaml", {"line": error.line, "why": error.trouble})]
    plan, findings = _read(told)
    machine = told.get("machine") if isinstance(told, dict) else None
    findings += [Finding("setup.machine", {"why": each}) for each in env.machine_faults(machine)]
    if "password" in env.database_parts(machine) and path.stat().st_mode & 0o077:
        findings.append(Finding("setup.open_password", {"path": str(path)}))
    return plan, findings


def _read(told: object) -> tuple[Plan, list[Finding]]:
    findings: list[Finding] = []
    if not isinstance(told, dict) or told.get("mixwijzer") != 1:
        return Plan(), [Finding("setup.not_one")]
    findings += [Finding("setup.key", {"at": str(key)}) for key in told if key not in _TOP]
    plan = Plan()
    for at, row in _rows(told, "organisations", findings):
        _organisation(plan, at, row, findings)
    for code, row in plan.organisations.items():
        if row.get("speaks_for") and row["speaks_for"] not in plan.organisations:
            findings.append(
                Finding("setup.no_organisation", {"at": code, "given": row["speaks_for"]})
            )
    for at, row in _rows(told, "people", findings):
        _person(plan, at, row, findings)
    _administrator(plan, told.get("administrator"), findings)
    return plan, findings


def _rows(
    told: Mapping[str, Any], name: str, findings: list[Finding]
) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = told.get(name, [])
    if not isinstance(rows, list):
        findings.append(Finding("setup.list", {"at": name}))
        return
    for number, row in enumerate(rows, 1):
        at = f"{name} {number}"
        if isinstance(row, dict):
            yield at, row
        else:
            findings.append(Finding("setup.mapping", {"at": at}))


def _text(row: Mapping[str, Any], key: str, at: str, findings: list[Finding]) -> str:
    value = row.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    findings.append(Finding("setup.missing", {"at": at, "key": key}))
    return ""


def _only(row: Mapping[str, Any], known: set[str], at: str, findings: list[Finding]) -> None:
    findings += [Finding("setup.key", {"at": f"{at}, {key}"}) for key in row if key not in known]


def _organisation(plan: Plan, at: str, row: dict[str, Any], findings: list[Finding]) -> None:
    _only(row, {"code", "name", "kind", "speaks_for"}, at, findings)
    code, name, kind = (_text(row, key, at, findings) for key in ("code", "name", "kind"))
    if code and not _CODE.fullmatch(code):
        findings.append(Finding("setup.code", {"at": at, "given": code}))
    if code in plan.organisations:
        findings.append(Finding("setup.twice", {"at": at, "given": code}))
    if kind and kind not in OrganisationKind.values:
        known = ", ".join(OrganisationKind.values)
        findings.append(Finding("setup.choice", {"at": at, "given": kind, "known": known}))
    speaks_for = str(row.get("speaks_for") or "")
    if kind == OrganisationKind.TENANTS and not speaks_for:
        findings.append(Finding("setup.missing", {"at": at, "key": "speaks_for"}))
    if code:
        plan.organisations[code] = {"name": name, "kind": kind, "speaks_for": speaks_for}


def _email(text: str, at: str, findings: list[Finding]) -> str:
    try:
        validate_email(text)
    except ValidationError:
        if text:
            findings.append(Finding("setup.email", {"at": at, "given": text}))
        return ""
    return text.lower()


def _person(plan: Plan, at: str, row: dict[str, Any], findings: list[Finding]) -> None:
    _only(row, {"email", "name", "roles"}, at, findings)
    email = _email(_text(row, "email", at, findings), at, findings)
    name = _text(row, "name", at, findings)
    if email in plan.people:
        findings.append(Finding("setup.twice", {"at": at, "given": email}))
    roles = []
    for where, each in _rows(row, "roles", findings):
        place = f"{at}, {where}"
        _only(each, {"organisation", "role"}, place, findings)
        code, role = (_text(each, key, place, findings) for key in ("organisation", "role"))
        if _fits(plan, code, role, place, findings):
            roles.append((code, Role(role)))
    if email:
        plan.people[email] = (name, roles)


def _fits(plan: Plan, code: str, role: str, at: str, findings: list[Finding]) -> bool:
    """Whether this organisation is there and has such a role."""
    kind = plan.organisations.get(code, {}).get("kind", "")
    if code and code not in plan.organisations:
        findings.append(Finding("setup.no_organisation", {"at": at, "given": code}))
    known = ROLES_OF.get(OrganisationKind(kind), ()) if kind in OrganisationKind.values else ()
    if role and known and role not in known:
        names = ", ".join(each.value for each in known)
        findings.append(Finding("setup.choice", {"at": at, "given": role, "known": names}))
    return bool(known) and role in known


def _administrator(plan: Plan, row: object, findings: list[Finding]) -> None:
    at = "administrator"
    if not isinstance(row, dict):
        findings.append(Finding("setup.missing", {"at": "mixwijzer.yaml", "key": at}))
        return
    _only(row, {"email", "name", "organisation"}, at, findings)
    email = _email(_text(row, "email", at, findings), at, findings)
    name, code = (_text(row, key, at, findings) for key in ("name", "organisation"))
    _fits(plan, code, Role.ADMINISTRATOR, at, findings)
    plan.administrator = (email, name, code)


def set_up(plan: Plan, *, port: int, now: datetime) -> Done:
    """Make what isn't there yet, all of it or nothing; what is there too much stays.

    The link leads to `port` where nobody but this machine is answered.
    """
    if connection.introspection.table_names():
        if migrations_wait():
            raise Refused("verify.migrations")
    else:
        with one_transaction():
            bring_up_to_date()
    with whole_installation(), transaction.atomic():
        before = _counts()
        _found_all(plan)
        for email, (name, roles) in plan.people.items():
            for code, role in roles:
                where = Organisation.objects.get(code=code)
                join(email=email, name=name, organisation=where, role=role)
        link = _way_in(plan, port, now)
        made = [after - was for after, was in zip(_counts(), before, strict=True)]
        if any(made) or link:
            _told(plan, made, now)
    return Done(organisations=made[0], people=made[1], roles=made[2], link=link)


def _found_all(plan: Plan) -> None:
    """Make the organisations, associations first: the others have one that invites their people."""
    first = plan.administrator[2]
    kinds = {code: OrganisationKind(row["kind"]) for code, row in plan.organisations.items()}
    made: dict[str, Organisation] = {}
    others = {code for code, kind in kinds.items() if kind != OrganisationKind.ASSOCIATION}
    for code in sorted(kinds, key=lambda each: (each in others, each != first)):
        row = plan.organisations[code]
        keeper = made.get(row["speaks_for"]) or made.get(first) if code in others else None
        made[code] = found(
            code=code,
            name=row["name"],
            kind=kinds[code],
            speaks_for=made.get(row["speaks_for"]),
            kept_by=keeper,
        )


def _counts() -> tuple[int, int, int]:
    return tuple(each.objects.count() for each in (Organisation, User, Membership))  # type: ignore[return-value]


def _way_in(plan: Plan, port: int, now: datetime) -> str:
    """Return a link by which the first administrator comes in; none when he has an account."""
    email, name, code = plan.administrator
    where = Organisation.objects.get(code=code)
    known = User.objects.filter(email=email).first()
    if known is not None and known.has_usable_password():
        join(email=email, name=name, organisation=where, role=Role.ADMINISTRATOR)
        return ""
    purpose = OneTimeLink.Purpose.RESET if known else OneTimeLink.Purpose.INVITE
    if known is not None:
        join(email=email, name=name, organisation=where, role=Role.ADMINISTRATOR)
    links = OneTimeLink.objects.for_organisation(where).filter(email=email, used_at=None)
    links.update(revoked_at=now)  # of an earlier time that this was run
    link = OneTimeLink(
        owner=where,
        purpose=purpose,
        organisation=where,
        email=email,
        name=name,
        role=Role.ADMINISTRATOR,
        user=known,
        made_at=now,
        expires_at=now + COMES_IN,
    )
    link.save()
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    site = f"https://{host}" if settings.SECURE else f"http://localhost:{port}"
    return f"{site}{reverse('accounts:link')}?{urlencode({'t': token_of(link)})}"


def _told(plan: Plan, made: list[int], now: datetime) -> None:
    """Write it in the trail of the administrator's organisation."""
    names = ("organisations", "people", "roles")
    record(
        organisation=Organisation.objects.get(code=plan.administrator[2]),
        action="config.set_up",
        actor=None,
        subject=None,
        facts=dict(zip(names, made, strict=True)),
        at=now,
    )
