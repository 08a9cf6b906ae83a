"""Bring the database to this version, or leave it as it was.

First a backup, read back to the last byte. Then every migration and every check in one
transaction, on both databases: what fails, is killed or loses its power leaves the database as the
backup has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localdate

from mixwijzer.web.config.operations import archive, backups
from mixwijzer.web.config.operations.saying import Refused
from mixwijzer.web.config.operations.verifying import Report, migrations_wait, verify

__all__ = ["KEPT", "Upgraded", "upgrade"]

KEPT = 5  # backups of earlier upgrades; older ones go
_NAME = "before-upgrade"

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did; nothing when `migrations` is 0."""

    migrations: int
    backup: Path | None = None
    report: Report | None = None


def upgrade(*, folder: Path, now: datetime, note: Note = lambda _: None) -> Upgraded:
    """Back up, migrate and verify; what goes wrong leaves everything as it was.

    Raises
    ------
    Refused
        `upgrade.back`, when a migration failed or something doesn't hold after it.
    """
    if not migrations_wait():
        return Upgraded(migrations=0)
    note("backup")
    copy = _kept(folder, now)
    try:
        with backups.one_transaction():
            note("migrations")
            done = backups.bring_up_to_date()
            report = verify(day=localdate(now), note=note)
            if not report.holds:
                raise _Unsound(report)  # noqa: TRY301 (it must end the transaction)
    except _Unsound as unsound:
        why = " ".join(each.told() for each in unsound.report.findings[:3])
        raise Refused("upgrade.back", why=why, path=str(copy)) from None
    except Refused:
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise Refused("upgrade.back", why=why, path=str(copy)) from error
    _thin_out(folder)
    return Upgraded(migrations=done, backup=copy, report=report)


class _Unsound(Exception):  # noqa: N818 (ends a transaction)
    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def _kept(folder: Path, now: datetime) -> Path | None:
    """Back up what there is; a database without tables has nothing to lose."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f"{_NAME}-{now:%Y%m%d-%H%M%S}.zip"
    try:
        backups.back_up(copy, now=now, secrets=True)
    except Refused as refused:
        if refused.finding.code == "database.empty":
            return None
        raise
    with archive.opened(copy) as given:
        given.check()
    return copy


def _thin_out(folder: Path) -> None:
    for old in sorted(folder.glob(f"{_NAME}-*.zip"))[:-KEPT]:
        old.unlink(missing_ok=True)
