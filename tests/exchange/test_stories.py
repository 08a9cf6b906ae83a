"""Stories are played: what people who know the work expect is what the advice says."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixwijzer.engine.reasons import Verdict
from mixwijzer.exchange.normbook import read_norms
from mixwijzer.exchange.stories import Story, StoryError, outcomes, play, read_stories

FOLDER = Path(__file__).resolve().parents[1] / "stories"
NORMS = read_norms()
ALL = read_stories(FOLDER)

ROOM = """
- verhaal: Ruim
  vandaag: 2026-11-22
  complex:
    woningen: 20
    profiel: {aandacht: {hoogstens: 40 %}}
    oordelen: [{op: 2026-11-01, aandacht: [1, 2, 3]}]
  vacature: {vrij_vanaf: 2026-12-15}
  verwacht: {aandacht: ruimte}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "verhaal.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(tmp_path: Path, text: str) -> StoryError:
    with pytest.raises(StoryError) as told:
        read_stories(written(tmp_path, text))
    return told.value


@pytest.mark.parametrize("story", ALL, ids=lambda story: story.story)
def test_the_advice_is_what_the_story_says(story: Story) -> None:
    assert play(story, NORMS).differences == ()


def test_together_the_stories_show_every_verdict_and_every_exception() -> None:
    wanted = [each for story in ALL for each in story.expect.categories.values()]
    assert {each.verdict for each in wanted} == set(Verdict)
    because = {word for each in wanted for word in each.because or ()}
    assert because >= {"band complex", "band neighbourhood", "cap stairwell", "no_profile"}
    exceptions = {word for each in wanted for word in each.modifiers or ()}
    assert exceptions == {"like_for_like", "fill_up", "known_part"}
    assert len(ALL) >= 12
    assert all(story.why for story in ALL)


@pytest.mark.parametrize("wrong", ["krap", "eerst vragen", "geen ruimte"])
def test_a_story_that_expects_something_else_does_not_hold(tmp_path: Path, wrong: str) -> None:
    path = written(tmp_path, ROOM.replace("aandacht: ruimte", f"aandacht: {wrong}"))
    (outcome,) = outcomes(path, NORMS)
    (difference,) = outcome.differences
    assert not outcome.passed
    assert (difference.category, difference.what, difference.found) == (
        "attention",
        "verdict",
        "room",
    )


@pytest.mark.parametrize(
    ("expected", "what", "found"),
    [
        ("{aandacht: {omdat: [geen profiel]}}", "because", "band complex"),
        ("{aandacht: {krapst: buurt}}", "binding", "complex"),
        ("{aandacht: {uitzondering: [kent een deel]}}", "modifiers", ""),
        ("{aandacht: {verandert: [{vertrek: 1}]}}", "flips", ""),
        ("{aanbevolen: motivation}", "recommended", "ordinary"),
        ("{elders: true}", "elsewhere", "False"),
        ("{open_vacatures: 2}", "open_vacancies", "1"),
        ("{geldig_tot: 2027-01-01}", "valid_until", "2026-12-06"),
        ("{zonder_grond: []}", "no_ground", "co_optation, landing, mediation, motivation, social_"),
        ("{fout: out_of_base}", "error", ""),
    ],
)
def test_every_kind_of_expectation_can_fail(
    tmp_path: Path, expected: str, what: str, found: str
) -> None:
    path = written(tmp_path, ROOM.replace("{aandacht: ruimte}", expected))
    (outcome,) = outcomes(path, NORMS)
    (difference,) = outcome.differences
    assert difference.what == what
    assert difference.found.startswith(found)


def test_a_story_may_be_told_in_codes(tmp_path: Path) -> None:
    text = """
- story: Plenty
  today: 2026-11-22
  complex:
    homes: 20
    profile: {attention: {max: 40 %}}
    judgements: [{on: 2026-11-01, attention: [1, 2, 3]}]
  vacancy: {free_from: 2026-12-15}
  expect: {attention: room}
"""
    (told,) = outcomes(written(tmp_path, text), NORMS)
    (gezegd,) = outcomes(written(tmp_path, ROOM), NORMS)
    assert told.passed
    assert told.advice == gezegd.advice


@pytest.mark.parametrize(
    ("old", "new", "code", "facts"),
    [
        ("woningen: 20", "huizen: 20", "story_key", {"key": "huizen", "where": "complex"}),
        ("40 %", "0.4", "story_value", {"key": "profile", "found": "0.4"}),
        ("[1, 2, 3]", "[1, 2]", "story_value", {"key": "attention"}),
        ("2026-11-01", "gisteren", "story_value", {"key": "on", "found": "gisteren"}),
        ("ruimte}", "misschien}", "story_value", {"key": "verdict", "found": "misschien"}),
        ("woningen: 20", "woningen: -1", "story_value", {"key": "homes", "found": "-1"}),
        ("  complex:", "  complex: {", "story_yaml", {}),
        ("vandaag: 2026-11-22", "vandaag: 2026-02-30", "story_yaml", {}),
    ],
)
def test_a_story_that_cannot_be_read_says_what_is_wrong_with_it(
    tmp_path: Path, old: str, new: str, code: str, facts: dict[str, str]
) -> None:
    error = refusal(tmp_path, ROOM.replace(old, new, 1))
    assert error.code == code
    assert {name: error.facts[name] for name in facts} == facts


def test_more_leave_than_live_there_is_no_story(tmp_path: Path) -> None:
    path = written(tmp_path, ROOM.replace("[1, 2, 3]", "[19, 20, 21]"))
    (outcome,) = outcomes(path, NORMS)
    assert not outcome.passed
    assert outcome.error is not None
    assert outcome.error.code.startswith("judgement")


def test_a_category_that_the_scheme_lacks_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ROOM.replace("{aandacht: ruimte}", "{musici: ruimte}"))
    with pytest.raises(StoryError) as told:
        list(outcomes(path, NORMS))
    assert told.value.facts["key"] == "musici"


def test_a_folder_without_stories_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoryError) as told:
        read_stories(tmp_path)
    assert told.value.code == "story_empty"
