"""Can everything that was agreed hold together, and what would one more of each promise cost?

What is shown stands in the document that the command line gives too: agreements, ways out and what
still fits. Of a complex nothing is told, only of agreements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.catalogue import sentence
from mixwijzer.web.agreements.selectors import ObligationLine
from mixwijzer.web.letting.screens import Veil, language, veil_of
from mixwijzer.web.outlook import bridge
from mixwijzer.web.outlook.selectors import Weighed
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.components import Column, DataTable, Figure, Link, ReasonLine, Stamp

__all__ = ["FeasibilityScreen", "Feasible", "feasibility_screen"]

NOTICEABLE = 0.05  # household-years: below this a price isn't named


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """What one more of a promise costs, as it also stands on the card of the promise.

    `fits` is how many more fit, or why that can't be said; `price` what one costs the mix.
    """

    anchor: str
    title: str
    fits: ReasonLine
    price: ReasonLine | None

    @property
    def says(self) -> tuple[ReasonLine, ...]:
        """Both, as far as there are."""
        return (self.fits, self.price) if self.price else (self.fits,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """One association: the answer, what was weighed, what clashes, the ways out, and one more."""

    association: str
    computing: str
    hidden: Veil | None
    answer: tuple[ReasonLine, ...]
    figures: tuple[Figure, ...]
    owed: DataTable | None
    clash: DataTable | None
    ways_out: DataTable | None
    more: tuple[OneMore, ...]

    @property
    def in_short(self) -> tuple[ReasonLine, ...]:
        """The answer, and how many more of each promise fit."""
        fits = (replace(each.fits, title=f"{each.title}: {each.fits.title}") for each in self.more)
        return (*self.answer, *fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibilityScreen:
    """Everything that the page draws; the name of an association only where there are several."""

    associations: tuple[Feasible, ...]
    several: bool
    stamp: Stamp | None


def feasibility_screen(found: Sequence[Weighed]) -> FeasibilityScreen:
    """Turn what was computed into what the page draws."""
    told = next((each.document for each in found if each.document), None)
    return FeasibilityScreen(
        associations=tuple(map(_feasible, found)),
        several=len(found) > 1,
        stamp=Stamp(
            data_of=date.fromisoformat(told["data_date"]),
            norms=told["normset"],
            method_href=reverse("desk:method"),
        )
        if told and told["data_date"]
        else None,
    )


def _feasible(found: Weighed) -> Feasible:
    said = _Said(found)
    return Feasible(
        association=found.association,
        computing="" if found.hidden else _computing(found),
        hidden=veil_of(found.hidden) if found.hidden else None,
        answer=tuple(said.answer()),
        figures=tuple(said.figures()),
        owed=said.owed(),
        clash=said.clash(),
        ways_out=said.ways_out(),
        more=tuple(said.more(line) for line in found.lines),
    )


def _computing(found: Weighed) -> str:
    if found.made_at is None:
        return _("This is being computed. Look again in a few minutes; you can go on working.")
    if found.current:
        return ""
    return _("Of %(day)s; since then something changed. It is being computed anew.") % {
        "day": formats.day(found.made_at, "year")
    }


class _Said:
    """What a document says, in the words of the page."""

    def __init__(self, found: Weighed) -> None:
        self.found = found
        self.whole: Mapping[str, Any] = found.document or {}
        self.told: Mapping[str, Any] = self.whole.get("feasibility") or {}
        self.lines = {each.code: each for each in found.lines}
        self.promises = {each["obligation"]: each for each in self.told.get("promises", ())}

    # --- the answer

    def answer(self) -> Iterator[ReasonLine]:
        """Say whether everything holds; nothing before it was computed."""
        if "trouble" in self.whole:
            text = bridge.trouble_text(self.whole["trouble"], language())
            yield ReasonLine(tone="mute", title=_("This can't be said"), text=text)
        elif self.told:
            yield self._verdict()
            yield from self._assumed()
        elif self.whole:
            yield ReasonLine(tone="mute", title=_("Nothing is owed today"))

    def _verdict(self) -> ReasonLine:
        low, high = self.told["homes_low"], self.told["homes_high"]
        if self.told["together"] == "unknown":
            return ReasonLine(
                tone="mute",
                title=_("Not to be said yet"),
                text=_("That takes a quarter of notices and lettings."),
            )
        tone, title, text = {
            "holds": (
                "ok",
                _("Everything that was agreed holds together"),
                _(
                    "Also when things go against us: no more than %(low)s homes come free until "
                    "then, and complexes have as little room as is likely."
                ),
            ),
            "depends": (
                "warn",
                _("It depends on what comes free"),
                _(
                    "It holds when %(high)s homes come free and complexes have much room. With "
                    "%(low)s homes and little room it clashes."
                ),
            ),
            "conflict": (
                "stop",
                _("Not everything that was agreed can hold"),
                _(
                    "Also not when things go well: %(high)s homes come free and complexes have as "
                    "much room as is likely."
                ),
            ),
        }[self.told["together"]]
        facts = {"low": formats.number(low), "high": formats.number(high)}
        return ReasonLine(tone=tone, title=title, text=text % facts)

    def _assumed(self) -> Iterator[ReasonLine]:
        for group in self.told["assumed"]:
            yield ReasonLine(
                tone="mute",
                title=_("Of “%(group)s” too little is known") % {"group": group_word(group)},
                text=_(
                    "No letting tells which homes suit or how many persons a household has: every "
                    "home is taken to suit, and one person a household."
                ),
            )

    # --- what was weighed

    def figures(self) -> Iterator[Figure]:
        """Say what is owed, against which homes."""
        if not self.promises:
            return
        owed = sum(each["households"] for each in self.promises.values())
        low, high = self.told["homes_low"], self.told["homes_high"]
        yield Figure(
            icon="target",
            label=_("Still owed"),
            value=formats.number(owed),
            unit=ngettext("home", "homes", owed),
            href=reverse("agreements:obligations"),
        )
        yield Figure(
            icon="door-open",
            label=_("Homes that likely come free"),
            value=formats.number(low) if low == high else f"{formats.number(low)}–{high}",
            unit=ngettext("home", "homes", high),
            note=_("until the last promise ends; of every complex what came free in a year"),
            href=reverse("desk:complexes"),
        )
        yield Figure(
            icon="key-round",
            label=_("Free today among them"),
            value=formats.number(self.told["free_today"]),
            unit=ngettext("home", "homes", self.told["free_today"]),
            href=reverse("letting:vacancies"),
        )

    def owed(self) -> DataTable | None:
        """List the promises with the homes that they take."""
        if not self.promises:
            return None
        return DataTable(
            caption=_("What is still owed"),
            columns=(
                Column(label=_("Promise")),
                Column(label=_("Up to and including")),
                Column(label=_("Still owed"), numeric=True),
                Column(label=_("Homes that it takes"), numeric=True),
            ),
            rows=tuple(
                (
                    self._link_of(each["obligation"], self._title(each["obligation"])),
                    self._last(each["obligation"]),
                    f"{formats.number(each['owed'])} {_unit(each['unit'], each['owed'])}",
                    formats.number(each["households"]),
                )
                for each in self.promises.values()
            ),
        )

    def _title(self, code: str) -> str:
        group = self.promises[code]["group"] if code in self.promises else self.lines[code].group
        return f"{group_word(group)} ({code})"

    def _last(self, code: str) -> str:
        line = self.lines.get(code)
        return formats.day(line.last, "year") if line else "–"

    def _link_of(self, code: str, label: str) -> Link:
        """Link to the card of a promise."""
        line, href = self.lines.get(code), reverse("agreements:obligations")
        return Link(label=label, href=f"{href}#{line.anchor('lettings')}" if line else href)

    # --- what clashes, and what could give way

    def clash(self) -> DataTable | None:
        """List what can't hold together, each with its source."""
        conflict = self.told.get("conflict")
        if not conflict:
            return None
        return DataTable(
            caption=_("This can't hold together; without any one of them the rest can"),
            columns=(Column(label=_("What was agreed")), Column(label=_("How firm"))),
            rows=tuple((self._link(each), _firm(each)) for each in conflict["agreements"]),
        )

    def ways_out(self) -> DataTable | None:
        """Put the ways out beside each other; each is enough by itself."""
        conflict = self.told.get("conflict")
        if not conflict or not conflict["ways_out"]:
            return None
        return DataTable(
            caption=_("Ways out; each is enough by itself"),
            columns=(Column(label=_("Way out")), Column(label=_("What gives way"))),
            rows=tuple(
                (formats.number(number), "; ".join(map(self._gives_way, moves)))
                for number, moves in enumerate(conflict["ways_out"], 1)
            ),
        )

    def _gives_way(self, move: Mapping[str, Any]) -> str:
        """Say what gives way and how much, in short: what clashes stands above in full."""
        if move["kind"] == "homes":
            return _move(move)
        known = move["agreement"] in self.promises
        what = self._title(move["agreement"]) if known else str(self._link(move).label)
        return f"{what}: {_move(move)}"

    def _link(self, agreement: Mapping[str, Any]) -> Link:
        """Say what was agreed, with a link to where it stands."""
        if agreement["kind"] == "homes":
            return Link(label=self._homes(), href=reverse("desk:complexes"))
        if agreement["agreement"] in self.promises:
            code = agreement["agreement"]
            return self._link_of(code, self._promise(self.promises[code], agreement["wording"]))
        setter = agreement["set_by_kind"], agreement["set_by"]
        if setter not in self.found.places:
            return Link(label=_rule(agreement, setter[1]), href=reverse("profiles:list"))
        asked = urlencode({"kind": setter[0], "code": setter[1]})
        label = _rule(agreement, self.found.places[setter])
        return Link(label=label, href=f"{reverse('profiles:place')}?{asked}")

    def _homes(self) -> str:
        hopeful = self.told["together"] == "conflict"
        return _("The homes that come free: %(n)s") % {
            "n": formats.number(self.told["homes_high" if hopeful else "homes_low"])
        }

    def _promise(self, each: Mapping[str, Any], wording: str | None) -> str:
        """Say what is still owed, in the words of the agreement where it has them."""
        text = _("%(title)s: %(owed)s %(unit)s still owed, up to and including %(last)s")
        return text % {
            "title": f"{self._title(each['obligation'])} “{wording}”"
            if wording
            else self._title(each["obligation"]),
            "owed": formats.number(each["owed"]),
            "unit": _unit(each["unit"], each["owed"]),
            "last": self._last(each["obligation"]),
        }

    # --- one more

    def more(self, line: ObligationLine) -> OneMore:
        """Say what one more of a promise costs; where it can't be said, why."""
        return OneMore(
            anchor=line.anchor("more"),
            title=self._title(line.code),
            fits=self._fits(line),
            price=self._price(line.group) if self.told else None,
        )

    def _fits(self, line: ObligationLine) -> ReasonLine:
        if self.found.hidden:
            return _unsaid(_("First your own view is asked."))
        if not self.told:
            why = next((each.text or each.title for each in self.answer()), "")
            return _unsaid(str(why) or _computing(self.found))
        found = next((m for m in self.told["one_more"] if m["obligation"] == line.code), None)
        return self._room(found) if found else _unsaid(self._why_not())

    def _why_not(self) -> str:
        return {
            "unknown": _("Too little history tells how many homes come free."),
            "depends": _("What was agreed already clashes when few homes come free."),
            "conflict": _("What was agreed already clashes; one more comes on top of that."),
        }.get(self.told["together"], _("The promise isn't among what was weighed yet."))

    def _room(self, found: Mapping[str, Any]) -> ReasonLine:
        """Say how many more fit, and what the next one clashes with."""
        others = [
            each
            for each in found["conflict"]["agreements"]
            if each["agreement"] != found["obligation"]
        ]
        if not others:
            return ReasonLine(tone="stop", title=_("No home that comes free suits one more"))
        clash = "; ".join(str(self._link(each).label) for each in others)
        if not found["free"]:
            return ReasonLine(
                tone="warn",
                title=_("One more doesn't fit"),
                text=_("It clashes with: %(clash)s.") % {"clash": clash},
            )
        title = ngettext(
            "Room for %(n)s more household",
            "Room for %(n)s more households",
            found["free"],
        ) % {"n": formats.number(found["free"])}
        text = _("Before anything has to give. One beyond that clashes with: %(clash)s.")
        return ReasonLine(tone="ok", title=title, text=text % {"clash": clash})

    def _price(self, group: str) -> ReasonLine:
        """Say the price of room: what one more letting costs the mix, in all complexes."""
        price = (self.found.prices or {}).get(group)
        if price is None:
            return _unsaid(
                _("Year in year out what was agreed can't be kept, so one more has no price.")
                if self.found.prices is None
                else _("It comes with the next look ahead."),
                _("What it costs the mix can't be said"),
            )
        title = _("One place more costs the mix nothing noticeable")
        if price < NOTICEABLE:
            return ReasonLine(tone="ok", title=title)
        title = _("One place more: for %(n)s years a household more outside a band") % {
            "n": formats.number(price, 1)
        }
        text = _(
            "Added up over all our homes and the years to come, when every home is let as well as "
            "can be."
        )
        return ReasonLine(tone="info", title=title, text=text)


def _unsaid(why: str, title: str = "") -> ReasonLine:
    return ReasonLine(tone="mute", title=title or _("How many more fit can't be said"), text=why)


def _unit(unit: str, number: int) -> str:
    if unit == "persons":
        return ngettext("person", "persons", number)
    return ngettext("household", "households", number)


def _rule(agreement: Mapping[str, Any], setter: str) -> str:
    """Say what a row of a profile asks."""
    figure = agreement["figure"]
    text = {
        "cap": _("%(setter)s: at most %(figure)s households “%(category)s” per %(level)s"),
        "floor": _("%(setter)s: at least %(figure)s “%(category)s” per %(level)s"),
        "band": _("%(setter)s: at most %(figure)s “%(category)s” per %(level)s"),
    }[agreement["kind"]]
    return text % {
        "setter": setter,
        "figure": formats.number(figure)
        if agreement["kind"] == "cap"
        else formats.share(figure / 10_000),
        "category": category_name(agreement["category"]),
        "level": sentence(f"words.scope.{agreement['level']}", language()),
    }


def _firm(agreement: Mapping[str, Any]) -> str:
    if agreement["kind"] == "homes":
        return _("what may be expected")
    if agreement["kind"] == "promise":
        return _("promised")
    return _("strict") if agreement["hard"] else _("an aim")


def _move(move: Mapping[str, Any]) -> str:
    """Say how much gives way."""
    number = move["units"]
    if move["kind"] == "homes":
        text = ngettext(
            "%(n)s home more comes free, or is made to suit",
            "%(n)s homes more come free, or are made to suit",
            number,
        )
    elif move["kind"] == "promise":
        text = _("%(n)s %(unit)s fewer, or later")
    else:
        text = ngettext(
            "%(n)s household outside it, in %(places)s places",
            "%(n)s households outside it, in %(places)s places",
            number,
        )
        if move["places"] == 1:
            text = ngettext(
                "%(n)s household outside it, in one place",
                "%(n)s households outside it, in one place",
                number,
            )
    return text % {
        "n": formats.number(number),
        "unit": _unit(move["unit"], number),
        "places": formats.number(move["places"]),
    }
