"""What catalogues of public code read about us is in their vocabulary, and true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TOLD: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# The closed lists of the standard, as far as we might ever use them.
PLATFORMS = {"web", "windows", "mac", "linux", "ios", "android"}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {
    "standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web",
    "standalone/backend", "standalone/other", "addon", "library", "configurationFiles",
}  # fmt: skip
CATEGORIES = {
    "business-intelligence", "compliance-management", "data-analytics", "data-collection",
    "data-visualization", "facility-management", "geographic-information-systems",
    "predictive-analysis", "property-management", "real-estate-management", "workflow-management",
}  # fmt: skip
SCOPES = {"government", "local-authorities", "research", "society", "welfare"}
MAINTENANCE = {"internal", "contract", "community", "none"}


def test_every_value_is_in_the_list_of_the_standard() -> None:
    assert set(TOLD["platforms"]) <= PLATFORMS
    assert TOLD["developmentStatus"] in STATUSES
    assert TOLD["softwareType"] in TYPES
    assert set(TOLD["categories"]) <= CATEGORIES
    assert set(TOLD["intendedAudience"]["scope"]) <= SCOPES
    assert all(re.fullmatch("[A-Z]{2}", code) for code in TOLD["intendedAudience"]["countries"])
    assert TOLD["maintenance"]["type"] in MAINTENANCE
    assert all(each["name"] for each in TOLD["maintenance"]["contacts"])
    assert all(
        re.fullmatch("[a-z]{2}", code) for code in TOLD["localisation"]["availableLanguages"]
    )


def test_features_stand_in_both_languages_and_are_short() -> None:
    features = [text["features"] for text in TOLD["description"].values()]
    assert len({len(each) for each in features}) == 1
    assert all(len(line) <= 100 for each in features for line in each)


def test_screenshots_are_there() -> None:
    shown = [each for text in TOLD["description"].values() for each in text["screenshots"]]
    assert shown
    assert all((ROOT / each).is_file() for each in shown)


def test_it_asks_for_the_python_that_the_project_asks_for() -> None:
    (python,) = (each for each in TOLD["dependsOn"]["open"] if each["name"] == "Python")
    assert PROJECT["requires-python"] == f">={python['versionMin']}"
    for name in ("README.md", "README.nl.md"):
        assert f"Python {python['versionMin']}" in (ROOT / name).read_text(encoding="utf-8")
