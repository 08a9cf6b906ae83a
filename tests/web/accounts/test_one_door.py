"""No code outside the layers that may do so reaches rows by itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mixwijzer.web

WEB = Path(mixwijzer.web.__file__).parent
MAY_REACH = {"models", "selectors", "services", "bridge"}
# The ledger's bulk writer gets a model from services; migrations belong to Django.
DOORS = ("objects.one(", "visible_to(", "locked", "own_organisation(")
OPEN = {"public", "vocabulary"}  # what an association says to everybody
HANDLES = {"objects", "of_everybody", "_default_manager", "_base_manager"}


def layer(path: Path) -> str:
    """Name the layer of a feature that a file belongs to."""
    inside = path.relative_to(WEB).parts[1:]
    return inside[0].removesuffix(".py") if inside else ""


def reaches(source: str) -> list[str]:
    """Return every handle to rows that a source uses."""
    return [
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in HANDLES
    ]


def outside() -> list[Path]:
    return [
        path
        for path in sorted(WEB.rglob("*.py"))
        if "migrations" not in path.parts
        and layer(path) not in MAY_REACH
        # Looks after the installation as a whole: backups, health, set-up, the made-up town.
        and path.relative_to(WEB).parts[0] != "config"
    ]


@pytest.mark.parametrize("path", outside(), ids=lambda path: str(path.relative_to(WEB)))
def test_only_models_selectors_services_and_bridge_reach_rows(path):
    assert reaches(path.read_text(encoding="utf-8")) == []


def test_the_rule_sees_a_sin():
    assert reaches("rows = Complex.objects.all()") == ["objects"]
    assert reaches("Complex._default_manager.get(pk=1)") == ["_default_manager"]
    assert len(outside()) > 20


def test_rows_of_everybody_are_used_nowhere_but_by_the_door_itself():
    users = [
        path.relative_to(WEB).as_posix()
        for path in sorted(WEB.rglob("*.py"))
        if "of_everybody" in reaches(path.read_text(encoding="utf-8"))
        or "_default_manager" in reaches(path.read_text(encoding="utf-8"))
    ]
    of_the_installation = {each for each in users if each.startswith("config/")}
    assert set(users) - of_the_installation == {"accounts/models.py"}
    assert of_the_installation <= {
        "config/health.py",
        "config/operations/backups.py",
        "config/operations/installing.py",
        "config/operations/tables.py",
        "config/operations/verifying.py",
        "config/town_round.py",
    }


def test_selectors_let_a_reader_in_only_through_visible_to():
    """A selector may use `for_organisation` only for rows around one it got for this reader."""
    for path in sorted(WEB.rglob("selectors*")):
        files = [path] if path.suffix == ".py" else sorted(path.glob("*.py"))
        for file in files:
            source = file.read_text(encoding="utf-8")
            if "for_organisation" in source and "audit" not in file.parts and file.stem not in OPEN:
                assert any(door in source for door in DOORS), file
