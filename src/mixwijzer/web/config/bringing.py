"""Bring files into the site from the command line: one file, or a drop folder that is watched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import typer
from django.utils import timezone

from mixwijzer.web.accounts.isolation import acting_for, whole_installation
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.accounts.selectors import associations
from mixwijzer.web.register import services
from mixwijzer.web.register.import_states import ImportState
from mixwijzer.web.register.models import Import

__all__ = ["bring"]

FINE = frozenset({ImportState.APPLIED, ImportState.SAME, ImportState.STAGED})
PAUSE = 30.0  # between two looks into a drop folder [s]


def bring(path: Path, *, owner: str, mapping: str, auto: bool, watch: bool) -> int:
    """Bring in a file or folder; return the exit code: 1 when something was refused or held."""
    whose = _association(owner)
    if not path.exists():
        typer.echo(f"{path}: dit bestand of deze map is er niet / there is no such file.", err=True)
        return 2
    with acting_for(whose):
        code = 0
        for row in _rows(path, whose, mapping, auto=auto, watch=watch):
            typer.echo(f"{row.file_name}: {services.SAID.get(ImportState(row.state), row.state)}")
            code = code if row.state in FINE else 1
        return code


def _rows(
    path: Path, owner: Organisation, mapping: str, *, auto: bool, watch: bool
) -> Iterator[Import]:
    if path.is_file():
        yield services.bring_in(
            owner=owner, path=path, mapping=mapping, auto=auto, now=timezone.now()
        )
        return
    for pause in chain((0.0,), repeat(PAUSE) if watch else ()):
        time.sleep(pause)
        yield from services.take_from(
            owner=owner, folder=path, mapping=mapping, auto=auto, now=timezone.now()
        )


def _association(code: str) -> Organisation:
    with whole_installation():
        known = {each.code: each for each in associations()}
    if code in known:
        return known[code]
    if not code and len(known) == 1:
        return next(iter(known.values()))
    names = ", ".join(known) or "–"
    told = f"--owner: kies een corporatie / choose an association: {names}"
    typer.echo(told, err=True)
    raise typer.Exit(2)
