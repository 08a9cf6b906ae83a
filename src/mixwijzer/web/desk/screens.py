"""What do the desk's pages draw? Turns what selectors found into the kit's components.

No number is computed here; words of an advice come from `exchange.wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.wording import FlipText, Sentence, sentence
from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.permissions import Action, may
from mixwijzer.web.desk.selectors import (
    CategoryCount,
    ComplexListLine,
    ComplexPage,
    JudgementLine,
    RequestLine,
    RoomCheck,
    ScopeAccount,
    Today,
    WorkRow,
)
from mixwijzer.web.letting.bridge import Advice, Rule, Verdict
from mixwijzer.web.letting.screens import (
    Place,
    beyond_the_word,
    capital,
    language,
    reason_lines,
    room_elsewhere,
    told,
)
from mixwijzer.web.letting.selectors import Hidden, VacancyLine
from mixwijzer.web.letting.transitions import State
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.charts import Counted, Span
from mixwijzer.web.ui.components import (
    Column,
    Crumb,
    DataTable,
    Fact,
    Figure,
    Link,
    Option,
    ReasonLine,
    Stamp,
    Task,
    initials,
)

__all__ = [
    "check_screen",
    "complex_screen",
    "complexes_table",
    "today_screen",
]

ORDER = ("attention", "carrier", "regular")  # as on the pictures: limits first
_TONES = {
    Verdict.NO_ROOM: "stop",
    Verdict.ASK_FIRST: "ask",
    Verdict.TIGHT: "warn",
    Verdict.ROOM: "ok",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """One line of this week's calendar."""

    day: str
    today: bool
    href: str
    address: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayScreen:
    """Everything that Today draws."""

    greeting: str
    about: str
    figures: tuple[Figure, ...]
    waiting: tuple[Task, ...]
    stuck: tuple[Task, ...]
    following: DataTable | None
    requests: DataTable | None
    requests_title: str
    requests_note: str
    obligations: DataTable | None
    week: tuple[WeekLine, ...]
    works: bool
    may_check: bool
    may_list: bool
    nothing_here: str
    stamp: Stamp | None


def today_screen(found: Today, user: User, now: datetime) -> TodayScreen:
    """Turn somebody's day into what its page draws."""
    works = may(user, Action.SEE_HOMES)
    asked = found.requests_without_place or found.own_requests
    seen = works or asked or found.obligations
    return TodayScreen(
        greeting=_greeting(now) % {"name": user.name.split()[0]},
        about=formats.day(found.day, "long"),
        figures=_figures(found),
        waiting=tuple(_task(row) for row in found.waiting),
        stuck=tuple(_task(row) for row in found.stuck),
        following=_following(found.following) if found.following else None,
        requests=_requests(asked) if asked else None,
        requests_title=_("Requests without a place")
        if found.requests_without_place
        else _("Your requests"),
        requests_note=_("They found room nowhere yet. Longest waiting first.")
        if found.requests_without_place
        else _("Longest waiting first."),
        obligations=_obligations(found) if found.obligations else None,
        week=_week(found),
        works=may(user, Action.JUDGE) or may(user, Action.DECIDE),
        may_check=may(user, Action.SEE_ADVICE),
        may_list=works,
        nothing_here="" if seen else _("Every figure we use stands, with its source, on one page:"),
        stamp=Stamp(data_of=found.data_date, method_href=reverse("desk:method"))
        if found.data_date
        else None,
    )


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 12:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")


def _figures(found: Today) -> tuple[Figure, ...]:
    counts = found.figures
    if counts is None:
        return ()
    return (
        Figure(
            icon="hourglass",
            label=_("Waits for me"),
            value=str(len(found.waiting)),
            unit=ngettext("matter", "matters", len(found.waiting)),
            note=_("your own view, or a decision"),
        ),
        Figure(
            icon="key-round",
            label=_("Open vacancies"),
            value=str(counts.open_vacancies),
            unit=ngettext("home", "homes", counts.open_vacancies),
            note=_("%(count)s decided") % {"count": counts.decided},
            href=reverse("letting:vacancies"),
        ),
        Figure(
            icon="shuffle",
            label=_("Another way than the advice"),
            value=str(counts.deviated),
            unit=ngettext("decision", "decisions", counts.deviated),
            note=_("each with its reason"),
        ),
        Figure(
            icon="building-2",
            label=_("Complexes"),
            value=formats.number(counts.complexes),
            unit="",
            note=ngettext("%(count)s home", "%(count)s homes", counts.homes)
            % {"count": formats.number(counts.homes)},
            href=reverse("desk:complexes"),
        ),
    )


def _task(row: WorkRow) -> Task:
    looks = {
        "question": (
            "pencil",
            _("How is it there, without this household?"),
            _("Give your view"),
        ),
        "decide": ("key-round", _("Your view is in. The advice is ready."), _("Look")),
        "second_reading": ("users", _("A colleague chose another way. Read along."), _("Read")),
        "late": ("hourglass", _("Should have been decided."), _("Look")),
        "unassigned": ("users", _("Nobody is responsible yet."), _("Look")),
    }
    icon, why, action = looks.get(row.kind, ("key-round", "", _("Look")))
    return Task(
        icon=icon,
        title=row.address,
        href=reverse("letting:vacancy", args=[row.vacancy]),
        about=_home(row),
        why=why,
        due=formats.day(row.due) if row.due else "",
        due_note=_("late") if row.late else _("decide by then") if row.due else "",
        urgency="late" if row.late else "soon" if row.due else "",
        action=action,
    )


def _home(row: WorkRow | VacancyLine) -> str:
    parts = [row.complex if isinstance(row, WorkRow) else ""]
    if row.rooms:
        parts.append(ngettext("%(n)d room", "%(n)d rooms", row.rooms) % {"n": row.rooms})
    parts.append(_("free from %(day)s") % {"day": formats.day(row.free_from, "short")})
    return " · ".join(filter(None, parts))


def _following(rows: Sequence[WorkRow]) -> DataTable:
    return DataTable(
        caption=_("I follow"),
        columns=(
            Column(label=_("Home")),
            Column(label=_("Step")),
            Column(label=_("With")),
            Column(label=_("Since")),
        ),
        rows=tuple(
            (
                Link(label=row.address, href=reverse("letting:vacancy", args=[row.vacancy])),
                str(State(row.state).label) if row.holder else _("not assigned yet"),
                row.holder or _("nobody yet"),
                formats.day(row.since, "short"),
            )
            for row in rows
        ),
    )


def _requests(rows: Sequence[RequestLine]) -> DataTable:
    return DataTable(
        caption=_("Requests without a place"),
        columns=(
            Column(label=_("Request")),
            Column(label=_("For how many"), numeric=True),
            Column(label=_("From")),
            Column(label=_("Weeks"), numeric=True),
        ),
        rows=tuple(
            (row.number, str(row.size), row.partner or row.association, str(row.weeks))
            for row in sorted({each.number: each for each in rows}.values(), key=_longest)
        ),
    )


def _longest(row: RequestLine) -> tuple[int, str]:
    return -row.weeks, row.number


def _obligations(found: Today) -> DataTable:
    units = {"persons": _("persons"), "households": _("households")}
    several = len({each.association for each in found.obligations}) > 1
    return DataTable(
        caption=_("What we promised"),
        columns=(
            Column(label=_("Promise")),
            Column(label=_("Done"), numeric=True),
            Column(label=_("Under way"), numeric=True),
            Column(label=_("Owed"), numeric=True),
        ),
        rows=tuple(
            (
                _promise(each.group, units.get(each.unit, each.unit), each.association, several),
                str(each.realised),
                str(each.under_way),
                _("%(remaining)d of %(target)d")
                % {"remaining": each.remaining, "target": each.target + each.carried},
            )
            for each in found.obligations
        ),
    )


def _promise(group: str, unit: str, association: str, several: bool) -> str:  # noqa: FBT001
    said = f"{group_word(group)}, {unit}"
    return f"{association}: {said}" if several else said


def group_word(code: str) -> str:
    """Name a group of an agreement; an own group keeps its own name."""
    words = {
        "status_holder": _("status holders"),
        "outflow_sheltered_living": _("moving on from sheltered living"),
        "outflow_shelter": _("moving on from a shelter"),
    }
    return words.get(code, code.replace("_", " "))


def _week(found: Today) -> tuple[WeekLine, ...]:
    """Return what others must decide in the coming seven days; what waits for me stands apart."""
    rows = {row.vacancy: row for row in (*found.following, *found.stuck)}
    coming = [row for row in rows.values() if row.due and 0 <= (row.due - found.day).days < 7]
    return tuple(
        WeekLine(
            day=formats.day(row.due, "short") if row.due else "",
            today=row.due == found.day,
            href=reverse("letting:vacancy", args=[row.vacancy]),
            address=row.address,
            what=_("give your view") if row.kind == "question" else _("decide"),
        )
        for row in sorted(coming, key=lambda each: each.due or date.max)
    )


def complexes_table(lines: Sequence[ComplexListLine]) -> DataTable:
    """List complexes, one row each."""
    return DataTable(
        caption=_("Complexes"),
        columns=(
            Column(label=_("Complex")),
            Column(label=_("Neighbourhood")),
            Column(label=_("Homes"), numeric=True),
            Column(label=_("Open vacancies"), numeric=True),
            Column(label=_("Last estimate")),
        ),
        rows=tuple(
            (
                Link(label=line.name, href=reverse("desk:complex", args=[line.id])),
                line.neighbourhood,
                formats.number(line.homes),
                str(line.open_vacancies or "–"),
                formats.day(line.judged_on, "year") if line.judged_on else _("not yet"),
            )
            for line in lines
        ),
    )


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
    hidden: tuple[str, ...]
    own: OwnAccount | None
    levels: tuple[LevelLine, ...]
    basis: Basis | None
    vacancies: tuple[VacancyRow, ...]
    judges: tuple[JudgeLine, ...]
    flow: tuple[Fact, ...]
    flow_channels: DataTable | None
    stamp: Stamp | None


def complex_screen(page: ComplexPage) -> ComplexScreen:
    """Turn a complex into what its page draws."""
    scopes = page.scopes if isinstance(page.scopes, tuple) else ()
    hidden = page.scopes.vacancies if isinstance(page.scopes, Hidden) else ()
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
        hidden=tuple(reverse("letting:vacancy", args=[each]) for each in hidden),
        own=_own_account(own) if own else None,
        levels=tuple(_level(scope, each) for scope in scopes[1:] for each in _limited(scope)),
        basis=_basis(page, scopes),
        vacancies=tuple(
            VacancyRow(
                href=reverse("letting:vacancy", args=[line.id]),
                address=line.address,
                about=_home(line),
            )
            for line in page.open_vacancies
        ),
        judges=tuple(_judge(line) for line in page.judgements),
        flow=_flow(page),
        flow_channels=_flow_channels(page),
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
        name=capital(sentence(f"words.category.{each.category}.name", language())),
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
    name = sentence(f"words.category.{each.category}.name", language())
    chance = formats.chance(each.chance_inside)
    return Figure(
        icon="users",
        label=capital(name),
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
        f"{sentence(f'words.category.{each.category}.column', language())} "
        f"{each.low} · {each.best} · {each.high}"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """What is said about one category of one home."""

    verdict: Verdict
    chance: float | None
    headline: str
    sentences: tuple[Sentence, ...]
    way_out: tuple[Sentence, ...]
    valid: Sentence | None
    vacancy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """Something that may have been meant."""

    href: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScreen:
    """Everything that the room check draws."""

    query: str
    category: str
    kinds: tuple[Option, ...]
    matches: tuple[MatchLine, ...]
    not_found: bool
    about: str
    hidden: tuple[str, ...]
    answer: CheckAnswer | None
    levels: tuple[LevelLine, ...]
    places: tuple[Place, ...]
    flips: tuple[FlipText, ...]
    reasons: tuple[ReasonLine, ...]
    stamp: Stamp | None


def check_screen(found: RoomCheck) -> CheckScreen:
    """Turn a room check into what its page draws."""
    advice = found.answer if isinstance(found.answer, Advice) else None
    hidden = found.answer.vacancies if isinstance(found.answer, Hidden) else ()
    words = told(advice, found.names) if advice else None
    text = words.of(found.category) if words else None
    return CheckScreen(
        query=found.query,
        category=found.category,
        kinds=tuple(
            Option(
                value=each,
                label=sentence(f"words.category.{each}.name", language()),
                swatch=each,
            )
            for each in ORDER
        ),
        matches=() if found.chosen else tuple(_match(found, each) for each in found.matches),
        not_found=bool(found.query) and not found.matches and not found.chosen,
        about=_("in %(home)s") % {"home": found.chosen.label} if found.chosen else "",
        hidden=tuple(reverse("letting:vacancy", args=[each]) for each in hidden),
        answer=_check_answer(found, advice),
        levels=tuple(_rule_level(rule) for rule in advice.category(found.category).rules)
        if advice
        else (),
        places=room_elsewhere(advice, found.alternatives, found.category),
        flips=text.flips if text else (),
        reasons=reason_lines(advice, words, found.category),
        stamp=Stamp(
            data_of=advice.data_date or advice.day,
            norms=advice.normset,
            method_href=reverse("desk:method"),
        )
        if advice
        else None,
    )


def _match(found: RoomCheck, each: object) -> MatchLine:
    label, detail = str(getattr(each, "label", "")), str(getattr(each, "detail", ""))
    query = f"?q={label}&kind={found.category}"
    return MatchLine(href=reverse("desk:room-check") + query, label=label, detail=detail)


def _check_answer(found: RoomCheck, advice: Advice | None) -> CheckAnswer | None:
    if advice is None:
        return None
    words = told(advice, found.names)
    text = words.of(found.category)
    binding = advice.category(found.category).binding
    return CheckAnswer(
        verdict=text.verdict,
        chance=binding.chance if binding else None,
        headline=beyond_the_word(text.headline),
        sentences=text.sentences,
        way_out=text.way_out,
        valid=words.valid,
        vacancy=reverse("letting:vacancy", args=[found.vacancy]) if found.vacancy else "",
    )


def _rule_level(rule: Rule) -> LevelLine:
    """Show a rule as a level: households now, after the letting, and the limit."""
    kind = sentence(f"words.scope.{rule.scope.kind.name.lower()}", language())
    now = Span(low=rule.count.likely[0], high=rule.count.likely[1])
    after = Span(low=now.low + 1, high=now.high + 1)
    return LevelLine(
        css=f"level-binding-{rule.verdict.name.lower().replace('_', '-')}",
        name=capital(kind),
        about=ngettext("%(n)s home of ours", "%(n)s homes of ours", rule.base)
        % {"n": formats.number(rule.base)},
        what=kind,
        says="",
        limits=_("now %(now)s, limit %(limit)d") % {"now": formats.span(now), "limit": rule.limit},
        tone=_TONES[rule.verdict],
        outcome=_("%(after)s afterwards") % {"after": formats.span(after)},
        counted=Counted(
            best=rule.count.best,
            likely=now,
            wide=Span(low=rule.count.wide[0], high=rule.count.wide[1]),
            homes=rule.base,
            at_most=rule.limit,
        ),
    )
