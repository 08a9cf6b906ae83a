"""From rows to whether everything that was agreed can hold, as the command line says it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.engine.feasibility import Division, Part, Stake, divided, stakes
from mixwijzer.exchange.dividing_promises import stake_items, stakes_from
from mixwijzer.exchange.feasible import feasible, feasible_items
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.outlook.bridge.comparing import stock, stock_mark, trouble_of
from mixwijzer.web.outlook.bridge.looking import SCHEME
from mixwijzer.web.register import bridge as register

__all__ = [
    "Division",
    "Part",
    "Stake",
    "divided",
    "kept_stakes",
    "stakes_of",
    "stakes_written",
    "weighed",
    "weighed_of",
]


def weighed_of(owner: Organisation, day: date) -> str:
    """Return what a weighing would be made of now; another day has other homes to come."""
    mark = stock_mark(owner)
    return f"{mark}.{day:%Y%m%d}.{register.norms().name}.{ENGINE_VERSION}"


def weighed(owner: Organisation, now: datetime) -> str:
    """Weigh what an association agreed against its bands and the homes that come free.

    `feasibility` is what `mixwijzer obligations --json` says of it, None where nothing is owed;
    `stakes` is what the association brings to a division of each promise over several.
    """
    norms, day = register.norms(), localdate(now)
    told: dict[str, Any] = {"day": day.isoformat(), "normset": norms.name, "data_date": None}
    try:
        inquiry = Inquiry.of(stock(owner, now), norms, day=day, scheme=SCHEME)
        found = feasible_items(feasible(inquiry))
    except MixwijzerError as error:
        return json.dumps({**told, "trouble": trouble_of(error)})
    data_date = inquiry.portfolio.data_date
    told["data_date"] = data_date.isoformat() if data_date else None
    told["feasibility"] = found[0] if found else None
    return json.dumps({**told, "stakes": stake_items(_stakes(inquiry, owner.code))})


def _stakes(inquiry: Inquiry, owner: str) -> Sequence[Stake]:
    if owner not in inquiry.owners:  # it has no homes
        return ()
    return stakes(inquiry.obligations(), inquiry.accounts(owner), owner)


def stakes_of(document: str) -> tuple[Stake, ...] | None:
    """Return what an association brings, from what was weighed; None where that doesn't say."""
    told = json.loads(document).get("stakes")
    return None if told is None else stakes_from(told)


def stakes_written(found: Sequence[Stake]) -> str:
    """Write down what an association brings, so that `kept_stakes` reads it back exactly."""
    return json.dumps(stake_items(found), sort_keys=True)


def kept_stakes(content: str) -> tuple[Stake, ...]:
    """Return what `stakes_written` wrote down."""
    return stakes_from(json.loads(content))
