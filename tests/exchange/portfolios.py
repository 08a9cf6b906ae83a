"""Portfolios that can be true, for Hypothesis: every table, every optional cell, odd texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from string import ascii_letters, digits

from hypothesis import strategies as st

from mixwijzer.engine.norms import Scheme
from mixwijzer.engine.portfolio import (
    Area,
    Assessment,
    Band,
    Candidate,
    Cap,
    Channel,
    Complex,
    Count,
    Dwelling,
    Ground,
    Judgement,
    Known,
    LeaseKind,
    Letting,
    Obligation,
    Occasion,
    OutReason,
    Placement,
    PlaceRequest,
    Portfolio,
    ProfileRow,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)
from mixwijzer.exchange.refused import REASON_CLASSES, personal_in
from mixwijzer.exchange.tables._cells import TRIGGERS

ROLE = ("attention", "regular", "carrier")
DAY = date(2026, 3, 1)

maybe = st.none
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
moments = maybe() | st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
)
counts = st.integers(0, 3)
money = maybe() | st.decimals("0", "5000", places=3)
degrees = maybe() | st.floats(-89, 89)

# What people type, and what a spreadsheet or a CSV reader could trip over. No control signs, soft
# hyphens or blanks at the ends: reading cleans those away.
_signs = st.sampled_from(
    ascii_letters + digits + " .,;:|'\"=+-@#/\\()€éëÿ×\t\n‘’ß漢🏠" + TRIGGERS.replace("\r", "")
)
texts = (
    st.text(_signs, max_size=12)
    .map(str.strip)
    .filter(lambda text: "=" not in text[:1] or len(text) > 1)
    .filter(lambda text: "\t" not in text and personal_in(text) is None)
)
keys = (
    st.text(st.sampled_from(ascii_letters + digits + "-_.=+@'’"), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda key: key.lower() not in {"-", "--", "none", "null", "nan", "."})
)


def some(values, *, most=3):
    """Return a strategy for some different values of a strategy or list."""
    if isinstance(values, list):
        return (
            st.lists(st.sampled_from(values), unique=True, max_size=most) if values else st.just([])
        )
    return st.lists(values, unique=True, max_size=most)


@st.composite
def schemes(draw) -> Scheme:
    """Draw a scheme of a Magic Mix project: 2 to 4 stages."""
    size = draw(st.integers(2, 4))
    weights = draw(st.lists(st.integers(1, 50), min_size=size, max_size=size))
    rates = st.lists(st.floats(0, 0.5), min_size=size, max_size=size)
    drift = [draw(rates) for _ in range(size)]
    mislabel = draw(st.floats(0, 0.4))
    return Scheme(
        name="stage",
        categories=tuple(f"stage_{n}" for n in range(size)),
        ordinary=f"stage_{draw(st.integers(0, size - 1))}",
        prior_mean=tuple(weight / sum(weights) for weight in weights),
        prior_strength=draw(st.floats(2, 40)),
        drift=tuple(
            tuple(0.0 if i == j else rate for j, rate in enumerate(row))
            for i, row in enumerate(drift)
        ),
        confusion=tuple(
            tuple(
                1 - mislabel if i == j else mislabel if j == (i + 1) % size else 0.0
                for j in range(size)
            )
            for i in range(size)
        ),
    )


def _areas() -> tuple[Area, ...]:
    return (
        Area(code="GM0193", kind=ScopeKind.MUNICIPALITY, name="Zwolle", year=2014),
        Area(code="WK019310", kind=ScopeKind.DISTRICT, name="Binnenstad", parent="GM0193"),
        Area(
            code="BU01931000",
            kind=ScopeKind.NEIGHBOURHOOD,
            name="Binnenstad-Zuid",
            parent="WK019310",
            dwellings=1575,
        ),
        Area(code="own", kind=ScopeKind.NEIGHBOURHOOD, name="Eigen buurt"),
    )


@st.composite
def portfolios(draw) -> Portfolio:
    """Draw a portfolio without contradictions."""
    own = draw(some(schemes(), most=1))
    complexes = tuple(
        Complex(
            id=key,
            name=draw(texts.filter(bool)),
            neighbourhood=draw(st.sampled_from([None, "BU01931000", "own"])),
            owner="ob",
            lat=draw(degrees),
            lon=draw(degrees),
            magic_mix=draw(st.booleans()),
            recorded_at=draw(moments),
        )
        for key in draw(some(keys))
    )
    dwellings = draw(_dwellings(complexes))
    vacancies = draw(_vacancies(dwellings))
    channels = draw(_channels(own))
    return Portfolio(
        areas=_areas(),
        complexes=complexes,
        dwellings=dwellings,
        tenancies=draw(_tenancies(dwellings)),
        vacancies=vacancies,
        channels=channels,
        schemes=tuple(own),
        **draw(_said(complexes, vacancies, channels)),
        **draw(_set(complexes)),
        **draw(_asked()),
        data_date=draw(days),
        synthetic=draw(st.booleans()),
    )


@st.composite
def _dwellings(draw, complexes) -> tuple[Dwelling, ...]:
    found = []
    for own in complexes:
        for key in draw(some(keys)):
            in_base = draw(st.booleans())
            found.append(
                Dwelling(
                    id=f"{own.id}/{key}",
                    complex=own.id,
                    address=draw(texts),
                    stairwell=draw(maybe() | st.sampled_from("AB")),
                    floor=draw(maybe() | st.integers(-2, 30)),
                    rooms=draw(maybe() | counts),
                    rent=draw(money),
                    accessible=draw(st.booleans()),
                    bag_id=None if draw(st.booleans()) else f"0193010{len(found):09d}",
                    in_base=in_base,
                    out_reason=None if in_base else draw(st.sampled_from(OutReason)),
                    recorded_at=draw(moments),
                )
            )
    return tuple(found)


@st.composite
def _tenancies(draw, dwellings) -> tuple[Tenancy, ...]:
    found = []
    for dwelling in draw(some(list(dwellings), most=4)):
        edges = sorted(draw(st.lists(days, min_size=2, max_size=4, unique=True)))
        for number, (start, end) in enumerate(zip(edges, [*edges[1:], None], strict=True)):
            found.append(
                Tenancy(
                    id=f"{dwelling.id}:{number}",
                    dwelling=dwelling.id,
                    start=start,
                    end=end,
                    lease_kind=draw(st.sampled_from(LeaseKind)),
                    household=draw(maybe() | keys),
                    recorded_at=draw(moments),
                )
            )
    return tuple(found)


@st.composite
def _vacancies(draw, dwellings) -> tuple[Vacancy, ...]:
    in_base = [dwelling for dwelling in dwellings if dwelling.in_base]
    return tuple(
        Vacancy(
            id=f"V{number}",
            dwelling=dwelling.id,
            notice=(notice := draw(days)),
            free_from=notice + timedelta(days=31),
            publication=draw(maybe() | days),
            closed_on=draw(maybe() | st.just(notice + timedelta(days=60))),
            recorded_at=draw(moments),
        )
        for number, dwelling in enumerate(draw(some(in_base)))
    )


@st.composite
def _channels(draw, own) -> tuple[Channel, ...]:
    scheme = draw(st.sampled_from(["role", *(each.name for each in own)]))
    size = len(ROLE) if scheme == "role" else len(own[0].categories)
    found = []
    for key in draw(some(keys)):
        cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=size - 1, max_size=size - 1)))
        edges = [0, *cuts, 1000]
        ground = draw(st.sampled_from(Ground))
        found.append(
            Channel(
                id=f"c{key}",
                scheme=scheme,
                name={"nl": draw(texts.filter(bool)), "en": draw(texts.filter(bool))},
                shares=tuple(Decimal(b - a) / 1000 for a, b in pairwise(edges)),
                delay=draw(counts),
                ground=ground,
                ground_source="" if ground is Ground.NONE_NEEDED else "afspraak",
                ground_start=draw(maybe() | st.just(DAY)),
                ground_end=draw(maybe() | st.just(DAY + timedelta(days=400))),
                label=draw(st.sampled_from([{}, {"nl": "Voor buren"}, {"nl": "a", "en": "b"}])),
                intake_form=draw(texts),
                recorded_at=draw(moments),
            )
        )
    return tuple(found)


@st.composite
def _said(draw, complexes, vacancies, channels) -> dict:
    """Draw what is said of households."""
    scopes = [Scope(ScopeKind.NEIGHBOURHOOD, "BU01931000"), Scope(ScopeKind.MUNICIPALITY, "GM0193")]
    scopes += [Scope(ScopeKind.COMPLEX, each.id) for each in complexes]
    asked = [None, *(each.id for each in vacancies)]
    return {
        "judgements": tuple(
            Judgement(
                scope=scope,
                scheme="role",
                on=draw(days),
                by=draw(keys),
                known=draw(st.sampled_from(Known)),
                category=draw(st.sampled_from(ROLE)),
                low=0,
                best=0,
                high=0,
                plus=draw(maybe() | counts),
                minus=draw(maybe() | counts),
                occasion=draw(st.sampled_from(Occasion)),
                vacancy=draw(st.sampled_from(asked)),
                recorded_at=draw(moments),
            )
            for scope in draw(some(scopes))
        ),
        "counts": tuple(
            Count(
                scope=scope,
                scheme="role",
                category=draw(st.sampled_from(ROLE)),
                on=draw(days),
                households=0,
                recorded_at=draw(moments),
            )
            for scope in draw(some(scopes))
        ),
        "placements": tuple(
            Placement(
                id=key,
                scope=draw(st.sampled_from(scopes)),
                month=draw(days).replace(day=1),
                category=draw(maybe() | st.sampled_from(ROLE)),
                channel=draw(st.sampled_from([each.id for each in channels])),
                vacancy=draw(st.sampled_from(asked)),
                recorded_at=draw(moments),
            )
            for key in (draw(some(keys)) if channels else [])
        ),
        "lettings": tuple(
            Letting(
                vacancy=vacancy.id,
                channel="ordinary",
                ground=draw(st.sampled_from(Ground)),
                category=draw(maybe() | st.sampled_from(ROLE)),
                group=draw(maybe() | keys),
                persons=draw(maybe() | counts),
                on=draw(days),
                recorded_at=draw(moments),
            )
            for vacancy in draw(some(list(vacancies)))
        ),
    }


@st.composite
def _set(draw, complexes) -> dict:
    """Draw what is set: bands that some mix meets, caps."""
    if not complexes:
        return {}
    bands = st.builds(
        Band,
        min=maybe() | st.integers(0, 1000),
        target=maybe() | st.integers(1000, 3000),
        max=maybe() | st.integers(3000, 10_000),
        hard=st.booleans(),
    )
    return {
        "profiles": tuple(
            ProfileRow(
                id=f"p{number}",
                set_by_kind="organisation",
                set_by="ob",
                for_kind=draw(st.sampled_from([ScopeKind.STAIRWELL, ScopeKind.COMPLEX])),
                scheme="role",
                category=category,
                band=draw(bands),
                start=DAY,
                end=draw(maybe() | st.just(DAY + timedelta(days=365))),
                motive=draw(texts),
                fill_up_until=draw(maybe() | days),
                draft=draw(st.booleans()),
                recorded_at=draw(moments),
            )
            for number, category in enumerate(draw(some(list(ROLE), most=2)))
        ),
        "caps": tuple(
            Cap(
                id=f"k{number}",
                set_by_kind="complex",
                set_by=each.id,
                for_kind=ScopeKind.COMPLEX,
                scheme="role",
                category=draw(st.sampled_from(ROLE)),
                at_most=draw(counts),
                start=draw(days),
                recorded_at=draw(moments),
            )
            for number, each in enumerate(draw(some(list(complexes))))
        ),
    }


@st.composite
def _asked(draw) -> dict:
    """Draw what is asked and promised, and what is agreed with households."""
    return {
        "place_requests": tuple(
            PlaceRequest(
                number=key,
                size=1 + draw(counts),
                kind="flow",
                group=draw(maybe() | keys),
                partner=draw(maybe() | keys),
                asked_on=DAY,
                outcome=draw(maybe() | keys),
                closed_on=draw(maybe() | st.just(DAY + timedelta(days=9))),
                recorded_at=draw(moments),
            )
            for key in draw(some(keys))
        ),
        "candidates": tuple(
            Candidate(
                id=key,
                size=1 + draw(counts),
                income_class=draw(maybe() | keys),
                registered=draw(days),
                priority=draw(maybe() | keys),
                target_group=draw(maybe() | keys),
                accessible_needed=draw(st.booleans()),
                wishes=draw(maybe() | texts.filter(bool)),
                recorded_at=draw(moments),
            )
            for key in draw(some(keys))
        ),
        "obligations": tuple(
            Obligation(
                id=key,
                group=draw(keys),
                owner="ob",
                start=DAY,
                end=DAY + timedelta(days=365),
                unit=draw(st.sampled_from(["persons", "households"])),
                target=draw(st.integers(0, 10_000)),
                carried=draw(counts),
                wording=draw(st.sampled_from(["", "Twaalf gezinnen in 2027"])),
                recorded_at=draw(moments),
            )
            for key in draw(some(keys))
        ),
        "assessments": tuple(
            Assessment(
                household=key,
                scheme="role",
                category=draw(st.sampled_from(ROLE)),
                start=DAY,
                end=draw(maybe() | st.just(DAY + timedelta(days=9))),
                source=draw(st.sampled_from(["round", "signal"])),
                reason_class=draw(st.sampled_from(["", *REASON_CLASSES])),
                review_by=draw(maybe() | days),
                contested=draw(st.booleans()),
                recorded_at=draw(moments.filter(bool)),
            )
            for key in draw(some(keys))
        ),
    }


def roles(tenancies) -> tuple[Role, ...]:
    """Return a role for each lease."""
    return tuple(Role(tenancy=each.id, role="carrier", agreed_on=DAY) for each in tenancies)
