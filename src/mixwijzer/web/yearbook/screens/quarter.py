"""What does the sheet of a quarter say? Two pages: what was promised, and how homes were let."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.papers import makes_pdf
from mixwijzer.web.letting.reasons import DeviateReason
from mixwijzer.web.outlook.screens import Feasible, feasibility_screen
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Column, DataTable, Figure, Link, ReasonLine
from mixwijzer.web.yearbook.bridge import Shortfall
from mixwijzer.web.yearbook.selectors import (
    Quarter,
    QuarterPage,
    QuarterPromise,
    QuarterRequests,
    QuarterWork,
)

__all__ = ["QuarterScreen", "quarter_screen"]

NOTICEABLE = 0.5  # of a household or person: below this a part of a shortfall isn't named


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A promise drawn: what is done, what is under way, and where an even pace would be."""

    title: str
    done: float
    coming: tuple[float, float]
    even: tuple[tuple[float, str], ...]
    says: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterScreen:
    """Everything that the sheet draws."""

    title: str
    about: str
    before: Link
    after: Link | None
    promises: DataTable | None
    reached: tuple[Reached, ...]
    own: bool
    menu: DataTable | None
    feasible: tuple[Feasible, ...]
    council: str
    word_href: str
    pdf_href: str
    work: tuple[Figure, ...]
    others: DataTable | None
    says: tuple[ReasonLine, ...]
    method_href: str


def quarter_screen(page: QuarterPage, today: date) -> QuarterScreen:
    """Turn a quarter into what its sheet draws."""
    asked, work = page.quarter, page.work
    weighed = feasibility_screen(page.weighed)
    last = asked.end - timedelta(days=1)
    return QuarterScreen(
        title=_name(asked),
        about=_("Counted up to and including %(day)s.") % {"day": formats.day(page.day, "year")}
        if page.day < last
        else _("The whole quarter."),
        before=_link(asked.after(-1)),
        after=_link(asked.after(1)) if asked.end <= today else None,
        promises=_promises(page),
        reached=tuple(map(_reached, page.promises)),
        own=any(each.board.own for each in page.promises),
        menu=_menu(page),
        feasible=tuple(each for each in weighed.associations if each.answer),
        council=_council(page),
        word_href=f"{reverse('yearbook:word')}?of={asked}",
        pdf_href=f"{reverse('yearbook:pdf')}?of={asked}" if makes_pdf() else "",
        work=_work(work) if work else (),
        others=_others(work) if work else None,
        says=tuple(_requests(page.requests)) if page.requests else (),
        method_href=reverse("desk:method"),
    )


def _name(asked: Quarter) -> str:
    return _("Quarter %(number)d of %(year)d") % {"number": asked.number, "year": asked.year}


def _link(asked: Quarter) -> Link:
    return Link(label=_name(asked), href=f"{reverse('yearbook:quarter')}?of={asked}")


# --- what was promised


def _promises(page: QuarterPage) -> DataTable | None:
    """Return a row for each promise; the names of associations only where there are several."""
    if not page.promises:
        return None
    several = len({each.board.line.association for each in page.promises}) > 1
    own = any(each.board.own for each in page.promises)
    names = [_("Group"), *([_("Association")] if several else [])]
    counts = [_("Agreed"), _("Done"), _("This quarter"), _("Under way"), _("Still to do")]
    ahead = [_("Still to come"), _("Chance that it is met")] if own else []
    return DataTable(
        caption=_("What was promised"),
        columns=(
            *(Column(label=label) for label in names),
            *(Column(label=label, numeric=True) for label in (*counts, *ahead)),
        ),
        rows=tuple(tuple(_row(each, several=several, own=own)) for each in page.promises),
    )


def _row(each: QuarterPromise, *, several: bool, own: bool) -> Iterator[str | Link]:
    line = each.board.line
    yield Link(label=_titled(each), href=reverse("agreements:obligations"))
    if several:
        yield line.association
    counts = (line.owed, line.realised, each.gained, line.under_way, line.remaining)
    yield from (formats.number(count) for count in counts)
    if own:
        yield from _ahead(each)


def _titled(each: QuarterPromise) -> str:
    """Name a group with its unit: persons and households don't add up."""
    line = each.board.line
    unit = _("persons") if line.unit == "persons" else _("households")
    return f"{group_word(line.group)} ({unit})"


def _ahead(each: QuarterPromise) -> Iterator[str]:
    told = each.board.expected
    if told is None or not each.board.line.remaining:
        yield "–"
        yield _("met") if not each.board.line.remaining else "–"
        return
    low, high = (formats.number(end) for end in told.coming)
    yield low if low == high else f"{low}–{high}"
    yield formats.of_hundred(told.chance)


def _reached(each: QuarterPromise) -> Reached:
    done, coming, even = each.board.line.parts
    return Reached(
        title=_titled(each),
        done=done,
        coming=(done, coming),
        even=((even, _("even pace")),),
        says=tuple(_why(each)),
    )


def _why(each: QuarterPromise) -> Iterator[ReasonLine]:
    """Say how it goes and, where it is behind, what that came from."""
    line = each.board.line
    if line.behind <= 0 or not line.remaining:
        yield ReasonLine(tone="ok", title=_("On pace") if line.remaining else _("Met"))
        return
    title = _("%(n)s behind an even pace") % {"n": formats.number(line.behind)}
    yield ReasonLine(tone="warn", title=title, text=" ".join(_came_from(each)))


def _came_from(each: QuarterPromise) -> Iterator[str]:
    why = each.why
    if why is None:
        if each.board.own:
            yield _("Why can't be said: of the year before too little is known.")
        return
    facts = _facts(each, why)
    for amount, costs, helps in (
        (
            why.fewer_homes,
            _("%(homes)s homes came free and not %(usual)s, as after the year before: %(n)s less."),
            _("%(homes)s homes came free and not %(usual)s, as after the year before: %(n)s more."),
        ),
        (
            why.smaller_part,
            _("The promise takes %(owed)s of 100 homes, the group got %(got)s: %(n)s less."),
            _("The promise takes %(owed)s of 100 homes, the group got %(got)s: %(n)s more."),
        ),
    ):
        if abs(amount) >= NOTICEABLE:
            yield (costs if amount > 0 else helps) % {**facts, "n": formats.number(abs(amount), 1)}


def _facts(each: QuarterPromise, why: Shortfall) -> dict[str, str]:
    line = each.board.line
    there = line.realised + line.under_way
    return {
        "homes": formats.number(why.homes),
        "usual": formats.number(round(why.usual)),
        "owed": formats.number(100 * line.pace / why.usual, 1),
        "got": formats.number(100 * there / max(why.homes, 1), 1),
    }


def _menu(page: QuarterPage) -> DataTable | None:
    """Return what next year's agreement can be made of: numbers with how sure they are."""
    rows = tuple(
        (
            _titled(each),
            formats.number(each.board.line.target),
            *(formats.number(reached) for reached in each.menu),
        )
        for each in page.promises
        if each.menu is not None
    )
    if not rows:
        return None
    return DataTable(
        caption=_("What can be agreed for a next year?"),
        columns=(
            Column(label=_("Group")),
            Column(label=_("Agreed for this period"), numeric=True),
            Column(label=_("Nearly always, 9 in 10"), numeric=True),
            Column(label=_("As often as not"), numeric=True),
            Column(label=_("Seldom, 1 in 10"), numeric=True),
        ),
        rows=rows,
    )


def _council(page: QuarterPage) -> str:
    """Tell it in one paragraph, for who has to tell a council."""
    return " ".join(_told(each) for each in page.promises)


def _told(each: QuarterPromise) -> str:
    line = each.board.line
    unit = _("persons") if line.unit == "persons" else _("households")
    facts = {
        "association": line.association,
        "owed": formats.number(line.owed),
        "unit": unit,
        "group": group_word(line.group),
        "last": formats.day(line.last, "year"),
        "done": formats.number(line.realised),
        "gained": formats.number(each.gained),
        "under_way": formats.number(line.under_way),
        "left": formats.number(line.remaining),
    }
    text = _(
        "%(association)s agreed to house %(owed)s %(unit)s of the group “%(group)s” up to and "
        "including %(last)s. That was done for %(done)s, of which %(gained)s in this quarter; for "
        "%(under_way)s it is under way."
    )
    rest = _("For %(left)s a home is still to be found.") if line.remaining else _("It is met.")
    return f"{text} {rest}" % facts


# --- how homes were let


def _work(work: QuarterWork) -> tuple[Figure, ...]:
    dated = work.decided - work.undated
    return (
        Figure(
            icon="key-round",
            label=_("Decided"),
            value=formats.number(work.decided),
            unit=ngettext("home", "homes", work.decided),
            href=reverse("letting:vacancies"),
        ),
        Figure(
            icon="clock",
            label=_("Before the advert"),
            value=_("%(n)s of %(all)s")
            % {"n": formats.number(work.in_time), "all": formats.number(dated)},
            note=_("of %(n)s the day isn't known") % {"n": formats.number(work.undated)}
            if work.undated
            else "",
        ),
        Figure(
            icon="history",
            label=_("Days lost to the mix check"),
            value=formats.number(work.days_lost),
            unit=ngettext("day", "days", work.days_lost),
            note=_("decided after the day of the advert"),
        ),
        Figure(
            icon="trending-up",
            label=_("From notice to decision"),
            value="–" if work.days_to_decide is None else formats.number(work.days_to_decide, 1),
            unit=_("days, the middle one"),
        ),
    )


def _others(work: QuarterWork) -> DataTable:
    """Return how often the advice was followed, and why not."""
    found = sorted(work.reasons.items(), key=lambda each: (-each[1], each[0]))
    rows = [(str(DeviateReason(code).label), formats.number(count)) for code, count in found]
    others = sum(work.reasons.values())
    return DataTable(
        caption=_("Advice and decision"),
        columns=(Column(label=_("Decision")), Column(label=_("How often"), numeric=True)),
        rows=(
            (_("As advised"), formats.number(work.followed)),
            (_("Otherwise"), formats.number(others)),
            *((f"– {label}", count) for label, count in rows),
            *([(_("Read by a second reader"), formats.number(work.read))] if others else []),
        ),
    )


def _requests(told: QuarterRequests) -> Iterator[ReasonLine]:
    """Say how requests for a place went."""
    text = _("%(asked)s came in this quarter, %(closed)s were closed.") % {
        "asked": formats.number(told.asked),
        "closed": formats.number(told.closed),
    }
    title = ngettext(
        "%(n)s request for a place is open", "%(n)s requests for a place are open", told.waiting
    ) % {"n": formats.number(told.waiting)}
    yield ReasonLine(tone="info", title=title, text=text)
    if told.long:
        long = ngettext(
            "%(n)s of them waits longer than was agreed",
            "%(n)s of them wait longer than was agreed",
            told.long,
        )
        yield ReasonLine(tone="warn", title=long % {"n": formats.number(told.long)})
