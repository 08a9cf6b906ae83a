"""Bring in obligations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.agreements import bridge
from mixwijzer.web.agreements.services.signing import signed_codes
from mixwijzer.web.register.services import Loaded, store

__all__ = ["load"]


def load(
    *,
    portfolio: Portfolio,
    owner: Organisation,
    now: datetime,
    counterparties: Mapping[str, Organisation] | None = None,
) -> Loaded:
    """Store what this organisation promised; `counterparties` says per group with whom.

    Where an agreement was signed here, that holds and files no longer do.
    """
    agreed, signed = counterparties or {}, signed_codes(owner)
    return store(
        table=bridge.OBLIGATIONS,
        owner=owner,
        values=[
            each
            for each in portfolio.obligations
            if each.owner == owner.code and each.id not in signed
        ],
        now=now,
        extra=lambda row: {
            "counterparty_id": agreed[row.group].pk if row.group in agreed else None
        },
    )
