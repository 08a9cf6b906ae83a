"""The complexes, and one complex with the levels around it, as their pages draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.wording import sentence
from mixwijzer.web.desk.screens.work import home_line
from mixwijzer.web.desk.selectors import (
    CategoryCount,
    ComplexPage,
    JudgementLine,
    ScopeAccount,
)
from mixwijzer.web.letting.screens import (
    Veil,
    language,
    veil_of,
)
from mixwijzer.web.outlook.screens import AheadPanel, ahead_panel
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import ORDER, category_column, category_name
from mixwijzer.web.ui.charts import Counted, Span
from mixwijzer.web.ui.components import (
    Column,
    Crumb,
    DataTable,
    Fact,
    Figure,
    Stamp,
    initials,
)

__all__ = ["ComplexScreen", "LevelLine", "complex_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One category in one place: in words and as a chart."""

    category: str
    name: str
    says: str
    limits: str
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """The account of the complex itself."""

    note: str
    tallies: tuple[Tally, ...]
    others: tuple[Tally, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLine:
    """One level around a home."""

    css: str
    name: str
    about: str
    what: str
    says: str
    limits: str
    tone: str
    outcome: str
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Of whose homes a neighbourhood figure speaks."""

    owner: str
    homes: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLine:
    """On whose judgement an account rests."""

    initials: str
    role: str
    on: str
    about: str
    ranges: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRow:
    """An open vacancy of the complex."""

    href: str
    address: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplexScreen:
    """Everything that the complex page draws."""

    crumbs: tuple[Crumb, ...]
    about: str
    open_chip: str
    first_vacancy: str
    figures: tuple[Figure, ...]
    hidden: Veil | None
    own: OwnAccount | None
    levels: tuple[LevelLine, ...]
    basis: Basis | None
    vacancies: tuple[VacancyRow, ...]
    judges: tuple[JudgeLine, ...]
    flow: tuple[Fact, ...]
    flow_channels: DataTable | None
    ahead: AheadPanel | None
    stamp: Stamp | None


def complex_screen(page: ComplexPage) -> ComplexScreen:
    """Turn a complex into what its page draws."""
    scopes = page.scopes if isinstance(page.scopes, tuple) else ()
    own = scopes[0] if scopes else None
    count = len(page.open_vacancies)
    return ComplexScreen(
        crumbs=(
            Crumb(label=_("Complexes"), href=reverse("desk:complexes")),
            Crumb(label=page.name),
        ),
        about=_complex_about(page),
        open_chip=ngettext("%(n)d open vacancy", "%(n)d open vacancies", count) % {"n": count}
        if count
        else "",
        first_vacancy=reverse("letting:vacancy", args=[page.open_vacancies[0].id]) if count else "",
        figures=_complex_figures(page, own) if own else (),
        hidden=veil_of(page.scopes),
        own=_own_account(own) if own else None,
        levels=tuple(_level(scope, each) for scope in scopes[1:] for each in _limited(scope)),
        basis=_basis(page, scopes),
        vacancies=tuple(
            VacancyRow(
                href=reverse("letting:vacancy", args=[line.id]),
                address=line.address,
                about=home_line(line),
            )
            for line in page.open_vacancies
        ),
        judges=tuple(_judge(line) for line in page.judgements),
        flow=_flow(page),
        flow_channels=_flow_channels(page),
        ahead=ahead_panel(page.ahead),
        stamp=Stamp(data_of=page.data_date, method_href=reverse("desk:method"))
        if page.data_date
        else None,
    )


def _complex_about(page: ComplexPage) -> str:
    homes = ngettext("%(n)s home", "%(n)s homes", page.homes) % {"n": formats.number(page.homes)}
    parts = [_("Complex %(code)s") % {"code": page.code}, homes, page.neighbourhood]
    if page.magic_mix:
        parts.append("Magic Mix")
    return " · ".join(filter(None, parts))


def _in_order(scope: ScopeAccount) -> list[CategoryCount]:
    """Return the categories in the order of the pages; those of other schemes follow."""
    return sorted(
        scope.counts,
        key=lambda each: ORDER.index(each.category) if each.category in ORDER else len(ORDER),
    )


def _limited(scope: ScopeAccount) -> list[CategoryCount]:
    return [each for each in _in_order(scope) if _highest(each) is not None or each.low is not None]


def _highest(each: CategoryCount) -> int | None:
    """Return the strictest ceiling, of band and cap."""
    limits = [limit for limit in (each.high, each.cap) if limit is not None]
    return min(limits, default=None)


def _counted(scope: ScopeAccount, each: CategoryCount) -> Counted:
    spread = each.spread
    return Counted(
        best=spread.best,
        likely=Span(low=spread.likely[0], high=spread.likely[1]),
        wide=Span(low=spread.wide[0], high=spread.wide[1]),
        homes=scope.base,
        at_most=_highest(each),
        at_least=each.low,
        chances=each.pmf,
    )


def _says(each: CategoryCount) -> str:
    span = Span(low=each.spread.likely[0], high=each.spread.likely[1])
    return _("%(span)s households") % {"span": formats.span(span)}


def _limits(scope: ScopeAccount, each: CategoryCount) -> str:
    parts = [_("most likely %(best)d") % {"best": each.spread.best}]
    highest = _highest(each)
    if highest is not None:
        parts.append(_("limit %(limit)d of %(homes)d") % {"limit": highest, "homes": scope.base})
    if each.low is not None:
        parts.append(_("at least %(low)d of %(homes)d") % {"low": each.low, "homes": scope.base})
    return ", " + "; ".join(parts)


def _tally(scope: ScopeAccount, each: CategoryCount) -> Tally:
    return Tally(
        category=each.category,
        name=capfirst(category_name(each.category)),
        says=_says(each),
        limits=_limits(scope, each),
        counted=_counted(scope, each),
    )


def _own_account(scope: ScopeAccount) -> OwnAccount:
    limited = _limited(scope) or _in_order(scope)[:2]
    note = ngettext(
        "%(homes)s homes, %(n)s household. We estimate numbers; we do not keep who it is.",
        "%(homes)s homes, %(n)s households. We estimate numbers; we do not keep who it is.",
        scope.households,
    ) % {"homes": formats.number(scope.base), "n": formats.number(scope.households)}
    return OwnAccount(
        note=note,
        tallies=tuple(_tally(scope, each) for each in limited),
        others=tuple(_tally(scope, each) for each in _in_order(scope) if each not in limited),
    )


def _complex_figures(page: ComplexPage, own: ScopeAccount) -> tuple[Figure, ...]:
    figures = [_band_figure(each) for each in _limited(own)[:2]]
    figures.append(
        Figure(
            icon="house",
            label=_("Occupied"),
            value=formats.number(own.households),
            unit=_("of %(homes)s") % {"homes": formats.number(own.base)},
            note=_("%(n)s promised") % {"n": own.committed},
        )
    )
    judged = own.judged_on
    figures.append(
        Figure(
            icon="clock",
            label=_("Last estimate"),
            value=formats.day(judged, "short") if judged else _("not yet"),
            note=", ".join(dict.fromkeys(line.role for line in page.judgements)),
        )
    )
    return tuple(figures)


def _band_figure(each: CategoryCount) -> Figure:
    name = category_name(each.category)
    chance = formats.chance(each.chance_inside)
    return Figure(
        icon="users",
        label=capfirst(name),
        value=formats.span(Span(low=each.spread.likely[0], high=each.spread.likely[1])),
        unit=_("households"),
        note=_("chance that the band holds: %(chance)s") % {"chance": chance},
    )


def _level(scope: ScopeAccount, each: CategoryCount) -> LevelLine:
    tally = _tally(scope, each)
    kind = sentence(f"words.scope.{scope.kind}", language())
    return LevelLine(
        css="",
        name=scope.name,
        about=ngettext(
            "%(kind)s, %(homes)s homes of ours in %(n)s complex",
            "%(kind)s, %(homes)s homes of ours in %(n)s complexes",
            scope.complexes,
        )
        % {"kind": kind, "homes": formats.number(scope.base), "n": scope.complexes},
        what=f"{scope.name}: {tally.name}",
        says=f"{tally.name}: {tally.says}",
        limits=tally.limits.removeprefix(", "),
        tone="",
        outcome="",
        counted=tally.counted,
    )


def _basis(page: ComplexPage, scopes: Sequence[ScopeAccount]) -> Basis | None:
    for scope in scopes[1:]:
        if scope.kind == "neighbourhood" and scope.area_homes:
            return Basis(owner=page.association, homes=scope.base, of=scope.area_homes)
    return None


def _judge(line: JudgementLine) -> JudgeLine:
    known = {
        "all": _("Knows nearly every household."),
        "most": _("Knows most households."),
        "part": _("Knows a part of the households."),
    }
    occasions = {
        "yearly": _("Yearly estimate."),
        "notice": _("At a notice."),
        "porch_talk": _("After a porch talk."),
        "incident": _("After something happened here."),
    }
    ranges = ", ".join(
        f"{category_column(each.category)} {each.low} · {each.best} · {each.high}"
        for each in line.ranges
    )
    return JudgeLine(
        initials=initials(line.by or line.role),
        role=_("You") if line.mine else line.role or line.by,
        on=formats.day(line.on, "year"),
        about=f"{known.get(line.known, '')} {occasions.get(line.occasion, '')}".strip(),
        ranges=ranges,
    )


def _flow(page: ComplexPage) -> tuple[Fact, ...]:
    return (
        Fact(term=_("Left, 12 months"), value=formats.number(page.flow.departures)),
        Fact(term=_("Came, 12 months"), value=formats.number(page.flow.arrivals)),
        Fact(term=_("Notice given"), value=formats.number(page.flow.announced)),
        Fact(term=_("Comes free, a year"), value=formats.number(page.flow.per_year, 1)),
    )


def _flow_channels(page: ComplexPage) -> DataTable | None:
    if not page.flow.channels:
        return None
    few = _("fewer than 5")
    return DataTable(
        caption=_("Let in this neighbourhood, 12 months"),
        caption_shown=True,
        columns=(Column(label=_("Way")), Column(label=_("Lettings"), numeric=True)),
        rows=tuple(
            (
                each.name.get(language(), each.channel),
                few if each.lettings is None else formats.number(each.lettings),
            )
            for each in page.flow.channels
        ),
    )
