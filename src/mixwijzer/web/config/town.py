"""Fill an empty installation with the made-up town, and people to be.

Everything here is fictional and marked as such; only the neighbourhoods are Zwolle's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mixwijzer.exchange.synthetic import Town, synthesize
from mixwijzer.web.accounts.isolation import whole_installation
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role
from mixwijzer.web.accounts.services import found, join
from mixwijzer.web.config import (
    town_agreements,
    town_candidates,
    town_city,
    town_profiles,
    town_round,
    town_shares,
    town_week,
)
from mixwijzer.web.letting.services import load_portfolio
from mixwijzer.web.outlook import services as outlook
from mixwijzer.web.outlook import tasks

__all__ = ["build_town"]

ASSOCIATIONS = {"zilverlinde": "Woonstichting Zilverlinde", "roodborst": "Woningbouw Roodborst"}
PARTNERS = {"oversteek": "De Oversteek", "de-kade": "De Kade"}
SPEAKS_FOR = {"outflow_sheltered_living": "oversteek", "outflow_shelter": "de-kade"}
PEOPLE = (
    # (organisation, e-mail, name, role): the order of the page on which one chooses
    ("zilverlinde", "iris@zilverlinde.example", "Iris Voorbeeld", Role.CONSULTANT),
    ("zilverlinde", "sem@zilverlinde.example", "Sem Voorbeeld", Role.CONSULTANT),
    ("zilverlinde", "mo@zilverlinde.example", "Mo Staal", Role.HEAD),
    ("zilverlinde", "tessa@zilverlinde.example", "Tessa Vliet", Role.AGENT),
    ("zilverlinde", "hans@zilverlinde.example", "Hans Akker", Role.MANAGER),
    ("zilverlinde", "noor@zilverlinde.example", "Noor Akker", Role.MANAGER),
    ("gemeente-zwolle", "programma@gemeente.example", "Henny Beek", Role.MUNICIPALITY),
    ("oversteek", "zorg@oversteek.example", "Rosa Brug", Role.CARE_PARTNER),
    ("huurders", "voorzitter@huurders.example", "Cor Linde", Role.TENANTS),
    ("zilverlinde", "privacy@zilverlinde.example", "Pia Slot", Role.PRIVACY),
    ("zilverlinde", "beheer@zilverlinde.example", "Bo Kabel", Role.ADMINISTRATOR),
    ("zilverlinde", "controle@zilverlinde.example", "Art Punt", Role.AUDITOR),
    ("roodborst", "els@roodborst.example", "Els Elders", Role.CONSULTANT),
    ("roodborst", "wim@roodborst.example", "Wim Weide", Role.HEAD),
)


@whole_installation()
@transaction.atomic
def build_town(*, seed: int, homes: int, now: datetime) -> None:
    """Make organisations, people and a town of so many homes; all of it or nothing."""
    organisations = _organisations()
    people = {
        email: join(email=email, name=name, organisation=organisations[code], role=role)
        for code, email, name, role in PEOPLE
    }
    day = timezone.localdate(now)
    town = synthesize(seed=seed, homes=homes, day=day)
    town_agreements.lay_out(
        owner=organisations["zilverlinde"],
        municipality=organisations["gemeente-zwolle"],
        tenants=organisations["huurders"],
        people={
            "head": people["mo@zilverlinde.example"],
            "municipality": people["programma@gemeente.example"],
            "tenants": people["voorzitter@huurders.example"],
        },
        promises=[each for each in town.portfolio.obligations if each.owner == "zilverlinde"],
        now=now,
    )
    for place, code in enumerate(ASSOCIATIONS):
        # A place request names no association: the first one keeps the city's list.
        rows = town.ledger if place == 0 else replace(town.ledger, place_requests=())
        load_portfolio(
            portfolio=rows,
            owner=organisations[code],
            actor=None,
            now=now,
            judges=_judges(town, code, people),
            partners={name: organisations[name] for name in (*PARTNERS, "gemeente-zwolle")},
            counterparties={
                each.group: organisations["gemeente-zwolle"] for each in town.portfolio.obligations
            },
        )
    town_profiles.lay_out(
        owner=organisations["zilverlinde"],
        writer=people["mo@zilverlinde.example"],
        reader=people["sem@zilverlinde.example"],
        now=now,
    )
    town_candidates.lay_out(
        organisations["zilverlinde"],
        town,
        {group: organisations[code] for group, code in SPEAKS_FOR.items()},
        now,
    )
    town_candidates.lay_out(organisations["roodborst"], town, {}, now, place=1)
    town_round.lay_out(organisations["zilverlinde"], people, now)
    town_week.lay_out(organisations["zilverlinde"], people, now)
    town_city.lay_out(organisations["zilverlinde"], people, now)
    _compare(organisations["zilverlinde"], people["mo@zilverlinde.example"], now)
    heads = {"zilverlinde": "mo@zilverlinde.example", "roodborst": "wim@roodborst.example"}
    town_shares.lay_out(
        {organisations[code]: people[email] for code, email in heads.items()},
        organisations["gemeente-zwolle"],
        now,
    )


def _compare(owner: Organisation, head: User, now: datetime) -> None:
    """Ask for a comparison; the worker draws it as soon as there is one."""
    asked = outlook.Asked(
        regimes=("experiment", "waiting_list", "free_room"), years=10, runs=128, seed=1
    )
    row = outlook.make(
        user=head,
        owner=owner,
        name="Met en zonder experiment",
        asked=asked,
        key=uuid.uuid4(),
        now=now,
    )
    tasks.start(row)


def _organisations() -> Mapping[str, Organisation]:
    made = {
        code: found(code=code, name=name, kind=OrganisationKind.ASSOCIATION)
        for code, name in ASSOCIATIONS.items()
    }
    made["gemeente-zwolle"] = found(
        code="gemeente-zwolle", name="Gemeente Zwolle", kind=OrganisationKind.MUNICIPALITY
    )
    for code, name in PARTNERS.items():
        made[code] = found(code=code, name=name, kind=OrganisationKind.CARE_PARTNER)
    made["huurders"] = found(
        code="huurders",
        name="Huurdersraad Zilverlinde",
        kind=OrganisationKind.TENANTS,
        speaks_for=made["zilverlinde"],
    )
    return made


def _judges(town: Town, code: str, people: Mapping[str, User]) -> Mapping[str, User]:
    """Divide the town's judges over the people of an association, in turn per role."""
    portfolio = town.portfolio
    mine = {each.id for each in portfolio.complexes if each.owner == code}
    names = sorted(
        {row.by for row in portfolio.judgements if row.scope.code.partition("/")[0] in mine}
    )
    staff = {
        role: [people[email] for owner, email, _, each in PEOPLE if owner == code and each is role]
        for role in (Role.CONSULTANT, Role.MANAGER)
    }
    turns: dict[Role, int] = dict.fromkeys(staff, 0)
    judges: dict[str, User] = {}
    for name in names:
        role = Role.CONSULTANT if name.startswith("consultant") else Role.MANAGER
        if staff[role]:
            judges[name] = staff[role][turns[role] % len(staff[role])]
            turns[role] += 1
    return judges
