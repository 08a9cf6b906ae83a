"""The walls between modules stand: each contract is seen to catch a sin against it.

The sins are planted in a copy of the source. import-linter reads code and does not run it, so the
planted lines need not work.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/mixwijzer")
EXCHANGE = "Shells above exchange above engine"
NO_DJANGO = "Engine, exchange and command line work without Django"
PURE = "The engine maps values to values"
ENGINE = "Layers of the engine"
FEATURES = "Order of the features"
FEATURE = "Inside a feature"
VALUES = "In web only bridge, services and models know engine values"
CYCLES = "No cycles among siblings"
# The sin, the contract that it breaks, and the lines that commit it.
SINS = {
    "exchange knows the web": (EXCHANGE, {"exchange/__init__.py": "import mixwijzer.web.ui"}),
    "a new top-level module": (EXCHANGE, {"utils.py": ""}),
    "the command line reaches Django": (NO_DJANGO, {"cli/__init__.py": "import django"}),
    "exchange reaches Django by a detour": (
        NO_DJANGO,
        {"exchange/__init__.py": "import mixwijzer", "__init__.py": "import django"},
    ),
    "the engine opens a file": (PURE, {"engine/norms.py": "import pathlib"}),
    "a low layer of the engine knows a high one": (
        ENGINE,
        {"engine/timeline.py": "import mixwijzer.engine.portfolio"},
    ),
    "siblings in the engine know each other": (
        ENGINE,
        {"engine/timeline.py": "import mixwijzer.engine.reasons"},
    ),
    "an engine module outside the design": (ENGINE, {"engine/extra.py": ""}),
    "a feature knows a higher one": (FEATURES, {"web/ui/shell.py": "import mixwijzer.web.config"}),
    "a feature outside the design": (FEATURES, {"web/extra/__init__.py": ""}),
    "models know views": (
        FEATURE,
        {"web/accounts/models.py": "import mixwijzer.web.accounts.views"},
    ),
    "a page knows engine values": (VALUES, {"web/ui/shell.py": "import mixwijzer.engine.reasons"}),
    "two siblings import each other": (
        CYCLES,
        {
            "exchange/one.py": "import mixwijzer.exchange.two",
            "exchange/two.py": "import mixwijzer.exchange.one",
        },
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(copy: Path) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"],
        cwd=copy, env={**os.environ, "PYTHONPATH": str(copy / "src"), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    verdicts = [line for line in done.stdout.splitlines() if line.endswith(("KEPT", "BROKEN"))]
    assert len(verdicts) == 8, done.stdout + done.stderr
    return "\n".join(line for line in verdicts if line.endswith("BROKEN"))


def test_without_a_sin_every_contract_is_kept(copy: Path) -> None:
    assert broken_contracts(copy) == ""


@pytest.mark.parametrize("sin", SINS)
def test_a_contract_catches(copy: Path, sin: str) -> None:
    contract, lines = SINS[sin]
    for file, line in lines.items():
        path = copy / PACKAGE / file
        path.parent.mkdir(exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    assert contract in broken_contracts(copy)


def private_names_across(engine: Path) -> list[str]:
    """Return the imports of the engine that take a private name of another module or package."""
    found = []
    for path in sorted(engine.rglob("*.py")):
        own = path.relative_to(engine).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            package, *inside = node.module.removeprefix("mixwijzer.engine").strip(".").split(".")
            private = any(each.startswith("_") for each in inside) and package != own
            private |= any(each.name.startswith("_") for each in node.names)
            if private and node.module.startswith("mixwijzer.engine"):
                found.append(f"{path.relative_to(engine)}: {ast.unparse(node)}")
    return found


def test_no_private_name_crosses_a_package_of_the_engine(tmp_path: Path):
    assert private_names_across(ROOT / PACKAGE / "engine") == []
    for name, line in {
        "allocation/one.py": "from mixwijzer.engine.advice._situation import Situation",
        "advice/two.py": "from mixwijzer.engine.advice._situation import _drawn",
    }.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(line, encoding="utf-8")
    assert len(private_names_across(tmp_path)) == 2
