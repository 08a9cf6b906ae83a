"""Everything that gets into the log is told in words, in Dutch and English, not by its code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.utils.translation import override

import mixwijzer.web
from mixwijzer.web.agreements.transitions import Event as AgreementEvent
from mixwijzer.web.audit.words import FACTS, WORDS, spoken_fact
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


def facts_named() -> set[str]:
    """Return the names of facts that services write where they record what was done."""
    trees = (
        ast.parse(path.read_text(encoding="utf-8"))
        for path in Path(mixwijzer.web.__path__[0]).glob("*/services/*.py")
    )
    told = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "facts"
    ]
    dicts = (each for value in told for each in ast.walk(value) if isinstance(each, ast.Dict))
    keys = (key for each in dicts for key in each.keys)
    return {key.value for key in keys if isinstance(key, ast.Constant)}


def test_every_fact_that_a_service_names_has_words():
    assert {"amount", "free_from", "set_aside"} <= facts_named()
    assert facts_named() - FACTS.keys() == set()


def test_a_fact_is_told_in_words_and_its_day_as_a_day():
    with override("nl"):
        assert spoken_fact("free_from", "2026-11-05") == ("vrij vanaf", "5 november 2026")
        assert spoken_fact("unchanged", value=True) == ("ongewijzigd", "ja")
        assert spoken_fact("nth", 3) == ("nth", "3")


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
