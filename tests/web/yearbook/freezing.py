"""Freeze baselines, so that a test can speak of what stands in them."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from mixwijzer.web.yearbook import bridge, services
from mixwijzer.web.yearbook.models import Baseline
from tests.builders import NOW
from tests.cast import Cast


def a_baseline(cast: Cast, reason: str = "", now: datetime = NOW) -> Baseline:
    """Let Mo freeze a baseline."""
    return services.freeze(user=cast.mo, owner=cast.woonbelang, reason=reason, now=now)


def a_baseline_elsewhere(cast: Cast, now: datetime = NOW) -> Baseline:
    """Write one of the other association, that has nobody in the cast who may freeze."""
    frozen = bridge.frozen(cast.elders, localdate(now))
    row = Baseline(
        owner=cast.elders,
        scheme=bridge.SCHEME,
        year=now.year,
        number=1,
        made_at=now,
        by=cast.olga,
        day=localdate(now),
        engine_version=frozen.engine_version,
        normset=frozen.normset,
        content=frozen.text,
        sha256=bridge.hash_of(frozen.text),
    )
    row.save()
    return row
