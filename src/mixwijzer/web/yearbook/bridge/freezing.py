"""Write down everything there is to know of an association on one day; read it back.

The text is canonical: keys in order, no needless space, chances in nine digits. The same rows give
the same bytes on any database, so a hash tells whether anything was changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Accounts
from mixwijzer.engine.portfolio import Scope, ScopeKind
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements.bridge import OBLIGATIONS, counted
from mixwijzer.web.profiles.bridge import CAPS, PROFILES, SCHEME, look_everywhere, read
from mixwijzer.web.register import bridge as register

__all__ = ["SCHEME", "Frozen", "frozen", "hash_of"]

SCHEMA_VERSION = 1
DIGITS = 9  # of a chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A baseline as text, with what it is made of."""

    text: str
    data_date: date | None
    engine_version: str
    normset: str


def frozen(owner: Organisation, day: date) -> Frozen:
    """Write down an association as it is known now, in a fixed number of queries."""
    around, rules = look_everywhere(owner, day)
    portfolio, states = read(around, rules)
    assumptions = register.assumptions(day)
    plain = Accounts(portfolio, assumptions, day, scheme=SCHEME, states=states)
    accounts = Accounts(portfolio, assumptions, day, scheme=SCHEME, states=states.settled(plain))
    promises = OBLIGATIONS.read(register.current(OBLIGATIONS, owner))
    norms = register.norms()
    told = {
        "schema_version": SCHEMA_VERSION,
        "association": owner.code,
        "day": day,
        "data_date": portfolio.data_date,
        "synthetic": portfolio.synthetic,
        "scheme": SCHEME,
        "engine_version": ENGINE_VERSION,
        "normset": norms.name,
        "norms": _norms(norms, day),
        "complexes": [
            _place(accounts, Scope(ScopeKind.COMPLEX, each.id)) for each in portfolio.complexes
        ],
        "neighbourhoods": [_place(accounts, scope) for scope in _neighbourhoods(accounts)],
        "profiles": _rows(PROFILES.read(register.current(PROFILES, owner))),
        "caps": _rows(CAPS.read(register.current(CAPS, owner))),
        "obligations": [_row(each) for each in counted(owner, promises, day)],
    }
    return Frozen(
        text=canonical(told),
        data_date=portfolio.data_date,
        engine_version=ENGINE_VERSION,
        normset=norms.name,
    )


def canonical(told: Mapping[str, Any]) -> str:
    """Write a document in its one form."""
    return json.dumps(_plain(told), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _neighbourhoods(accounts: Accounts) -> Iterator[Scope]:
    portfolio = accounts.portfolio
    for area in sorted(portfolio.areas, key=lambda each: each.code):
        if area.kind is ScopeKind.NEIGHBOURHOOD and area.code in portfolio.complexes_in:
            yield Scope(area.kind, area.code)


def _place(accounts: Accounts, scope: Scope) -> dict[str, Any]:
    """Tell who lives in a place, against the bands that hold there."""
    portfolio, account = accounts.portfolio, accounts.of(scope)
    own = scope.kind is ScopeKind.COMPLEX
    named = portfolio.complex[scope.code].name if own else portfolio.area[scope.code].name
    inside = [scope.code] if own else sorted(portfolio.complexes_in[scope.code])
    return {
        "code": scope.code,
        "name": named,
        "inside": inside,
        "homes": portfolio.base(scope),
        "households": account.households,
        "vacant": accounts.vacant(scope),
        "committed": accounts.committed(scope),
        "judged_on": accounts.state(scope).judged_on if own else None,
        "counts": {
            name: {
                "chances": [float(chance) for chance in account.pmf(name)],
                "spread": _row(account.spread(name)),
            }
            for name in accounts.scheme.categories
        },
    }


def _norms(norms: Any, day: date) -> dict[str, Any]:  # noqa: ANN401 (the norms of the register)
    return {
        key: value.value
        for key in sorted(norms)
        for value in norms[key].values
        if value.start <= day and (value.end is None or day < value.end)
    }


def _rows(rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [_row(each) for each in sorted(rows, key=lambda each: each.id)]


def _row(value: Any) -> dict[str, Any]:  # noqa: ANN401 (a row of any table)
    named = (each.name for each in fields(value) if each.name != "recorded_at")
    return {name: getattr(value, name) for name in named}


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever stands in a document)
    """Turn values into what JSON knows; the order of a mapping's keys is no part of it."""
    match value:
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    return _plain(_row(value)) if is_dataclass(value) else _single(value)


def _single(value: Any) -> Any:  # noqa: ANN401 (one figure, word or day)
    match value:
        case IntEnum():
            return value.name.lower()
        case Enum():
            return value.value
        case float():
            return round(value, DIGITS)
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value
