"""From YAML to stories: every key known, every value what it must be, or a clear refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from mixwijzer.engine.errors import PortfolioError
from mixwijzer.engine.portfolio import Band, Known
from mixwijzer.engine.reasons import Verdict
from mixwijzer.exchange.stories._words import code_of
from mixwijzer.exchange.strict_yaml import YamlError, read_yaml

__all__ = ["Expectation", "Labels", "Place", "Round", "Story", "StoryError", "read_stories"]

T = TypeVar("T")
Node = Mapping[str, Any]

_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?%")
_ROUND = frozenset({"on", "by", "known", "at_notice"})
_LONG = 60


class StoryError(PortfolioError):
    """A story that can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one person said on a day: lowest, best, highest per category [households]."""

    on: date
    by: str
    known: Known
    at_notice: bool
    ranges: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Households whose category is on record (level *huishouden*)."""

    category: str
    households: int
    source: str
    recorded: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A complex: its homes, what was said of it and what it should be."""

    homes: int
    stairwells: Mapping[str, int]
    empty: int = 0
    profile: Mapping[str, Band] | str | None = None
    caps: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    judgements: tuple[Round, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, int] = field(default_factory=dict)
    labels: tuple[Labels, ...] = ()
    promised: Mapping[str, int] = field(default_factory=dict)
    fill_up_until: date | None = None
    other_neighbourhood: bool = False
    distance: int | None = None
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home that comes free; `leaver` is the role of who leaves, where it was agreed."""

    rooms: int | None = None
    rent: Decimal | None = None
    stairwell: str | None = None
    notice: date
    free_from: date
    publication: date | None = None
    leaver: str | None = None
    also_open: int = 0
    out_of_base: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The ground of a channel: where it is written and until when it holds."""

    channel: str
    source: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a story expects for one category; what it doesn't name may be anything."""

    verdict: Verdict | None = None
    because: frozenset[str] | None = None
    binding: str | None = None
    modifiers: frozenset[str] | None = None
    flips: tuple[frozenset[tuple[str, int]], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a story expects of the advice, or the error that it expects instead."""

    categories: Mapping[str, Wanted]
    recommended: str | None = None
    no_ground: frozenset[str] | None = None
    elsewhere: bool | None = None
    open_vacancies: int | None = None
    valid_until: date | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A situation in a few lines, and the advice that goes with it."""

    file: str
    story: str
    why: str
    today: date
    complex: Place
    elsewhere: tuple[Place, ...]
    neighbourhood: Mapping[str, Band]
    vacancy: Home
    grounds: tuple[Ground, ...]
    expect: Expectation


def read_stories(path: Path) -> tuple[Story, ...]:
    """Read the stories of a YAML file, or of every YAML file in a folder.

    Raises
    ------
    PortfolioError
        `path_missing`.
    StoryError
        `story_yaml`, `story_key`, `story_value`, `story_empty`.
    """
    if not path.exists():
        raise PortfolioError("path_missing", str(path))
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    found = tuple(story for file in files for story in _file(file))
    if not found:
        raise StoryError("story_empty", str(path))
    return found


def _file(path: Path) -> Iterator[Story]:
    try:
        content = read_yaml(path)
    except YamlError as error:
        raise StoryError("story_yaml", path.name, line=error.line, found=error.trouble) from None
    for number, each in enumerate(content if isinstance(content, list) else [content], 1):
        yield _Reader(path.name, f"{path.name} {number}").story(each)


class _Reader:
    """The reading of one story; it knows what to call the story when something is wrong."""

    def __init__(self, file: str, name: str) -> None:
        self.file, self.name = file, name

    def story(self, raw: object) -> Story:
        known = "story why today complex elsewhere neighbourhood vacancy grounds expect"
        node = self.node(raw, "story", known)
        self.name = str(node.get("story") or self.name)
        today = self.day(node.get("today"), "today")
        band = self.node(node.get("neighbourhood", {}), "neighbourhood", "profile")
        return Story(
            file=self.file,
            story=self.name,
            why=str(node.get("why") or "").strip(),
            today=today,
            complex=self.place(node.get("complex"), "complex"),
            elsewhere=self.many(node, "elsewhere", self.place),
            neighbourhood=self.bands(band.get("profile", {})),
            vacancy=self.vacancy(node.get("vacancy"), today),
            grounds=self.many(node, "grounds", self.ground),
            expect=self.expectation(node.get("expect")),
        )

    def place(self, raw: object, key: str) -> Place:
        known = (
            "homes stairwells empty profile caps judgements counts roles labels promised"
            " fill_up_until other_neighbourhood distance open"
        )
        node = self.node(raw, key, known)
        stairwells = {
            str(name): self.whole(number, "stairwells")
            for name, number in self.node(node.get("stairwells", {}), "stairwells").items()
        }
        profile = node.get("profile")
        return Place(
            homes=self.whole(node.get("homes", sum(stairwells.values())), "homes"),
            stairwells=stairwells,
            empty=self.whole(node.get("empty", 0), "empty"),
            profile=self.profile(profile),
            caps={
                kind: self.numbers(limits, "caps")
                for kind, limits in self.node(node.get("caps", {}), "caps").items()
            },
            judgements=self.many(node, "judgements", self.round),
            counts=self.numbers(node.get("counts", {}), "counts"),
            roles=self.numbers(node.get("roles", {}), "roles"),
            labels=self.many(node, "labels", self.label),
            promised=self.numbers(node.get("promised", {}), "promised"),
            fill_up_until=self.maybe_day(node, "fill_up_until"),
            other_neighbourhood=bool(node.get("other_neighbourhood", False)),
            distance=node.get("distance"),
            open=self.whole(node.get("open", 0), "open"),
        )

    def profile(self, raw: object) -> Mapping[str, Band] | str | None:
        if raw is None or (isinstance(raw, str) and code_of(raw) == "standard"):
            return None if raw is None else "standard"
        return self.bands(raw)

    def bands(self, raw: object) -> dict[str, Band]:
        bands = {}
        for category, row in self.node(raw, "profile").items():
            node = self.node(row, "profile", "min target max hard")
            shares = {
                name: self.share(node[name]) for name in ("min", "target", "max") if name in node
            }
            bands[category] = Band(hard=bool(node.get("hard", False)), **shares)
        return bands

    def round(self, raw: object, key: str) -> Round:
        node = self.node(raw, key)
        return Round(
            on=self.day(node.get("on"), "on"),
            by=str(node.get("by", "consulent")),
            known=self.one_of(Known, node.get("known", "all"), "known"),
            at_notice=bool(node.get("at_notice", False)),
            ranges={
                category: self.triple(numbers, category)
                for category, numbers in node.items()
                if category not in _ROUND
            },
        )

    def label(self, raw: object, key: str) -> Labels:
        node = self.node(raw, key, "category households source recorded until")
        return Labels(
            category=code_of(self.text(node.get("category"), "category")),
            households=self.whole(node.get("households"), "households"),
            source=code_of(self.text(node.get("source", "round"), "source")),
            recorded=self.day(node.get("recorded"), "recorded"),
            until=self.maybe_day(node, "until"),
        )

    def vacancy(self, raw: object, today: date) -> Home:
        known = "rooms rent stairwell notice free_from publication leaver also_open out_of_base"
        node = self.node(raw, "vacancy", known)
        leaver = node.get("leaver")
        return Home(
            rooms=node.get("rooms"),
            rent=None if node.get("rent") is None else Decimal(node["rent"]),
            stairwell=node.get("stairwell"),
            notice=self.day(node.get("notice", today), "notice"),
            free_from=self.day(node.get("free_from", today), "free_from"),
            publication=self.maybe_day(node, "publication"),
            leaver=None if leaver is None else code_of(self.text(leaver, "leaver")),
            also_open=self.whole(node.get("also_open", 0), "also_open"),
            out_of_base=bool(node.get("out_of_base", False)),
        )

    def ground(self, raw: object, key: str) -> Ground:
        node = self.node(raw, key, "channel source until")
        return Ground(
            channel=self.text(node.get("channel"), "channel"),
            source=self.text(node.get("source"), "source"),
            until=self.maybe_day(node, "until"),
        )

    def expectation(self, raw: object) -> Expectation:
        own = ("recommended", "no_ground", "elsewhere", "open_vacancies", "valid_until", "error")
        node = self.node(raw, "expect")
        no_ground = node.get("no_ground")
        return Expectation(
            categories={
                category: self.wanted(each, category)
                for category, each in node.items()
                if category not in own
            },
            recommended=node.get("recommended"),
            no_ground=None if no_ground is None else frozenset(map(str, no_ground)),
            elsewhere=node.get("elsewhere"),
            open_vacancies=node.get("open_vacancies"),
            valid_until=self.maybe_day(node, "valid_until"),
            error=node.get("error"),
        )

    def wanted(self, raw: object, category: str) -> Wanted:
        if isinstance(raw, str):
            return Wanted(verdict=self.verdict(raw))
        node = self.node(raw, category, "verdict because binding modifiers flips")
        flips = node.get("flips")
        binding = node.get("binding")
        return Wanted(
            verdict=self.verdict(node["verdict"]) if "verdict" in node else None,
            because=self.words(node, "because"),
            binding=None if binding is None else code_of(self.text(binding, "binding")),
            modifiers=self.words(node, "modifiers"),
            flips=None if flips is None else tuple(self.flip(each) for each in flips),
        )

    def flip(self, raw: object) -> frozenset[tuple[str, int]]:
        return frozenset(self.numbers(raw, "flips").items())

    def verdict(self, raw: object) -> Verdict:
        word = code_of(self.text(raw, "verdict")).upper()
        if word not in Verdict.__members__:
            raise self.wrong("verdict", raw)
        return Verdict[word]

    def words(self, node: Node, key: str) -> frozenset[str] | None:
        if key not in node:
            return None
        raw = node[key]
        if not isinstance(raw, list):
            raise self.wrong(key, raw)
        return frozenset(code_of(self.text(word, key)) for word in raw)

    # --- values

    def node(self, raw: object, key: str, known: str = "") -> dict[str, Any]:
        """Return a mapping by code; a key that has no place is refused."""
        if not isinstance(raw, Mapping):
            raise self.wrong(key, raw)
        node = {code_of(str(name)): value for name, value in raw.items()}
        for name, given in zip(node, raw, strict=True):
            if known and name not in known.split():
                raise StoryError("story_key", self.name, key=str(given), where=key)
        return node

    def many(self, node: Node, key: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
        raw = node.get(key, [])
        if not isinstance(raw, list):
            raise self.wrong(key, raw)
        return tuple(read(each, key) for each in raw)

    def numbers(self, raw: object, key: str) -> dict[str, int]:
        return {name: self.whole(number, key) for name, number in self.node(raw, key).items()}

    def triple(self, raw: object, key: str) -> tuple[int, int, int]:
        if not isinstance(raw, list) or len(raw) != 3:
            raise self.wrong(key, raw)
        low, best, high = (self.whole(number, key) for number in raw)
        return low, best, high

    def whole(self, raw: object, key: str) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < 0:
            raise self.wrong(key, raw)
        return raw

    def share(self, raw: object) -> int:
        match = _SHARE.fullmatch(str(raw).strip())
        if match is None:
            raise self.wrong("profile", raw)
        return int(Decimal(match.group(1).replace(",", ".")) * 100)

    def day(self, raw: object, key: str) -> date:
        if not isinstance(raw, date):
            raise self.wrong(key, raw)
        return raw

    def maybe_day(self, node: Node, key: str) -> date | None:
        return None if node.get(key) is None else self.day(node[key], key)

    def text(self, raw: object, key: str) -> str:
        if not isinstance(raw, str):
            raise self.wrong(key, raw)
        return raw

    def one_of(self, kind: Callable[[str], T], raw: object, key: str) -> T:
        try:
            return kind(code_of(self.text(raw, key)))
        except ValueError:
            raise self.wrong(key, raw) from None

    def wrong(self, key: str, raw: object) -> StoryError:
        found = "" if raw is None else str(raw)[:_LONG]
        return StoryError("story_value", self.name, key=key, found=found)
