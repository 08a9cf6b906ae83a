"""Somebody brings a file in: what it would do, confirm, take back; a worker does the work."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.site import BO

pytestmark = pytest.mark.e2e
LONG = 60_000  # [ms] for a worker on a busy machine

UNNOTICED = """
    SELECT d.code FROM register_dwelling d JOIN accounts_organisation o ON o.id = d.owner_id
    WHERE o.code = 'zilverlinde' AND d.replaced_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM register_notice n WHERE n.owner_id = d.owner_id AND n.dwelling = d.code)
    LIMIT 2
"""
KNOWN = "SELECT count(*) FROM register_notice WHERE code LIKE 'OPZ-%' AND replaced_at IS NULL"


def sends(bo, path: Path) -> None:
    """Upload a file."""
    bo.open("/data/imports/")
    bo.page.locator("#id_file").set_input_files(str(path))
    bo.button("Bestand lezen").click()


def test_a_file_is_looked_at_confirmed_and_taken_back(visit, site, tmp_path):
    bo = visit(BO)
    homes = [home for (home,) in site.ask(UNNOTICED)]
    rows = [f"OPZ-{number},{home},2026-11-20,2027-01-04" for number, home in enumerate(homes)]
    path = tmp_path / "vacancies.csv"
    path.write_text("\n".join(["id,dwelling,notice,free_from", *rows]), encoding="utf-8")
    sends(bo, path)
    expect(bo.button("Bevestigen en schrijven")).to_be_visible(timeout=LONG)
    expect(bo.page.locator(".figure", has_text="Nieuwe opzeggingen")).to_contain_text("2")
    assert site.ask(KNOWN) == [(0,)]
    bo.button("Bevestigen en schrijven").click()
    expect(bo.button("Terugnemen")).to_be_visible(timeout=LONG)
    assert site.ask(KNOWN) == [(2,)]
    bo.button("Terugnemen").click()
    expect(bo.page.get_by_text("wat eerst bekend was, geldt weer")).to_be_visible()
    assert site.ask(KNOWN) == [(0,)]


def test_a_file_that_cannot_be_is_refused_with_what_to_do(visit, tmp_path):
    bo = visit(BO)
    path = tmp_path / "vacancies.csv"
    path.write_text(
        "id,dwelling,notice,free_from\nOPZ-1,0000,2026-11-20,morgen\n", encoding="utf-8"
    )
    sends(bo, path)
    expect(bo.page.get_by_text("geweigerd: herstel het bestand")).to_be_visible(timeout=LONG)
    expect(bo.page.get_by_role("link", name="Alle bevindingen als bestand")).to_be_visible()
