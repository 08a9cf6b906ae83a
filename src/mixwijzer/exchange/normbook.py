"""Which norms are in force, and who says so? Reads and checks `norms/**/*.yaml` into `Norms`.

One file is one norm; its path is its key (`mix/channels.yaml` is `mix.channels`). Every value has
a start, a source and a quote; law and assumptions also have an end, so that nobody uses them
unseen after it. All findings of all files come at once. An organisation's own folder is laid over
the norms that ship (`over=`); it can replace agreements, aims and assumptions, never law.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from mixwijzer.engine.errors import NormError
from mixwijzer.engine.norms import Figure, Norm, Norms, NormValue, Standing
from mixwijzer.engine.portfolio import Band, Channel, Ground
from mixwijzer.exchange.findings import Finding, shortened
from mixwijzer.exchange.norm_shapes import UNITS, troubles
from mixwijzer.exchange.strict_yaml import YamlError, read_yaml

__all__ = [
    "SHIPPED",
    "Expiring",
    "NormbookError",
    "default_bands",
    "default_channels",
    "expiring",
    "read_norms",
]

SHIPPED = Path(__file__).resolve().parent.parent / "norms"
LANGUAGES = ("nl", "en")

_MUST_END = {Standing.LAW, Standing.ASSUMPTION}
_NORM_FIELDS = ("title", "unit", "kind", "values")
_VALUE_FIELDS = ("value", "source", "quote", "checked")
_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")


class NormbookError(NormError):
    """Norm files that can't be used as they are; `findings` says everything at once."""

    def __init__(self, folder: Path, findings: tuple[Finding, ...]) -> None:
        super().__init__("norms_invalid", folder.name, count=len(findings))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """A norm whose last value ends soon, or has ended."""

    norm: Norm
    end: date


def read_norms(path: Path | None = None, *, over: Norms | None = None) -> Norms:
    """Read every norm of a folder, checked; the ones that ship by default.

    Parameters
    ----------
    path
        Folder with YAML files; the package's own when absent.
    over
        Norms that stay where `path` says nothing else.

    Raises
    ------
    NormbookError
        With all findings of all files.
    """
    folder = SHIPPED if path is None else Path(path)
    files = tuple(sorted(folder.rglob("*.yaml"))) if folder.is_dir() else ()
    stamps = tuple((each, each.stat().st_mtime_ns, each.stat().st_size) for each in files)
    own = _read(folder, stamps)
    return own if over is None else _laid_over(own, over, folder)


def expiring(norms: Norms, day: date, within_days: int) -> tuple[Expiring, ...]:
    """Return the norms whose last value ends on or before `day` + `within_days` [days].

    Soonest first, the ones that have ended before them.
    """
    horizon = day + timedelta(days=within_days)
    ends = [
        Expiring(norm=norm, end=norm.values[-1].end)
        for norm in norms.values()
        if norm.values[-1].end is not None and norm.values[-1].end <= horizon
    ]
    return tuple(sorted(ends, key=lambda each: (each.end, each.norm.key)))


def default_channels(norms: Norms, day: date) -> tuple[Channel, ...]:
    """Return the channels of norm `mix.channels`, without the ground an organisation must add."""
    rows = cast("tuple[Mapping[str, Any], ...]", norms.value("mix.channels", day))
    return tuple(
        Channel(
            id=str(row["id"]),
            scheme=str(row["scheme"]),
            name=row["name"],
            shares=tuple(Decimal(share) for share in row["shares"]),
            delay=int(row["delay"]),
            ground=Ground(row["ground"]),
            label=row["label"],
            intake_form=str(row["intake_form"]),
        )
        for row in rows
    )


def default_bands(norms: Norms, day: date, scheme: str = "role") -> Mapping[str, Band]:
    """Return the bands of norm `mix.band.<scheme>` by category, for who has set none."""
    rows = cast("Mapping[str, Mapping[str, Any]]", norms.value(f"mix.band.{scheme}", day))
    return {category: Band(**row) for category, row in rows.items()}


@lru_cache(maxsize=32)
def _read(folder: Path, stamps: tuple[tuple[Path, int, int], ...]) -> Norms:
    """Read the files as they are now; their stamps are the cache's key."""
    reader = _Reader(folder)
    for path, _, _ in stamps:
        reader.take(path)
    if not reader.book and not reader.findings:
        reader.find("norms_none", folder)
    if reader.findings:
        raise NormbookError(folder, tuple(reader.findings))
    return Norms(name=f"{reader.name}/{_fingerprint(reader.book)}", book=reader.book)


def _fingerprint(book: Mapping[str, Norm]) -> str:
    """Six characters that change when a norm in the book does."""
    told = "\n".join(repr(book[key]) for key in sorted(book))
    return hashlib.sha256(told.encode()).hexdigest()[:6]


def _laid_over(own: Norms, base: Norms, folder: Path) -> Norms:
    findings = [
        Finding(
            code="norm_law_replaced", file=_file_of(key), column="kind", value=norm.standing.value
        )
        for key, norm in own.items()
        if key in base.book and base[key].standing is Standing.LAW
    ]
    if findings:
        raise NormbookError(folder, tuple(findings))
    return Norms(name=f"{base.name}+{own.name}", book={**base.book, **own.book})


def _file_of(key: str) -> str:
    return key.replace(".", "/") + ".yaml"


@dataclass
class _Reader:
    """Reads files one by one and gathers what is wrong in them."""

    folder: Path
    name: str = "own"
    book: dict[str, Norm] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(
        self, code: str, path: Path, column: str = "", value: object = "", row: int = 0
    ) -> None:
        """Remember one thing wrong."""
        file = path.relative_to(self.folder).as_posix() if path != self.folder else path.name
        self.findings.append(
            Finding(
                code=code,
                file=file,
                column=column or None,
                value=shortened(value) or None,
                row=row or None,
            )
        )

    def take(self, path: Path) -> None:
        """Read one file: the set's name, or a norm."""
        try:
            raw = read_yaml(path)
        except YamlError as error:
            self.find("norm_file_unreadable", path, value=error.trouble, row=error.line)
            return
        if not isinstance(raw, dict):
            self.find("norm_file_unreadable", path, value=type(raw).__name__)
        elif path == self.folder / "normset.yaml":
            self.name = str(raw.get("name", self.name))
        else:
            self._norm(path, raw)

    def _norm(self, path: Path, raw: dict[Any, Any]) -> None:
        before = len(self.findings)
        key = ".".join(path.relative_to(self.folder).with_suffix("").parts)
        if not _KEY.fullmatch(key):
            self.find("norm_key_invalid", path, value=key)
        self._fields(path, "", raw, _NORM_FIELDS, optional=())
        standing = self._standing(path, raw)
        unit = raw.get("unit")
        if "unit" in raw and unit not in UNITS:
            self.find("norm_unit_unknown", path, "unit", unit)
        self._title(path, raw)
        values = self._values(path, key, raw, standing)
        if len(self.findings) == before and standing is not None:
            title, unit = raw["title"], str(unit)
            self.book[key] = Norm(key=key, unit=unit, standing=standing, values=values, title=title)

    def _fields(
        self,
        path: Path,
        prefix: str,
        raw: dict[Any, Any],
        required: tuple[str, ...],
        optional: tuple[str, ...],
    ) -> None:
        for name in required:
            if name not in raw or (name != "value" and raw[name] in (None, "")):
                self.find("norm_field_missing", path, prefix + name)
        for name in raw:
            if name not in (*required, *optional):
                self.find("norm_field_unknown", path, f"{prefix}{name}")

    def _standing(self, path: Path, raw: dict[Any, Any]) -> Standing | None:
        kind = raw.get("kind")
        if kind in (None, ""):
            return None
        try:
            return Standing(kind)
        except ValueError:
            self.find("norm_kind_unknown", path, "kind", kind)
            return None

    def _title(self, path: Path, raw: dict[Any, Any]) -> None:
        title = raw.get("title")
        if title is None:
            return
        for language in LANGUAGES:
            if not isinstance(title, dict) or not title.get(language):
                self.find("norm_title_missing", path, f"title.{language}")

    def _values(
        self, path: Path, key: str, raw: dict[Any, Any], standing: Standing | None
    ) -> tuple[NormValue, ...]:
        rows = raw.get("values")
        if rows in (None, ""):
            return ()
        if not isinstance(rows, dict):
            self.find("norm_date_invalid", path, "values", rows)
            return ()
        for start in rows:
            if not isinstance(start, date):
                self.find("norm_date_invalid", path, "values", start)
        unit = str(raw.get("unit"))
        days = sorted(start for start in rows if isinstance(start, date))
        values = [self._value(path, key, start, rows[start], unit) for start in days]
        told = tuple(value for value in values if value is not None)
        self._order(path, told)
        if told and told[-1].end is None and standing in _MUST_END:
            self.find("norm_until_missing", path, f"values.{told[-1].start}.until")
        return told

    def _value(self, path: Path, key: str, start: date, row: object, unit: str) -> NormValue | None:
        prefix = f"values.{start}."
        if not isinstance(row, dict):
            self.find("norm_field_missing", path, prefix + "value", row)
            return None
        self._fields(path, prefix, row, _VALUE_FIELDS, optional=("until",))
        end, checked = (self._day(path, prefix, row, name) for name in ("until", "checked"))
        for trouble in troubles(key, row.get("value"), unit):
            self.find(trouble.code, path, f"{prefix}value{trouble.place}", trouble.value)
        if end is not None and end <= start:
            self.find("norm_until_before_start", path, prefix + "until", end)
        return NormValue(
            value=_frozen(row.get("value")),
            start=start,
            end=end,
            source=str(row.get("source", "")),
            quote=str(row.get("quote", "")),
            checked=checked,
        )

    def _day(self, path: Path, prefix: str, row: dict[Any, Any], name: str) -> date | None:
        day = row.get(name)
        if day is not None and not isinstance(day, date):
            self.find("norm_date_invalid", path, prefix + name, day)
            return None
        return day

    def _order(self, path: Path, values: tuple[NormValue, ...]) -> None:
        """Refuse a value that would still hold when the next one starts."""
        for earlier, later in pairwise(values):
            if earlier.end is not None and earlier.end > later.start:
                self.find("norm_values_overlap", path, f"values.{earlier.start}.until", earlier.end)


def _frozen(value: object) -> Figure:
    """Turn lists into tuples, so that a norm can't be changed."""
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    if isinstance(value, dict):
        return {str(name): _frozen(part) for name, part in value.items()}
    return cast("Figure", value)
