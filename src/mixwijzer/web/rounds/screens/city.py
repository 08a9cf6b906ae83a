"""What does a reader see of a city round? Turns what selectors found into the kit's components."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.web.letting.match_steps import MatchState
from mixwijzer.web.letting.screens import Veil, language, veil_of
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.register.endings import EndingNotice, ending_notice
from mixwijzer.web.rounds.bridge import trouble_text
from mixwijzer.web.rounds.city_steps import (
    LAYABLE,
    TABLE_CHANGED,
    CityEvent,
    CityState,
    LeaveReason,
    Work,
)
from mixwijzer.web.rounds.screens.dividing import Told, person_href
from mixwijzer.web.rounds.screens.together import TableScreen, table_screen
from mixwijzer.web.rounds.screens.week import change_text
from mixwijzer.web.rounds.selectors.city import (
    CityHomeLine,
    CityPage,
)
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.components import Crumb, DataTable, Fact, Option, Stamp

__all__ = ["CityScreen", "city_screen"]

TONES = {
    CityState.PREPARED: "mute",
    CityState.COMPUTED: "info",
    CityState.RECOMPUTED: "info",
    CityState.RELEASED: "ask",
    CityState.ADOPTED: "ok",
    CityState.EXECUTED: "ok",
    CityState.DROPPED: "mute",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeScreen:
    """One home of a round."""

    line: CityHomeLine
    href: str
    about: str
    who: str
    who_href: str
    who_of: str
    group: str
    alone: str
    why_href: str
    left_out: str
    answered: str
    match_href: str
    match_says: str
    waits: str
    waits_href: str
    may_confirm: bool
    may_leave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CityScreen:
    """Everything that the page of a round draws."""

    page: CityPage
    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    state: str
    tone: str
    work: str
    divides: bool
    part: float
    homes: tuple[HomeScreen, ...]
    waiting: int
    leave: tuple[Option, ...]
    can: Mapping[str, bool]
    next: str
    trouble: str
    changes: tuple[str, ...]
    stale: str
    hidden: Veil | None
    ending: EndingNotice | None
    clash: tuple[str, ...]
    ways_out: tuple[str, ...]
    facts: tuple[Fact, ...]
    proof: tuple[str, ...]
    holds: bool
    burden: DataTable | None
    agreements: DataTable | None
    people: DataTable | None
    made: str
    stamp: Stamp | None
    table: TableScreen | None


def city_screen(page: CityPage) -> CityScreen:
    """Turn a round into what its page draws."""
    row, told = page.round, Told(page)
    there = "placements" in page.result
    return CityScreen(
        page=page,
        crumbs=(
            Crumb(label=_("City round"), href=reverse("rounds:cities")),
            Crumb(label=row.name),
        ),
        title=row.name,
        about=_about(page),
        state=str(CityState(row.state).label),
        tone=TONES[CityState(row.state)],
        work=str(Work(row.work).label) if row.work else "",
        divides=row.work == Work.DIVIDING,
        part=row.done / max(len(page.homes), 1),
        homes=tuple(_home(each, page) for each in page.homes),
        waiting=sum(bool(each.placed or each.guest) and not each.settled_by for each in page.homes),
        leave=tuple(Option(value=each.value, label=each.label) for each in LeaveReason),
        can={each.value: each in page.may for each in CityEvent},
        next=_next(page),
        trouble=_trouble(row.trouble),
        changes=tuple(change_text(kind, about, page.names) for kind, about in page.changes),
        stale=ngettext("outdated: %(n)d change", "outdated: %(n)d changes", len(page.changes))
        % {"n": len(page.changes)}
        if page.changes
        else "",
        hidden=veil_of(page.hidden) if page.hidden else None,
        ending=ending_notice(page.ending),
        clash=tuple(map(told.agreement, page.result.get("clash", ()))),
        ways_out=tuple(map(told.way_out, page.result.get("ways_out", ()))),
        facts=tuple(told.facts()) if there else (),
        proof=tuple(told.proof()) if there else (),
        holds=bool(page.result.get("holds")),
        burden=told.burden() if there else None,
        agreements=told.agreements() if there else None,
        people=told.people() if there else None,
        made=told.made(),
        stamp=told.stamp(),
        table=table_screen(page.table, page.result) if page.table else None,
    )


def _trouble(told: Mapping[str, Any]) -> str:
    """Say why nothing came of what a worker did last."""
    if not told:
        return ""
    if told["code"] == TABLE_CHANGED:
        return _(
            "Nothing was divided: something changed at the table meanwhile. Look at it, and divide "
            "together again."
        )
    return trouble_text(told["code"], told["subject"], told["facts"], language())


def _about(page: CityPage) -> str:
    homes = ngettext("%(n)d vacancy", "%(n)d vacancies", len(page.homes)) % {"n": len(page.homes)}
    people = ngettext("%(n)d candidate", "%(n)d candidates", len(page.people)) % {
        "n": len(page.people)
    }
    by = _("made by %(name)s") % {"name": page.round.made_by.name}
    return " · ".join((homes, people, by))


def _next(page: CityPage) -> str:
    """Say what comes next, and whose step that is."""
    alone = page.table is not None and "together" not in page.round.result
    if page.table and page.table.closed_at and alone:
        return _(
            "The table is closed, and nothing is divided there any more. Next: the head of letting "
            "withdraws this round; its homes and candidates can then go into another."
        )
    if alone and page.round.state in LAYABLE:
        if page.round.laid_at:
            return _(
                "This is what you would divide alone, and it lies on the table. Next: who set the "
                "table divides it with what the others laid there."
            )
        return _(
            "This is what you would divide alone. Next: the head of letting lays it on the table; "
            "who set the table then divides it with what the others laid there."
        )
    texts = {
        CityState.PREPARED: _("Next: compute. That takes seconds to minutes; you can leave."),
        CityState.COMPUTED: _("Next: the head of letting releases it to the partners."),
        CityState.RECOMPUTED: _("Next: the head of letting releases it to the partners."),
        CityState.RELEASED: _(
            "Talk it through with the partners at the table. Next: the head of letting adopts it."
        ),
        CityState.ADOPTED: _(
            "Next: home by home, after the decision about it. Confirming proposes the candidate; "
            "the match starts, and the candidate can still say no."
        ),
    }
    return texts.get(CityState(page.round.state), "")


def _home(line: CityHomeLine, page: CityPage) -> HomeScreen:
    home, placed = line.vacancy, line.placed or line.guest
    open_ = placed is not None and not line.settled_by
    adopted = CityEvent.CONFIRM in page.may and open_
    waits, waits_href = "", ""
    if adopted and line.gone:
        waits = _("The home is no longer free.")
    elif adopted and not line.decided:
        waits = _("First the decision about this home.")
        waits_href = reverse("letting:vacancy", args=[home.id])
    return HomeScreen(
        line=line,
        href=reverse("letting:vacancy", args=[home.id]),
        about=" · ".join(filter(None, (home.complex.name, formats.rooms(home.rooms)))),
        who=placed.number if placed else "",
        who_href=person_href(line.placed),
        who_of=line.guest.name if line.guest else "",
        group=group_word(placed.group) if placed and placed.group else "",
        alone=_alone(line),
        why_href=reverse("rounds:city-home", args=[line.id]) if page.result else "",
        left_out=_left_out(line),
        answered=_answered(line),
        match_href=reverse("letting:match", args=[line.match]) if line.match else "",
        match_says=str(MatchState(line.match_state).label) if line.match else "",
        waits=waits,
        waits_href=waits_href,
        may_confirm=adopted and line.decided and not line.gone,
        may_leave=adopted,
    )


def _alone(line: CityHomeLine) -> str:
    """Say who the order alone would have given it to."""
    if line.guest_alone:
        return _("a candidate of %(name)s") % {"name": line.guest_alone}
    if line.alone is None:
        return _("nobody")
    same = line.placed is not None and line.placed.number == line.alone.number
    return _("the same") if same else line.alone.number


def _left_out(line: CityHomeLine) -> str:
    if line.left_out == "dropped":
        return _("No longer open when it was computed.")
    return _("About this home no advice can be given: see its page.") if line.left_out else ""


def _answered(line: CityHomeLine) -> str:
    if not line.settled_by:
        return ""
    what = (
        str(LeaveReason(line.left_because).label) if line.left_because else _("candidate proposed")
    )
    return f"{what}: {line.settled_by}, {formats.day(line.settled_at) if line.settled_at else ''}"
