"""What does a placement in each complex cost, at the prices of its owner's portfolio?"""

from __future__ import annotations

from mixwijzer.engine.steering import Room, RoomIndex, steer
from mixwijzer.exchange.ahead._looking import Looking
from mixwijzer.exchange.inquiry import Inquiry


class Rooms:
    """The rooms of an inquiry: an owner's portfolio is priced when its first one is asked."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self._priced: dict[str, RoomIndex | None] = {}

    def __call__(self, complex_: str) -> Room | None:
        """Return the room of a complex; None where it can't be priced."""
        owner = self.inquiry.portfolio.complex[complex_].owner
        if owner not in self._priced:
            looking = Looking(inquiry=self.inquiry, owner=owner)
            self._priced[owner] = steer(
                self.inquiry.accounts(owner),
                looking.rates,
                steered=looking.steered,
                ordinary_regime=looking.ordinary_regime,
                only=(),
            ).index
        index = self._priced[owner]
        return index.room(complex_) if index and complex_ in index.rooms else None
