"""Where only the sums of accounts around a home are read, its verdict is what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mixwijzer.web.desk.bridge import searching
from mixwijzer.web.desk.selectors import Asked, where
from mixwijzer.web.register.models import AccountState
from tests.builders import NOW, a_cap, hanzeveen, with_rows
from tests.cast import Cast
from tests.web.acting import load_town

ANY = Asked(rooms=3)


def asked(cast: Cast, days: int) -> tuple[object, int]:
    searching._kept.cache_clear()
    searching._kept_chances.cache_clear()
    with CaptureQueriesContext(connection) as found:
        told = where(cast.mo, ANY, now=NOW + timedelta(days=days))
    return told, len(found)


@pytest.mark.parametrize("days", [0, 35])
def test_a_verdict_from_sums_is_the_verdict_from_whole_accounts(cast: Cast, days: int):
    """Also a month later, when accounts drift and those that were judged are read whole."""
    load_town(cast, with_rows(hanzeveen(), caps=(a_cap("Molen", 4),)))
    sums, queries = asked(cast, days)
    AccountState.objects.for_organisation(cast.woonbelang).update(brief="")
    whole, fewer = asked(cast, days)
    assert sums == whole
    assert queries <= fewer + 3  # whole accounts where a role was agreed, or somebody leaves
