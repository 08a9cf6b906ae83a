"""From rows to rounds: `week` proposes ways, `city` divides homes, `margins` counts the year.

`answering` says who has to answer about a home; `together` divides what several associations lay
on a table.
"""

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.allocation import EVERY_HOME, MOST_HOMES
from mixwijzer.web.rounds.bridge.answering import Asked, answer_state, asked_about, differs
from mixwijzer.web.rounds.bridge.city import (
    CitySources,
    city_changes,
    homes_of,
    inquiry_of,
    numbers_of,
    waiting_people,
)
from mixwijzer.web.rounds.bridge.fallen import FellOff, fallen
from mixwijzer.web.rounds.bridge.margins import FREE_ROOM, Margins, margins
from mixwijzer.web.rounds.bridge.together import Together, absences_at, rounds_at, seats_of
from mixwijzer.web.rounds.bridge.week import (
    USED,
    Sources,
    changed_since,
    changes,
    fell_off,
    fingerprint,
    items_of,
    label_length,
    label_length_known,
    proposed,
    sources_of,
    stands,
    trouble_text,
    waits,
    with_decisions,
)

__all__ = [
    "ENGINE_VERSION",
    "EVERY_HOME",
    "FREE_ROOM",
    "MOST_HOMES",
    "USED",
    "Asked",
    "CitySources",
    "FellOff",
    "Margins",
    "Sources",
    "Together",
    "absences_at",
    "answer_state",
    "asked_about",
    "changed_since",
    "changes",
    "city_changes",
    "differs",
    "fallen",
    "fell_off",
    "fingerprint",
    "homes_of",
    "inquiry_of",
    "items_of",
    "label_length",
    "label_length_known",
    "margins",
    "numbers_of",
    "proposed",
    "rounds_at",
    "seats_of",
    "sources_of",
    "stands",
    "trouble_text",
    "waiting_people",
    "waits",
    "with_decisions",
]
