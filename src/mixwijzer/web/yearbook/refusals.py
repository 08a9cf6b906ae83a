"""Why a baseline can't be frozen or taken along now."""

from __future__ import annotations

__all__ = ["NothingYet", "OwnViewFirst", "ReasonMissing", "Refusal"]


class Refusal(Exception):  # noqa: N818 (a refusal is an answer, not a fault)
    """Something that can't be done now."""


class ReasonMissing(Refusal):
    """There is one of this year already; another needs a reason."""


class NothingYet(Refusal):
    """There are no homes yet."""


class OwnViewFirst(Refusal):
    """The file holds complexes of which this reader must first give a view."""
