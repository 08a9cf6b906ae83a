"""Where one complex is going: the fan and the figures, for its own page and beside the account."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mixwijzer.web.letting.screens import Veil, veil_of
from mixwijzer.web.outlook.kept import CategoryAhead, Ending, Kept, Power, Side
from mixwijzer.web.outlook.screens.doing import doing
from mixwijzer.web.outlook.screens.figures import (
    Told,
    half_life,
    months_words,
    six,
    vacancies,
)
from mixwijzer.web.outlook.selectors import ComplexOutlook
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_column, category_name
from mixwijzer.web.ui.charts import (
    Ahead,
    Counted,
    Course,
    Field,
    Moment,
    Reach,
    Span,
    Waypoint,
)
from mixwijzer.web.ui.components import Column, Crumb, DataTable, ReasonLine, Stamp

__all__ = ["AheadPanel", "ComplexScreen", "ahead_panel", "complex_screen", "endings_table"]

DRAWN = range(25)  # months of a fan
NAMED = {12, 24}  # months that are named under it
CORNERS = ("attention", "carrier", "regular")  # top, left and right


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """The course of one category, and what it says."""

    category: str
    name: str
    course: Course
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadPanel:
    """What is shown of the years ahead beside an account; `trouble` in words where there is any.

    `rates` is what is assumed, `origin` what all of it was computed with.
    """

    fans: tuple[Fan, ...]
    figures: tuple[Told, ...]
    doing: tuple[ReasonLine, ...]
    computing: str
    trouble: str
    assumed: bool
    rates: str
    origin: str
    href: str


def ahead_panel(found: ComplexOutlook | None) -> AheadPanel | None:
    """Return the panel of one complex; None where this reader may not see it (yet)."""
    if found is None or found.hidden:
        return None
    kept = found.kept
    told = kept.power if kept else None
    return AheadPanel(
        fans=tuple(_fans(kept)) if kept else (),
        figures=six(kept, told) if kept and told else (),
        doing=tuple(doing(kept, told)) if kept and told else (),
        computing=computing(found),
        trouble=_trouble(kept),
        assumed=bool(kept and kept.pace.assumed),
        rates=_rates(kept) if kept else "",
        origin=_origin(kept) if kept else "",
        href=reverse("outlook:complex", args=[found.id]) if told else "",
    )


def computing(found: ComplexOutlook) -> str:
    """Say whether this is being computed, and of which day what is shown stems."""
    if found.current:
        return ""
    if found.kept is None:
        return _("This is being computed. Look again in a few minutes; you can go on working.")
    return _("Of %(day)s; since then something changed. It is being computed anew.") % {
        "day": formats.day(found.kept.day, "year")
    }


def _trouble(kept: Kept | None) -> str:
    if kept is None or not kept.trouble:
        return ""
    return {
        "no_band": _(
            "No band was agreed here, or the complex is too small for one. What may be expected "
            "is shown; whether it can be turned has no answer without a band."
        ),
        "nobody_there": _("Nobody lives here yet, so there is no mix to turn."),
        "never_renewed": _("No home comes free here by the rates, so nothing can be turned."),
    }.get(kept.trouble, _("This could not be computed with the rates of this complex."))


def _fans(kept: Kept) -> Iterator[Fan]:
    for each in sorted(kept.limited or kept.courses[:1], key=lambda one: _order(one.category)):
        months = {month: each.likely[month] for month in sorted(NAMED)}
        yield Fan(
            category=each.category,
            name=_name(each.category),
            course=_course(kept, each),
            says=_("In 12 months likely %(next)s households, in 24 months %(later)s.")
            % {"next": _words(months[12]), "later": _words(months[24])},
        )


def _order(category: str) -> int:
    return CORNERS.index(category) if category in CORNERS else len(CORNERS)


def _name(category: str) -> str:
    return str(capfirst(category_name(category)))


def _words(ends: tuple[int, int]) -> str:
    return formats.span_words(Span(low=ends[0], high=ends[1]))


def _span(ends: tuple[int, int]) -> Span:
    return Span(low=ends[0], high=ends[1])


def _course(kept: Kept, each: CategoryAhead) -> Course:
    before = tuple(
        _moment(kept, past.on, formats.day(past.on, "month"), past.best, past.likely, past.wide)
        for past in each.past
    )
    now = _moment(kept, kept.day, _("now"), each.best, each.likely[0], each.wide[0])
    return Course(
        moments=(*before, now),
        ahead=tuple(_month(kept, each, month) for month in DRAWN),
        at_most=each.at_most,
        at_least=each.at_least,
    )


def _moment(
    kept: Kept, day: date, label: str, best: int, likely: tuple[int, int], wide: tuple[int, int]
) -> Moment:
    counted = Counted(best=best, likely=_span(likely), wide=_span(wide), homes=kept.homes)
    return Moment(day=day, label=label, counted=counted)


def _month(kept: Kept, each: CategoryAhead, month: int) -> Ahead:
    year, place = divmod(kept.day.month - 1 + month, 12)
    day = date(kept.day.year + year, place + 1, 1)
    return Ahead(
        months=month,
        label=formats.day(day, "month"),
        middle=each.middle[month],
        likely=_span(each.likely[month]),
        wide=_span(each.wide[month]),
        marked=month in NAMED,
    )


def _rates(kept: Kept) -> str:
    low, likely, high = kept.pace.turnover
    slow, _likely, fast = kept.pace.change
    return _(
        "%(likely)s of the homes come free a year (%(low)s to %(high)s; %(n)d departures counted "
        "here), %(slow)s to %(fast)s of the neighbours change a year"
    ) % {
        "likely": formats.share(likely, 1),
        "low": formats.share(low, 1),
        "high": formats.share(high, 1),
        "n": kept.pace.departures,
        "slow": formats.share(slow, 1),
        "fast": formats.share(fast, 1),
    }


def _origin(kept: Kept) -> str:
    parts = [_("computed on %(day)s") % {"day": formats.day(kept.day, "year")}]
    if kept.data_date:
        parts.append(_("data of %(day)s") % {"day": formats.day(kept.data_date, "year")})
    parts.append(_("engine %(version)s") % {"version": kept.engine_version})
    parts.append(kept.normset)
    if kept.runs is None:
        parts.append(_("exact, without chance"))
    else:
        parts.append(
            _("%(runs)s runs, seed %(seed)d, error at most %(error)s")
            % {
                "runs": formats.number(kept.runs),
                "seed": kept.seed or 0,
                "error": formats.share(kept.error, 1),
            }
        )
    return " · ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One category of a scheme that has not three: what can be held of it."""

    name: str
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexScreen:
    """Everything that the page about one complex draws."""

    crumbs: tuple[Crumb, ...]
    hidden: Veil | None
    panel: AheadPanel | None
    field: Field | None
    corners: tuple[str, ...]
    lines: tuple[Line, ...]
    figures: tuple[Told, ...]
    path: DataTable | None
    left: DataTable | None
    ends: str
    borrowed: bool
    share_now: str
    share_after: str
    endings: DataTable | None
    stamp: Stamp | None


def complex_screen(found: ComplexOutlook) -> ComplexScreen:
    """Turn a look ahead into what its page draws."""
    kept = found.kept if not found.hidden else None
    told = kept.power if kept else None
    three = bool(kept) and set(kept.categories if kept else ()) == set(CORNERS)
    crumbs = (
        Crumb(label=_("Complexes"), href=reverse("desk:complexes")),
        Crumb(label=found.name, href=reverse("desk:complex", args=[found.id])),
        Crumb(label=_("Steering power")),
    )
    return ComplexScreen(
        crumbs=crumbs,
        hidden=veil_of(found.hidden) if found.hidden else None,
        panel=ahead_panel(found),
        field=_field(kept, told) if kept and told and three else None,
        corners=tuple(category_column(each) for each in CORNERS),
        lines=tuple(_lines(kept, told)) if kept and told and not three else (),
        figures=(*six(kept, told), half_life(told)) if kept and told else (),
        path=_path(kept, told) if kept and told else None,
        left=_left(kept, told) if kept and told and _is_borrowed(told) else None,
        ends=formats.day(kept.ends, "year") if kept and kept.ends else "",
        borrowed=bool(told and _is_borrowed(told)),
        share_now=formats.number(told.now.steered * 100) if told else "",
        share_after=formats.number(told.after.steered * 100) if told else "",
        endings=endings_table(found.endings),
        stamp=Stamp(data_of=kept.data_date, norms=kept.normset, method_href=reverse("desk:method"))
        if kept and kept.data_date
        else None,
    )


def _is_borrowed(told: Power) -> bool:
    return told.now.steered > told.after.steered


def _turned(kept: Kept, mix: tuple[float, ...]) -> tuple[float, float, float]:
    """Return a mix in the order of the corners."""
    by_name = dict(zip(kept.categories, mix, strict=True))
    top, left, right = (by_name[each] for each in CORNERS)
    return top, left, right


def _field(kept: Kept, told: Power) -> Field:
    by_name = {each.category: each for each in kept.courses}
    limits = [
        (
            (by_name[name].at_least or 0) / kept.homes,
            1.0 if (most := by_name[name].at_most) is None else most / kept.homes,
        )
        for name in CORNERS
    ]
    targets = [by_name[name].target for name in CORNERS]
    known = [each for each in targets if each is not None]
    sure, perhaps = sorted((told.now.corners, told.perhaps), key=_wide)
    return Field(
        reach=tuple(_turned(kept, each) for each in sure),
        perhaps=tuple(_turned(kept, each) for each in perhaps) if perhaps != sure else (),
        after=tuple(_turned(kept, each) for each in told.after.corners)
        if _is_borrowed(told)
        else (),
        band=tuple(limits),
        target=(known[0], known[1], known[2]) if len(known) == len(CORNERS) else None,
        path=tuple(
            Waypoint(label=_month_label(month), mix=_turned(kept, mix))
            for month, mix in told.now.path
        ),
    )


def _wide(corners: tuple[tuple[float, ...], ...]) -> float:
    """Return how far a reach stretches, to tell the careful one from the hopeful one."""
    return math.fsum(max(each) - min(each) for each in zip(*corners, strict=True))


def _month_label(month: int) -> str:
    return _("now") if month == 0 else _("%(n)d mo.") % {"n": month}


def _lines(kept: Kept, told: Power) -> Iterator[Line]:
    for place, name in enumerate(kept.categories):
        course = kept.courses[place]
        after = [corner[place] for corner in told.after.corners]
        now = [corner[place] for corner in told.now.corners]
        yield Line(
            name=_name(name),
            reach=Reach(
                low=min(now),
                high=max(now),
                now=told.mix[place],
                after=(min(after), max(after)) if _is_borrowed(told) else None,
                at_least=course.at_least / kept.homes if course.at_least else None,
                at_most=None if course.at_most is None else course.at_most / kept.homes,
            ),
        )


def _path(kept: Kept, told: Power) -> DataTable:
    """List the expected mixes, as they are steered now and after the experiment."""
    names = " / ".join(category_column(each) for each in kept.categories)
    after = dict(told.after.path) if _is_borrowed(told) else {}

    def mix(shares: tuple[float, ...]) -> str:
        return " / ".join(formats.number(100 * share) for share in shares)

    return DataTable(
        caption=_("Expected mix in %%: %(names)s") % {"names": names},
        caption_shown=True,
        columns=(
            Column(label=_("When")),
            Column(label=_("As it is steered now"), numeric=True),
            *((Column(label=_("After the experiment"), numeric=True),) if after else ()),
        ),
        rows=tuple(
            (
                _("Now") if month == 0 else _("In %(n)d months") % {"n": month},
                mix(shares),
                *((mix(after[month]),) if after else ()),
            )
            for month, shares in told.now.path
        ),
    )


def _left(kept: Kept, told: Power) -> DataTable:
    """List the figures as they are now, and as they would be when the experiment ends."""

    def reach(ends: tuple[float, float]) -> str:
        return f"{formats.number(100 * ends[0])}–{formats.share(ends[1])}"

    def columns(side: Side) -> tuple[str, ...]:
        return (
            formats.share(side.steered),
            reach(told.reach if side is told.now else told.reach_left),
            months_words(side.months),
            vacancies(side).value,
            *(formats.of_hundred(chance) for chance in side.in_band),
        )

    name = category_column(told.category)
    questions = (
        _("Vacancies that may be steered"),
        _("Share of %(name)s that can be held") % {"name": name},
        _("To the band"),
        _("Vacancies needed"),
        _("In the band in 12 months"),
        _("In the band in 24 months"),
    )
    return DataTable(
        caption=_("Now, and when the experiment has ended"),
        columns=(
            Column(label=_("Question")),
            Column(label=_("Now")),
            Column(label=_("After the experiment")),
        ),
        rows=tuple(zip(questions, columns(told.now), columns(told.after), strict=True)),
    )


def endings_table(endings: tuple[Ending, ...]) -> DataTable | None:
    """List the grounds that end; None where none does."""
    if not endings:
        return None
    return DataTable(
        caption=_("Grounds that end"),
        columns=(
            Column(label=_("Way")),
            Column(label=_("Ends")),
            Column(label=_("Rests on")),
            Column(label=_("Lettings, 12 months"), numeric=True),
            Column(label=_("What else could carry them")),
        ),
        rows=tuple(
            (
                each.channel,
                formats.day(each.ends, "year"),
                each.source or "–",
                _("%(n)s of %(all)s")
                % {"n": formats.number(each.lettings), "all": formats.number(each.of_all)},
                ", ".join(each.others) or "–",
            )
            for each in endings
        ),
    )
