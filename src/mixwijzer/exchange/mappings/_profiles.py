"""How does the system of this association name its columns? A profile says it, as data.

Where a mapping of `tables` builds rows anew, a profile of `reads` only says under which names our
tables and columns go in somebody's extract, what its words mean, and which complexes got another
number. A profile is a YAML file: one of this folder, or a user's own, which is checked as strictly
as any other file from outside.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.exchange.refused import kind_of_header, plain_words
from mixwijzer.exchange.strict_yaml import YamlError, read_yaml
from mixwijzer.exchange.tables import UNMAPPED, Dialect, schema, table_called

__all__ = ["OWN", "Profile", "Reads", "Renumbered", "read_profile", "stem"]

_LARGEST = 2**20
_KEYS = frozenset(
    {
        *("title", "source", "note", "data_date", "reads", "renumbered"),
        *("empty", "skips", "ends", "dated"),
    }
)
_READS = frozenset({"table", "called", "headers", "values", "fixed", "within"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumbered:
    """A complex that is called `new` from `start` on; before that day `old` means the same."""

    old: str
    new: str
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """One of our tables, the names of the files or sheets that hold it, and their dialect."""

    table: str
    called: frozenset[str]
    dialect: Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one source system writes our tables."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    note: str = ""
    data_date: date | None = None
    reads: tuple[Reads, ...] = ()
    renumbered: tuple[Renumbered, ...] = ()

    def readings(self, name: str) -> tuple[tuple[str, Dialect], ...]:
        """Return the tables that a file or sheet of this name holds, each with its dialect."""
        told = tuple((each.table, each.dialect) for each in self.reads if stem(name) in each.called)
        table = table_called(stem(name))
        if told or table is None:
            return told
        return ((table, self.dialect(table)),)

    def beside(self, table: str, dialect: Dialect) -> tuple[tuple[str, Dialect], ...]:
        """Return a table that was known by its headers, with those found among its rows."""
        told = next((each for each in self.reads if each.dialect is dialect), None)
        within = (
            (each.table, each.dialect)
            for each in self.reads
            if told and each is not told and each.dialect.distinct and each.called & told.called
        )
        return ((table, dialect), *within)

    def dialect(self, table: str) -> Dialect:
        """Return how a table is written here; as our own where nothing else is said."""
        found = (each.dialect for each in self.reads if each.table == table)
        return next(found, Dialect())

    def all_readings(self) -> Iterator[tuple[str, Dialect]]:
        """Yield every table with its dialects: for a file whose name tells nothing."""
        yield from ((each.table, each.dialect) for each in self.reads)
        named = {each.table for each in self.reads}
        yield from ((table, Dialect()) for table in schema() if table not in named)


OWN = Profile(name="own", title={"nl": "De tabellen van Mixwijzer", "en": "Mixwijzer's own tables"})
"""Our own tables under our own names and synonyms."""


def stem(name: str) -> str:
    """Return a name without the day or number that an export puts behind it."""
    words = plain_words(name).split("_")
    while len(words) > 1 and words[-1].isdecimal():
        words.pop()
    return "_".join(words)


def read_profile(path: Path) -> Profile:
    """Read a profile.

    Raises
    ------
    PortfolioError
        `mapping_invalid`, with the place and what is wrong there; `mapping_no_yaml`.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _wrong(path, "", "> 1 MB")
        raw = read_yaml(path)
    except YamlError as error:
        raise PortfolioError("mapping_no_yaml", path.name, line=error.line) from None
    except (OSError, RecursionError, ValueError) as error:
        raise _wrong(path, "", type(error).__name__) from None
    return _Checked(path).profile(raw)


def _wrong(path: Path, place: str, trouble: str) -> PortfolioError:
    return PortfolioError("mapping_invalid", path.name, place=place or "-", trouble=trouble)


def _seen(raw: object) -> str:
    """Return a bit of what stands there; never all of it, aliases can make that endless."""
    return reprlib.repr(raw)[:80]


def _apart(reads: list[Reads]) -> tuple[Reads, ...]:
    """Let tables that come from the same rows know each other's headers."""
    complete = []
    for each in reads:
        others = [other for other in reads if other is not each and other.called & each.called]
        words = (w for other in others for words in other.dialect.headers.values() for w in words)
        complete.append(replace(each, dialect=replace(each.dialect, elsewhere=frozenset(words))))
    return tuple(complete)


class _Checked:
    """Turns what YAML says into a profile; every refusal names its place in the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, place: str, trouble: str) -> PortfolioError:
        return _wrong(self.path, place, trouble)

    def profile(self, raw: object) -> Profile:
        told = self.mapping(raw, "", _KEYS)
        reads = self.entries(told.get("reads"), "reads")
        common = Dialect(
            empty=frozenset(self.words(told.get("empty"), "empty")),
            skips=frozenset(map(plain_words, self.words(told.get("skips"), "skips"))),
            ends=frozenset(map(plain_words, self.words(told.get("ends"), "ends"))),
            dated=frozenset(map(plain_words, self.words(told.get("dated"), "dated"))),
        )
        day = told.get("data_date")
        if day is not None and not isinstance(day, date):
            raise self.fail("data_date", str(day))
        return Profile(
            name=self.path.stem,
            title=self.texts(told.get("title"), "title"),
            source=self.text(told.get("source", ""), "source"),
            note=self.text(told.get("note", ""), "note"),
            data_date=day,
            reads=_apart([self.reading(each, f"reads[{n}]", common) for n, each in reads]),
            renumbered=self.renumbered(told.get("renumbered")),
        )

    def reading(self, raw: object, place: str, common: Dialect) -> Reads:
        told = self.mapping(raw, place, _READS)
        table = self.text(told.get("table"), f"{place}.table")
        if table not in schema():
            raise self.fail(f"{place}.table", table)
        columns = frozenset(column.name for column in schema()[table])
        headers = self.mapping(told.get("headers"), f"{place}.headers", columns)
        values = self.mapping(told.get("values"), f"{place}.values", columns)
        fixed = self.mapping(told.get("fixed"), f"{place}.fixed", columns)
        within = told.get("within", False)
        if not isinstance(within, bool):
            raise self.fail(f"{place}.within", _seen(within))
        dialect = replace(
            common,
            headers={
                name: self.headers(words, f"{place}.headers.{name}")
                for name, words in headers.items()
            },
            values={
                name: self.translations(words, f"{place}.values.{name}")
                for name, words in values.items()
            },
            fixed=self.texts(fixed, f"{place}.fixed"),
            distinct=within,
        )
        called = self.words(told.get("called"), f"{place}.called")
        return Reads(table=table, called=frozenset(map(stem, called)), dialect=dialect)

    def headers(self, raw: object, place: str) -> tuple[str, ...]:
        """Return headers in plain words; one about persons can't be asked for."""
        words = self.words(raw, place)
        for word in words:
            if kind_of_header(word) is not None:
                raise self.fail(place, word)
        return tuple(map(plain_words, words))

    def translations(self, raw: object, place: str) -> dict[str, str]:
        """Return our word by plain word; `*` without a word refuses what isn't listed."""
        told: dict[str, str] = {}
        for word, text in raw.items() if isinstance(raw, dict) else self.texts(raw, place).items():
            if word == "*":
                told["*"] = UNMAPPED if text is None else self.text(text, f"{place}.*")
            else:
                told[plain_words(str(word))] = self.text(text, f"{place}.{word}")
        return told

    def renumbered(self, raw: object) -> tuple[Renumbered, ...]:
        found = []
        for number, each in self.entries(raw, "renumbered"):
            place = f"renumbered[{number}]"
            told = self.mapping(each, place, frozenset({"old", "new", "from"}))
            start = told.get("from")
            if not isinstance(start, date):
                raise self.fail(f"{place}.from", str(start))
            old, new = (self.text(told.get(name), f"{place}.{name}") for name in ("old", "new"))
            found.append(Renumbered(old=old, new=new, start=start))
        if len({(each.old, each.start) for each in found}) < len(found):
            raise self.fail("renumbered", "old")
        return tuple(found)

    def mapping(self, raw: object, place: str, allowed: frozenset[str]) -> Mapping[str, Any]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise self.fail(place, _seen(raw))
        for key in raw:
            if key not in allowed:
                raise self.fail(place, _seen(key))
        return raw

    def entries(self, raw: object, place: str) -> Iterator[tuple[int, object]]:
        if raw is not None and not isinstance(raw, list):
            raise self.fail(place, _seen(raw))
        return enumerate(raw or (), 1)

    def words(self, raw: object, place: str) -> tuple[str, ...]:
        return tuple(self.text(each, place) for _, each in self.entries(raw, place))

    def texts(self, raw: object, place: str) -> dict[str, str]:
        if raw is not None and not isinstance(raw, dict):
            raise self.fail(place, _seen(raw))
        return {str(key): self.text(text, f"{place}.{key}") for key, text in (raw or {}).items()}

    def text(self, raw: object, place: str) -> str:
        if isinstance(raw, bool) or not isinstance(raw, str | int):
            raise self.fail(place, _seen(raw))
        return str(raw)
