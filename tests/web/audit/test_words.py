"""Everything that gets into the log is told in words, in Dutch and English, not by its code."""

from __future__ import annotations

import re
from pathlib import Path

import mixwijzer.web
from mixwijzer.web.agreements.transitions import Event as AgreementEvent
from mixwijzer.web.audit.words import WORDS
from mixwijzer.web.letting.match_steps import Act
from mixwijzer.web.profiles.transitions import Event as ProfileEvent
from mixwijzer.web.pulse.transitions import Event as PulseEvent
from mixwijzer.web.pulse.transitions import RoundEvent
from mixwijzer.web.register.import_states import ImportEvent
from mixwijzer.web.rounds.city_steps import CityEvent
from mixwijzer.web.rounds.transitions import WeekEvent

LITERAL = re.compile(r'action="([a-z_]+\.[a-z_-]+)"|_recorded\(\w+, ("[a-z_]+")')


def written() -> set[str]:
    """Return the actions that the services name in full, and those of candidates."""
    found = set()
    for path in Path(mixwijzer.web.__path__[0]).rglob("*.py"):
        for whole, of_candidate in LITERAL.findall(path.read_text(encoding="utf-8")):
            found.add(whole or f"candidate.{of_candidate[1:-1]}")
    return found


def test_every_action_that_a_service_names_has_words():
    assert {"candidate.correct", "letting.assign", "yearbook.freeze"} <= written()
    assert written() - WORDS.keys() == set()


def test_every_step_of_a_table_has_words():
    steps = {
        *(f"match.{each}" for each in ("propose", "speak", *Act.values)),
        *(f"agreements.{each}" for each in AgreementEvent.values),
        *(f"profiles.{each}" for each in ProfileEvent.values),
        *(f"pulse.{each}" for each in (*PulseEvent.values, *RoundEvent.values)),
        *(f"register.import_{each}" for each in ("received", *ImportEvent.values)),
        *(f"rounds.city_{each}" for each in CityEvent.values),
        *(f"rounds.{each}" for each in WeekEvent.values),
    }
    assert steps - WORDS.keys() == set()
