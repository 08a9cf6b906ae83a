"""The people of every story: one per role, and somebody from elsewhere.

`make_cast` writes them; their names are the same in every test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.accounts.roles import OrganisationKind, Role
from mixwijzer.web.accounts.services import found, join

PASSWORD = "zeven blauwe fietsen in de gang"


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Organisations and people; `olga` is consultant of another association with its own homes."""

    woonbelang: Organisation
    elders: Organisation
    gemeente: Organisation
    opstap: Organisation
    huurders: Organisation
    iris: User  # housing consultant
    sem: User  # her colleague
    mo: User  # head of letting
    tessa: User  # letting agent
    hans: User  # neighbourhood manager
    lotte: User  # municipality
    joris: User  # care partner
    noor: User  # tenants' organisation
    rik: User  # researcher
    bas: User  # privacy officer
    anja: User  # administrator
    vera: User  # auditor
    olga: User  # outsider

    def people(self) -> Iterator[tuple[str, User]]:
        """Yield everybody by name."""
        for each in fields(self):
            person = getattr(self, each.name)
            if isinstance(person, User):
                yield each.name, person


PEOPLE = (
    ("iris", "Iris Voorbeeld", "woonbelang", Role.CONSULTANT),
    ("sem", "Sem Ruiter", "woonbelang", Role.CONSULTANT),
    ("mo", "Mo Staal", "woonbelang", Role.HEAD),
    ("tessa", "Tessa Vliet", "woonbelang", Role.AGENT),
    ("hans", "Hans Akker", "woonbelang", Role.MANAGER),
    ("lotte", "Lotte Brink", "gemeente", Role.MUNICIPALITY),
    ("joris", "Joris Maas", "opstap", Role.CARE_PARTNER),
    ("noor", "Noor de Wit", "huurders", Role.TENANTS),
    ("rik", "Rik Blad", "woonbelang", Role.RESEARCHER),
    ("bas", "Bas Visser", "woonbelang", Role.PRIVACY),
    ("anja", "Anja Kok", "woonbelang", Role.ADMINISTRATOR),
    ("vera", "Vera Punt", "woonbelang", Role.AUDITOR),
    ("olga", "Olga Elders", "elders", Role.CONSULTANT),
)


def make_cast() -> Cast:
    """Write the organisations and the people; nobody has a password but Iris."""
    woonbelang = found(
        code="woonbelang", name="Woonbelang Hanzeveen", kind=OrganisationKind.ASSOCIATION
    )
    organisations = {
        "woonbelang": woonbelang,
        "elders": found(code="elders", name="Elders Wonen", kind=OrganisationKind.ASSOCIATION),
        "gemeente": found(
            code="gemeente", name="Gemeente Hanzeveen", kind=OrganisationKind.MUNICIPALITY
        ),
        "opstap": found(code="opstap", name="Stichting Opstap", kind=OrganisationKind.CARE_PARTNER),
        "huurders": found(
            code="huurders",
            name="Huurdersraad",
            kind=OrganisationKind.TENANTS,
            speaks_for=woonbelang,
        ),
    }
    people = {
        name: join(
            email=f"{name}@hanzeveen.example",
            name=full,
            organisation=organisations[where],
            role=role,
            password=PASSWORD if name == "iris" else None,
        )
        for name, full, where, role in PEOPLE
    }
    return Cast(**organisations, **people)
