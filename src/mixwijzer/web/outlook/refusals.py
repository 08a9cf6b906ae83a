"""Why a comparison can't be made or shown now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["NameMissing", "NotOne", "NothingToLay", "OwnViewFirst", "Refusal", "ScenarioNotNow"]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""


class ScenarioNotNow(Refusal):
    """Something can't happen in the state that the scenario is in."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} in {state}")
        self.state, self.event = state, event


class NameMissing(Refusal):
    """A scenario needs a name, without anything of a person."""


class NotOne(Refusal):
    """What was asked can't be compared; `told` says why, in figures."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told["code"])
        self.told = told


class OwnViewFirst(Refusal):
    """The figures hold complexes of which this reader must first give a view."""


class NothingToLay(Refusal):
    """There are no figures of today's rows yet, or nothing was promised to this municipality."""
