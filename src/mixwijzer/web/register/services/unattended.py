"""Bring a file in without anybody looking: written within the guard rails, else held.

A drop folder is looked into again and again. A file that is whole is taken in and removed; beside
it stays a note that says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.register.import_states import ImportState
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services.importing import receive
from mixwijzer.web.register.services.reading import read_import

__all__ = ["SAID", "bring_in", "take_from"]

SUFFIXES = frozenset({".xlsx", ".csv", ".txt", ".zip", ".geojson", ".json"})
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
    """Bring in every whole file of a drop folder, in the order of their names; each is removed."""
    whole = (now - STILL).timestamp()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_mtime > whole or path.name.endswith(".inlezen.txt"):
            continue
        row = bring_in(owner=owner, path=path, mapping=mapping, auto=auto, now=now)
        note = path.with_name(f"{path.name}.inlezen.txt")
        note.write_text(f"{SAID.get(ImportState(row.state), row.state)}\n", encoding="utf-8")
        path.unlink()
        yield row
