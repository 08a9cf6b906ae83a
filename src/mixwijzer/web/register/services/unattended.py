"""Bring a file in without anybody looking: written within the guard rails, else held.

A drop folder is looked into again and again. A file that is whole is taken in and removed; beside
it stays a note that says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register.import_states import ImportState
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.importing import receive
from mixwijzer.web.register.services.reading import read_import

__all__ = ["SAID", "bring_in", "take_from"]

SUFFIXES = frozenset({".xlsx", ".csv", ".txt", ".tsv", ".zip", ".geojson", ".json"})
UNDER_WAY = frozenset({".part", ".tmp", ".filepart", ".crdownload"})  # what copying calls a file
NOTE = ".inlezen.txt"
STILL = timedelta(seconds=10)  # a file that didn't change for so long is whole
BLOCK = 2**20

SAID = {
    ImportState.APPLIED: "ingelezen / applied",
    ImportState.SAME: "geen verandering, niets geschreven / no change, nothing written",
    ImportState.STAGED: "wacht op bevestiging in het scherm / waits for somebody to confirm",
    ImportState.HELD: "vastgehouden, iemand moet kijken / held, a person has to look",
    ImportState.REFUSED: "geweigerd, zie de bevindingen in het scherm / refused, see the findings",
    ImportState.FAILED: "gestopt, niets geschreven / stopped, nothing written",
}
NOT_READ = (
    "blijft liggen: lever .xlsx, .csv, .zip of .geojson / "
    "left here: hand in .xlsx, .csv, .zip or .geojson"
)


def bring_in(
    *, owner: Organisation, path: Path, mapping: str = "", auto: bool = False, now: datetime
) -> Import:
    """Read one file; unattended (`auto`) it is written when it stays within the guard rails."""
    row = receive(
        owner=owner,
        actor=None,
        name=path.name,
        content=_blocks(path),
        mapping=mapping,
        unattended=auto,
        now=now,
    )
    return read_import(row, now=now)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def take_from(
    *, owner: Organisation, folder: Path, mapping: str = "", auto: bool = True, now: datetime
) -> Iterator[Import]:
    """Bring in every whole file of a drop folder, in the order of their names; each is removed.

    A file of another kind stays, with a note that says so.
    """
    for path in sorted(filter(partial(_whole, now=now), folder.iterdir())):
        if path.suffix.lower() not in SUFFIXES:
            _noted(path, NOT_READ)
            continue
        row = bring_in(owner=owner, path=path, mapping=mapping, auto=auto, now=now)
        _noted(path, SAID.get(ImportState(row.state), row.state))
        path.unlink()
        yield row


def _whole(path: Path, *, now: datetime) -> bool:
    """Whether this is a file of somebody's that no longer changes."""
    if path.is_symlink() or not path.is_file() or path.name.startswith("."):
        return False
    if path.name.endswith(NOTE) or path.suffix.lower() in UNDER_WAY:
        return False
    return path.stat().st_mtime <= (now - STILL).timestamp()


def _noted(path: Path, told: str) -> None:
    path.with_name(f"{path.name}{NOTE}").write_text(f"{told}\n", encoding="utf-8")
