"""What is installed is complete, and works without the parts that were not asked for."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
ALONE = """
import sys
sys.path.insert(0, sys.argv.pop(1))
"""
EVERY_MODULE = """
import importlib.util, pkgutil
import mixwijzer
names = ["mixwijzer"]
for finder, name, is_package in pkgutil.walk_packages(mixwijzer.__path__, "mixwijzer."):
    if not name.startswith("mixwijzer.web"):
        __import__(name)
        names.append(name)
for absent in ("django", "openpyxl", "pytest"):
    assert importlib.util.find_spec(absent) is None, absent
print(*names)
"""
COMMAND = """
from mixwijzer.cli import app
app()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def bare_install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and what it needs without extras, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    product = next(folder.glob("*.dist-info"))
    present: set[str] = set()
    waiting = needs(PathDistribution(product))
    while waiting:
        name = waiting.pop()
        if name not in present:
            present.add(name)
            link(distribution(name), folder)
            waiting |= needs(distribution(name))
    return folder


def needs(package: Distribution) -> set[str]:
    """Return what a package needs on this machine without any extra."""
    asked = map(Requirement, package.requires or [])
    return {
        each.name for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})
    }


def link(package: Distribution, folder: Path) -> None:
    """Let the files of an installed package appear in a folder."""
    roots = {file.parts[0] for file in package.files or []} - {"..", "__pycache__"}
    for root in roots:
        (folder / root).symlink_to(Path(str(package.locate_file(root))))


def run_alone(folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code that sees the folder and the standard library only."""
    command = [sys.executable, "-I", "-S", "-c", ALONE + code, str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_every_tracked_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    listing = subprocess.run(
        ["git", "ls-files", "src/mixwijzer"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    there = [name for name in listing.stdout.splitlines() if (ROOT / name).exists()]
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert there
    assert {name.removeprefix("src/") for name in there} <= packed


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_without_extras_every_module_but_the_web_can_be_imported(bare_install: Path) -> None:
    done = run_alone(bare_install, EVERY_MODULE)
    assert done.returncode == 0, done.stderr
    assert {"mixwijzer.engine", "mixwijzer.exchange", "mixwijzer.cli"} <= set(done.stdout.split())


def test_without_extras_the_command_line_answers(bare_install: Path) -> None:
    done = run_alone(bare_install, COMMAND, "--help")
    assert done.returncode == 0, done.stderr
    assert "advise" in done.stdout


def test_without_extras_a_web_command_says_what_to_install(bare_install: Path) -> None:
    done = run_alone(bare_install, COMMAND, "demo")
    assert done.returncode == 2
    assert "mixwijzer[web]" in done.stderr
    assert "Traceback" not in done.stderr
