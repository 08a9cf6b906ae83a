"""One file that holds every row, the same whichever database it came from.

A zip with a file per table, one row a line as a JSON list, and `manifest.json` that says what is in
it: columns, rows and SHA-256 per table, a hash of the whole, the migrations it belongs to. Written
under another name and renamed when all of it is on the disk; read and written row by row, so that
memory doesn't grow with the number of homes.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from django.utils.duration import duration_string

from mixwijzer.web.config.operations.saying import Refused

__all__ = ["Archive", "Manifest", "TableEntry", "Writing", "content_hash", "line_of", "opened"]

FORMAT = "mixwijzer-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_MANIFEST_AT_MOST = 8 << 20  # [bytes]
_LINE_AT_MOST = 256 << 20  # [bytes] one row: an advice with everything behind it is far below
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """What a backup says of one table."""

    table: str
    model: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """Name of its file in the zip."""
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    version: str
    database: str  # kind it was made from; it can be put back into any
    secrets: bool
    migrations: Mapping[str, tuple[str, ...]]
    tables: tuple[TableEntry, ...]
    content: str

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(each.rows for each in self.tables)


def content_hash(tables: Iterable[TableEntry]) -> str:
    """Hash what is in all tables; two installations with the same rows have the same hash."""
    lines = (
        f"{each.table} {','.join(each.columns)} {each.rows} {each.sha256}\n"
        for each in sorted(tables, key=lambda entry: entry.table)
        if each.rows
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def line_of(values: Iterable[object]) -> bytes:
    """Write a row so that equal rows give equal bytes, on every database."""
    text = json.dumps(
        [_plain(value) for value in values],
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
    )
    return text.encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, timedelta):
        return duration_string(value)
    return value


class Writing:
    """A backup that is being written; it gets its own name when it is whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._part = target.with_name(f".{target.name}.{os.getpid()}.part")
        self._entries: list[TableEntry] = []

    def __enter__(self) -> Self:
        for left in self.target.parent.glob(f".{self.target.name}.*.part"):
            left.unlink(missing_ok=True)  # of one that was killed
        try:
            handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Refused(
                "backup.no_place", path=str(self.target), why=error.strerror or ""
            ) from error
        self._file = os.fdopen(handle, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        return self

    def table(
        self, *, table: str, model: str, columns: Sequence[str], rows: Iterable[Iterable[object]]
    ) -> TableEntry:
        """Write all rows of a table and return what they were."""
        digest, count = hashlib.sha256(), 0
        name = TableEntry(table=table, model=model, columns=(), rows=0, sha256="").file
        with self._zip.open(name, "w", force_zip64=True) as out:
            for row in rows:
                line = line_of(row)
                digest.update(line)
                out.write(line)
                count += 1
        made = TableEntry(
            table=table, model=model, columns=tuple(columns), rows=count, sha256=digest.hexdigest()
        )
        self._entries.append(made)
        return made

    def finish(self, *, made_at: datetime, version: str, **about: Any) -> Manifest:
        """Write what is in it, bring it to the disk and give it its name."""
        manifest = Manifest(
            made_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
            version=version,
            tables=tuple(self._entries),
            content=content_hash(self._entries),
            **about,
        )
        told = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(manifest)}
        self._zip.writestr(MANIFEST, json.dumps(told, indent=1, sort_keys=True))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self.target)
        _settle(self.target.parent)
        return manifest

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        for each in (self._zip, self._file):
            with contextlib.suppress(OSError, ValueError):
                each.close()
        self._part.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise Refused("backup.no_space", path=str(self.target.parent)) from error


def _settle(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Archive:
    """A backup that is being read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self._zip = archive

    def rows(self, entry: TableEntry) -> Iterator[list[Any]]:
        """Yield the rows of a table; at its end it must have been what the manifest says."""
        digest, count = hashlib.sha256(), 0
        try:
            with self._zip.open(entry.file) as lines:
                while line := lines.readline(_LINE_AT_MOST):
                    digest.update(line)
                    count += 1
                    yield self._row(entry, line)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._damaged(entry) from error
        if (count, digest.hexdigest()) != (entry.rows, entry.sha256):
            raise self._damaged(entry)

    def check(self) -> None:
        """Read every row once; refuse a backup that isn't what it says."""
        for entry in self.manifest.tables:
            for _ in self.rows(entry):
                pass
        if content_hash(self.manifest.tables) != self.manifest.content:
            raise Refused("backup.damaged", path=str(self.path), table=MANIFEST)

    def _row(self, entry: TableEntry, line: bytes) -> list[Any]:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise self._damaged(entry) from error
        if not isinstance(row, list) or len(row) != len(entry.columns):
            raise self._damaged(entry)
        return row

    def _damaged(self, entry: TableEntry) -> Refused:
        return Refused("backup.damaged", path=str(self.path), table=entry.table)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup and read what it says of itself."""
    if not path.is_file():
        raise Refused("backup.not_there", path=str(path))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused("backup.not_one", path=str(path)) from error
    with archive:
        yield Archive(path, archive, _manifest_of(path, archive))


def _manifest_of(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _MANIFEST_AT_MOST:
            raise Refused("backup.not_one", path=str(path))
        told = json.loads(archive.read(MANIFEST))
        if told.pop("format") != FORMAT:
            raise Refused("backup.not_one", path=str(path))
        if told.pop("format_version") > FORMAT_VERSION:
            raise Refused("backup.newer", path=str(path), version=told["version"])
        tables = tuple(
            TableEntry(**{**each, "columns": tuple(each["columns"])}) for each in told.pop("tables")
        )
        migrations = {app: tuple(names) for app, names in told.pop("migrations").items()}
        return Manifest(**told, tables=tables, migrations=migrations)
    except _UNREADABLE as error:
        raise Refused("backup.not_one", path=str(path)) from error
