"""Bring in profiles and caps; where a version was adopted, that holds and files no longer do."""

from __future__ import annotations

from datetime import datetime

from mixwijzer.engine.portfolio import Portfolio
from mixwijzer.web.accounts.models import Organisation
from mixwijzer.web.profiles import bridge
from mixwijzer.web.profiles.models import Version
from mixwijzer.web.register.services import Loaded, store

__all__ = ["load"]


def load(*, portfolio: Portfolio, owner: Organisation, now: datetime) -> Loaded:
    """Store the profiles and caps that count for this organisation's homes."""
    ours = {each.id for each in portfolio.complexes if each.owner == owner.code}
    others = {each.id for each in portfolio.complexes} - ours

    adopted = {
        (kind, code)
        for kind, code in Version.objects.for_organisation(owner)
        .filter(start__isnull=False)
        .values_list("set_by_kind", "set_by")
    }

    def counts_here(set_by_kind: str, set_by: str) -> bool:
        if (set_by_kind, set_by) in adopted:
            return False
        if set_by_kind == "organisation":
            return set_by == owner.code
        return set_by.rpartition("/")[0] not in others and set_by not in others

    done = [
        store(
            table=table,
            owner=owner,
            values=[each for each in rows if counts_here(each.set_by_kind, each.set_by)],
            now=now,
            extra=lambda row: {},
        )
        for table, rows in (
            (bridge.PROFILES, portfolio.profiles),
            (bridge.CAPS, portfolio.caps),
        )
    ]
    return Loaded(
        added=sum(each.added for each in done), changed=sum(each.changed for each in done)
    )
