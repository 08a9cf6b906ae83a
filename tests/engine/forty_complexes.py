"""Forty complexes of 12 to 60 homes with illustrative rates: the portfolio of the room score."""

from __future__ import annotations

import numpy as np

from mixwijzer.engine.dynamics import Rates
from mixwijzer.engine.steering import Block, Pledge
from mixwijzer.engine.steering._index import RoomIndex, room_index

CALM = ((0, 0.06, 0.01), (0.03, 0, 0.05), (0.005, 0.08, 0))
LIVELY = ((0, 0.08, 0.02), (0.02, 0, 0.08), (0.005, 0.06, 0))
LOW, AIM, HIGH = (
    np.array([0.12, 0.45, 0.25]),
    np.array([0.15, 0.5, 0.35]),
    np.array([0.25, 0.63, 0.38]),
)
NAMES = ("carrier", "regular", "attention")
USUAL = (0.14, 0.52, 0.34)
SIZES = ((12, 8), (18, 8), (24, 8), (36, 8), (48, 5), (60, 3))


def rates(drift: tuple[tuple[float, ...], ...] = CALM) -> Rates:
    """Carriers leave first; who carries or asks changes in both directions."""
    return Rates(categories=NAMES, leave=(0.06, 0.07, 0.09), drift=drift)


def a_block(
    homes: int,
    drift: tuple[tuple[float, ...], ...] = CALM,
    *,
    id_: str = "C",
    whole: bool = True,
    steered: float = 1.0,
) -> Block:
    """A complex with the bands of the forty, in whole households or as shares of its homes."""
    low, high = LOW * homes, HIGH * homes
    if whole:
        low = np.minimum(np.ceil(low - 1e-9), np.floor(AIM * homes + 1e-9))
        high = np.maximum(np.floor(high + 1e-9), np.ceil(AIM * homes - 1e-9))
    return Block(
        id=id_,
        homes=homes,
        rates=rates(drift),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        ordinary=USUAL,
        steered=steered,
    )


def the_forty(*, whole: bool) -> list[Block]:
    """Of each size, calm and lively complexes by turns."""
    sizes = [(homes, place) for homes, many in SIZES for place in range(many)]
    return [
        a_block(homes, CALM if place % 2 == 0 else LIVELY, id_=str(number), whole=whole)
        for number, (homes, place) in enumerate(sizes)
    ]


def promised(blocks: list[Block], attention: float, carriers: float = np.inf) -> RoomIndex:
    """The index when shares of the vacancies are owed to attention, and carriers are scarce."""
    vacancies = float(room_index(blocks).prices.lettings.sum())
    owed = Pledge(group="g", per_year=attention * vacancies, shares=(0, 0, 1))
    supply = (carriers * vacancies, np.inf, np.inf)
    return room_index(blocks, supply=supply, pledges=[owed])
