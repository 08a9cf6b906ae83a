"""Start the process that reads a delivery, and turn whatever way it ends into findings."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mixwijzer.exchange.findings import Finding, Severity
from mixwijzer.exchange.incoming._spool import MB, SHAPES, Limits, Spool, SpooledTable
from mixwijzer.exchange.tables import SourceTrouble

__all__ = ["spool"]

_CHILD = Path(__file__).with_name("_child.py")
_BLOCK = 2**20
_LONGEST_REPORT = 64 * MB
_OUT_OF_MEMORY = 3
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def spool(
    source: Path,
    into: Path,
    *,
    mapping: str | Path | None = None,
    limits: Limits | None = None,
    owner: str = "",
) -> Spool:
    """Read a delivery into clean tables, in a process of its own.

    Parameters
    ----------
    source
        A folder of CSV files, or one file: CSV, workbook, zip of CSV files or GeoJSON.
    into
        An empty folder for the tables; made, and closed to others (mode 0700).
    mapping
        Name of a profile or the path of a user's own; our own tables without one.
    limits
        How much it may ask.
    owner
        Code of the association, for complexes that don't name their owner.

    Raises
    ------
    FileExistsError
        `into` holds something already.
    """
    bounds = limits or Limits()
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    into.chmod(0o700)
    if any(into.iterdir()):
        raise FileExistsError(into)
    try:
        digest = _digest(source, bounds)
    except SourceTrouble as trouble:
        return _refused(trouble, source, mapping)
    except OSError as error:
        unread = SourceTrouble("file_unreadable", reason=error.strerror or "")
        return _refused(unread, source, mapping)
    with TemporaryDirectory(dir=into, prefix=".") as work:
        job = {
            "source": str(source.resolve()),
            "into": str(into.resolve()),
            "work": work,
            "mapping": None if mapping is None else str(mapping),
            "own_mapping": isinstance(mapping, Path),
            "owner": owner,
            "limits": asdict(bounds),
        }
        told = _asked(job, bounds, Path(work))
    return _spool(told, into, source, digest, _name(mapping))


def _name(mapping: str | Path | None) -> str:
    return mapping.stem if isinstance(mapping, Path) else mapping or "own"


def _refused(trouble: SourceTrouble, source: Path, mapping: str | Path | None) -> Spool:
    finding = Finding(code=trouble.code, file=source.name, facts=trouble.facts)
    return Spool(
        tables={},
        findings=(finding,),
        truncated=False,
        dropped={},
        sha256="",
        mapping=_name(mapping),
        data_date=None,
    )


def _digest(source: Path, limits: Limits) -> str:
    """Return the hash of a delivery: of its bytes, and of the names in a folder."""
    if source.is_symlink():
        raise SourceTrouble("file_link")
    if not source.exists():
        raise SourceTrouble("file_missing")
    digest, size = hashlib.sha256(), 0
    for path in _files(source, limits):
        size += path.stat().st_size
        if size > limits.source:
            raise SourceTrouble("file_too_large", most_mb=limits.source // MB)
        if source.is_dir():
            digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def _files(source: Path, limits: Limits) -> Iterator[Path]:
    """Yield the files of a delivery; links, pipes and folders are not looked into."""
    if not source.is_dir():
        if not source.is_file():
            raise SourceTrouble("file_kind")
        yield source
        return
    inside = sorted(path for path in source.iterdir() if path.is_file() and not path.is_symlink())
    if len(inside) > limits.files:
        raise SourceTrouble("files_too_many", most=limits.files)
    yield from inside


def _asked(job: dict[str, Any], limits: Limits, work: Path) -> dict[str, Any]:
    """Run the child; return its report, or the finding that its end amounts to."""
    report = work / "report.json"
    command = [sys.executable, "-I", "-X", "utf8", str(_CHILD), str(report)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(work),
        cwd=work,
        start_new_session=True,
    ) as child:
        try:
            child.communicate(json.dumps(job).encode(), timeout=limits.wall)
        except subprocess.TimeoutExpired:
            return {"trouble": "reading_too_slow", "facts": {"most": int(limits.wall)}}
        finally:
            _end(child)
    return _report(report, child.returncode)


def _environment(work: Path) -> dict[str, str]:
    """Return the little that a process needs; no password or key of this one."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"TMPDIR": str(work), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _end(child: subprocess.Popen[bytes]) -> None:
    """Stop the child and what it started."""
    if child.poll() is None or os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
    child.wait()


def _report(path: Path, code: int | None) -> dict[str, Any]:
    if code in (_OUT_OF_MEMORY, -signal.SIGKILL):
        return {"trouble": "reading_too_heavy"}
    if code == -getattr(signal, "SIGXCPU", 24):
        return {"trouble": "reading_too_heavy"}
    try:
        if code or path.stat().st_size > _LONGEST_REPORT:
            return {"trouble": "reading_broke_off"}
        told: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {"trouble": "reading_broke_off"}
    return told


def _spool(told: dict[str, Any], into: Path, source: Path, digest: str, mapping: str) -> Spool:
    """Return the report as a value; with an error nothing of the tables is kept."""
    findings = tuple(_finding(each) for each in told.get("findings", ()))
    if "trouble" in told:
        trouble, facts = told["trouble"], told.get("facts", {})
        findings = (Finding(code=trouble, file=source.name, facts=facts), *findings)
    sound = all(each.severity is not Severity.ERROR for each in findings)
    tables = _tables(told, into) if sound else {}
    kept = {each.path.name for each in tables.values()} | ({SHAPES} if sound else set())
    for path in into.iterdir():
        if path.name not in kept:
            path.unlink()
    day = told.get("data_date")
    return Spool(
        tables=tables,
        findings=findings,
        truncated=told.get("truncated", False),
        dropped=told.get("dropped", {}),
        sha256=digest,
        mapping=mapping,
        data_date=date.fromisoformat(day) if day else None,
        synthetic=told.get("synthetic", False),
        shapes=into / SHAPES if (into / SHAPES).exists() else None,
        note=told.get("note", ""),
    )


def _tables(told: dict[str, Any], into: Path) -> dict[str, SpooledTable]:
    rows: dict[str, int] = told.get("tables", {})
    return {
        table: SpooledTable(path=into / f"{table}.csv", rows=number)
        for table, number in rows.items()
    }


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"])})
