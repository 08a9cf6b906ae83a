"""Ways in and out: an invitation, the log-in of one's own organisation, a passkey, the door."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.association import BRAM, PASSWORD, comes_in, invites, right
from tests.journeys.site import Visitor

pytestmark = pytest.mark.e2e
STYLE = "https://cdn.jsdelivr.net/"  # where the page of the provider has its looks from


def logs_in(somebody: Visitor, name: str) -> None:
    """Give e-mail address and password."""
    somebody.open("/accounts/log-in/")
    somebody.page.get_by_label("E-mailadres").fill(f"{name}@veldwijk.example")
    somebody.page.get_by_label("Wachtwoord").fill(PASSWORD)
    somebody.button("Inloggen").click()


def test_who_is_invited_comes_in_and_is_out_at_the_next_click_when_the_administrator_says_so(
    own, enter
):
    aafke, wies = enter(), enter()
    comes_in(aafke, own.link)
    link = invites(aafke, "Wies Linde", "Woonstichting Veldwijk", "woonconsulent")
    codes = comes_in(wies, link)
    once_more = enter()
    once_more.open(link)
    expect(once_more.page.get_by_text("opent niets")).to_be_visible()

    aafke.open("/accounts/people/")
    aafke.link("Wies Linde").click()
    aafke.button("Alle aanmeldingen beëindigen").click()
    wies.link("Complexen").first.click()
    expect(wies.page).to_have_url(re.compile(r"/accounts/log-in/\?next=/complexes/"))

    logs_in(wies, "wies")
    right(wies.page)
    wies.page.get_by_label("Code").fill(codes[0])
    wies.button("Inloggen").click()
    expect(wies.page.get_by_role("heading", level=1)).to_contain_text("Wies")
    for path in ("me/recovery/new/", "me/code/end/", "log-in/again/", "log-in/code/again/"):
        wies.open(f"/accounts/{path}")
        right(wies.page)


# The provider answers from a thread of this process, where its own libraries warn about each other;
# a warning that counts as an error would then be an error of the provider, and nobody comes in.
@pytest.mark.filterwarnings("ignore")
def test_who_is_known_comes_in_by_the_log_in_of_the_own_organisation(own, enter):
    bram = enter()
    bram.elsewhere += [own.provider, STYLE]
    bram.context.route(f"{STYLE}**", lambda route: route.fulfill(body=""))
    bram.refusals.append(404)  # the provider has no icon
    bram.open("/judgements/")
    bram.link("Inloggen bij Veldwijk").click()
    bram.page.locator("input[name=sub]").fill(BRAM)
    bram.page.get_by_role("button", name="Authorize", exact=False).first.click()
    expect(bram.page.get_by_role("heading", level=1)).to_have_text("Beelden")
    bram.open("/accounts/me/")
    expect(bram.page.get_by_text("u logt in bij uw organisatie")).to_be_visible()


def test_a_passkey_is_made_and_then_lets_in_without_a_code(own, enter):
    aafke = enter()
    browser = aafke.context.new_cdp_session(aafke.page)
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    key = browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    aafke.open(own.link)
    aafke.page.get_by_label("Wachtwoord").fill(PASSWORD)
    aafke.button("Verder").click()
    aafke.link("Liever een toegangssleutel").click()
    right(aafke.page)
    aafke.page.get_by_label("Naam").fill("Laptop van Aafke")
    aafke.button("Toegangssleutel maken").click()
    aafke.link("Ik heb ze bewaard").click()
    stored = browser.send("WebAuthn.getCredentials", {"authenticatorId": key["authenticatorId"]})
    assert len(stored["credentials"]) == 1
    aafke.button("Uitloggen").click()

    logs_in(aafke, "aafke")
    aafke.button("Toegangssleutel gebruiken").click()
    expect(aafke.page.get_by_role("heading", level=1)).to_contain_text("Aafke")
    aafke.open("/accounts/me/")
    expect(aafke.page.get_by_text("Toegangssleutel Laptop van Aafke")).to_be_visible()
