"""The documentation of the importer says what its tests prove, and its mappings can be read."""

from __future__ import annotations

import re
from pathlib import Path

from mixwijzer.exchange.mappings import _profiles, load_any, names, profiles
from tools import importer_reference

MAPPINGS = Path(importer_reference.PAGE).with_name("mappings.md")


def test_the_page_of_the_importer_is_up_to_date() -> None:
    told = importer_reference.PAGE.read_text(encoding="utf-8")
    assert told == importer_reference.page(), "run: python -m tools.importer_reference"


def test_every_mapping_that_ships_is_named() -> None:
    told = set(re.findall(r"^\| `([\w-]+)` \|", MAPPINGS.read_text(), re.MULTILINE))
    assert told >= {*names(), *profiles()}


def test_the_example_of_a_profile_is_a_profile(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", MAPPINGS.read_text(), re.DOTALL)
    (tmp_path / "voorbeeld.yaml").write_text(example)
    profile = load_any(tmp_path / "voorbeeld.yaml")
    assert [each.table for each in profile.reads] == ["dwellings", "complexes", "areas"]
    assert len(profile.renumbered) == 1


def test_every_key_of_a_profile_is_explained() -> None:
    told = set(re.findall(r"`([\w.]+)`", MAPPINGS.read_text()))
    assert told >= _profiles._KEYS
    assert told >= {f"reads.{key}" for key in _profiles._READS}
