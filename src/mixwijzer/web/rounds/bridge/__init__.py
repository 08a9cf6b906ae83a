"""From rows to rounds: `week` proposes ways for homes together, `margins` counts the year."""

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.allocation import EVERY_HOME, MOST_HOMES
from mixwijzer.web.rounds.bridge.margins import FREE_ROOM, Margins, margins
from mixwijzer.web.rounds.bridge.week import (
    Sources,
    changed_since,
    changes,
    fingerprint,
    items_of,
    label_length,
    sources_of,
    stands,
    trouble_text,
)

__all__ = [
    "ENGINE_VERSION",
    "EVERY_HOME",
    "FREE_ROOM",
    "MOST_HOMES",
    "Margins",
    "Sources",
    "changed_since",
    "changes",
    "fingerprint",
    "items_of",
    "label_length",
    "margins",
    "sources_of",
    "stands",
    "trouble_text",
]
