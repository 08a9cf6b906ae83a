"""A town whose room to steer is borrowed: an experiment that ends on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mixwijzer.engine.portfolio import Ground
from tests.builders import BEFORE, hanzeveen
from tests.cast import Cast
from tests.web.acting import load_town

ENDS = date(2028, 1, 1)


def load_experiment(cast: Cast) -> None:
    """Give everybody their homes, and the association an experiment."""
    town = hanzeveen()
    motivation = replace(
        town.channels[0],
        id="motivation",
        name={"nl": "Met motivatie", "en": "With motivation"},
        shares=town.channels[0].shares[::-1],
        ground=Ground.EXPERIMENT,
        ground_source="Prestatieafspraken 2026",
        ground_end=ENDS,
        recorded_at=BEFORE,
    )
    load_town(cast, replace(town, channels=(*town.channels, motivation)))
