"""What was agreed in the made-up town, and who asks for a home: no person has a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from mixwijzer.engine.portfolio import (
    Band,
    Candidate,
    Cap,
    Channel,
    Ground,
    Letting,
    Obligation,
    PlaceRequest,
    ProfileRow,
    ScopeKind,
)
from mixwijzer.exchange.synthetic._hidden import WAYS
from mixwijzer.exchange.synthetic._homes import OWNERS, Homes
from mixwijzer.exchange.synthetic._letting import CO_OPTATION_ENDED, GROUPS

_BAND = {
    "attention": Band(target=3500, max=4000),
    "regular": Band(target=5000),
    "carrier": Band(min=1000, target=1500),
}
_OLD_BAND = {
    "attention": Band(target=3500, max=4500),
    "regular": Band(target=5000),
    "carrier": Band(target=1500),
}
_MAGIC = {
    "attention": Band(target=5000, max=5500),
    "regular": Band(target=2500),
    "carrier": Band(min=1500, target=2500),
}
_TEXTS = {
    # id: Dutch name, English name, extra days, ground, Dutch label, English label, intake form
    "ordinary": ("Gewoon aanbod", "Ordinary offer", 0, Ground.NONE_NEEDED, "", "", ""),
    "motivation": (
        "Gewoon aanbod met motivatie",
        "Ordinary offer with motivation",
        4,
        Ground.EXPERIMENT,
        "We zoeken iemand die iets voor de buren wil doen.",
        "We look for somebody who wants to do something for the neighbours.",
        "MOT",
    ),
    "mediation": (
        "Directe bemiddeling",
        "Direct mediation",
        2,
        Ground.DIRECT_MEDIATION,
        "Deze woning is via bemiddeling verhuurd.",
        "This home was let by mediation.",
        "INT",
    ),
    "landing": (
        "Tussenlanding",
        "Soft landing",
        9,
        Ground.DIRECT_MEDIATION,
        "Deze woning is via bemiddeling verhuurd.",
        "This home was let by mediation.",
        "INT",
    ),
    "co_optation": (
        "Keuze door de woongroep",
        "Choice by the residential group",
        14,
        Ground.RESIDENTIAL_GROUP,
        "De bewoners kiezen samen hun nieuwe buur.",
        "The residents choose their new neighbour together.",
        "COO",
    ),
    "social_rules": (
        "Gewoon aanbod met leefregels",
        "Ordinary offer with house rules",
        2,
        Ground.EXPERIMENT,
        "In dit complex hebben buren samen leefregels gemaakt.",
        "In this complex neighbours made house rules together.",
        "SOC",
    ),
}


def profiles(homes: Homes) -> tuple[ProfileRow, ...]:
    """Return the profiles: the organisations' own, what overrides them, and one draft."""
    rows: list[ProfileRow] = []
    start = _years_back(homes.day, 2)
    for index, owner in enumerate(OWNERS):
        for kind in (ScopeKind.COMPLEX, ScopeKind.NEIGHBOURHOOD):
            by = ("organisation", owner, kind)
            name = f"{owner[:2].upper()}-{kind.name.lower()}"
            if index == 0:
                before = _years_back(homes.day, 3)
                rows += _profile(homes, f"{name}-1", by, _OLD_BAND, before, end=start)
            rows += _profile(homes, f"{name}-2", by, _BAND, start, motive="Streven 50 / 35 / 15")
    return (*rows, *_neighbourhoods(homes, start), *_complexes(homes))


def _profile(
    homes: Homes,
    name: str,
    by: tuple[str, str, ScopeKind],
    bands: Mapping[str, Band],
    start: date,
    **more: Any,
) -> Iterator[ProfileRow]:
    """Yield one row per band; `by` says what kind of setter, which one, and where it counts."""
    for category, band in bands.items():
        yield ProfileRow(
            id=f"{name}-{category}",
            set_by_kind=by[0],
            set_by=by[1],
            for_kind=by[2],
            scheme="role",
            category=category,
            band=band,
            start=start,
            recorded_at=_moment(min(start - timedelta(days=14), homes.day)),
            **more,
        )


def _neighbourhoods(homes: Homes, start: date) -> Iterator[ProfileRow]:
    """Let two neighbourhoods differ: less where most incomes are low, more where fewest are."""
    stock = homes.stock
    ours = np.unique(stock.place[~stock.second])
    income = [(stock.places[each].low_income_2021 or 0, stock.places[each].code) for each in ours]
    ranked = [code for figure, code in sorted(income) if figure]
    for code, ceiling, motive in (
        (ranked[-1], 3800, "Rustiger aan in deze buurt, afgesproken met bewoners"),
        (ranked[0], 4500, "Hier is meer ruimte"),
    ):
        by = ("neighbourhood", code, ScopeKind.COMPLEX)
        band = {"attention": Band(max=ceiling)}
        from_day = start + timedelta(days=200)
        yield from _profile(homes, f"B-{code}", by, band, from_day, motive=motive)


def _complexes(homes: Homes) -> Iterator[ProfileRow]:
    """Yield those of the Magic Mix, of the new-build that fills up, and a draft to decide on."""
    stock, day = homes.stock, homes.day
    one, new, draft = (
        ("complex", homes.complexes[index], ScopeKind.COMPLEX)
        for index in (stock.magic_mix, stock.fill_up, stock.capped)
    )
    motive = "Magic Mix: om en om"
    yield from _profile(homes, f"C-{one[1]}", one, _MAGIC, _years_back(day, 1), motive=motive)
    yield from _profile(
        homes,
        f"C-{new[1]}",
        new,
        {"attention": Band(target=3500, max=4000)},
        day - timedelta(days=90),
        motive="Nieuwbouw: vullen volgens plan",
        fill_up_until=day + timedelta(days=120),
    )
    yield from _profile(
        homes,
        f"C-{draft[1]}",
        draft,
        {"attention": Band(max=4500)},
        day + timedelta(days=30),
        motive="Voorstel: een plek meer",
        draft=True,
    )


def caps(homes: Homes) -> tuple[Cap, ...]:
    """Return the one cap: at most three per stairwell in one complex."""
    start = _years_back(homes.day, 1)
    code = homes.complexes[homes.stock.capped]
    return (
        Cap(
            id=f"P-{code}-attention",
            set_by_kind="complex",
            set_by=code,
            for_kind=ScopeKind.STAIRWELL,
            scheme="role",
            category="attention",
            at_most=3,
            start=start,
            recorded_at=_moment(start - timedelta(days=14)),
        ),
    )


def channels(homes: Homes) -> tuple[Channel, ...]:
    """Return the channels: one ground expires soon, one has expired."""
    day = homes.day
    grounds = {
        Ground.EXPERIMENT: ("Experiment in de prestatieafspraken", day + timedelta(days=75)),
        Ground.DIRECT_MEDIATION: ("Prestatieafspraken, bijlage 2", date(day.year + 2, 1, 1)),
        Ground.RESIDENTIAL_GROUP: (
            "Besluit woongroep",
            day - timedelta(days=CO_OPTATION_ENDED),
        ),
    }
    rows = []
    for way in WAYS:
        name_nl, name_en, delay, ground, label_nl, label_en, form = _TEXTS[way.id]
        source, end = grounds.get(ground, ("", None))
        start = _years_back(day, 3) if source else None
        rows.append(
            Channel(
                id=way.id,
                scheme="role",
                name={"nl": name_nl, "en": name_en},
                shares=tuple(Decimal(str(share)) for share in way.shares),
                delay=delay,
                ground=ground,
                ground_source=source,
                ground_start=start,
                ground_end=end,
                label={"nl": label_nl, "en": label_en} if label_nl else {},
                intake_form=form,
            )
        )
    return tuple(rows)


def obligations(homes: Homes, lettings: tuple[Letting, ...]) -> tuple[Obligation, ...]:
    """Return what was promised this year: about a fifth more than last year's lettings."""
    day = homes.day
    start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    rows = []
    for index, group in enumerate(GROUPS):
        let = [each for each in lettings if each.group == group]
        in_persons = group == "status_holder"
        made = sum(each.persons or 1 for each in let) if in_persons else len(let)
        rows.append(
            Obligation(
                id=f"A{day.year}-{index + 1}",
                group=group,
                owner=OWNERS[0],
                start=start,
                end=end,
                unit="persons" if in_persons else "households",
                target=max(3, round(1.2 * made)),
                carried=2 if in_persons else 0,
                recorded_at=_moment(min(start, day)),
            )
        )
    rows.append(
        Obligation(
            id=f"A{day.year}-{len(GROUPS) + 1}",
            group=GROUPS[0],
            owner=OWNERS[1],
            start=start,
            end=end,
            unit="persons",
            target=4,
            recorded_at=_moment(min(start, day)),
        )
    )
    return tuple(rows)


def place_requests(rng: np.random.Generator, homes: Homes) -> tuple[PlaceRequest, ...]:
    """Return requests for a place without a person; three have waited for long."""
    count = max(12, homes.stock.complex.size // 250)
    day = homes.day.toordinal()
    asked = np.sort(day - rng.integers(3, 200, count))
    asked[:3] = day - np.sort(rng.integers(100, 210, 3))[::-1]
    kinds = ("apartment", "ground_floor", "family_home", "with_lift")
    partners = ("oversteek", "de-kade", "gemeente-zwolle")
    rows = []
    for index, on in enumerate(np.sort(asked).tolist()):
        group = int(rng.integers(0, len(GROUPS)))
        waits = index < 3 or bool(rng.random() < 0.35)
        closed = min(on + int(rng.integers(10, 80)), day)
        rows.append(
            PlaceRequest(
                number=f"AP{index + 1:04d}",
                size=int(rng.choice((1, 1, 1, 2, 3, 4, 5))) if group == 0 else 1,
                kind=kinds[int(rng.integers(0, len(kinds)))],
                group=GROUPS[group],
                partner=partners[2] if group == 0 else partners[int(rng.integers(0, 2))],
                asked_on=date.fromordinal(on),
                outcome=None if waits else ("placed" if rng.random() < 0.8 else "withdrawn"),
                closed_on=None if waits else date.fromordinal(closed),
                recorded_at=homes.told(on if waits else closed),
            )
        )
    return tuple(rows)


def candidates(rng: np.random.Generator, homes: Homes) -> tuple[Candidate, ...]:
    """Return candidates of direct mediations and projects, by reference; others are in the portal.

    Two in three belong to a group with which something was agreed.
    """
    day, count = homes.day.toordinal(), max(24, homes.stock.complex.size // 50)
    rows = []
    for number in range(1, count + 1):
        group = GROUPS[int(rng.integers(0, len(GROUPS)))] if rng.random() < 2 / 3 else None
        waited = int(rng.integers(20, 300) if group else rng.integers(200, 4000))
        rows.append(
            Candidate(
                id=f"{homes.day:%y}-{number:03d}",
                size=int(rng.choice((1, 2, 3, 4, 5), p=(0.5, 0.2, 0.14, 0.1, 0.06))),
                income_class="low" if rng.random() < (0.9 if group else 0.6) else "target",
                registered=date.fromordinal(day - waited),
                priority="urgency" if group is None and rng.random() < 0.25 else None,
                target_group=group,
                accessible_needed=bool(rng.random() < 0.08),
                recorded_at=homes.told(day - min(waited, 20)),
            )
        )
    return tuple(rows)


def _years_back(day: date, years: int) -> date:
    """Return the first of January, some years back."""
    return date(day.year - years, 1, 1)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
