"""What is a page built from? The values that templates turn into components.

A view or selector fills these; the tags in `templatetags/ui.py` draw them. They hold words and
numbers that are ready to be read, and know nothing about where they came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = [
    "Channel",
    "Column",
    "Crumb",
    "DataTable",
    "Event",
    "Fact",
    "Figure",
    "Ground",
    "Link",
    "Option",
    "Persona",
    "ReasonLine",
    "Stamp",
    "Step",
    "StepState",
    "Task",
    "initials",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somewhere to go; without an address it is only text."""

    label: StrOrPromise
    href: str = ""


Crumb = Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of the strip under a page's title; `href` leads to the rows behind it."""

    icon: str
    label: StrOrPromise
    value: StrOrPromise
    unit: StrOrPromise = ""
    note: StrOrPromise = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A term and what holds, with a smaller line under it."""

    term: StrOrPromise
    value: StrOrPromise
    note: StrOrPromise = ""


class StepState(StrEnum):
    """Where a step is."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a vacancy's way, from notice to key."""

    label: StrOrPromise
    note: StrOrPromise = ""
    state: StepState = StepState.AHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened."""

    on: date | datetime
    icon: str
    title: StrOrPromise
    text: StrOrPromise = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row of what waits for somebody; `urgency` is empty, soon or late."""

    icon: str
    title: StrOrPromise
    href: str
    about: StrOrPromise = ""
    why: StrOrPromise = ""
    due: StrOrPromise = ""
    due_note: StrOrPromise = ""
    urgency: str = ""
    action: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """How hard a rule is (law, agreement, aim or assumption) and where it stands."""

    standing: str
    source: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One reason as a reader sees it; `tone` is ok, warn, stop or mute."""

    tone: str
    title: StrOrPromise
    text: StrOrPromise = ""
    ground: Ground | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to let a home: chance that every band holds, delay, text, and on which ground.

    `closed` says why this way cannot be taken now; empty means that it can.
    """

    title: StrOrPromise
    explanation: StrOrPromise
    chance: float
    delay: StrOrPromise = ""
    advert: StrOrPromise = ""
    ground_text: StrOrPromise = ""
    ground: Ground | None = None
    recommended: bool = False
    closed: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice among chips; `swatch` names a kind of neighbour to draw before the word."""

    value: str
    label: StrOrPromise
    swatch: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to log in as in the demo, with one click."""

    key: str
    name: str
    about: StrOrPromise
    icon: str = ""
    first: bool = False

    @property
    def initials(self) -> str:
        """First letters of the first and the last word of the name."""
        return initials(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's head; numbers stand to the right.

    `href` orders the rows by it; `sorted_by` is ascending or descending where they are.
    """

    label: StrOrPromise
    numeric: bool = False
    href: str = ""
    sorted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """Rows of text or links; the first cell of a row is its head."""

    caption: StrOrPromise
    columns: tuple[Column, ...]
    rows: tuple[tuple[StrOrPromise | Link, ...], ...] = field(default_factory=tuple)
    caption_shown: bool = False

    @property
    def labelled(self) -> list[list[tuple[Column, StrOrPromise | Link]]]:
        """Rows whose cells know their column, for screens too narrow for a table."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where a page's numbers come from: the day of the data, the norms, how it is computed."""

    data_of: date | datetime
    norms: StrOrPromise = ""
    method_href: str = ""


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    parts = name.split() or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()
