"""Ways of letting beside each other: the list, the form, the page while it runs and afterwards.

What is shown stands in the document that the command line gives too; only how far single runs lie
apart is worked out here, from the error and the number of runs that stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import sqrt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mixwijzer.exchange.ahead import regime_title
from mixwijzer.web.letting.screens import Veil, language, veil_of
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.selectors import ScenarioLine, ScenarioPage
from mixwijzer.web.outlook.transitions import ScenarioState
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.charts import Ahead, Counted, Course, Moment, Span, fan_axis
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Fact, Link, Stamp

__all__ = [
    "REGIME_SAYS",
    "ScenarioScreen",
    "regime_choices",
    "scenario_screen",
    "scenarios_table",
    "way_of_letting",
]

REGIME_SAYS = {
    "waiting_list": gettext_lazy("Nobody steers: who is first in line gets the home."),
    "free_room_law": gettext_lazy(
        "Only the part of the homes that the law leaves free is steered."
    ),
    "free_room": gettext_lazy("The part of the homes that was agreed as free room is steered."),
    "local": gettext_lazy("Half of the homes is steered, as local priority rules allow."),
    "experiment": gettext_lazy(
        "Every home may be steered: it goes where it leaves the fewest households out of the band."
    ),
    "quota": gettext_lazy(
        "Fixed numbers: who is below the least goes first, nobody goes beyond the most."
    ),
    "shortage": gettext_lazy("Every home goes to whom the complex is shortest of."),
    "score": gettext_lazy(
        "Every home is steered with a look at later and elsewhere, not at today alone."
    ),
}
TONES = {
    ScenarioState.WAITING: "mute",
    ScenarioState.RUNNING: "info",
    ScenarioState.DONE: "ok",
    ScenarioState.CANCELLED: "warn",
    ScenarioState.FAILED: "stop",
    ScenarioState.ARCHIVED: "mute",
}
HALF, MOST = 0.6745, 1.6449  # standard deviations: the middle half, and 9 times out of 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeChoice:
    """One way of letting in the form."""

    value: str
    name: str
    says: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioScreen:
    """Everything that the page of a scenario draws."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    state: str
    tone: str
    part: float
    drawn: str
    facts: tuple[Fact, ...]
    regimes: DataTable
    trouble: str
    told: str
    notes: tuple[str, ...]
    fans: tuple[tuple[str, Course], ...]
    axis: Span | None
    figures: DataTable | None
    differences: DataTable | None
    waits: DataTable | None
    promises: DataTable | None
    rests_on: tuple[Fact, ...]
    python: str
    hidden: Veil | None
    stamp: Stamp | None


def regime_choices(chosen: Sequence[str]) -> tuple[RegimeChoice, ...]:
    """Return every way of letting, with a sentence on what it does."""
    return tuple(
        RegimeChoice(value=name, name=way_of_letting(name), says=str(says), chosen=name in chosen)
        for name, says in REGIME_SAYS.items()
    )


def way_of_letting(regime: str) -> str:
    """Return what a way of letting is called."""
    told = regime_title(regime, language())
    return told[:1].upper() + told[1:]


def scenarios_table(lines: Sequence[ScenarioLine]) -> DataTable:
    """List the scenarios."""
    return DataTable(
        caption=_("Scenarios"),
        columns=(
            Column(label=_("Name")),
            Column(label=_("Where it stands")),
            Column(label=_("Ways of letting")),
            Column(label=_("Years"), numeric=True),
            Column(label=_("Made by")),
            Column(label=_("Made on")),
        ),
        rows=tuple(
            (
                Link(label=each.name, href=reverse("outlook:scenario", args=[each.id])),
                _state(each),
                formats.number(len(each.asked.regimes)),
                formats.number(each.asked.years),
                each.by,
                formats.day(each.made_at, "year"),
            )
            for each in lines
        ),
    )


def _state(line: ScenarioLine) -> str:
    said = str(ScenarioState(line.state).label)
    if line.state != ScenarioState.RUNNING:
        return said
    return f"{said}: {formats.share(line.drawn / line.blocks)}"


def scenario_screen(page: ScenarioPage) -> ScenarioScreen:
    """Turn a scenario into what its page draws."""
    line, told = page.line, _Told(page) if page.document else None
    titles = {"day": formats.day(line.made_at, "year"), "name": line.by}
    return ScenarioScreen(
        crumbs=(
            Crumb(label=_("Compare policies"), href=reverse("outlook:scenarios")),
            Crumb(label=line.name),
        ),
        title=line.name,
        about=_("made by %(name)s on %(day)s") % titles,
        state=_state(line),
        tone=TONES[ScenarioState(line.state)],
        part=line.drawn / line.blocks,
        drawn=_drawn(page),
        facts=tuple(_inputs(line)),
        regimes=_regimes(line),
        trouble=bridge.trouble_text(page.trouble, language()) if page.trouble else "",
        told=told.sentence() if told else "",
        notes=tuple(told.notes()) if told else (),
        fans=told.fans if told else (),
        axis=told.axis() if told else None,
        figures=told.figures() if told else None,
        differences=told.differences() if told else None,
        waits=told.waits() if told else None,
        promises=told.promises() if told else None,
        rests_on=tuple(told.rests_on()) if told else (),
        python=told.document["python"] if told else "",
        hidden=veil_of(page.hidden) if page.hidden else None,
        stamp=told.stamp() if told else None,
    )


def _drawn(page: ScenarioPage) -> str:
    """Say how far it is, and about how long it takes in all where that is over a minute."""
    line = page.line
    said = _("%(done)s of %(all)s times played out.") % {
        "done": formats.number(line.drawn * bridge.BLOCK),
        "all": formats.number(line.blocks * bridge.BLOCK),
    }
    minutes = round(float(page.rests_on.get("seconds", 0)) / 60)
    if minutes:
        said += " " + ngettext(
            "In all it takes about %(n)d minute.", "In all it takes about %(n)d minutes.", minutes
        ) % {"n": minutes}
    return said


def _inputs(line: ScenarioLine) -> Iterator[Fact]:
    asked = line.asked
    turnover = {0.75: _("a quarter fewer moves"), 1.25: _("a quarter more moves")}
    yield Fact(term=_("Years ahead"), value=formats.number(asked.years))
    yield Fact(term=_("Compared with"), value=way_of_letting(asked.regimes[0]))
    yield Fact(
        term=_("How many households move?"),
        value=turnover.get(asked.turnover, _("as many moves as now")),
    )
    ends = formats.day(asked.ends, "year") if asked.ends else _("not supposed")
    yield Fact(term=_("The experiment ends on"), value=ends)
    yield Fact(
        term=_("Played out"),
        value=_("%(n)s times") % {"n": formats.number(line.blocks * bridge.BLOCK)},
        note=_("starting number %(seed)s") % {"seed": asked.seed},
    )


def _regimes(line: ScenarioLine) -> DataTable:
    return DataTable(
        caption=_("The ways of letting"),
        columns=(Column(label=_("Way of letting")), Column(label=_("What it does"))),
        rows=tuple(
            (way_of_letting(name), str(REGIME_SAYS.get(name, ""))) for name in line.asked.regimes
        ),
    )


class _Told:
    """What a document says, in the words of the page; figures are of the last year."""

    def __init__(self, page: ScenarioPage) -> None:
        self.page, self.document = page, page.document or {}
        self.asked = page.line.asked
        self.rows: dict[tuple[str, str, str, int], Mapping[str, Any]] = {
            (each["regime"], each["measure"], each["of"] or "", each["year"]): each
            for each in self.document["figures"]
        }
        [self.base] = self.document["bases"]

    def _told_of(self, measure: str) -> tuple[str, ...]:
        """Return the groups of which a measure tells, in the order of the document."""
        groups = (of for _regime, what, of, _year in self.rows if what == measure)
        return tuple(dict.fromkeys(groups))

    def _row(self, regime: str, measure: str, of: str = "", year: int | None = None) -> Any:  # noqa: ANN401
        return self.rows[regime, measure, of, self.asked.years if year is None else year]

    @property
    def _others(self) -> tuple[str, ...]:
        return self.asked.regimes[1:]

    def stamp(self) -> Stamp | None:
        day = self.document["data_date"]
        if not day:
            return None
        return Stamp(
            data_of=date.fromisoformat(day),
            norms=self.document["normset"],
            method_href=reverse("desk:method"),
        )

    def sentence(self) -> str:
        """Say in one sentence which part stays in the band with each way."""
        found = [(name, self._row(name, "in_band")["value"]) for name in self.asked.regimes]
        if any(value is None for _name, value in found):
            return _("No complex has limits yet: without those there is no band to keep.")
        parts = [
            _("%(share)s with “%(regime)s”")
            % {"share": formats.share(value), "regime": way_of_letting(name)}
            for name, value in found
        ]
        said = ngettext(
            "In %(n)d year this part of the complexes is in the band: %(parts)s.",
            "In %(n)d years this part of the complexes is in the band: %(parts)s.",
            self.asked.years,
        )
        return said % {"n": self.asked.years, "parts": ", ".join(parts)}

    def notes(self) -> Iterator[str]:
        """Say what had to be supposed, and what can't be."""
        if self.base["assumed"]:
            yield _(
                "Too little history was counted here to be sure how often homes come free or how "
                "often neighbours change. There an assumption stands in its place, so the figures "
                "are less sure than their intervals say."
            )
        impossible = self.page.rests_on.get("impossible")
        if impossible:
            yield bridge.trouble_text(impossible, language())
        if self.base["unholdable"]:
            number = len(self.base["unholdable"].split())
            yield ngettext(
                "No mix fits the limits of %(n)d complex; it never counts as in the band.",
                "No mix fits the limits of %(n)d complexes; they never count as in the band.",
                number,
            ) % {"n": number}
        for group in self.base["groups_assumed"].split():
            yield _(
                "Of “%(group)s” it isn't known which neighbours they became: the ordinary offer is "
                "taken for it."
            ) % {"group": group_word(group)}

    @cached_property
    def fans(self) -> tuple[tuple[str, Course], ...]:
        """The share of complexes in the band per way and year; none where nothing has limits."""
        limited = self._row(self.asked.regimes[0], "in_band")["value"] is not None
        return tuple(self._fans()) if limited else ()

    def _fans(self) -> Iterator[tuple[str, Course]]:
        day = date.fromisoformat(self.document["day"])
        for name in self.asked.regimes:
            years = [self._row(name, "in_band", year=y) for y in range(self.asked.years + 1)]
            point = round(100 * years[0]["value"])
            here = Span(low=point, high=point)
            counted = Counted(best=point, likely=here, wide=here, homes=100)
            ahead = tuple(
                Ahead(
                    months=12 * number,
                    label=str(day.year + number),
                    middle=100 * row["value"],
                    likely=self._spread(row, HALF),
                    wide=self._spread(row, MOST),
                    marked=number in {self.asked.years, self.asked.years // 2},
                )
                for number, row in enumerate(years)
            )
            moment = Moment(day=day, label=str(day.year), counted=counted)
            yield way_of_letting(name), Course(moments=(moment,), ahead=ahead)

    def _spread(self, row: Mapping[str, Any], wide: float) -> Span:
        """Return the part of single runs around the mean, in whole percents."""
        reach = wide * row["error"] * sqrt(self.base["runs"])
        low, high = (100 * (row["value"] + sign * reach) for sign in (-1, 1))
        return Span(low=round(max(low, 0.0)), high=round(min(high, 100.0)))

    def axis(self) -> Span | None:
        return fan_axis([course for _name, course in self.fans], most=100) if self.fans else None

    def figures(self) -> DataTable:
        """Say how every way stands in the last year, each figure with its interval."""
        return self._table(
            _("How it stands after the last year"),
            self.asked.regimes,
            _between,
        )

    def differences(self) -> DataTable | None:
        """Say what differs from the way that the others are compared with."""
        if not self._others:
            return None
        title = _("The difference with “%(regime)s”") % {
            "regime": way_of_letting(self.asked.regimes[0])
        }
        return self._table(title, self._others, _apart)

    def _table(self, caption: str, regimes: Sequence[str], say: Any) -> DataTable:  # noqa: ANN401
        return DataTable(
            caption=caption,
            caption_shown=True,
            columns=(
                Column(label=_("Way of letting")),
                Column(label=_("Complexes in the band"), numeric=True),
                Column(label=_("Households out of the band"), numeric=True),
                Column(label=_("All promises kept in the year"), numeric=True),
                Column(label=_("Days that homes stand empty in the year"), numeric=True),
            ),
            rows=tuple(
                (
                    way_of_letting(name),
                    say(self._row(name, "in_band"), "share"),
                    say(self._row(name, "out_of_band"), "count"),
                    say(self._row(name, "promises_kept"), "share"),
                    say(self._row(name, "days_vacant"), "count"),
                )
                for name in regimes
            ),
        )

    def waits(self) -> DataTable:
        """Say who bears it: how much longer each group waits, and how many are passed over."""
        return DataTable(
            caption=_("Who bears it, in the last year"),
            columns=(
                Column(label=_("Way of letting")),
                Column(label=_("Who")),
                Column(label=_("Waiting"), numeric=True),
                Column(label=_("Passed over in the year"), numeric=True),
            ),
            rows=tuple(
                (
                    way_of_letting(name),
                    category_name(group),
                    self._waiting(name, group),
                    _between(self._row(name, "passed", group), "count"),
                )
                for name in self.asked.regimes
                for group in self._told_of("waiting")
            ),
        )

    def _waiting(self, regime: str, group: str) -> str:
        say = _between if regime == self.asked.regimes[0] else _apart
        return say(self._row(regime, "waiting", group), "months")

    def promises(self) -> DataTable | None:
        """Say per promise which part of it is let in the last year."""
        groups = self._told_of("met")
        if not groups:
            return None
        heads = [Column(label=group_word(group), numeric=True) for group in groups]
        return DataTable(
            caption=_("Which part of every promise is let in the last year"),
            columns=(Column(label=_("Way of letting")), *heads),
            rows=tuple(
                (
                    way_of_letting(name),
                    *(_between(self._row(name, "met", group), "share") for group in groups),
                )
                for name in self.asked.regimes
            ),
        )

    def rests_on(self) -> Iterator[Fact]:
        """Say which homes, promises and supply it leans on."""
        told = self.page.rests_on
        yield Fact(
            term=_("Complexes"),
            value=formats.number(told["complexes"]),
            note=_("%(n)s of them with limits") % {"n": formats.number(told["with_band"])},
        )
        yield Fact(term=_("Homes"), value=formats.number(told["homes"]))
        for group, per_year in told["promises"]:
            yield Fact(
                term=_("Promised: %(group)s") % {"group": group_word(group)},
                value=_("%(n)s in a year") % {"n": formats.number(per_year, 1)},
            )
        for group, per_year in told["arrivals"].items():
            yield Fact(
                term=_("Join the line: %(group)s") % {"group": category_name(group)},
                value=_("%(n)s in a year") % {"n": formats.number(per_year, 1)},
            )


def _number(value: float, kind: str, *, signed: bool = False) -> str:
    """Write a figure; nothing that is counted is below none, and no share beyond the whole."""
    shown = 100 * value if kind == "share" else value
    if not signed and kind in {"share", "count"}:
        shown = max(shown, 0.0) if kind == "count" else min(max(shown, 0.0), 100.0)
    told = formats.number(shown, 0 if abs(shown) >= 10 else 1).replace("-", "−")
    return f"+{told}" if signed and value > 0 else told


def _unit(kind: str) -> str:
    return {"share": "%", "months": _("months")}.get(kind, "")


def _between(row: Mapping[str, Any], kind: str) -> str:
    """Write a figure with the interval that holds its mean 95 times out of 100."""
    if row["value"] is None:
        return "–"
    told = {
        "value": _number(row["value"], kind),
        "low": _number(row["low"], kind),
        "high": _number(row["high"], kind),
    }
    said = _("%(value)s (%(low)s to %(high)s)") % told
    return f"{said} {_unit(kind)}".strip()


def _apart(row: Mapping[str, Any], kind: str) -> str:
    """Write a difference with its interval; where chance can explain it, say so."""
    if row["difference"] is None:
        return "–"
    if row["difference_low"] <= 0 <= row["difference_high"]:
        return _("no difference to be seen")
    told = {
        "value": _number(row["difference"], kind, signed=True),
        "low": _number(row["difference_low"], kind, signed=True),
        "high": _number(row["difference_high"], kind, signed=True),
    }
    unit = _("points") if kind == "share" else _unit(kind)
    return f"{_('%(value)s (%(low)s to %(high)s)') % told} {unit}".strip()
