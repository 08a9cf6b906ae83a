"""Take the files out of a zip, unless it is a trap.

The directory of the zip is judged before anything is unpacked: how many files, how large, how much
they are said to swell, where they want to go, whether they are links or zips themselves. While
unpacking, what comes out is counted, since a directory can lie.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from mixwijzer.exchange.tables import SourceTrouble

__all__ = ["unpacked"]

_BLOCK = 2**20
_MB = 2**20
_MOST_RATIO = 200
_SMALL = 10 * _MB  # below this a high ratio harms nobody: a column of zeros packs well
_PACKED = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz")


def unpacked(source: Path, work: Path, limits: Mapping[str, Any]) -> Path:
    """Return a folder with the files of a zip, under their own names without folders.

    Raises
    ------
    SourceTrouble
        `zip_unreadable`, `zip_locked`, `zip_path`, `zip_inside`, `file_link`, `files_too_many`,
        `zip_too_large`, `zip_ratio`, `zip_names`.
    """
    folder = work / "unpacked"
    folder.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _judge(entries, limits)
            room = int(limits["source"])
            for entry in entries:
                room -= _write(archive, entry, folder / PurePosixPath(entry.filename).name, room)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError):
        raise SourceTrouble("zip_unreadable") from None
    except RuntimeError:  # what zipfile says of a password
        raise SourceTrouble("zip_locked") from None
    return folder


def _judge(entries: list[zipfile.ZipInfo], limits: Mapping[str, Any]) -> None:
    if len(entries) > limits["files"]:
        raise SourceTrouble("files_too_many", most=limits["files"])
    for entry in entries:
        _judge_one(entry)
    total = sum(entry.file_size for entry in entries)
    if total > limits["source"]:
        raise SourceTrouble("zip_too_large", most_mb=int(limits["source"]) // _MB)
    names = [PurePosixPath(entry.filename).name.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise SourceTrouble("zip_names")


def _judge_one(entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in entry.filename or not name.name:
        raise SourceTrouble("zip_path")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise SourceTrouble("file_link")
    if entry.flag_bits & 1:
        raise SourceTrouble("zip_locked")
    if name.suffix.lower() in _PACKED:
        raise SourceTrouble("zip_inside")
    packed = max(entry.compress_size, 1)
    if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * packed:
        raise SourceTrouble("zip_ratio", most=_MOST_RATIO)


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: int) -> int:
    """Write one file; return its size, which may not be more than the directory said."""
    size, most = 0, min(room, entry.file_size)
    with archive.open(entry) as packed, target.open("xb") as file:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > most:
                raise SourceTrouble("zip_unreadable")
            file.write(block)
    return size
