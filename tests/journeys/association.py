"""An association of its own: set up from one file, empty, with the files it would bring itself.

The extract is made up, and looks as housing systems give it: a title above the header, foreign
headers, a column about persons that must not come in, remarks below, letters of Windows.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Page, expect

from tests.journeys.looking import faults
from tests.journeys.site import Site, Visitor, answering

PASSWORD = "vier groene stoelen op zolder"
BRAM = "bram"  # who he is at the log-in of the organisation
LONG = 60_000  # [ms] for a worker on a busy machine
_PLAN = """
mixwijzer: 1
organisations:
  - {code: veldwijk, name: Woonstichting Veldwijk, kind: association}
  - {code: lommerstad, name: Gemeente Lommerstad, kind: municipality}
  - {code: raad, name: Huurdersraad Veldwijk, kind: tenants, speaks_for: veldwijk}
people:
  - email: bram@veldwijk.example
    name: Bram Wijk
    roles: [{organisation: veldwijk, role: neighbourhood_manager}]
administrator: {email: aafke@veldwijk.example, name: Aafke Buur, organisation: veldwijk}
"""
_UNITS = (
    "VHE-nummer;Complexnummer;Complexnaam;CBS-buurtcode;Adres;Verdieping;Aantal kamers;"
    "Netto huur;Nultreden;Corporatie"
)
_COMPLEXES = (
    ("0101", "Lindehof", "Lindelaan", 48, "BU99010101"),
    ("0102", "De Terp", "Terpweg", 36, "BU99010101"),
    ("0205", "Havenblok", "Havenkade", 40, "BU99010102"),
)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A site that nobody has been in, and the link that `set-up` printed."""

    site: Site
    link: str
    provider: str


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Set up, beside a log-in of the organisation; passkeys need a host with a name."""
    plan = folder / "mixwijzer.yaml"
    plan.write_text(_PLAN, encoding="utf-8")
    with _provider() as provider:
        environment = {
            "MIXWIJZER_HOME": str(folder),
            "MIXWIJZER_CONFIG": str(plan),
            "MIXWIJZER_OIDC_ISSUER": provider,
            "MIXWIJZER_OIDC_CLIENT_ID": "mixwijzer",
            "MIXWIJZER_OIDC_CLIENT_SECRET": "geheim",
            "MIXWIJZER_OIDC_NAME": "Veldwijk",
        }
        command = [str(Path(sys.executable).with_name("mixwijzer")), "set-up", str(plan)]
        said = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
        ).stdout
        path = said[said.index("/accounts/link/") :].splitlines()[0]
        with answering(folder, "serve", "--workers", "1", host="localhost", **environment) as site:
            yield Installation(site=site, link=path, provider=provider)


@contextmanager
def _provider() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own libraries warn about each other
        from oidc_provider_mock import User, run_server_in_thread

        bram = User(sub=BRAM, claims={"email": "bram@veldwijk.example", "email_verified": True})
        with run_server_in_thread(user_claims=[bram]) as server:
            yield f"http://localhost:{server.server_port}"


def a_map() -> bytes:
    """Make a map of two neighbourhoods, as CBS gives one."""
    west = {"BU99010101": ("Lindenbuurt", 6.05), "BU99010102": ("Havenkwartier", 6.061)}
    features = [
        {
            "type": "Feature",
            "properties": {"buurtcode": code, "buurtnaam": name, "gemeentenaam": "Lommerstad"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[x, 52.5], [x + 0.01, 52.5], [x + 0.01, 52.506], [x, 52.506], [x, 52.5]]
                ],
            },
        }
        for code, (name, x) in west.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def an_extract(day: date, *, spoiled: bool = False) -> bytes:
    """Make an extract of a housing system: homes, leases and one notice; or with a wrong date."""
    units, leases = [], []
    for code, name, street, homes, area in _COMPLEXES:
        for number in range(1, homes + 1):
            home = f"{code}{number:04d}"
            floor = (number - 1) % 4 or "BG"
            reached = "Ja" if floor == "BG" else "Nee"
            rent = f"{560 + number % 180},50"
            units.append(
                f"{home};{code};{name};{area};{street} {number};{floor};{2 + number % 3};{rent};"
                f"{reached};veldwijk"
            )
            start = day - timedelta(days=200 + 37 * len(leases) % 3000)
            leases.append(f"HC{home};{home};{_nl(start)};;Onbepaalde tijd;J. de Vries")
    if spoiled:
        leases[3] = leases[3].replace(leases[3].split(";")[2], "31-02-2024")
    notice = f"M-011;01010012;{_nl(day - timedelta(days=3))};{_nl(day + timedelta(days=28))}"
    sheets = {
        "Eenheden.csv": ["Eenhedenoverzicht Veldwijk", _UNITS, *units, "", f"Datum export: {day}"],
        "Huurcontracten.csv": [
            "Contractnummer;VHE-nummer;Ingangsdatum;Einddatum;Contractsoort;Naam huurder",
            *leases,
        ],
        "Opzeggingen.csv": ["Mutatienummer;VHE-nummer;Datum opzegging;Leeg per", notice],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, lines in sheets.items():
            archive.writestr(name, "\r\n".join([*lines, ""]).encode("cp1252"))
    return made.getvalue()


def _nl(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def code_of(secret: str) -> str:
    """Return what the app on a phone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def right(page: Page) -> None:
    """Look whether a page is as it must be, at every width."""
    width = page.viewport_size
    found = {key: fault for key, fault in faults(page).items() if fault}
    assert not found, found
    if width:
        page.set_viewport_size(width)


def comes_in(somebody: Visitor, link: str, *, look: bool = False) -> Sequence[str]:
    """Follow a link, choose a password and make a second factor; return the recovery codes."""
    page = somebody.page
    somebody.open(link)
    if look:
        right(page)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    somebody.click(somebody.button("Verder"))
    secret = page.locator("code.breaks").inner_text()
    if look:
        right(page)
    page.get_by_label("Code").fill(code_of(secret))
    somebody.click(somebody.button("Verder"))
    codes = page.locator("main li code").all_inner_texts()
    if look:
        right(page)
    somebody.click(somebody.link("Ik heb ze bewaard"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Goede")
    return codes


def invites(aafke: Visitor, name: str, organisation: str, role: str) -> str:
    """Invite somebody; return the link that is shown once."""
    page = aafke.page
    aafke.click(aafke.link("Mensen").first)
    box = page.get_by_role("region", name="Iemand uitnodigen")
    box.get_by_label("Naam").fill(name)
    box.get_by_label("E-mailadres").fill(f"{name.split(maxsplit=1)[0].lower()}@veldwijk.example")
    box.get_by_label("Organisatie").select_option(label=organisation)
    box.get_by_label("Rol").select_option(label=role)
    aafke.click(aafke.button("Uitnodiging maken"))
    return page.locator("code.breaks").inner_text().removeprefix(aafke.site.url)


def brings(aafke: Visitor, name: str, content: bytes, mapping: str = "") -> None:
    """Upload a file and wait until a worker has read it."""
    page = aafke.page
    aafke.click(aafke.link("Inlezen").first)
    page.locator("#id_file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    if mapping:
        page.get_by_label("Waar komt het vandaan?").select_option(label=mapping)
    aafke.click(aafke.button("Bestand lezen"))
    expect(page.locator("#import:not([hx-get])")).to_be_visible(timeout=LONG)


def confirms(aafke: Visitor) -> None:
    """Let the import be written."""
    aafke.click(aafke.button("Bevestigen en schrijven"))
    expect(aafke.button("Terugnemen")).to_be_visible(timeout=LONG)
