"""What does a reader see of profiles? Turns what selectors found into the kit's components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mixwijzer.web.profiles.bridge import Example
from mixwijzer.web.profiles.bridge.forecast import PlaceChange
from mixwijzer.web.profiles.content import GOVERNED, MOTIVES, Content, Place
from mixwijzer.web.profiles.refused import trouble_text
from mixwijzer.web.profiles.selectors import (
    EditPage,
    Effects,
    ListPage,
    PlacePage,
    StepLine,
    ValueLine,
    VersionLine,
    VersionPage,
)
from mixwijzer.web.profiles.selectors.pages import SetBy
from mixwijzer.web.profiles.transitions import OPEN, Event, State
from mixwijzer.web.profiles.words import (
    BODIES,
    CATEGORIES,
    GROUPS,
    KINDS,
    PARTS,
    QUESTIONS,
    SETTERS,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import (
    Column,
    Crumb,
    DataTable,
    Fact,
    Link,
    Stamp,
    StepState,
)
from mixwijzer.web.ui.components import Event as Line
from mixwijzer.web.ui.components import Step as Mark

__all__ = [
    "EffectsScreen",
    "PlaceScreen",
    "VersionScreen",
    "effects_screen",
    "inherited",
    "list_tables",
    "place_href",
    "place_screen",
    "try_table",
    "version_screen",
]

VERDICTS = {
    "room": gettext_lazy("room"),
    "tight": gettext_lazy("tight"),
    "ask_first": gettext_lazy("ask first"),
    "no_room": gettext_lazy("no room"),
}
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


def place_href(place: Place, complex_id: object = None) -> str:
    """Return the address of the profile of a place."""
    if place.kind == "complex" and complex_id:
        return reverse("profiles:complex", args=[complex_id])
    return f"{reverse('profiles:place')}?kind={place.kind}&code={place.code}"


def place_name(place: Place) -> str:
    """Name a place with its kind, for a list in which kinds are mixed."""
    if place.kind == "organisation":
        return str(SETTERS["organisation"])
    return f"{place.name} ({SETTERS[place.kind]})"


def list_tables(pages: Sequence[ListPage]) -> list[tuple[str, DataTable, DataTable | None]]:
    """Return, per association, all places and the versions on their way."""
    return [(page.association, _places(page), _on_their_way(page.on_their_way)) for page in pages]


def _places(page: ListPage) -> DataTable:
    return DataTable(
        caption=_("Profiles of %(who)s") % {"who": page.association},
        columns=(
            Column(label=_("Place")),
            Column(label=_("Kind")),
            Column(label=_("Profile")),
            Column(label=_("On its way")),
        ),
        rows=tuple(
            (
                Link(label=each.place.name, href=place_href(each.place, each.complex)),
                str(SETTERS[each.place.kind]),
                _("its own") if each.own else _("inherited"),
                Link(
                    label=str(State(each.open.state).label),
                    href=reverse("profiles:version", args=[each.open.id]),
                )
                if each.open
                else "–",
            )
            for each in page.lines
        ),
    )


def _on_their_way(lines: Sequence[VersionLine]) -> DataTable | None:
    if not lines:
        return None
    return DataTable(
        caption=_("On their way"),
        columns=(
            Column(label=_("Profile")),
            Column(label=_("Stands at")),
            Column(label=_("Written by")),
            Column(label=_("Answer before")),
        ),
        rows=tuple(
            (
                Link(
                    label=f"{place_name(each.place)}, {_('version')} {each.number}",
                    href=reverse("profiles:version", args=[each.id]),
                ),
                str(State(each.state).label),
                each.author,
                formats.day(each.due, "year") if each.due and each.state == State.ASKED else "–",
            )
            for each in lines
        ),
    )


# ---- one place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceScreen:
    """Everything that the profile of a place draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    tables: tuple[DataTable, ...]
    open: VersionLine | None
    open_says: str
    history: DataTable | None
    stamp: Stamp | None


def place_screen(page: PlacePage) -> PlaceScreen:
    """Turn the profile of a place into what its page draws."""
    title = place_name(page.place)
    tables = [_values(kind, page.values) for kind in GOVERNED[page.place.kind]]
    return PlaceScreen(
        crumbs=(
            Crumb(label=_("Profiles"), href=reverse("profiles:list")),
            Crumb(label=page.place.name),
        ),
        title=title[:1].upper() + title[1:],
        about=page.association,
        tables=tuple(each for each in tables if each.rows),
        open=page.open,
        open_says=str(State(page.open.state).label) if page.open else "",
        history=_history(page.history),
        stamp=_stamp(page.data_date),
    )


def _stamp(day: date | None) -> Stamp | None:
    return Stamp(data_of=day, method_href=reverse("desk:method")) if day else None


def _values(kind: str, values: Sequence[ValueLine]) -> DataTable:
    """List the values that count in places of one kind, with their origin."""
    mine = [each for each in values if each.for_kind == kind]
    return DataTable(
        caption=str(KINDS[kind]).capitalize(),
        caption_shown=True,
        columns=(
            Column(label=_("Who")),
            Column(label=_("Value")),
            Column(label=_("Set by")),
            Column(label=_("Holds")),
            Column(label=_("Otherwise it would be")),
        ),
        rows=tuple(
            (
                str(CATEGORIES[each.category]),
                f"{PARTS[each.part]} {_figure(each.part, each.value)}"
                if each.part != "hard"
                else str(PARTS["hard"]),
                _setter(each.set_by),
                _period(each.set_by.start, each.set_by.end),
                _otherwise(each),
            )
            for each in mine
        ),
    )


def _figure(part: str, value: int) -> str:
    if part == "cap":
        return ngettext("%(n)d household", "%(n)d households", value) % {"n": value}
    return formats.share(value / 10_000, 0 if value % 100 == 0 else 2)


def _setter(origin: SetBy) -> Link | str:
    said = place_name(origin.place)
    if origin.by:
        said = _("%(place)s, adopted by %(who)s") % {"place": said, "who": origin.by}
    if origin.version:
        return Link(label=said, href=reverse("profiles:version", args=[origin.version]))
    return said


def _period(start: date | None, end: date | None) -> str:
    if start is None:
        return "–"
    if end is None:
        return _("from %(day)s") % {"day": formats.day(start, "year")}
    return _("from %(day)s until %(end)s") % {
        "day": formats.day(start, "year"),
        "end": formats.day(end, "year"),
    }


def _otherwise(each: ValueLine) -> str:
    if each.otherwise is None or each.otherwise_by is None:
        return _("nothing set")
    said = _figure(each.part, each.otherwise) if each.part != "hard" else str(PARTS["hard"])
    return f"{said} ({place_name(each.otherwise_by.place)})"


def _history(lines: Sequence[VersionLine]) -> DataTable | None:
    if not lines:
        return None
    return DataTable(
        caption=_("Earlier versions"),
        columns=(
            Column(label=_("Version")),
            Column(label=_("Stands at")),
            Column(label=_("Holds")),
            Column(label=_("Written by")),
        ),
        rows=tuple(
            (
                Link(
                    label=f"{_('version')} {each.number}",
                    href=reverse("profiles:version", args=[each.id]),
                ),
                str(State(each.state).label),
                _period(each.start, each.ends),
                each.author,
            )
            for each in lines
        ),
    )


# ---- what would change


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsScreen:
    """The consequences of a profile, for one reader."""

    headlines: tuple[str, ...]
    places: DataTable | None
    homes: DataTable | None
    owed: tuple[str, ...]
    left_out: str
    stamp: str


def effects_screen(effects: Effects) -> EffectsScreen:
    """Turn consequences into sentences and tables."""
    return EffectsScreen(
        headlines=tuple(_headlines(effects)),
        places=_place_changes(effects),
        homes=_home_changes(effects),
        owed=tuple(_owed(effects)),
        left_out=ngettext(
            "%(n)d complex is left out: your own view is asked there first.",
            "%(n)d complexes are left out: your own view is asked there first.",
            effects.left_out,
        )
        % {"n": effects.left_out}
        if effects.left_out
        else "",
        stamp=_("Computed on the data of now, as if it held on %(day)s.")
        % {"day": formats.day(effects.day, "year")},
    )


def _headlines(effects: Effects) -> Iterator[str]:
    for pair, said in (
        (
            effects.above,
            ngettext(
                "%(n)d place above the band (now %(now)d)",
                "%(n)d places above the band (now %(now)d)",
                effects.above[1],
            ),
        ),
        (
            effects.below,
            ngettext(
                "%(n)d place under the band (now %(now)d)",
                "%(n)d places under the band (now %(now)d)",
                effects.below[1],
            ),
        ),
    ):
        yield said % {"n": pair[1], "now": pair[0]}
    count = len(effects.changed)
    if not effects.open_homes:
        yield _("No advice is open here now")
        return
    yield (
        ngettext(
            "%(n)d of %(all)d open advices changes",
            "%(n)d of %(all)d open advices change",
            count,
        )
        % {"n": count, "all": effects.open_homes}
    )


def _owed(effects: Effects) -> Iterator[str]:
    before, after = effects.with_room
    if effects.open_homes:
        yield (
            _("Open homes with room for some extra attention: now %(now)d, then %(then)d.")
            % {"now": before, "then": after}
        )
    for each in effects.owed:
        unit = (
            ngettext("%(n)d person", "%(n)d persons", each.remaining)
            if each.unit == "persons"
            else ngettext("%(n)d household", "%(n)d households", each.remaining)
        ) % {"n": each.remaining}
        yield _("Still promised: %(group)s, %(what)s.") % {
            "group": _group(each.group),
            "what": unit,
        }


def _group(code: str) -> str:
    """Name a group of an agreement; an own group keeps its own name."""
    return str(GROUPS.get(code, code.replace("_", " ")))


def _language() -> str:
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def _place_changes(effects: Effects) -> DataTable | None:
    shown = sorted(effects.places, key=lambda each: -_outside(each, 1))[:12]
    if not shown:
        return None
    return DataTable(
        caption=_("Where the limits change"),
        columns=(
            Column(label=_("Place")),
            Column(label=_("Who")),
            Column(label=_("Limits")),
            Column(label=_("Chance outside the band")),
        ),
        rows=tuple(
            (
                each.name,
                str(CATEGORIES[each.category]),
                f"{_band(each.low[0], each.high[0])} → {_band(each.low[1], each.high[1])}",
                f"{formats.share(_outside(each, 0))} → {formats.share(_outside(each, 1))}",
            )
            for each in shown
        ),
    )


def _outside(change: PlaceChange, at: int) -> float:
    """Chance above or below the band, before (0) or after (1)."""
    return min(change.above[at] + change.below[at], 1.0)


def _band(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return _("no limit")
    if high is None:
        return _("from %(low)d") % {"low": low}
    if low is None:
        return _("up to %(high)d") % {"high": high}
    return f"{low}–{high}"


def _home_changes(effects: Effects) -> DataTable | None:
    if not effects.changed:
        return None
    return DataTable(
        caption=_("Open advices that change"),
        columns=(
            Column(label=_("Home")),
            Column(label=_("What the advice says")),
            Column(label=_("Recommended way")),
        ),
        rows=tuple(
            (
                f"{each.address}, {each.name}",
                "; ".join(_verdicts(each.before.verdicts, each.after.verdicts)) or _("the same"),
                _ways(effects.channels, each.before.channel, each.after.channel),
            )
            for each in effects.changed
        ),
    )


def _verdicts(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for category, was in before.items():
        then = after[category]
        if then != was:
            yield f"{CATEGORIES[category]}: {VERDICTS[was]} → {VERDICTS[then]}"


def _ways(channels: Mapping[str, Mapping[str, str]], before: str, after: str) -> str:
    language = _language()

    def name(code: str) -> str:
        return channels[code][language] if code in channels else _("none")

    return name(before) if before == after else f"{name(before)} → {name(after)}"


# ---- one version


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
                str(CATEGORIES[category]),
                str(KINDS[kind]),
                *((old.get((kind, category), _("inherited")),) if going else ()),
                new.get((kind, category), _("inherited")),
            )
            for kind, category in keys
        ),
    )


def _keys() -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        for category in CATEGORIES:
            yield kind, category


def _told(content: Content) -> Iterator[tuple[tuple[str, str], str]]:
    said: dict[tuple[str, str], list[str]] = {}
    for band in content.bands:
        parts = said.setdefault((band.for_kind, band.category), [])
        for part in ("min", "target", "max"):
            value = getattr(band, part)
            if value is not None:
                parts.append(f"{PARTS[part]} {_figure(part, value)}")
        parts += [str(PARTS["hard"])] if band.hard else []
        if band.fill_up_until:
            parts.append(
                _("filling up until %(day)s") % {"day": formats.day(band.fill_up_until, "year")}
            )
    for cap in content.caps:
        parts = said.setdefault((cap.for_kind, cap.category), [])
        parts.append(_("at most %(what)s") % {"what": _figure("cap", cap.at_most)})
    for key, words in said.items():
        yield key, ", ".join(words)


def _facts(page: VersionPage) -> Iterator[Fact]:
    if page.start:
        yield Fact(term=_("Holds"), value=_period(page.start, page.ends))
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
    return _period(date.fromisoformat(str(day)), None) if day else ""


def inherited(page: EditPage) -> dict[tuple[str, str, str], str]:
    """Say of each value what would hold where this place sets nothing, and by whom."""
    found: dict[tuple[str, str, str], str] = {}
    for each in page.values:
        own = each.set_by.place.code == page.place.code
        value = each.otherwise if own else each.value
        by = each.otherwise_by if own else each.set_by
        if value is None or by is None:
            continue
        said = _figure(each.part, value) if each.part != "hard" else str(PARTS["hard"])
        found[each.for_kind, each.category, each.part] = _("inherits %(value)s (%(place)s)") % {
            "value": said,
            "place": place_name(by.place),
        }
    return found


EXAMPLES = {
    "small": gettext_lazy("Example A, a small block"),
    "middle": gettext_lazy("Example B, a gallery flat"),
    "large": gettext_lazy("Example C, a tower"),
}


def try_table(examples: Sequence[Example]) -> DataTable:
    """List what advice would say in made-up buildings."""
    return DataTable(
        caption=_("What advice would say in made-up buildings"),
        columns=(
            Column(label=_("Made-up building")),
            Column(label=_("Who lives there, about")),
            Column(label=_("Limits, in households")),
            Column(label=_("A next home: some extra attention")),
            Column(label=_("A next home: active neighbours")),
        ),
        rows=tuple(
            (
                f"{EXAMPLES[each.name]}, {_homes(each.homes)}",
                "; ".join(
                    f"{CATEGORIES[name]} {low}–{high}"
                    for name, (low, _best, high) in each.said.items()
                ),
                "; ".join(
                    f"{CATEGORIES[name]}: {_band(low, high)}"
                    for name, (low, high) in each.limits.items()
                ),
                *(
                    f"{VERDICTS[each.verdicts[name]]} ({formats.chance(each.chances[name])})"
                    for name in ("attention", "carrier")
                ),
            )
            for each in examples
        ),
    )


def _homes(count: int) -> str:
    return ngettext("%(n)d home", "%(n)d homes", count) % {"n": count}
