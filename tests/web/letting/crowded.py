"""Complexes in a situation that a test needs: crowded, or with one last place."""

from __future__ import annotations

from mixwijzer.engine.portfolio import Known
from mixwijzer.web.register import services
from mixwijzer.web.register.models import Complex
from tests.builders import NOW, TODAY, a_round
from tests.cast import Cast


def judged(cast: Cast, code: str, attention: tuple[int, int, int]) -> None:
    """Let Hans say today, knowing everybody, how many can use some extra attention."""
    row = Complex.objects.for_organisation(cast.woonbelang).get(code=code)
    services.record_judgements(
        owner=cast.woonbelang,
        complex_id=row.pk,
        judge=cast.hans,
        values=a_round(code, "hans", attention=attention, on=TODAY, known=Known.ALL),
        day=TODAY,
        now=NOW,
    )


def crowd(cast: Cast, code: str) -> None:
    """Let a complex of twelve be at the limit of its band, while the neighbourhood is not."""
    judged(cast, code, (5, 5, 5))
