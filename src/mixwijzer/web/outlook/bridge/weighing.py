"""From rows to whether everything that was agreed can hold, as the command line says it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.exchange.feasible import feasible, feasible_items
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.outlook.bridge.comparing import stock, stock_mark, trouble_of
from mixwijzer.web.outlook.bridge.looking import SCHEME
from mixwijzer.web.register import bridge as register

__all__ = ["weighed", "weighed_of"]


def weighed_of(owner: Organisation, day: date) -> str:
    """Return what a weighing would be made of now; another day has other homes to come."""
    mark = stock_mark(owner)
    return f"{mark}.{day:%Y%m%d}.{register.norms().name}.{ENGINE_VERSION}"


def weighed(owner: Organisation, now: datetime) -> str:
    """Weigh what an association agreed against its bands and the homes that come free.

    `feasibility` is what `mixwijzer obligations --json` says of it, None where nothing is owed.
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
    return json.dumps({**told, "feasibility": found[0] if found else None})
