"""Lay what an association promised, and its homes, on the table of the municipality."""

from __future__ import annotations

from mixwijzer.web.outlook import services
from tests.builders import NOW
from tests.cast import Cast


def figures_lie_on_the_table(cast: Cast) -> None:
    """Let Mo lay the figures of today there."""
    services.weigh(owner=cast.woonbelang, now=NOW)
    services.lay(
        user=cast.mo,
        owner=cast.woonbelang,
        municipality=cast.gemeente.public_id,
        now=NOW,
    )
