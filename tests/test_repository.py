"""What must be true of the repository as a whole, whatever is built in it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mixwijzer

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted(ROOT.glob("requirements/*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([\w.-]+)(?:\[([^\]]*)\])?==([\w.!+]+)", re.MULTILINE)
INSTALLED = {canonicalize_name(each.name) for each in distributions()}
# A folder of one machine at the start of a path, and the address of one package index.
MACHINE = re.compile(r"(?<![\w.$)}/-])/(?:work|root|tmp|home)/\w|index-url\s*=|/simple/\w")


def tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def pins(name: str) -> dict[str, set[str]]:
    """Return the pinned versions per package; there can be one for each Python."""
    found: dict[str, set[str]] = {}
    for package, _, version in PIN.findall((ROOT / "requirements" / name).read_text()):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def locked_extras(name: str) -> dict[str, set[str]]:
    """Return the extras with which each package is pinned."""
    return {
        canonicalize_name(package): set(re.findall(r"[\w.-]+", extras))
        for package, extras, _ in PIN.findall((ROOT / "requirements" / name).read_text())
    }


def asked_by(package: str, extras: set[str]) -> list[Requirement]:
    """Return what a package asks for on this machine, with some of its extras."""
    lines = map(Requirement, distribution(package).requires or [])
    chosen = [{"extra": extra} for extra in ("", *extras)]
    return [
        asked for asked in lines if asked.marker is None or any(map(asked.marker.evaluate, chosen))
    ]


def asked_for(group: str) -> list[Requirement]:
    """Return what pyproject.toml asks for: to run, to build, or to develop."""
    extras = PROJECT["project"]["optional-dependencies"]
    run = [*PROJECT["project"]["dependencies"], *extras["web"], *extras["excel"]]
    build = PROJECT["dependency-groups"]["build"]
    develop = [each for each in PROJECT["dependency-groups"]["dev"] if isinstance(each, str)]
    lines = {"prod.txt": run, "build.txt": build, "dev.txt": [*run, *build, *develop]}[group]
    return [asked for line in lines if (asked := Requirement(line)).name != "mixwijzer"]


def test_there_are_locks_to_run_to_build_and_to_develop() -> None:
    assert [path.name for path in LOCKS] == ["build.txt", "dev.txt", "prod.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_in_a_lock_has_hashes(lock: Path) -> None:
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8"))
    pinned = [block for block in blocks if PIN.match(block)]
    assert pinned
    assert [block for block in pinned if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_what_the_project_asks_for(lock: Path) -> None:
    pinned = pins(lock.name)
    unmet = []
    for asked in asked_for(lock.name):
        versions = pinned.get(canonicalize_name(asked.name), set())
        if not any(map(asked.specifier.contains, versions)):
            unmet.append(str(asked))
    assert unmet == [], "run `make lock`"


@pytest.mark.parametrize("lock", ["prod.txt", "dev.txt"])
def test_a_lock_names_the_extras_without_which_pip_refuses_it(lock: str) -> None:
    """To pip `pyjwt==2` is no answer to who asks for `pyjwt[crypto]`, once hashes are required."""
    locked = locked_extras(lock)
    asked = asked_for(lock)
    for package, extras in locked.items():
        if package in INSTALLED:
            asked += asked_by(package, extras)
    unmet = [each for each in asked if not each.extras <= locked[canonicalize_name(each.name)]]
    assert any(each.extras for each in asked)
    assert list(map(str, unmet)) == [], "run `make lock`"


def test_developing_uses_the_versions_that_run() -> None:
    develop = pins("dev.txt")
    for name in ("prod.txt", "build.txt"):
        for package, versions in pins(name).items():
            assert develop[package] == versions, f"{package}: run `make lock`"


def test_no_tracked_file_knows_a_machine() -> None:
    here = Path(__file__).resolve()
    findings = []
    for path in tracked():
        if path == here:
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        findings += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in MACHINE.finditer(text)]
    assert findings == []


def test_the_search_for_machine_paths_finds_one() -> None:
    assert MACHINE.search('open("/' + 'work/main/x")')
    assert not MACHINE.search("https://example.org/work/x and $(HOME)/tmp/x")


def test_a_lock_of_browser_packages_holds_no_address() -> None:
    for path in tracked("*package-lock.json"):
        assert '"resolved"' not in path.read_text(encoding="utf-8")


def test_vendored_files_are_the_files_that_were_vendored() -> None:
    manifests = tracked("src/**/MANIFEST.json")
    assert manifests
    for manifest in manifests:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
        assert entries
        for entry in entries:
            content = (manifest.parents[1] / entry["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
            assert entry["version"]
            assert entry["licence"]


def test_everything_in_a_vendor_folder_is_in_its_manifest() -> None:
    for manifest in tracked("src/**/MANIFEST.json"):
        named = {entry["file"] for entry in json.loads(manifest.read_text(encoding="utf-8"))}
        there = {
            path.relative_to(manifest.parents[1]).as_posix()
            for path in manifest.parent.iterdir()
            if path != manifest
        }
        assert there <= named


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in tracked("src/**/*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "types"}
    found = [path for path in tracked("src/**/*.py") if {path.stem, path.parent.name} & vague]
    # Django looks for the connection of a database engine in its module `base`.
    assert [each for each in found if each.parts[-2:] != ("postgresql", "base.py")] == []


def test_there_is_one_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest
    assert newest.group(1) == mixwijzer.__version__
    assert publiccode()["softwareVersion"] == mixwijzer.__version__


def test_the_licence_is_the_european_one_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "All other changes or additions to this Appendix require" in text
    assert PROJECT["project"]["license"] == publiccode()["legal"]["license"] == "EUPL-1.2"


# The keys of the publiccode.yml standard, without the deprecated ones; True = mandatory.
TOP = {
    "publiccodeYmlVersion": True, "name": True, "applicationSuite": False, "url": True,
    "landingURL": False, "isBasedOn": False, "softwareVersion": False, "releaseDate": False,
    "logo": False, "platforms": True, "categories": False, "usedBy": False, "fundedBy": False,
    "roadmap": False, "developmentStatus": True, "softwareType": True, "supports": False,
    "organisation": False, "intendedAudience": False, "description": True, "legal": True,
    "maintenance": True, "localisation": True, "dependsOn": False,
}  # fmt: skip
SECTIONS = {
    "organisation": {"uri": True, "name": False},
    "intendedAudience": {"countries": False, "unsupportedCountries": False, "scope": False},
    "legal": {"license": True, "mainCopyrightOwner": False},
    "maintenance": {"type": True, "contractors": False, "contacts": True},
    "localisation": {"localisationReady": True, "availableLanguages": True},
    "dependsOn": {"open": False, "proprietary": False, "hardware": False},
}
LANGUAGE = {
    "localisedName": False, "shortDescription": True, "longDescription": True,
    "documentation": False, "apiDocumentation": False, "features": True, "screenshots": False,
    "videos": False, "awards": False,
}  # fmt: skip


def publiccode() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    return content


def keys_are_right(section: dict[str, Any], schema: dict[str, bool]) -> bool:
    mandatory = {key for key, needed in schema.items() if needed}
    return mandatory <= section.keys() <= schema.keys()


def test_publiccode_has_the_keys_of_the_standard() -> None:
    content = publiccode()
    assert keys_are_right(content, TOP)
    for name, schema in SECTIONS.items():
        assert name not in content or keys_are_right(content[name], schema), name
    for language, text in content["description"].items():
        assert keys_are_right(text, LANGUAGE), language


def test_publiccode_describes_every_language_within_the_limits() -> None:
    content = publiccode()
    assert sorted(content["description"]) == sorted(content["localisation"]["availableLanguages"])
    for text in content["description"].values():
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
