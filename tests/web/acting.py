"""What people of the cast do, in one line each, so that a test can speak of what follows."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime
from typing import Any

from mixwijzer.engine.portfolio import Portfolio, ScopeKind
from mixwijzer.web.accounts.models import Organisation, User
from mixwijzer.web.letting import services
from mixwijzer.web.letting.models import Decision
from mixwijzer.web.letting.selectors import VacancyLine, VacancyPage, vacancies, vacancy_page
from mixwijzer.web.register.models import Import
from mixwijzer.web.register.services import Outline
from tests.builders import NOW
from tests.cast import Cast

_KEYS = itertools.count(1)


def a_key() -> uuid.UUID:
    """Make the key of one form."""
    return uuid.UUID(int=next(_KEYS))


def an_import(owner: Organisation, actor: User, now: datetime = NOW) -> Import:
    """Leave a file that waits for somebody to confirm it, with one finding of every kind."""
    numbers = {"new": 1, "changed": 1, "ended": 0, "same": 34, "vanished": 2}
    change = {"kind": "changed", "code": "Vlier-001", "changes": [["rent", "694.00", "701.50"]]}
    place = {"file": "bezit.xlsx", "sheet": "dwellings", "row": 7, "facts": {}}
    codes = (("value_missing", 2), ("number_unreadable", 1), ("total_skipped", 0))
    row = Import(
        owner=owner,
        state="staged",
        file_name="bezit.xlsx",
        received_at=now,
        by=actor,
        moved_at=now,
        data_date=now.date(),
        findings=[
            {"code": code, "severity": severity, "column": "rent", "value": None, **place}
            for code, severity in codes
        ],
        diff={
            "tables": {"dwellings": {**numbers, "samples": [change]}},
            "complexes": 1,
            "homes": 36,
            "leases": 35,
            "merged": [],
            "open": 1,
            "channels": 0,
            "outlines": 0,
            "dropped": {"name": 3},
            "truncated": False,
        },
    )
    row.save(force_insert=True)
    return row


def an_outline(code: str, *, side: float = 0.01) -> Outline:
    """Draw a neighbourhood as a square."""
    ring = [[6.1, 52.5], [6.1 + side, 52.5], [6.1 + side, 52.5 + side], [6.1, 52.5]]
    return Outline(code=code, kind=ScopeKind.NEIGHBOURHOOD, name=code, year=2026, polygons=[[ring]])


def load_town(cast: Cast, portfolio: Portfolio, now: datetime = NOW) -> None:
    """Bring in a portfolio for both associations."""
    for owner, judges in (
        (cast.woonbelang, {"iris": cast.iris, "hans": cast.hans}),
        (cast.elders, {"olga": cast.olga}),
    ):
        services.load_portfolio(
            portfolio=portfolio,
            owner=owner,
            actor=None,
            now=now,
            judges=judges,
            partners={"opstap": cast.opstap},
            counterparties={"status_holder": cast.gemeente},
        )


def the_vacancy(user: User, address: str) -> VacancyLine:
    """Return a vacancy in somebody's list, by its address."""
    return next(each for each in vacancies(user) if each.address == address)


def the_page(user: User, address: str, now: datetime = NOW) -> VacancyPage:
    """Open the page of a vacancy."""
    return vacancy_page(user, the_vacancy(user, address).id, now=now)


def answers(user: User, address: str, now: datetime = NOW) -> VacancyPage:
    """Say that nothing changed, and look at the page again."""
    services.answer_unchanged(user=user, vacancy=the_vacancy(user, address).id, now=now)
    return the_page(user, address, now)


def decides(
    user: User,
    page: VacancyPage,
    *,
    channel: str | None = None,
    reason: str | None = None,
    key: uuid.UUID | None = None,
    now: datetime = NOW,
    **agreed: Any,
) -> Decision:
    """Decide on what a page shows: as recommended, and with a fitting reason, if none is named."""
    advised = getattr(page.advice, "recommended", None)
    way = channel or advised
    fitting = "fits_view" if way == advised else "request_fits"
    return services.decide(
        user=user,
        vacancy=page.id,
        channel=way,
        reason=fitting if reason is None else reason,
        version=page.version,
        key=key or a_key(),
        now=now,
        agreed=services.Agreed(**agreed),
    )


def asks_for_a_place(
    user: User, owner: Organisation, *, rooms: int = 3, now: datetime = NOW, **more: object
) -> str:
    """Keep a request for a place by hand."""
    given = {"persons": 2, "level": False, "category": "attention", "partner": None, **more}
    return services.request_place(user=user, owner=owner, rooms=rooms, now=now, **given)
