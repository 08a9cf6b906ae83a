"""One version and its history, and what a draft inherits, as pages draw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mixwijzer.web.profiles.content import MOTIVES, Content
from mixwijzer.web.profiles.refused import trouble_text
from mixwijzer.web.profiles.screens.effects import EffectsScreen, effects_screen
from mixwijzer.web.profiles.screens.naming import figure, period, place_href, place_name
from mixwijzer.web.profiles.selectors import (
    EditPage,
    StepLine,
    VersionPage,
)
from mixwijzer.web.profiles.transitions import OPEN, Event, State
from mixwijzer.web.profiles.words import (
    BODIES,
    KINDS,
    PARTS,
    QUESTIONS,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, category_name
from mixwijzer.web.ui.components import (
    Column,
    Crumb,
    DataTable,
    Fact,
    StepState,
)
from mixwijzer.web.ui.components import Event as Line
from mixwijzer.web.ui.components import Step as Mark

__all__ = ["VersionScreen", "inherited", "version_screen"]

ICONS = {
    Event.SUBMIT: "send",
    Event.REQUEST_CHANGES: "undo-2",
    Event.APPROVE: "circle-check",
    Event.ASK: "mail",
    Event.ADVISE_FOR: "message-circle",
    Event.ADVISE_AGAINST: "message-circle",
    Event.PASS: "hourglass",
    Event.REPLY: "send",
    Event.REVISE: "pencil",
    Event.ADOPT: "check",
    Event.REPLACE: "history",
    Event.LAPSE: "hourglass",
    Event.WITHDRAW: "x",
}
"""The sign of each step in a version's history."""
HAPPENED = {
    Event.SUBMIT: gettext_lazy("sent to a second reader"),
    Event.REQUEST_CHANGES: gettext_lazy("changes asked"),
    Event.APPROVE: gettext_lazy("read and agreed"),
    Event.ASK: gettext_lazy("tenants' advice asked"),
    Event.ADVISE_FOR: gettext_lazy("tenants advise for"),
    Event.ADVISE_AGAINST: gettext_lazy("tenants advise against"),
    Event.PASS: gettext_lazy("term passed without advice"),
    Event.REPLY: gettext_lazy("replied to the tenants"),
    Event.REVISE: gettext_lazy("taken back to change it"),
    Event.ADOPT: gettext_lazy("adopted"),
    Event.REPLACE: gettext_lazy("replaced"),
    Event.LAPSE: gettext_lazy("lapsed"),
    Event.WITHDRAW: gettext_lazy("withdrawn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionScreen:
    """Everything that the page of a version draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    state: str
    tone: str
    marks: tuple[Mark, ...]
    values: DataTable
    motives: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    history: tuple[Line, ...]
    effects: EffectsScreen | None
    trouble: str
    events: frozenset[str]


def version_screen(page: VersionPage) -> VersionScreen:
    """Turn a version into what its page draws."""
    title = place_name(page.place)
    return VersionScreen(
        crumbs=(
            Crumb(label=_("Profiles"), href=reverse("profiles:list")),
            Crumb(label=page.place.name, href=place_href(page.place)),
            Crumb(label=f"{_('version')} {page.number}"),
        ),
        title=f"{title[:1].upper()}{title[1:]}, {_('version')} {page.number}",
        about=_("written by %(who)s, %(where)s") % {"who": page.author, "where": page.association},
        state=str(State(page.state).label),
        tone=_tone(page.state),
        marks=tuple(_marks(page.state)),
        values=_compared(page.before, page.content, page.state in OPEN),
        motives=tuple(
            (str(QUESTIONS[name]), page.content.motive.get(name, "")) for name in MOTIVES
        ),
        facts=tuple(_facts(page)),
        history=tuple(_line(each) for each in page.steps),
        effects=effects_screen(page.effects) if page.effects else None,
        trouble=trouble_text(page.trouble.code, page.trouble.place, page.trouble.facts)
        if page.trouble
        else "",
        events=frozenset(page.events),
    )


def _tone(state: str) -> str:
    if state == State.ADOPTED:
        return "ok"
    if state in {State.CHANGES, State.ADVISED_AGAINST}:
        return "warn"
    return "info" if state in OPEN else "mute"


WAY = (
    (frozenset({State.DRAFT, State.CHANGES}), gettext_lazy("Write")),
    (frozenset({State.IN_REVIEW}), gettext_lazy("Second reader")),
    (
        frozenset(
            {
                State.REVIEWED,
                State.ASKED,
                State.ADVISED_FOR,
                State.ADVISED_AGAINST,
                State.REPLIED,
                State.NO_ADVICE,
            }
        ),
        gettext_lazy("Tenants' advice"),
    ),
    (frozenset({State.ADOPTED}), gettext_lazy("Adopted")),
)


def _marks(state: str) -> Iterator[Mark]:
    """Draw where a version is; one that is over went the whole way or was taken off it."""
    at = next((place for place, (states, _name) in enumerate(WAY) if state in states), len(WAY))
    for place, (_states, name) in enumerate(WAY):
        word = StepState.CURRENT if place == at else StepState.AHEAD
        yield Mark(label=str(name), state=StepState.DONE if place < at else word)


def _compared(before: Content, after: Content, going: bool) -> DataTable:  # noqa: FBT001
    """Put what this version sets beside what the place itself sets now."""
    old, new = dict(_told(before)), dict(_told(after))
    keys = [key for key in _keys() if key in old or key in new]
    return DataTable(
        caption=_("What it sets"),
        columns=(
            Column(label=_("Who")),
            Column(label=_("Where")),
            Column(label=_("Now set here")),
            Column(label=_("In this version")),
        )
        if going
        else (
            Column(label=_("Who")),
            Column(label=_("Where")),
            Column(label=_("In this version")),
        ),
        rows=tuple(
            (
                category_name(category),
                str(KINDS[kind]),
                *((old.get((kind, category), _("inherited")),) if going else ()),
                new.get((kind, category), _("inherited")),
            )
            for kind, category in keys
        ),
    )


def _keys() -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        for category in ORDER:
            yield kind, category


def _told(content: Content) -> Iterator[tuple[tuple[str, str], str]]:
    said: dict[tuple[str, str], list[str]] = {}
    for band in content.bands:
        parts = said.setdefault((band.for_kind, band.category), [])
        for part in ("min", "target", "max"):
            value = getattr(band, part)
            if value is not None:
                parts.append(f"{PARTS[part]} {figure(part, value)}")
        parts += [str(PARTS["hard"])] if band.hard else []
        if band.fill_up_until:
            parts.append(
                _("filling up until %(day)s") % {"day": formats.day(band.fill_up_until, "year")}
            )
    for cap in content.caps:
        parts = said.setdefault((cap.for_kind, cap.category), [])
        parts.append(_("at most %(what)s") % {"what": figure("cap", cap.at_most)})
    for key, words in said.items():
        yield key, ", ".join(words)


def _facts(page: VersionPage) -> Iterator[Fact]:
    if page.start:
        yield Fact(term=_("Holds"), value=period(page.start, page.ends))
    else:
        until = page.content.until
        yield Fact(
            term=_("Would hold"),
            value=_("until %(day)s") % {"day": formats.day(until, "year")}
            if until
            else _("until a next profile"),
        )
    if page.content.review_on:
        yield Fact(term=_("Looked at again"), value=formats.day(page.content.review_on, "year"))
    if page.due and page.state == State.ASKED:
        yield Fact(
            term=_("Tenants answer before"),
            value=formats.day(page.due, "year"),
            note=_("Six weeks, by the law on consultation of tenants."),
        )


def _line(step: StepLine) -> Line:
    told = [step.by] if step.by else []
    if step.event == Event.ADOPT:
        told.append(str(BODIES.get(str(step.facts.get("body")), "")))
        told.append(_from(step.facts.get("start")))
    if step.event == Event.REPLACE:
        told.append(_from(step.facts.get("from")))
    if step.facts.get("late"):
        told.append(_("after its term"))
    said = ", ".join(each for each in told if each)
    return Line(
        on=step.at,
        icon=ICONS[Event(step.event)],
        title=str(HAPPENED[Event(step.event)]).capitalize(),
        text=f"{said}. {step.text}".strip() if step.text else said,
    )


def _from(day: object) -> str:
    return period(date.fromisoformat(str(day)), None) if day else ""


def inherited(page: EditPage) -> dict[tuple[str, str, str], str]:
    """Say of each value what would hold where this place sets nothing, and by whom."""
    found: dict[tuple[str, str, str], str] = {}
    for each in page.values:
        own = each.set_by.place.code == page.place.code
        value = each.otherwise if own else each.value
        by = each.otherwise_by if own else each.set_by
        if value is None or by is None:
            continue
        said = figure(each.part, value) if each.part != "hard" else str(PARTS["hard"])
        found[each.for_kind, each.category, each.part] = _("inherits %(value)s (%(place)s)") % {
            "value": said,
            "place": place_name(by.place),
        }
    return found
