"""The documentation's steps of a match, and of an answer in a week round, are the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import answer_steps, match_steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_of_steps_is_up_to_date() -> None:
    told = match_steps.PAGE.read_text(encoding="utf-8")
    assert told == match_steps.page(), "run: python -m tools.match_steps"


def test_the_page_of_answers_is_up_to_date() -> None:
    told = answer_steps.PAGE.read_text(encoding="utf-8")
    assert told == answer_steps.page(), "run: python -m tools.answer_steps"


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_steps, "PAGE", tmp_path / "reference" / "steps.md")
    assert match_steps.main(["check"]) == 1
    assert match_steps.main([]) == 0
    assert match_steps.main(["check"]) == 0
